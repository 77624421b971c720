"""What is looked at: the settings, what the process is to be, and what is found out once for several checks."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from payproof import clock
from payproof.app.keys import master_key
from payproof.app.listening import loopback
from payproof.config import BadSetting, Settings
from payproof.net.proof import ask
from payproof.store.condition import Condition, condition, holder

Role = Literal["dev", "serve", "worker"]
ALIVE = b'{"status":"ok"}'
"""What `/healthz` says."""


class Case:
    """`role` is the command that these settings are for."""

    def __init__(self, settings: Settings, role: Role, *, wall: clock.Wall = clock.now) -> None:
        self.settings = settings
        self.role = role
        self.wall = wall

    @property
    def is_for_real(self) -> bool:
        """Production's rules hold."""
        return self.role != "dev"

    @property
    def file(self) -> Path:
        """Of SQLite."""
        return self.settings.data / "payproof.sqlite"

    @property
    def key_path(self) -> Path:
        return self.settings.master_key_file or self.settings.data / "master.key"

    @property
    def url(self) -> str:
        """Where the server of these settings is reached from here."""
        return f"http://{loopback(self.settings.host)}:{self.settings.port}"

    @cached_property
    def is_running(self) -> bool:
        """A payproof answers where these settings would listen."""
        return self.role != "worker" and ask(f"{self.url}/healthz") == ALIVE

    @cached_property
    def key(self) -> bytes | Exception:
        """The master key, or why there is none."""
        try:
            return master_key(self.settings, may_make=False)
        except (OSError, BadSetting) as failed:
            return failed

    @cached_property
    def condition(self) -> Condition | Exception | None:
        """Of the database; None where there is none yet, an exception where it cannot be read."""
        key = self.key if isinstance(self.key, bytes) else None
        try:
            return condition(self.settings.database_url or self.file, key, wall=self.wall)
        except Exception as failed:
            return failed

    @property
    def readable(self) -> Condition | None:
        return self.condition if isinstance(self.condition, Condition) else None

    @cached_property
    def holder(self) -> int | None:
        """The process that owns the SQLite file; see `store.condition.holder`."""
        return None if self.settings.database_url else holder(self.file)
