"""Bytes that people hand over to a neutral reading, in an isolated process."""
