"""Question -> Hit."""
