"""A token that names an employer or an institution leads the person there."""

from typing import Any

import pytest

from payproof.app.installing import write_installed
from payproof.config import Settings
from payproof.model.task import TaskStatus
from payproof.store import Store
from payproof.store.task import move_task, task
from tests.api.caller import CLIENT, DEV_SECRET, Caller, Sink
from tests.api.conftest import PLAYING, PROVIDERS, door_over, migrated, postgres_store_url, settings, sink, store
from tests.api.people import tenant_of
from tests.api.test_companies import WALMART, fill
from tests.web.bridge.test_bridge import FILES, Widget, open_widget

__all__ = ["migrated", "postgres_store_url", "settings", "sink", "store"]


@pytest.fixture
async def caller(store: Store, settings: Settings, sink: Sink) -> Caller:
    providers = (*PROVIDERS, PLAYING, FILES)
    await store.everywhere.write(write_installed, providers)
    await store.everywhere.write(fill)
    return Caller(door_over(store, settings, sink, providers))


async def offered(caller: Caller, **wish: Any) -> list[str]:
    widget = await open_widget(caller, product_type="income", **wish)
    return [one["id"] for one in (await widget.caller.get(widget.path + "providers")).json["results"]]


async def session(caller: Caller, **wish: Any) -> Any:
    path = "/v1/users/"
    user_id = (await caller.post(path, {"external_user_id": "x"})).json["id"]
    token = (await caller.post(f"{path}{user_id}/tokens/", {"product_type": "income", **wish})).json["bridge_token"]
    return (await caller.post("/bridge/v1/sessions/", {"bridge_token": token})).json


async def test_an_employer_leads_to_its_payroll(caller: Caller) -> None:
    assert await offered(caller, company_mapping_id=WALMART) == ["truv"]
    assert await offered(caller, company_mapping_id="mine") == ["acme"]
    assert await offered(caller, company_mapping_id="none") == ["acme", "truv"], "unmapped: the person chooses"
    assert await offered(caller, company_mapping_id=WALMART, provider_id="acme") == ["acme"]
    assert await offered(caller, company_mapping_id=WALMART, data_sources=["financial_accounts"]) == [
        "bank_file",
        "bank",
    ]


async def test_with_keys_for_real_sources_an_employer_leads_to_its_own_payroll_or_nowhere(caller: Caller) -> None:
    developer = caller.as_(CLIENT, DEV_SECRET)
    assert await offered(developer, company_mapping_id=WALMART) == ["acme"]
    assert await offered(developer, company_mapping_id="foreign") == ["adp"]


async def test_a_session_shows_the_employer_and_where_it_leads(caller: Caller) -> None:
    shown = await session(caller, company_mapping_id=WALMART)
    assert shown["provider_id"] == "truv"
    assert shown["company_mapping"] == {
        "id": WALMART,
        "name": "Walmart",
        "logo_url": f"http://testserver/logos/company/{WALMART}.svg",
    }


async def test_the_link_and_the_end_name_the_employer(caller: Caller, store: Store) -> None:
    widget = await open_widget(caller, product_type="income", company_mapping_id=WALMART)
    begun = (await widget.attempt("truv", username="ada", password="secret")).json
    tenancy = store.of(await tenant_of(store))
    found = await tenancy.read(task, begun["id"])
    for status in (TaskStatus.LOGIN, TaskStatus.PARSE):
        assert found is not None
        found = await tenancy.write(move_task, found, status)
    finished = (await widget.caller.post(widget.path + "finish/")).json
    assert finished["employer"] == {"name": "Walmart"}
    link = (await caller.get(f"/v1/links/{finished['link_id']}/")).json
    assert (link["company_mapping"]["id"], link["company_mapping"]["name"]) == (WALMART, "Walmart")
    assert (await caller.get("/v1/links/")).json["results"][0]["company_mapping"] == link["company_mapping"]


async def test_an_institution_without_a_connector_asks_for_nothing_and_keeps_nothing(caller: Caller) -> None:
    widget: Widget = await open_widget(caller, product_type="income", provider_id="adp")
    (only,) = (await widget.caller.get(widget.path + "providers")).json["results"]
    assert (only["id"], only["kind"], only["form"]["fields"]) == ("adp", "none", [])
    begun = await widget.attempt("adp", username="ada", password="secret")
    assert begun.status == 201
    assert begun.json["provider"]["name"] == "ADP"
    read = (await caller.get(f"/v1/tasks/{begun.json['id']}")).json
    assert read["provider"] == {"id": "adp", "name": "ADP", "logo_url": "http://testserver/logos/adp.svg"}
    assert (await widget.attempt("nobody")).status == 400
