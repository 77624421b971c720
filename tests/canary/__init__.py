"""Planted secrets, and where they must not turn up."""
