"""Debian's Chromium, kept from reaching out on its own."""

import os
import shutil
import sys

MISSING = "Chromium is not installed; the tests of the pages need a real one: apt-get install -y chromium"

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/bin"))


class ChromiumMissing(Exception):
    """No Chromium is installed here."""


def chromium(places: str = _PLACES) -> str:
    """The path of the program. Raises ChromiumMissing."""
    found = shutil.which("chromium", path=places)
    if found is None:
        raise ChromiumMissing(MISSING)
    return found


if __name__ == "__main__":
    try:
        chromium()
    except ChromiumMissing as missing:
        sys.exit(str(missing))
