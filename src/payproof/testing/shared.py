"""One server for all processes of a test run: whoever comes first starts it, and it ends when the last one is gone.

Everybody holds a shared lock while they need the server; its keeper, a process of its own, waits for the lock alone and
then ends it. So a run that is killed leaves nothing running.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 60
NEEDED = "needed.lock"
"""Held shared by whoever needs the server, alone by its keeper while it ends it."""
STARTING = "starting.lock"
SAID = "server.json"
LOG = "server.log"
_KEPT = ("PAYPROOF_PROFILE", "PAYPROOF_LOG_LEVEL")
"""What a developer has set for other servers is not for this one, these aside."""


class NotStarted(Exception):
    """The server ended instead of listening; the text is what it said."""


@contextmanager
def shared_server(place: Path) -> Iterator[dict[str, Any]]:
    """What the server that belongs to a directory said of itself when it was ready. Raises NotStarted."""
    place.mkdir(parents=True, exist_ok=True)
    with _locked(place / NEEDED, fcntl.LOCK_SH):
        with _locked(place / STARTING, fcntl.LOCK_EX):
            if not (place / SAID).exists():
                _start(place)
        yield json.loads((place / SAID).read_text())


def keep(place: Path) -> None:
    """Be the keeper: run the server, write what it says, and end it when nobody needs it any more."""
    with (place / LOG).open("ab") as log:
        command = [sys.executable, "-m", "payproof", "dev", "--port", "0", "--data", str(place / "data"), "--json"]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=_environment()
        ) as server:
            assert server.stdout is not None
            line = server.stdout.readline()
            if line:
                (place / SAID).write_bytes(line)
            os.write(1, b"ready\n" if line else b"ended\n")
            with _locked(place / NEEDED, fcntl.LOCK_EX):
                (place / SAID).unlink(missing_ok=True)
                server.terminate()
                server.wait()


def _start(place: Path) -> None:
    """The keeper outlives us: others may still need the server."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "payproof.testing.shared", str(place)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert keeper.stdout is not None
    with keeper.stdout:
        is_ready = keeper.stdout.readline() == b"ready\n"
    keeper.returncode = 0  # it is not ours to wait for
    if not is_ready:
        raise NotStarted((place / LOG).read_text(errors="replace")[-2000:])


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, how)
        yield
    finally:
        os.close(held)


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PAYPROOF_") or name in _KEPT}
    return ours | {"NO_COLOR": "1"}


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
