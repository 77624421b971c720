"""Payroll facts of a link: employments and their pay statements, each one sealed body under a hashed key."""

import msgspec
from msgspec import Struct

from payproof import clock
from payproof.model.employment import Employment, PayStatement, StoredEmployment, StoredStatement
from payproof.model.id import LinkId, UserId, new_id
from payproof.store.dialect import Sql
from payproof.store.transaction import Tx

_EMPLOYMENT = Sql(
    "SELECT id, profile_id, body FROM employment WHERE link_id = :link_id AND tenant = :tenant AND key_hash = :key_hash"
)
_ADD = Sql(
    "INSERT INTO employment"
    " (id, tenant, user_id, link_id, key_hash, position, profile_id, body, created_at, updated_at)"
    " VALUES (:id, :tenant, :user_id, :link_id, :key_hash, :position, :profile_id, :body, :now, :now)"
)
_CHANGE = Sql("UPDATE employment SET body = :body, updated_at = :now WHERE id = :id AND tenant = :tenant")
_OF_LINK = Sql(
    "SELECT id, profile_id, body, created_at, updated_at FROM employment"
    " WHERE link_id = :link_id AND tenant = :tenant ORDER BY position, id"
)
_HELD = Sql("SELECT key_hash, id FROM pay_statement WHERE employment_id = :employment_id AND tenant = :tenant")
_ADD_STATEMENT = Sql(
    "INSERT INTO pay_statement (id, tenant, user_id, link_id, employment_id, key_hash, pay_on, body, created_at,"
    " updated_at) VALUES (:id, :tenant, :user_id, :link_id, :employment_id, :key_hash, :pay_on, :body, :now, :now)"
)
_CHANGE_STATEMENT = Sql("UPDATE pay_statement SET body = :body, updated_at = :now WHERE id = :id AND tenant = :tenant")
_STATEMENTS = Sql(
    "SELECT id, employment_id, body FROM pay_statement WHERE link_id = :link_id AND tenant = :tenant"
    " ORDER BY pay_on DESC, id"
)


class Kept(Struct, frozen=True):
    """What storing an employment did."""

    id: str
    profile_id: str
    is_new: bool


def holds_employment(tx: Tx, link_id: LinkId, key: str) -> bool:
    return tx.one(_EMPLOYMENT, link_id=link_id, key_hash=tx.keyed_hash("employment", key)) is not None


def keep_employment(
    tx: Tx, user_id: UserId, link_id: LinkId, employment: Employment, position: int, *, is_whole: bool = True
) -> Kept:
    """Store an employment and its statements; doing it again with the same facts changes nothing but the times.

    One that is not whole, as a first look gives it, takes nothing away from what is stored.
    """
    key_hash = tx.keyed_hash("employment", employment.key)
    row = tx.one(_EMPLOYMENT, link_id=link_id, key_hash=key_hash)
    employment_id, profile_id = (row[0], row[1]) if row else (new_id(), new_id())
    bare = msgspec.structs.replace(employment, statements=())
    if row and not is_whole:
        opened = tx.open(user_id, ("employment", employment_id, "body"), row[2])
        bare = fuller(msgspec.json.decode(opened, type=Employment), bare)
    body = tx.seal(user_id, ("employment", employment_id, "body"), msgspec.json.encode(bare))
    if row:
        tx.put(_CHANGE, id=employment_id, body=body, now=tx.now_us)
    else:
        tx.put(
            _ADD,
            id=employment_id,
            user_id=user_id,
            link_id=link_id,
            key_hash=key_hash,
            position=position,
            profile_id=profile_id,
            body=body,
            now=tx.now_us,
        )
    statements = {tx.keyed_hash("pay_statement", one.key): one for one in employment.statements}
    held: dict[str, str] = dict(tx.all(_HELD, employment_id=employment_id)) if row and statements else {}
    if not is_whole:
        statements = {key: one for key, one in statements.items() if key not in held}
    _keep_statements(tx, user_id, link_id, employment_id, statements, held)
    return Kept(id=employment_id, profile_id=profile_id, is_new=row is None)


def fuller(held: Employment, given: Employment) -> Employment:
    """One employment from two visits: the later one's word counts, the earlier one's where it says nothing."""
    said = msgspec.structs.asdict(given)
    missed = {name for name, value in said.items() if value is None or value == ()}
    if given.is_active is not None:
        missed.discard("end_date")
    said |= {name: getattr(held, name) for name in missed}
    said["derived_fields"] = tuple(dict.fromkeys((*held.derived_fields, *given.derived_fields)))
    said["missing_data_fields"] = tuple(name for name in given.missing_data_fields if name in held.missing_data_fields)
    return Employment(**said)


def _keep_statements(
    tx: Tx,
    user_id: UserId,
    link_id: LinkId,
    employment_id: str,
    statements: dict[str, PayStatement],
    held: dict[str, str],
) -> None:
    """Statements, and the ids of those of them that the employment has, by hashed key."""
    added, changed = [], []
    for key_hash, one in statements.items():
        statement_id = held.get(key_hash) or new_id()
        body = tx.seal(user_id, ("pay_statement", statement_id, "body"), msgspec.json.encode(one))
        row = {"id": statement_id, "body": body, "now": tx.now_us}
        if key_hash in held:
            changed.append(row)
        else:
            pay_on = one.pay_date.toordinal() if one.pay_date else 0
            owner = {"user_id": user_id, "link_id": link_id, "employment_id": employment_id}
            added.append(row | owner | {"key_hash": key_hash, "pay_on": pay_on})
    tx.many(_ADD_STATEMENT, added)
    tx.many(_CHANGE_STATEMENT, changed)


def employments(tx: Tx, link_id: str) -> list[StoredEmployment]:
    """The link's employments in the source's order, statements newest first."""
    owner = tx.one(_OWNER, link_id=link_id)
    if owner is None:
        return []
    user_id: UserId = owner[0]
    statements: dict[str, list[StoredStatement]] = {}
    for statement_id, employment_id, body in tx.all(_STATEMENTS, link_id=link_id):
        opened = tx.open(user_id, ("pay_statement", statement_id, "body"), body)
        stored = StoredStatement(statement_id, msgspec.json.decode(opened, type=PayStatement))
        statements.setdefault(employment_id, []).append(stored)
    return [
        StoredEmployment(
            id=row[0],
            profile_id=row[1],
            employment=msgspec.json.decode(tx.open(user_id, ("employment", row[0], "body"), row[2]), type=Employment),
            statements=tuple(statements.get(row[0], ())),
            created_at=clock.from_micros(row[3]),
            updated_at=clock.from_micros(row[4]),
        )
        for row in tx.all(_OF_LINK, link_id=link_id)
    ]


_OWNER = Sql("SELECT user_id FROM link WHERE id = :link_id AND tenant = :tenant AND deleted_at IS NULL")
