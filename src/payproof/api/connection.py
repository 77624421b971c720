"""Connections in one call, at the door."""

from contextlib import suppress

from payproof.api.answer import Answer, json_answer
from payproof.api.call import Call
from payproof.api.waiting import until
from payproof.contract import connection as wire
from payproof.contract.reading import read_query
from payproof.model.connection import Connection
from payproof.model.provider import Provider
from payproof.model.session import AnswerRefused, Session
from payproof.services import connection as service
from payproof.services.provider import open_to
from payproof.store import Store


async def create(store: Store, call: Call) -> Answer:
    """201 with what came of it; 202 where that is not settled within the time, or not before time passes."""
    offered = open_to(call.directory.providers, call.tenant)
    names = {name for one in offered if _takes_a_name(one) for name in (one.id, one.connector_id, *one.aliases)}
    wish = wire.connection_wish(call.json, names)
    seconds = read_query(wire.ConnectionQuery, call.query).wait
    session, task = await store.of(call.tenant).write(service.begin, wish, offered)

    async def look() -> Connection:
        return await _further(store, call, session, task.id)

    found = await until(store, [session.id], look, lambda one: one.is_over, seconds=seconds)
    if not found.task.status.is_final:
        return json_answer(202, wire.connection_body(found))
    finished = await store.of(call.tenant).write(service.finish, session, found.task)
    return json_answer(201, wire.connection_body(finished))


async def _further(store: Store, call: Call, session: Session, task_id: str) -> Connection:
    """How far it came; what is asked is answered on the way."""
    found, seen = await store.of(call.tenant).read(service.look, session, task_id)
    if service.is_answerable(seen):
        with suppress(AnswerRefused):  # it is open no more: the next look shows why
            await store.of(call.tenant).write(service.answer, session, seen)
    return found


def _takes_a_name(provider: Provider) -> bool:
    return any(field.name == "username" for field in provider.form.fields)
