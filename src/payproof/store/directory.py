"""The search over companies and institutions: one table of trigrams of our own, the same on both databases.

Whatever writes here holds the directory first: entries are numbered by whoever adds them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from payproof.store.dialect import SystemSql
from payproof.store.transaction import SystemTx, Tx
from payproof.store.trigram import folded, needles, trigrams, wanted, words_of
from payproof.store.window import Window

MOST_ROWS = 1_000
"""So many rows of the trigram table a search reads, however common what it asks for."""
MOST_CANDIDATES = 150
"""So many entries by what they share, and by how they begin, are put in order."""


_LAST_SIGN = "\U0010ffff"


class Noun(StrEnum):
    COMPANY = "company"
    PROVIDER = "provider"


class Entry(Struct, frozen=True):
    """What can be found: a company or an institution, and all it goes by."""

    id: str
    kind: str
    """What searches are narrowed by: a provider's data source, or whether a company is real."""
    name: str
    also: tuple[str, ...] = ()


class Found(Struct, frozen=True):
    """One page of what was found, best first, and how much there is in all."""

    count: int
    ids: tuple[str, ...]


_HOLD = SystemSql("INSERT INTO meta (name, value) VALUES ('directory', :none) ON CONFLICT DO NOTHING")
_STATE = SystemSql("SELECT value FROM meta WHERE name = 'directory' {lock}")
_SET_STATE = SystemSql("UPDATE meta SET value = :value WHERE name = 'directory'")

_KNOWN = SystemSql("SELECT id, number, kind, folded, words, size FROM directory_entry WHERE noun = :noun")
_LAST = SystemSql("SELECT COALESCE(MAX(number), 0) FROM directory_entry")
_ADD = SystemSql(
    "INSERT INTO directory_entry (number, noun, kind, id, folded, words, size)"
    " VALUES (:number, :noun, :kind, :id, :folded, :words, :size)"
)
_REMOVE = SystemSql("DELETE FROM directory_entry WHERE number = :number")
_ADD_TRIGRAMS = SystemSql(
    "INSERT INTO directory_trigram (noun, trigram, size, entry, kind)"
    " SELECT e.noun, list.key, e.size, e.number, e.kind"
    " FROM {each_of_each :numbers} JOIN directory_entry e ON e.number = CAST(one.value AS INTEGER)"
)
"""All at once, by piece, in the order of the key: so SQLite has each row's place at hand, and need not look for it."""
_REMOVE_TRIGRAMS = SystemSql(
    "DELETE FROM directory_trigram"
    " WHERE noun = :noun AND trigram IN {json :trigrams} AND size = :size AND entry = :number"
)
_FORGET_COUNTS = SystemSql("DELETE FROM directory_trigram_count")
_COUNT = SystemSql(
    "INSERT INTO directory_trigram_count (noun, trigram, entries)"
    " SELECT noun, trigram, COUNT(*) FROM directory_trigram GROUP BY noun, trigram"
)

_COUNTS = SystemSql(
    "SELECT trigram, entries FROM directory_trigram_count WHERE noun = :noun AND trigram IN {json :trigrams}"
)
_LISTED = SystemSql(
    "SELECT id, COUNT(*) OVER () FROM directory_entry WHERE noun = :noun AND kind IN {json :kinds}"
    " ORDER BY folded, id LIMIT :limit OFFSET :offset"
)
_SEARCH_TEXT = """
    WITH hit AS (
        SELECT entry, size FROM directory_trigram
        WHERE noun = :noun AND <which> AND kind IN {json :kinds} <end>
    ), near AS (
        SELECT entry, size, COUNT(*) AS shared FROM hit GROUP BY entry, size
        HAVING COUNT(*) * 10 >= {least}(:asked, size) * 4
        ORDER BY shared DESC, size, entry LIMIT :candidates
    ), start AS (
        SELECT number FROM directory_entry
        WHERE noun = :noun AND folded >= :text AND folded < :after AND kind IN {json :kinds}
        ORDER BY folded, id LIMIT :candidates
    ), candidate AS (
        SELECT entry, shared FROM near UNION ALL SELECT number, CAST(:asked AS BIGINT) FROM start
    ), best AS (
        SELECT entry, MAX(shared) AS shared FROM candidate GROUP BY entry
    )
    SELECT e.id, COUNT(*) OVER () FROM best JOIN directory_entry e ON e.number = best.entry
    ORDER BY
        CASE WHEN e.folded = :text THEN 0 WHEN e.folded >= :word AND e.folded < :after_word THEN 1
            WHEN e.folded >= :text AND e.folded < :after THEN 2 ELSE 3 END,
        best.shared DESC, e.size, e.folded, e.id
    LIMIT :limit OFFSET :offset
"""
_SEARCH = SystemSql(_SEARCH_TEXT.replace("<which>", "trigram IN {json :needles}").replace("<end>", ""))
_SEARCH_COMMON = SystemSql(
    _SEARCH_TEXT.replace("<which>", "trigram = :rarest").replace("<end>", "ORDER BY size, entry LIMIT :rows")
)
"""For what even the rarest piece of a search does not narrow down: only the shortest names that have it are read."""


