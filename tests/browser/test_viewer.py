"""The viewer of the OpenAPI documents: drawn without a network beyond this server, for everybody, on a phone too."""

from playwright.async_api import expect

from tests.browser.tab import Tab
from tests.stories.server import Dev


async def test_an_operation_is_found_and_tried_with_keys(tab: Tab, dev: Dev) -> None:
    await tab.open("/docs/")
    await expect(tab.page.get_by_text("List links", exact=True)).to_be_visible()
    assert await tab.flaws_at_sight() == []
    await tab.page.get_by_label("Filter by tag or path").fill("Users")
    await expect(tab.page.get_by_text("List links", exact=True)).to_have_count(0)

    await tab.page.locator(".btn.authorize").click()
    dialog = tab.page.locator(".dialog-ux")
    await expect(dialog.get_by_role("heading", name="Available authorizations")).to_be_visible()
    assert await tab.flaws() == []
    for scheme, value in (("AccessKey", dev.secret), ("ClientID", dev.client_id)):
        part = dialog.locator(".auth-container").filter(has_text=scheme)
        await part.get_by_role("textbox").fill(value)
        await part.get_by_role("button", name="Apply credentials").click()
    await dialog.get_by_role("button", name="Close", exact=True).first.click()

    operation = tab.page.locator("#operations-Users-users_create")
    await operation.locator(".opblock-summary-control").click()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table .response .response-col_status")).to_contain_text("201")
    assert await tab.flaws() == []


async def test_the_widgets_document_can_be_chosen_and_shared(tab: Tab) -> None:
    await tab.open("/docs/")
    await tab.page.get_by_label("Document").select_option("The API of the widget")
    await expect(tab.page.locator("#operations-Sessions-sessions_create")).to_be_visible()
    assert tab.page.url == f"{tab.origin}/docs/?of=widget"
    await tab.open("/docs/?of=widget")
    await expect(tab.page.locator("#operations-Sessions-sessions_create")).to_be_visible()
    assert await tab.flaws() == []
