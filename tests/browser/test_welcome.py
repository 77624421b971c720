"""The front page of the server."""

import json
from urllib.request import Request, urlopen

from tests.browser.tab import Tab
from tests.stories.server import Dev


async def test_a_person_sees_a_page(tab: Tab) -> None:
    await tab.open("/")
    assert await tab.flaws() == []
    assert await tab.page.title() == "payproof, a verification server"
    assert f"curl {tab.origin}/v1/tasks/" in await tab.page.inner_text("pre")


async def test_its_links_lead_somewhere(tab: Tab) -> None:
    await tab.open("/")
    links = await tab.page.eval_on_selector_all("a", "links => links.map(link => link.href)")
    assert len(links) == 4
    assert [(await tab.page.request.get(link)).status for link in links] == [200] * 4


def test_a_program_gets_json(dev: Dev) -> None:
    with urlopen(Request(f"{dev.url}/", headers={"Accept": "*/*"})) as answer:
        told = json.load(answer)
    assert answer.headers["content-type"] == "application/json"
    assert told["name"] == "payproof"
    assert told["openapi"] == f"{dev.url}/openapi.json"
