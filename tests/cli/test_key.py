"""`payproof key` and the calls under `/v1/keys/` keep the same rules and show the same things."""

import asyncio
import json
from typing import Any, Protocol

import pytest

from payproof.app.keys import master_key
from payproof.config import Settings
from payproof.model.secret import Secret
from payproof.store import Store
from payproof.store.key import hash_secret, key_by_secret
from tests.api.caller import Caller, Sink, fresh_caller
from tests.api.conftest import door_over, migrated, settings, shared_store, sink
from tests.cli.running import Run

__all__ = ["migrated", "settings", "shared_store", "sink"]

Shown = dict[str, Any] | str
"""A key, or the words of a refusal."""


class Hand(Protocol):
    async def first(self) -> str:
        """The id of the client's one key."""

    async def create(self, environment: str = "sandbox") -> Shown: ...

    async def deactivate(self, key_id: str) -> Shown: ...

    async def count(self) -> int:
        """How many keys work."""


class Command:
    def __init__(self, run: Run) -> None:
        self._run = run

    async def first(self) -> str:
        made = await self.create()
        assert isinstance(made, dict)
        return str(made["id"])

    async def create(self, environment: str = "sandbox") -> Shown:
        shown: Shown = await self._shown("create", "--client-id", "c", "--env", environment)
        return shown

    async def deactivate(self, key_id: str) -> Shown:
        shown: Shown = await self._shown("deactivate", key_id)
        assert isinstance(shown, str) or shown.pop("deactivated")
        return shown

    async def count(self) -> int:
        assert await self._shown("list", "--client-id", "another") == []
        return len(await self._shown("list", "--client-id", "c"))

    async def _shown(self, *arguments: str) -> Any:
        """A command has an event loop of its own."""
        told = await asyncio.to_thread(self._run, "key", *arguments, "--json")
        if told.code:
            assert told.out == ""
            return told.err
        shown = json.loads(told.out)
        assert [one.pop("client_id") for one in (shown if isinstance(shown, list) else [shown])] in (
            [],
            ["c"],
            ["c"] * 2,
        )
        return shown


class Call:
    def __init__(self, caller: Caller, store: Store) -> None:
        self._caller = caller
        self._store = store
        self._secrets = [caller.secret]

    async def first(self) -> str:
        await self._caller.get("/v1/tasks/")
        found = await self._store.everywhere.read(key_by_secret, hash_secret(Secret(self._caller.secret)))
        assert found is not None
        return found.id

    async def create(self, environment: str = "sandbox") -> Shown:
        shown = await self._shown("/v1/keys/", {"env_type": environment})
        if isinstance(shown, dict):
            self._secrets.append(shown["secret"])
        return shown

    async def deactivate(self, key_id: str) -> Shown:
        return await self._shown("/v1/keys/deactivate/", {"id": key_id})

    async def count(self) -> int:
        replies = [await self._caller.with_secret(secret).get("/v1/tasks/") for secret in self._secrets]
        return sum(reply.status == 200 for reply in replies)

    async def _shown(self, path: str, body: Any) -> Shown:
        """With a key that still works."""
        for secret in reversed(self._secrets):
            reply = await self._caller.with_secret(secret).post(path, body)
            if reply.status != 401:
                break
        if reply.status == 404:
            return str(reply.json["detail"])
        if reply.status == 400:
            return str(reply.json["error"]["extra"]["invalid-params"])
        shown: dict[str, Any] = reply.json
        return shown


@pytest.fixture
def command(run: Run) -> Command:
    settings = Settings()
    settings.data.mkdir()
    master_key(settings, may_make=True)
    return Command(run)


@pytest.fixture
def call(shared_store: Store, settings: Settings, sink: Sink) -> Call:
    return Call(fresh_caller(door_over(shared_store, settings, sink)), shared_store)


async def test_a_command_keeps_the_rules(command: Command) -> None:
    await at_most_two_live_ones_and_the_last_may_end(command)


async def test_a_call_keeps_the_rules(call: Call) -> None:
    await at_most_two_live_ones_and_the_last_may_end(call)


async def at_most_two_live_ones_and_the_last_may_end(hand: Hand) -> None:
    first = await hand.first()
    second = await hand.create()
    assert isinstance(second, dict)
    assert set(second) == {"id", "env_type", "created_at", "secret"}
    assert second["secret"].startswith("sandbox-")
    refused = await hand.create()
    assert isinstance(refused, str)
    assert "two live" in refused
    assert await hand.count() == 2

    ended = await hand.deactivate(first)
    assert isinstance(ended, dict)
    assert (set(ended), ended["id"]) == ({"id", "env_type", "created_at"}, first)
    assert await hand.count() == 1
    again = await hand.deactivate(first)
    assert isinstance(again, str)
    third = await hand.create()
    assert isinstance(third, dict)
    assert third["secret"] != second["secret"]

    for key in (second, third):
        assert (await hand.deactivate(key["id"])) == {name: key[name] for name in ("id", "env_type", "created_at")}
    assert await hand.count() == 0


async def test_a_refusal_says_what_to_do(command: Command) -> None:
    await command.create()
    await command.create()
    assert await command.create() == ("payproof: client c has two live sandbox keys already: deactivate one first\n")
    assert await command.deactivate("f" * 32) == f"payproof: there is no live key {'f' * 32}: see payproof key list\n"
    assert isinstance(await command.create("prod"), dict)
