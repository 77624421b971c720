"""The tests of the pages see what they are there to see."""

from tests.browser.tab import Tab

FLAWED = """
<html><body style="color: #999; background: #fff">
<p style="width: 2000px">Too wide and too pale</p><input><button></button><img src="data:,">
</body></html>
"""

AT_SIGHT = [
    "no name: <input>",
    "no name: <button></button>",
    "no language",
    "no title",
    "0 main headings",
]


async def test_a_page_full_of_flaws_does_not_pass(tab: Tab) -> None:
    await tab.page.goto("about:blank")
    await tab.page.set_content(FLAWED)
    *at_sight, width = await tab.flaws_at_sight()
    assert at_sight == AT_SIGHT
    assert width.startswith("20")
    rules = {flaw.partition(" ")[0] for flaw in await tab.flaws()}
    assert {"html-has-lang", "document-title", "label", "button-name", "color-contrast", "image-alt"} <= rules


async def test_what_goes_wrong_in_a_tab_is_overheard(tab: Tab) -> None:
    await tab.page.goto("about:blank")
    async with tab.page.expect_console_message():
        await tab.page.evaluate("console.error('a thing went wrong')")
    async with tab.page.expect_event("requestfailed"):
        await tab.page.evaluate("fetch('http://127.0.0.1:1/elsewhere').catch(() => 0)")
    heard = "\n".join(tab.overheard)
    await tab.begin()
    assert "a thing went wrong" in heard
    assert "http://127.0.0.1:1/elsewhere" in heard
