"""A real PostgreSQL for the tests, the kill runs and the benchmark: started in a temporary directory, gone at the end.

PostgreSQL refuses to run as root; started by root it runs as `postgres` or else `nobody`. Where `setpriv` is at hand
(Debian's util-linux) the server also goes when the thread that started it dies; elsewhere only when it is stopped.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MISSING = "PostgreSQL is not installed; the tests need a real one: apt-get install -y postgresql"

_MEMORY = "/dev/shm"  # Linux's file system in memory; containers may have little of it
_ROOM = 1 << 30
_START_SECONDS = 30
_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")


class PostgresMissing(Exception):
    """No PostgreSQL server is installed here."""


class PostgresFailed(Exception):
    """The server did not start; the text ends with its log."""


class Postgres:
    """A running server. `url` names its `postgres` database; the port stays the same over stop and start."""

    def __init__(self, home: Path, *, fsync: bool) -> None:
        self._home = home
        self._owner = _owner()
        self._programs = _programs()
        self._fsync = fsync
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._make_cluster()

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The URL of one of the server's databases."""
        return f"postgresql://payproof@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Start the server and return when it takes connections."""
        durable = "on" if self._fsync else "off"
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
            "max_connections": "200",
        }
        command: list[str | Path] = [self._programs / "postgres", "-D", self._home / "data"]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._home / "log").open("ab") as log:
            self._server = self._popen(_dying_with_us(command), log)
        self._await_ready()

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server and drop all connections. `at_once` is like a crash: the next start recovers from the log."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._server.wait(_START_SECONDS)
            self._server = None

    def restart(self, *, at_once: bool = False) -> None:
        """Stop and start again on the same port with the same data."""
        self.stop(at_once=at_once)
        self.start()

    def _make_cluster(self) -> None:
        if self._owner:
            os.chown(self._home, self._owner.pw_uid, self._owner.pw_gid)
        command: list[str | Path] = [
            self._programs / "initdb",
            "--pgdata",
            self._home / "data",
            "--no-sync",
            "--no-instructions",
        ]
        command += ["--username=payproof", "--auth=trust", "--encoding=UTF8", "--no-locale"]
        with (self._home / "log").open("ab") as log:
            if self._popen(command, log).wait() != 0:
                raise PostgresFailed(self._log_tail())

    def _popen(self, command: list[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=self._owner.pw_uid if self._owner else None,
            group=self._owner.pw_gid if self._owner else None,
            extra_groups=[] if self._owner else None,
        )

    def _await_ready(self) -> None:
        """The server itself writes `ready` into its pid file; this is also what pg_ctl waits for."""
        assert self._server is not None
        pid_file = self._home / "data" / "postmaster.pid"
        until = time.monotonic() + _START_SECONDS
        while self._server.poll() is None and time.monotonic() < until:
            lines = pid_file.read_text().split() if pid_file.exists() else []
            if lines[:1] == [str(self._server.pid)] and lines[-1] == "ready":
                return
            time.sleep(0.02)
        self._server.kill()
        raise PostgresFailed(self._log_tail())

    def _log_tail(self) -> str:
        return "PostgreSQL did not start:\n" + (self._home / "log").read_text(errors="replace")[-2000:]


@contextmanager
def running_postgres(*, fsync: bool = True) -> Iterator[Postgres]:
    """A server of our own until the end of the block. Without `fsync` it is faster and survives no power cut.

    A database of its own for a test is some hundred files: made in 20 ms in memory, in 150 on a disk.
    """
    place = None if fsync or not _has_room(_MEMORY) else _MEMORY
    with tempfile.TemporaryDirectory(prefix="payproof-postgres-", dir=place, ignore_cleanup_errors=True) as home:
        postgres = Postgres(Path(home), fsync=fsync)
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()


def _has_room(place: str) -> bool:
    return os.access(place, os.W_OK) and shutil.disk_usage(place).free >= _ROOM


def _programs() -> Path:
    """The directory of the newest server programs."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve()] if on_path else []
    found += [path for place in _PLACES for path in Path("/").glob(f"{place}/initdb")]
    if not found:
        raise PostgresMissing(MISSING)
    return max(found, key=_version).parent


def _version(initdb: Path) -> tuple[int, ...]:
    """Read from the path, such as /usr/lib/postgresql/17/bin/initdb."""
    return tuple(int(digits) for digits in re.findall(r"\d+", str(initdb)))


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server: None for ourselves, or for root the first harmless user there is."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _dying_with_us(command: list[str | Path]) -> list[str | Path]:
    return ["setpriv", "--pdeathsig", "QUIT", "--", *command] if shutil.which("setpriv") else command


if __name__ == "__main__":
    try:
        _programs()
    except PostgresMissing as missing:
        sys.exit(str(missing))