def hold_directory(tx: SystemTx) -> bytes:
    """Nobody else writes to the directory before this transaction ends. Returns what `note_state` noted last."""
    tx.put(_HOLD, none=b"")
    row = tx.one(_STATE)
    assert row is not None
    return bytes(row[0])


def note_state(tx: SystemTx, state: bytes) -> None:
    tx.put(_SET_STATE, value=state)


def list_entries(tx: SystemTx, noun: Noun, entries: Iterable[Entry]) -> int:
    """Make these found, in place of what stood under their ids. Returns how many were new or have changed."""
    known = {row[0]: row[1:] for row in tx.all(_KNOWN, noun=noun)}
    number = tx.all(_LAST)[0][0]
    fresh: list[dict[str, Any]] = []
    old = []
    for entry in entries:
        name = folded(entry.name)
        words = words_of(name, entry.also)
        held = known.get(entry.id)
        if held is not None and held[1:4] == (entry.kind, name, words):
            continue
        if held is not None:
            old.append(held)
        number += 1
        row = {"number": number, "noun": noun.value, "kind": entry.kind, "id": entry.id, "folded": name}
        fresh.append({**row, "words": words, "trigrams": trigrams(words)})
    _remove(tx, noun, old)
    _add(tx, fresh)
    return len(fresh)


def unlist_entries(tx: SystemTx, noun: Noun, ids: Iterable[str]) -> None:
    """They are found no more."""
    gone = set(ids)
    _remove(tx, noun, [row[1:] for row in tx.all(_KNOWN, noun=noun) if row[0] in gone])


def count_trigrams(tx: SystemTx) -> None:
    """Say anew how common each piece is: after entries were listed or unlisted."""
    tx.put(_FORGET_COUNTS)
    tx.put(_COUNT)


def listed(tx: Tx | SystemTx, noun: Noun, kinds: Sequence[str], window: Window) -> Found:
    """All of these kinds, by name."""
    params = {"noun": noun.value, "kinds": _json(kinds), "limit": window.limit, "offset": window.offset}
    return _found(tx.cursor.all(_LISTED, params))


def search(tx: Tx | SystemTx, noun: Noun, kinds: Sequence[str], query: str, window: Window) -> Found:
    """What is meant by a few letters, by a whole name or by one with a slip in it.

    First comes what is called just so, then what begins with these words, then what begins with these letters, then
    what shares the most pieces.
    """
    text = wanted(query)
    if not text:
        return Found(0, ())
    rarest, rows = _rarest(tx, noun, needles(text))
    params = {
        "noun": noun.value,
        "kinds": _json(kinds),
        "needles": _json(rarest),
        "rarest": rarest[-1] if rarest else "",
        "asked": len(rarest),
        "text": text,
        "after": text + _LAST_SIGN,
        "word": text + " ",
        "after_word": f"{text} {_LAST_SIGN}",
        "rows": MOST_ROWS,
        "candidates": MOST_CANDIDATES,
        "limit": window.limit,
        "offset": window.offset,
    }
    return _found(tx.cursor.all(_SEARCH if rows <= MOST_ROWS else _SEARCH_COMMON, params))


def _rarest(tx: Tx | SystemTx, noun: Noun, pieces: list[str]) -> tuple[list[str], int]:
    """The rarest pieces, as many as can be looked up, and how many rows they have; those nobody has cost nothing."""
    counts: dict[str, int] = dict(tx.cursor.all(_COUNTS, {"noun": noun.value, "trigrams": _json(pieces)}))
    rows = 0
    chosen: list[str] = []
    for piece in sorted(pieces, key=lambda one: (counts.get(one, 0), one)):
        rows += counts.get(piece, 0)
        if rows > MOST_ROWS and any(one in counts for one in chosen):
            rows -= counts[piece]
            break
        chosen.append(piece)
    return chosen, rows


def _add(tx: SystemTx, fresh: Sequence[dict[str, Any]]) -> None:
    numbers = defaultdict[str, list[int]](list)
    for row in sorted(fresh, key=lambda row: (len(row["trigrams"]), row["number"])):
        row["size"] = len(row["trigrams"])
        for piece in row["trigrams"]:
            numbers[piece].append(row["number"])
    tx.many(_ADD, fresh)
    tx.put(_ADD_TRIGRAMS, numbers=msgspec.json.encode(numbers, order="sorted").decode())


def _remove(tx: SystemTx, noun: Noun, entries: Sequence[tuple[int, str, str, str, int]]) -> None:
    rows = [
        {"noun": noun.value, "number": number, "size": size, "trigrams": _json(trigrams(words))}
        for number, _, _, words, size in entries
    ]
    tx.many(_REMOVE_TRIGRAMS, rows)
    tx.many(_REMOVE, rows)


def _found(rows: Sequence[tuple[str, int]]) -> Found:
    return Found(rows[0][1] if rows else 0, tuple(row[0] for row in rows))


def _json(values: Sequence[str | int]) -> str:
    return msgspec.json.encode(list(values)).decode()
