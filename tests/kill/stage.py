"""The world and the witness, which nobody kills, and the server, which is killed again and again."""

import fcntl
import os
import socket
import sys
import time
from pathlib import Path
from types import TracebackType

from tests.kill.lines import Lines
from tests.kill.programs import PAYPROOF, Program, descendants, free_port, settings

WITNESS_SECONDS = 0.005


class StillHeld(Exception):
    """After a kill something of ours still holds the port or the file."""


class Stage:
    """Everything of one run, below `place`; `database_url` chooses PostgreSQL. All ends with the block."""

    def __init__(self, place: Path, database_url: str | None = None, **more: str) -> None:
        """`more` are settings of all programs of ours."""
        self.place = place
        self._more = more
        self.database_url = database_url
        self.port, world_port, witness_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.world_url = f"http://127.0.0.1:{world_port}/world"
        self.witness_url = f"http://127.0.0.1:{witness_port}/"
        self.world = self._world(world_port)
        self.portal_log = Lines(place / "world" / "world-access.log")
        self.heard = Lines(place / "heard.jsonl")
        command = [sys.executable, "-m", "tests.kill.witness", str(witness_port), str(place / "heard.jsonl")]
        self.witness = Program([*command, str(WITNESS_SECONDS)], {}, place / "witness.log")
        self.server = Program([*PAYPROOF, "serve"], self.settings(), place / "server.log")
        self.others: list[Program] = []

    def _world(self, port: int) -> Program:
        chosen = {"PAYPROOF_PORT": str(port), "PAYPROOF_DATA": str(self.place / "world")}
        return Program([*PAYPROOF, "world"], chosen, self.place / "world.log")

    def settings(self, **more: str) -> dict[str, str]:
        chosen = {"port": str(self.port), "world_url": self.world_url, **self._more, **more}
        if self.database_url:
            chosen["database_url"] = self.database_url
        return settings(self.place / "data", **chosen)

    def __enter__(self) -> "Stage":
        try:
            self.world.start()
            self.witness.start()
            self.world.await_url(f"{self.world_url}/payroll/sign-in")
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for program in (*self.others, self.server, self.witness, self.world):
            program.kill()

    @property
    def database(self) -> Path | str:
        return self.database_url or self.place / "data" / "payproof.sqlite"

    def start_server(self) -> None:
        self.server.start()
        self.await_server()

    def await_server(self) -> None:
        self.server.await_url(f"{self.url}/readyz")

    def add(self, command: str, **more: str) -> Program:
        """Another program of ours on the same data, started."""
        program = Program(
            [*PAYPROOF, *command.split()], self.settings(**more), self.place / f"other{len(self.others)}.log"
        )
        self.others.append(program)
        program.start()
        return program

    def kill_server(self) -> None:
        """SIGKILL; raises StillHeld unless everything of the server goes with it."""
        family = descendants(self.server.pid)
        self.server.kill()
        until = time.monotonic() + 2
        while (held := self._held(family)) and time.monotonic() < until:
            time.sleep(0.005)
        if held:
            raise StillHeld(held)

    def _held(self, family: list[int]) -> str:
        alive = [pid for pid in family if _is_running(pid)]
        if alive:
            return f"processes {alive}"
        if not _can_bind(self.port):
            return f"port {self.port}"
        return "" if self.database_url or _can_lock(self.place / "data" / "payproof.sqlite.lock") else "the file"


def _is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _can_lock(path: Path) -> bool:
    if not path.exists():
        return True
    lock = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
