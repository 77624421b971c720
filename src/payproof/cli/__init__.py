"""The commands. Nothing heavy is imported before a command runs: `payproof --help` is to cost next to nothing."""

import gc

gc.disable()  # nothing that is imported becomes garbage; looking for it took a quarter of the time (measured)

from payproof.cli.root import app, main  # noqa: E402

gc.enable()

__all__ = ["app", "main"]
