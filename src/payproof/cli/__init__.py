"""The commands. Nothing heavy is imported before a command runs: `payproof --help` is to cost next to nothing."""

from payproof.cli.root import app, main

__all__ = ["app", "main"]
