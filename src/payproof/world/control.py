"""Levers of the world that no portal has: for tests and for whoever runs the server."""

from json import JSONDecodeError

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from payproof.world.access import Caller, Logged
from payproof.world.memory import Memory


async def set_maintenance(request: Request, caller: Caller) -> Response:
    """Close or open the caller's portal. Body: `{"on": bool, "notice": str?}`; an empty notice means the usual one."""
    if (lacks := _unnamed(request)) is not None:
        return lacks
    try:
        wish = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        wish = None
    if not isinstance(wish, dict) or not isinstance(wish.get("on"), bool):
        return JSONResponse({"detail": 'expected {"on": true or false}'}, 400)
    memory = _memory(request)
    memory.first_day(caller.tenant, caller.seed, caller.now.date())
    memory.set_maintenance(caller.tenant, str(wish.get("notice") or "") if wish["on"] else None)
    return JSONResponse({"on": wish["on"]})


async def forget(request: Request, caller: Caller) -> Response:
    """Delete all that the world knows of the caller; with `?for_good=true` it never comes back."""
    if (lacks := _unnamed(request)) is not None:
        return lacks
    _memory(request).delete_tenant(caller.tenant, for_good=request.query_params.get("for_good") == "true")
    return Response(status_code=204)


def _unnamed(request: Request) -> Response | None:
    """The header is asked for by name: a page on another site cannot make a browser send it."""
    if request.headers.get("x-world-tenant"):
        return None
    return JSONResponse({"detail": "the header X-World-Tenant is missing"}, 400)


def _memory(request: Request) -> Memory:
    memory: Memory = request.scope["memory"]
    return memory


ROUTES = [
    Route("/control/maintenance", Logged(set_maintenance), methods=["POST"]),
    Route("/control/tenant", Logged(forget), methods=["DELETE"]),
]
