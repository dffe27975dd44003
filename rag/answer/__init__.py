"""Hit -> Answer."""
