"""A tab of the browser, with an ear on what goes wrong in it."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response

WIDTHS = {"desktop": 1280, "phone": 360}

PORTAL = "/world/payroll/"

_LOOK = Path(__file__).with_name("flaws.js").read_text()
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
_AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_FEWER_ROWS = "document.querySelectorAll('tbody tr:nth-child(n + 4)').forEach(row => row.remove())"


class Tab:
    """One page of a context of its own. `overheard` is what the console and the network should not have said.

    A browser's console calls a page that says no an error; such pages are meant, and so is the icon that the viewer of
    PDFs looks for.
    """

    def __init__(self, page: Page, origin: str, width: int) -> None:
        self.page = page
        self.origin = origin
        self._width = width
        self._errors: list[tuple[str, str]] = []
        self._abroad: list[str] = []
        self._expected = set[str]()
        self._listen(page.context)

    @property
    def overheard(self) -> list[str]:
        """Errors in the console, and addresses of others."""
        errors = [f"{text} ({url})" for text, url in self._errors if url not in self._expected]
        return errors + self._abroad

    async def begin(self) -> None:
        """Forget who was signed in, and what was overheard."""
        await self.page.context.clear_cookies()
        self._errors.clear()
        self._abroad.clear()

    async def open(self, path: str) -> None:
        await self.page.goto(self.origin + path)

    async def sign_in(self, username: str, password: str) -> None:
        """Fill in the portal's form, from the start."""
        await self.open(f"{PORTAL}sign-in")
        await self.page.get_by_label("Username").fill(username)
        await self.page.get_by_label("Password").fill(password)
        await self.press("Sign in")

    async def press(self, name: str) -> None:
        """Press a button, and wait for the page that follows."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name, exact=True).click()

    async def follow(self, name: str) -> None:
        """Follow a link."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=name).click()

    async def kind(self) -> str | None:
        """What kind of page the portal shows."""
        return await self.page.locator("body").get_attribute("id")

    async def flaws_at_sight(self) -> list[str]:
        """Too wide, no title, controls without a name and the like."""
        seen: list[str] = await self.page.evaluate(_LOOK, self._width)
        return seen

    async def flaws(self) -> list[str]:
        """What is wrong with the page, at sight and for axe."""
        return await self.flaws_at_sight() + await self._axe()

    async def _axe(self) -> list[str]:
        """Each rule of axe that is broken. It looks at three rows of a table; the others are like them."""
        await self.page.evaluate(_FEWER_ROWS)
        await self.page.evaluate(_AXE)
        result: dict[str, Any] = await self.page.evaluate("options => axe.run(options)", _AXE_OPTIONS)
        return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:120]}" for one in result["violations"]]

    def _listen(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._errors.append((str(error.error), self.page.url)))
        context.on("request", self._see_request)
        context.on("response", self._see_response)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._errors.append((message.text, message.location["url"]))

    def _see_request(self, request: Request) -> None:
        if request.url.startswith(("http", "ws")) and not request.url.startswith(f"{self.origin}/"):
            self._abroad.append(request.url)

    def _see_response(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self._expected.add(response.url)
        if response.headers.get("content-type") == "application/pdf":
            self._expected.add(f"{self.origin}/favicon.ico")
