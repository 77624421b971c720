"""The pretend payroll portal, as a person sees it."""

import pytest

from tests.browser.tab import PORTAL, Tab

REFUSALS = {
    "login_error": "Sign-in failed",
    "account_locked": "Account locked",
    "config_error": "Organization not found",
    "unavailable": "Portal closed",
    "unable_to_reset": "Password expired",
    "not_supported": "Not offered",
    "error": "Something went wrong",
    "no_data": "No records",
}

on_a_desktop = pytest.mark.parametrize("screen", ["desktop"], indirect=True)


async def test_from_sign_in_to_a_statement(tab: Tab) -> None:
    await tab.open(PORTAL)
    assert await tab.flaws() == []
    await tab.sign_in("goodlogin", "goodpassword")
    assert await tab.page.locator(".statements tbody tr").count() > 20
    assert await tab.flaws() == []
    await tab.follow("Pay details")
    assert await tab.page.locator("#statements tbody tr").count() > 20
    assert await tab.flaws() == []
    await tab.press("Sign out")
    assert await tab.kind() == "sign-in"


@on_a_desktop
async def test_a_statement_opens_as_pdf(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "goodpassword")
    await tab.follow("Pay details")
    async with tab.page.expect_response("**/statement-*.pdf") as opening:
        await tab.page.locator("#statements a").first.click()
    opened = await opening.value
    assert (opened.status, opened.headers["content-type"]) == (200, "application/pdf")
    assert (await (await tab.page.request.get(opened.url)).body()).startswith(b"%PDF-")


async def test_a_code_opens_the_door(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "mfa")
    assert await tab.flaws() == []
    await tab.press("Send a new code")
    await tab.page.get_by_label("Enter the code").fill("12345")
    await tab.press("Continue")
    assert await tab.kind() == "home"


async def test_a_wrong_code_does_not(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "mfa")
    await tab.page.get_by_label("Enter the code").fill("54321")
    await tab.press("Continue")
    assert await tab.page.get_by_role("alert").inner_text() == "The verification code you entered is not correct."
    assert await tab.flaws() == []


async def test_a_choice_comes_before_its_code(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "mfa_selection")
    assert await tab.flaws() == []
    await tab.page.get_by_label("Text message").check()
    await tab.press("Continue")
    await tab.page.get_by_label("Enter the code").fill("12345")
    await tab.press("Continue")
    assert await tab.kind() == "home"


async def test_a_question_of_ones_own(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "mfa_question")
    assert await tab.flaws() == []
    await tab.page.get_by_label("first pet").fill("Rex")
    await tab.press("Continue")
    assert await tab.kind() == "home"


async def test_records_that_take_a_moment(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "longcheck")
    assert await tab.kind() == "wait"
    assert await tab.flaws() == []


async def test_a_wrong_password(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "wrong")
    assert await tab.page.get_by_role("alert").inner_text() == "Invalid credentials provided"
    assert await tab.flaws() == []
    await tab.follow("Sign in")
    assert await tab.kind() == "sign-in"


async def test_every_refusal_says_so_in_its_heading(tab: Tab) -> None:
    for password, heading in REFUSALS.items():
        await tab.sign_in("error.user", password)
        assert await tab.page.inner_text("h1") == heading
        assert await tab.flaws_at_sight() == [], password


async def test_what_is_not_there_looks_like_the_rest(tab: Tab) -> None:
    await tab.sign_in("goodlogin", "goodpassword")
    for path in ("jobs/0", "jobs/0/w2-1999.pdf"):
        await tab.open(PORTAL + path)
        assert await tab.page.inner_text("h1") == "Not found"
        assert await tab.flaws() == []
        await tab.follow("Sign in")
        assert await tab.kind() == "sign-in"


@on_a_desktop
async def test_the_keyboard_alone_can_sign_in_and_read_on(tab: Tab) -> None:
    await tab.open(PORTAL)
    for words in ("goodlogin", "goodpassword", "", "\n"):
        await _tab_on(tab)
        await tab.page.keyboard.type(words)
    await tab.page.wait_for_selector("#home")
    passed = [await _tab_on(tab) for _ in range(3)]
    assert passed[2].startswith("Pay details")
    await tab.page.keyboard.press("Enter")
    await tab.page.wait_for_selector("#job")


@on_a_desktop
async def test_every_page_has_a_title_of_its_own(tab: Tab) -> None:
    titles = [await _title(tab, path) for path in ("/", PORTAL)]
    for password in ("goodpassword", "mfa", "mfa_selection", "mfa_question", "longcheck"):
        await tab.sign_in("goodlogin", password)
        titles.append(await tab.page.title())
    for password in REFUSALS:
        await tab.sign_in("error.user", password)
        titles.append(await tab.page.title())
    await tab.sign_in("multiple.employments", "goodpassword")
    links = await tab.page.eval_on_selector_all("a[id^=details]", "links => links.map(link => link.pathname)")
    titles += [await _title(tab, path) for path in links]
    assert len(links) == 3
    assert sorted(set(titles)) == sorted(titles)


async def _title(tab: Tab, path: str) -> str:
    await tab.open(path)
    return await tab.page.title()


async def _tab_on(tab: Tab) -> str:
    """Go to the next thing that takes keys; it must show that it does. Returns its text."""
    await tab.page.keyboard.press("Tab")
    focused = tab.page.locator(":focus")
    assert await focused.evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
    return await focused.inner_text()
