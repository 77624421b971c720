"""A file of JSON lines that another process is still writing."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Line = dict[str, Any]


class Lines:
    """Follows the file; half a line is left for the next look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.all: list[Line] = []

    def look(self) -> list[Line]:
        """What has come since the last look."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            whole, _, _ = file.read().rpartition(b"\n")
        if not whole:
            return []
        self._offset += len(whole) + 1
        news = [json.loads(line) for line in whole.split(b"\n")]
        self.all += news
        return news

    async def until(self, is_wanted: Callable[[Line], bool], *, seconds: float) -> Line | None:
        """The first new line like that; None when the time is over."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            for line in self.look():
                if is_wanted(line):
                    return line
            await asyncio.sleep(0.001)
        return None
