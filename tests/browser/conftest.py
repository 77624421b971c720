"""A running `payproof dev` and a browser for the tests of this folder, and its tabs."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright

from tests.browser.chromium import ARGUMENTS, ChromiumMissing, chromium
from tests.browser.tab import WIDTHS, Tab
from tests.stories.server import Dev, running


@pytest.fixture(scope="package")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    with running(tmp_path_factory.mktemp("browser"), "--port", "0") as server:
        yield server


@pytest.fixture(scope="package")
def program() -> str:
    """The path of Chromium; where there is none, the tests fail and say how to get it."""
    try:
        return chromium()
    except ChromiumMissing as missing:
        raise pytest.fail.Exception(str(missing), pytrace=False) from None


@pytest.fixture(scope="package")
async def browser(program: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture(scope="package", params=WIDTHS)
async def screen(request: pytest.FixtureRequest, browser: Browser, dev: Dev) -> AsyncIterator[Tab]:
    """One tab of each width for all tests: a new one each time would take as long as the tests themselves."""
    width = WIDTHS[request.param]
    is_phone = request.param == "phone"
    size = ViewportSize(width=width, height=740)
    context = await browser.new_context(viewport=size, is_mobile=is_phone, has_touch=is_phone)
    yield Tab(await context.new_page(), dev.url, width)
    await context.close()


@pytest.fixture
async def tab(screen: Tab) -> AsyncIterator[Tab]:
    """A tab in which nobody is signed in, and in which nothing may go wrong."""
    await screen.begin()
    yield screen
    assert screen.overheard == []
