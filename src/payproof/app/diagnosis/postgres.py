"""What a PostgreSQL server has to be for us."""

from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.store.condition import PostgresFacts

_OLDEST = 15
"""The oldest that the tests run on."""
_CONNECTIONS = 10
"""Of one server or worker: eight for work, one to listen, one to look up what became of a broken commit."""
_SECONDS = 2.0
"""Leases are measured in seconds by the clocks of all who share the database."""


def postgres_new(case: Case) -> Finding | None:
    facts = _facts(case)
    if facts is None:
        return None
    if facts.version < _OLDEST:
        return wrong("PostgreSQL", f"version {facts.version}", f"update it: payproof needs {_OLDEST} or newer")
    return well("PostgreSQL", f"version {facts.version}")


def postgres_encoding(case: Case) -> Finding | None:
    facts = _facts(case)
    if facts is None:
        return None
    if facts.encoding != "UTF8":
        cure = "make the database anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        return wrong("encoding", f"the database is in {facts.encoding}: most names in the world do not fit", cure)
    return well("encoding", "UTF8")


def postgres_writable(case: Case) -> Finding | None:
    facts = _facts(case)
    if facts is None:
        return None
    if facts.is_standby:
        return wrong(
            "rights", "this server is a standby, which only reads", "name the primary in PAYPROOF_DATABASE_URL"
        )
    if not facts.may_create:
        cure = "make the user the owner of the database, or GRANT CREATE ON SCHEMA public TO it"
        return wrong("rights", "the user may not make tables", cure)
    return well("rights", "the user may make tables")


def postgres_roomy(case: Case) -> Finding | None:
    facts = _facts(case)
    if facts is None:
        return None
    found = f"at most {facts.connections}"
    if facts.connections < _CONNECTIONS:
        cure = f"raise max_connections, or the limit of the user or database: each process opens up to {_CONNECTIONS}"
        return wrong("connections", found, cure)
    return well("connections", found)


def clocks_agree(case: Case) -> Finding | None:
    facts = _facts(case)
    if facts is None:
        return None
    off = abs(facts.seconds_ahead)
    if off > _SECONDS:
        side = "ahead of" if facts.seconds_ahead > 0 else "behind"
        found = f"the database's clock is {off:.0f} s {side} this machine's"
        return wrong("clock", found, "let both keep time from the network (chrony, systemd-timesyncd)")
    return well("clock", "agrees with the database's; time zones do not matter")


def _facts(case: Case) -> PostgresFacts | None:
    return case.readable.postgres if case.readable else None
