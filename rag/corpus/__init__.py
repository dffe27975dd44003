"""File -> Article -> Passage."""
