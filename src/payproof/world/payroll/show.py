"""Rendering the portal's pages, and how it writes money and dates."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from payproof.world.payroll.story import Refusal


def money(amount: Decimal | None) -> str:
    return "" if amount is None else f"${amount:,.2f}"


@lru_cache(maxsize=4096)
def day(on: date | None) -> str:
    return "" if on is None else f"{on.month:02}/{on.day:02}/{on.year}"


def ssn(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def phone(digits: str) -> str:
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


_pages = Environment(
    loader=PackageLoader("payproof.world.payroll", "pages"),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters.update(money=money, day=day, ssn=ssn, phone=phone)


def html(name: str, **facts: object) -> str:
    """A page as text. `root` in it is the way to the portal's front page."""
    return _pages.get_template(f"{name}.html").render({"root": "", **facts})


def page(name: str, *, status: int = 200, **facts: object) -> HTMLResponse:
    return HTMLResponse(html(name, **facts), status)


async def stylesheet(request: Request) -> Response:
    """The look of all pages."""
    return Response(_pages.get_template("portal.css").render(), media_type="text/css")


def refusal(request: Request, shown: Refusal) -> HTMLResponse:
    """A page that says why not. Each parameter in its address is one step further from the front page."""
    return page("notice", status=shown.status, root="../" * len(request.path_params), notice=shown)
