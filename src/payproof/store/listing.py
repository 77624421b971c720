"""Lists: each is asked for with a statement of just the filters that are given, so that an index can serve it."""

from collections.abc import Mapping
from typing import Any

from payproof.store.dialect import Sql
from payproof.store.transaction import Row, Tx
from payproof.store.window import Window


class Listing:
    """A list, newest first, that may be filtered by any of `filters`: a condition for the parameter of each name."""

    def __init__(
        self, columns: str, source: str, *, joins: str = "", where: str, newest: str, filters: Mapping[str, str]
    ) -> None:
        """`source` is the FROM clause, `joins` are for the page alone, `where` always holds, `newest` is the order."""
        self._columns = columns
        self._source = source
        self._joins = joins
        self._where = where
        self._newest = newest
        self._filters = filters
        self._statements: dict[tuple[str, ...], tuple[Sql, Sql]] = {}

    def page(self, tx: Tx, window: Window, chosen: Mapping[str, Any]) -> tuple[int, list[Row]]:
        """How many there are, and the window's part of them. Filters that are None do not count."""
        given = {name: value for name, value in chosen.items() if value is not None}
        page, count = self.statements(*given)
        rows = tx.all(page, **given, limit=window.limit, offset=window.offset)
        if 0 < len(rows) < window.limit or (not rows and not window.offset):
            return window.offset + len(rows), rows
        counted = tx.one(count, **given)
        return counted[0] if counted else 0, rows

    def statements(self, *names: str) -> tuple[Sql, Sql]:
        """One for a page and one to count, with the conditions of these names."""
        if names not in self._statements:
            where = " AND ".join([self._where, *(self._filters[name] for name in names)])
            page = f"SELECT {self._columns} {self._source} {self._joins} WHERE {where} ORDER BY {self._newest}"
            self._statements[names] = (
                Sql(f"{page} LIMIT :limit OFFSET :offset"),
                Sql(f"SELECT COUNT(*) {self._source} WHERE {where}"),
            )
        return self._statements[names]
