"""Measuring retrieval, citation and refusal."""
