"""A statement that forgets the tenant cannot be written."""

import pytest

from payproof.store.dialect import Sql, SystemSql, spell_schema


@pytest.mark.parametrize("text", ["SELECT 1 FROM task", "SELECT 1 FROM task WHERE tenant = :tenants"])
def test_a_statement_without_the_tenant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tenant"):
        Sql(text)


def test_names_are_spelled_for_both_and_casts_are_left_alone() -> None:
    statement = SystemSql("SELECT  x::text FROM t\n WHERE id = :id {skip_locked}")
    assert statement.sqlite.strip() == "SELECT x::text FROM t WHERE id = ?"
    assert statement.postgres == "SELECT x::text FROM t WHERE id = %(id)s FOR UPDATE SKIP LOCKED"


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("SELECT 1", {}, ()),
        ("SELECT :one", {"one": 1}, (1,)),
        ("SELECT :one, :two, :one", {"two": 2, "one": 1, "three": 3}, (1, 2, 1)),
        ("SELECT 1 WHERE 'a' IN {json :names}", {"names": '["a"]'}, ('["a"]',)),
    ],
)
def test_sqlite_gets_its_values_in_their_order(text: str, given: dict[str, object], wanted: tuple[object, ...]) -> None:
    assert SystemSql(text).ordered(given) == wanted


def test_no_token_is_left_over() -> None:
    from payproof.store.migration import migrations

    for one in migrations():
        for postgres in (True, False):
            assert "{" not in spell_schema(one.text, postgres=postgres)
