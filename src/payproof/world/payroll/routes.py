"""The addresses of the portal."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from payproof.world.access import Caller, Page, logged
from payproof.world.payroll import account, door
from payproof.world.payroll.show import stylesheet


def open_hours(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A logged endpoint that shows the maintenance page while the tenant's portal is closed."""

    @wraps(page)
    async def endpoint(request: Request, caller: Caller) -> Response:
        return door.closed(request, caller) or await page(request, caller)

    return logged(endpoint)


ROUTES = [
    Route("/", open_hours(account.home)),
    Route("/portal.css", lambda request: stylesheet()),
    Route("/sign-in", open_hours(door.show_sign_in)),
    Route("/sign-in", open_hours(door.sign_in), methods=["POST"]),
    Route("/challenge", open_hours(door.show_challenge)),
    Route("/challenge", open_hours(door.answer), methods=["POST"]),
    Route("/resend", open_hours(door.resend), methods=["POST"]),
    Route("/sign-out", open_hours(door.sign_out), methods=["POST"]),
    Route("/jobs/{number}", open_hours(account.job)),
    Route("/jobs/{number}/{name}", open_hours(account.paper)),
]
