"""The pretend world as one ASGI app."""

from pathlib import Path

from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from payproof.world import control
from payproof.world.access import AccessLog
from payproof.world.memory import Memory
from payproof.world.payroll.routes import ROUTES as PAYROLL

_router = Router([*PAYROLL, *control.ROUTES])


class World:
    """An ASGI app with its files. Its links are relative; whoever mounts it answers for faults, and closes it."""

    def __init__(self, memory_path: Path, access_log: Path | None = None) -> None:
        self.memory = Memory(memory_path)
        self.access_log = AccessLog(access_log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _router({**scope, "memory": self.memory, "access_log": self.access_log}, receive, send)

    def close(self) -> None:
        """Twice does no harm."""
        self.memory.close()
        self.access_log.close()
