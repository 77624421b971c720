"""One text per statement, written once and spelled for both databases."""

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)")
_TOKENS = {
    "{lock}": ("", "FOR NO KEY UPDATE"),
    "{lock_job}": ("", "FOR NO KEY UPDATE OF j"),
    "{lock_free_job}": ("", "FOR UPDATE OF j SKIP LOCKED"),
    "{skip_locked}": ("", "FOR UPDATE SKIP LOCKED"),
    "{share}": ("", "FOR SHARE"),
    "{alone}": ("", "FOR UPDATE"),
    "{share_skip_locked}": ("", "FOR SHARE SKIP LOCKED"),
    "{least}": ("MIN", "LEAST"),
    "{blob}": ("BLOB", "BYTEA"),
    "{counted}": ("INTEGER PRIMARY KEY", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    "{bytewise}": ("", 'COLLATE "C"'),
    "{without_rowid}": ("WITHOUT ROWID", ""),
}
_IN_JSON = re.compile(r"IN \{json (:[a-z_]+)\}")
_EACH = re.compile(r"\{each (:[a-z_]+)\}")
_EACH_OF_EACH = re.compile(r"\{each_of_each (:[a-z_]+)\}")
_EACH_TRY_LOCK = re.compile(r"\{each_lockable (:[a-z_]+)\}")
_SPELLINGS = (
    (
        (_IN_JSON, r"IN (SELECT value FROM json_each(\1))"),
        (_EACH, r"json_each(\1) AS one"),
        (_EACH_OF_EACH, r"json_each(\1) AS list, json_each(list.value) AS one"),
        (_EACH_TRY_LOCK, r"SELECT value FROM json_each(\1)"),
    ),
    (
        (_IN_JSON, r"= ANY(ARRAY(SELECT jsonb_array_elements_text(CAST(\1 AS jsonb))))"),
        (_EACH, r"jsonb_array_elements_text(CAST(\1 AS jsonb)) AS one (value)"),
        (
            _EACH_OF_EACH,
            r"jsonb_each(CAST(\1 AS jsonb)) AS list, jsonb_array_elements_text(list.value) AS one (value)",
        ),
        (
            _EACH_TRY_LOCK,
            r"SELECT value FROM jsonb_array_elements_text(CAST(\1 AS jsonb)) AS value"
            r" WHERE pg_try_advisory_xact_lock(hashtextextended(value, 0))",
        ),
    ),
)


class SystemSql:
    """A statement that may look across tenants; only system transactions run it."""

    __slots__ = ("ordered", "postgres", "sqlite")

    def __init__(self, text: str) -> None:
        """SQLite gets its values by position: by name, each costs a call that gives up the interpreter's lock."""
        text = " ".join(text.split())
        plain = _spell(text, 0)
        self.sqlite = _NAME.sub("?", plain)
        self.ordered = _in_order(_NAME.findall(plain))
        self.postgres = _NAME.sub(r"%(\1)s", _spell(text, 1).replace("%", "%%"))


class Sql(SystemSql):
    """A statement of one tenant: refuses to exist without naming `:tenant`."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        if not re.search(r":tenant\b", text):
            raise ValueError(f"a tenant's statement must name :tenant: {text}")
        super().__init__(text)


def _in_order(names: list[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """From values by name to values as the statement wants them, some of them more than once."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda params: tuple(params[name] for name in names)


def _spell(text: str, dialect: int) -> str:
    for token, spellings in _TOKENS.items():
        text = text.replace(token, spellings[dialect])
    for pattern, spelling in _SPELLINGS[dialect]:
        text = pattern.sub(spelling, text)
    return text


def spell_schema(text: str, *, postgres: bool) -> str:
    """A migration's text for one database."""
    return _spell(text, 1 if postgres else 0)
