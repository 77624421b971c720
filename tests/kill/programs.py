"""Our own commands as processes: started, measured, paused and killed from outside, as an operator would."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import URLError

PAYPROOF = (str(Path(sys.executable).with_name("payproof")),)
CLIENT_ID, SECRET = "kill-client", "sandbox-" + "4b1d" * 10
MASTER_BYTES = b"m" * 32
MASTER_KEY = base64.b64encode(MASTER_BYTES).decode()
_TICKS = os.sysconf("SC_CLK_TCK")
_HERE = Path(__file__).resolve().parents[2]

_NOT_FOR_IT = ("PAYPROOF_", "PYTHONDONTWRITEBYTECODE")
"""What we are told is not for the program; and it starts as on a user's machine, where it was compiled once."""


class NotReady(Exception):
    """A program did not come up in time, or ended."""


def cpu_seconds_of(pid: int) -> float:
    """User and system time of all threads of a process so far; its children do not count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Program:
    """One command with its settings. `start` may be called again after `kill`; the log goes on in the same file."""

    def __init__(self, command: Sequence[str], settings: Mapping[str, str], log: Path) -> None:
        self._command = list(command)
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_FOR_IT)}
        self._environ |= dict(settings)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=_HERE, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """SIGKILL, and gone when this returns."""
        self.end(signal.SIGKILL)

    def end(self, number: int = signal.SIGTERM, *, seconds: float = 10) -> None:
        """Send the signal and wait; twice does no harm."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(seconds)

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def await_url(self, url: str, *, seconds: float = 20, look_every: float = 0.02) -> None:
        """Until the address answers 200."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.has_ended:
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(look_every)
        raise NotReady(f"{' '.join(self._command)}:\n{self.log.read_text(errors='replace')[-3000:]}")

    def cpu_seconds(self) -> float:
        return cpu_seconds_of(self.pid)

    def resident_mb(self) -> float:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))


def settings(data: Path, **wanted: str) -> dict[str, str]:
    """The environment of a server: first client and master key set, webhooks to this machine allowed."""
    named = {
        "data": str(data),
        "client_id": CLIENT_ID,
        "secret": SECRET,
        "master_key": MASTER_KEY,
        "allow_private_webhooks": "true",
        "allow_plain_webhooks": "true",
        "rate_limit_per_minute": "0",
        **wanted,
    }
    return {f"PAYPROOF_{name.upper()}": value for name, value in named.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def descendants(pid: int) -> list[int]:
    """The processes below this one, now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]
