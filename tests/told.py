"""Figures that a test has for whoever reads the end of the run: it takes the fixture `tell`."""

from collections.abc import Callable

Tell = Callable[[object], None]
