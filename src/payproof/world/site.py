"""The pretend world as one ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount

from payproof.world import control
from payproof.world.access import AccessLog
from payproof.world.memory import Memory, TenantGone
from payproof.world.payroll.routes import ROUTES as PAYROLL


def build_world(memory_path: Path, access_log: Path | None = None) -> Starlette:
    """Open the world's file and give the app; mount it anywhere, its links are relative.

    Run alone, its lifespan closes the file. Mounted, the owner calls `close_world(app)` when it stops.
    """
    app = Starlette(
        routes=[Mount("/payroll", routes=PAYROLL), Mount("/control", routes=control.ROUTES)],
        lifespan=_lifespan,
        exception_handlers={TenantGone: _gone},
    )
    app.state.memory = Memory(memory_path)
    app.state.access_log = AccessLog(access_log)
    return app


def close_world(app: Starlette) -> None:
    """Close the world's files. Twice does no harm."""
    app.state.memory.close()
    app.state.access_log.close()


async def _gone(request: Request, failed: Exception) -> Response:
    return PlainTextResponse("The visitor's tenant is gone.", 410)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    close_world(app)
