"""A `payproof dev` in a process of its own, as a newcomer starts it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

START_SECONDS = 30
COMMAND_SECONDS = 90
PAYPROOF = (sys.executable, "-m", "payproof")


class NotStarted(Exception):
    """The server ended instead of listening; the text is what it said."""


class Ended(NamedTuple):
    code: int
    stdout: str
    stderr: str


def environment(**more: str) -> dict[str, str]:
    """Ours, without settings that a developer may have set."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PAYPROOF_")}
    return ours | {"COLUMNS": "200", "NO_COLOR": "1"} | more


def payproof(*arguments: str, inside: Sequence[str] = (), **settings: str) -> Ended:
    """Run a command to its end; `inside` is a command that runs another one somewhere else."""
    command = [*inside, *PAYPROOF, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(**settings),
    ) as running:  # fmt: skip
        try:
            out, err = running.communicate(timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
    return Ended(running.returncode, out, err)


class Program:
    """A command that runs until it is ended, and the JSON object that it prints when it is ready."""

    def __init__(
        self, *arguments: str, inside: Sequence[str] = (), command: Sequence[str] = PAYPROOF, **settings: str
    ) -> None:
        self._log = tempfile.NamedTemporaryFile(prefix="payproof-", suffix=".log")  # noqa: SIM115
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*inside, *command, *arguments, "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment(**settings),
        )
        self.said = self._await_ready()
        self.ready_seconds = time.monotonic() - began

    @property
    def url(self) -> str:
        return str(self.said["url"])

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def end(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 20) -> float:
        """Send a signal and wait. Returns the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(seconds)
        return time.monotonic() - began

    def close(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()

    def _await_ready(self) -> Mapping[str, Any]:
        """The first line on stdout; the alarm ends a server that never says it."""
        alarm = threading.Timer(START_SECONDS, self.process.kill)
        alarm.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        alarm.cancel()
        if not line:
            self.process.wait()
            log = self.log
            self.close()
            raise NotStarted(log)
        said: dict[str, Any] = json.loads(line)
        return said


class Dev(Program):
    """`payproof dev`."""

    def __init__(self, data: Path, *arguments: str, **settings: str) -> None:
        super().__init__("dev", "--data", str(data), *arguments, **settings)
        self.data = data

    @property
    def client_id(self) -> str:
        return str(self.said["client_id"])

    @property
    def secret(self) -> str:
        return str(self.said["secret"])

    def run(self, *arguments: str) -> Ended:
        """A command that finds this server by its data directory."""
        return payproof(*arguments, "--data", str(self.data))


@contextmanager
def running(data: Path, *arguments: str, **settings: str) -> Iterator[Dev]:
    """A server on a free port until the end of the block."""
    with closing(Dev(data, *arguments, **settings)) as dev:
        yield dev
