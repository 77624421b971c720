"""One text per statement, written once and spelled for both databases."""

import re

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)")
_TOKENS = {
    "{lock}": ("", "FOR UPDATE"),
    "{skip_locked}": ("", "FOR UPDATE SKIP LOCKED"),
    "{share_skip_locked}": ("", "FOR SHARE SKIP LOCKED"),
    "{blob}": ("BLOB", "BYTEA"),
}
_IN_JSON = re.compile(r"IN \{json (:[a-z_]+)\}")


class SystemSql:
    """A statement that may look across tenants; only system transactions run it."""

    __slots__ = ("postgres", "sqlite")

    def __init__(self, text: str) -> None:
        text = " ".join(text.split())
        self.sqlite = _spell(text, 0)
        self.postgres = _NAME.sub(r"%(\1)s", _spell(text, 1))


class Sql(SystemSql):
    """A statement of one tenant: refuses to exist without naming `:tenant`."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        if ":tenant" not in text:
            raise ValueError(f"a tenant's statement must name :tenant: {text}")
        super().__init__(text)


def _spell(text: str, dialect: int) -> str:
    for token, spellings in _TOKENS.items():
        text = text.replace(token, spellings[dialect])
    if dialect == 0:
        return _IN_JSON.sub(r"IN (SELECT value FROM json_each(\1))", text)
    return _IN_JSON.sub(r"IN (SELECT jsonb_array_elements_text(CAST(\1 AS jsonb)))", text)


def spell_schema(text: str, *, postgres: bool) -> str:
    """A migration's text for one database."""
    return _spell(text, 1 if postgres else 0)
