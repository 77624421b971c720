"""The addresses of the portal."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from payproof.world.access import Caller, Logged, Page
from payproof.world.payroll import account, door
from payproof.world.payroll.show import stylesheet


def _route(method: str, path: str, page: Page) -> Route:
    """To a page, or to the maintenance page while the tenant's portal is closed."""

    async def open_hours(request: Request, caller: Caller) -> Response:
        return door.closed(request, caller) or await page(request, caller)

    return Route(path, Logged(open_hours), methods=[method])


ROUTES = [
    _route("GET", "/payroll/", account.home),
    Route("/payroll/portal.css", stylesheet),
    _route("GET", "/payroll/sign-in", door.show_sign_in),
    _route("POST", "/payroll/sign-in", door.sign_in),
    _route("GET", "/payroll/challenge", door.show_challenge),
    _route("POST", "/payroll/challenge", door.answer),
    _route("POST", "/payroll/resend", door.resend),
    _route("POST", "/payroll/sign-out", door.sign_out),
    _route("GET", "/payroll/jobs/{number}", account.job),
    _route("GET", "/payroll/jobs/{number}/{name}", account.paper),
]
