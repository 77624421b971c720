"""Joining the postings of files that overlap. Equal postings inside one file are two; across files they are one."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal

from payproof.documents.reading import Posting

Key = tuple[Hashable, ...]


class Merged:
    """The postings of one account, and which of them each file holds."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self.by_file: list[set[int]] = []

    def keyed(self) -> Iterator[tuple[str, Posting]]:
        """Every posting with a key that is the same whichever files tell of it, oldest day first."""
        seen: dict[str, int] = {}
        for posting in sorted(self.postings, key=lambda posting: posting.on):
            key = text_key(posting)
            seen[key] = seen.get(key, 0) + 1
            yield (key if seen[key] == 1 else f"{key}|{seen[key]}"), posting


def merge(files: list[list[Posting]]) -> Merged:
    """First by the bank's own id with day and amount, then by day, amount and payee."""
    merged = Merged()
    for number, postings in enumerate(files):
        if number == 0:
            merged.postings = list(postings)
            merged.by_file.append(set(range(len(postings))))
        else:
            _take_in(merged, postings)
    return merged


def _take_in(merged: Merged, postings: list[Posting]) -> None:
    used: set[int] = set()
    left = _match(merged, postings, used, id_key)
    left = _match(merged, left, used, payee_key)
    used.update(range(len(merged.postings), len(merged.postings) + len(left)))
    merged.postings += left
    merged.by_file.append(used)


def _match(
    merged: Merged, postings: list[Posting], used: set[int], key_of: Callable[[Posting], Key | None]
) -> list[Posting]:
    """Find every posting its equal among those known, each once; returns those without one."""
    places: defaultdict[Key, list[int]] = defaultdict(list)
    for at, known in enumerate(merged.postings):
        if at not in used and (key := key_of(known)):
            places[key].append(at)
    left = []
    for posting in postings:
        key = key_of(posting)
        free = places.get(key) if key else None
        if free:
            at = free.pop(0)
            used.add(at)
            if merged.postings[at].status != "POSTED":
                merged.postings[at] = posting
        else:
            left.append(posting)
    return left


def id_key(posting: Posting) -> Key | None:
    return (posting.external_id, posting.on, posting.amount) if posting.external_id else None


def payee_key(posting: Posting) -> Key:
    return (posting.on, posting.amount, " ".join((posting.payee or posting.memo or "").casefold().split()))


def row_key(posting: Posting) -> Key:
    return (posting.on, posting.amount, posting.payee, posting.memo)


def text_key(posting: Posting) -> str:
    amount = _plain(posting.amount)
    if posting.external_id and not posting.from_table:
        return f"{posting.external_id}|{posting.on}|{amount}"
    return f"{posting.on}|{amount}|{' '.join((posting.payee or posting.memo or '').split())}"


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
