"""Passage -> vectors and tokens."""
