"""Stories of a link that the person connects again: a bridge token made with its access token."""

import pytest

from payproof.kit import failure
from payproof.model.employment import Employment
from payproof.model.event import EventType
from payproof.model.fact import Facts
from payproof.model.id import LinkId
from payproof.model.task import Task, TaskStatus
from payproof.model.tenant import Tenant
from payproof.store import Store
from tests.workflows.moody import Moody
from tests.workflows.test_refresh import Town


@pytest.fixture
async def lost(store: Store, tenant: Tenant) -> Town:
    """A link whose password was refused."""
    town = Town(store, tenant)
    await town.connect("ada")
    town.source.refuses = failure.LoginRefused()
    await town.refresh()
    town.source.refuses = None
    return town


async def again(town: Town, script: str) -> Task:
    link = await town.link()
    return await town.connect(script, user=link.user_id, link_id=LinkId(town.link_id))


async def test_the_same_person_gets_the_same_link_back(lost: Town) -> None:
    done = await again(lost, "ada")
    assert (done.status, done.link_id) == (TaskStatus.DONE, lost.link_id)
    told = await lost.told(done)
    assert [kind for kind, _ in told if kind != "task-status-updated"] == [
        "employment-created",
        "profile-created",
        "statements-created",
        "bank-accounts-created",
        "link-connected",
    ]
    assert (await lost.refresh()).status is TaskStatus.DONE


async def test_a_link_that_was_not_lost_is_not_connected_twice(store: Store, tenant: Tenant) -> None:
    town = Town(store, tenant)
    await town.connect("ada")
    assert EventType.LINK_CONNECTED not in [kind for kind, _ in await town.told(await again(town, "ada"))]


async def test_new_credentials_to_the_same_account_take_the_place_of_the_old(lost: Town) -> None:
    before = (await lost.link()).link_hash
    done = await again(lost, "ada@example.com")
    assert (done.status, done.link_id) == (TaskStatus.DONE, lost.link_id)
    assert (await lost.link()).link_hash != before
    await lost.refresh()
    assert lost.source.heard[-1]["username"] == "ada@example.com"


async def test_another_account_is_refused_and_changes_nothing(lost: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Facts(employments=(Employment(key="another job"),))
    monkeypatch.setattr(Moody, "read", lambda *_: stranger)
    ended = await again(lost, "bob")
    assert (ended.status, ended.error_reason) == (TaskStatus.CONFIG_ERROR, "other_account")
    assert [kind for kind, _ in await lost.told(ended)] == ["task-status-updated"] * 4
    assert not await lost.has_credentials()


async def test_a_failed_try_loses_nothing(store: Store, tenant: Tenant) -> None:
    town = Town(store, tenant)
    await town.connect("ada")
    town.source.refuses = failure.LoginRefused()
    ended = await again(town, "ada")
    assert ended.status is TaskStatus.LOGIN_ERROR
    assert EventType.LINK_DISCONNECTED not in [kind for kind, _ in await town.told(ended)]
    town.source.refuses = None
    assert (await town.refresh()).status is TaskStatus.DONE
