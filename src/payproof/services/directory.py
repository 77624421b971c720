"""An operator's own companies and providers: taken into the directory all at once, or not at all."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from payproof.model.company import Company
from payproof.model.institution import Institution
from payproof.services.directory_file import BadFile, BadLine, Line, lines
from payproof.store import SystemTx
from payproof.store.company import company_by, company_id, write_companies
from payproof.store.directory import count_trigrams
from payproof.store.institution import institution, write_institutions
from payproof.store.provider import providers
from payproof.store.seed import seed_directory

Told = Callable[[str, str, int], None]
"""Hears what is being done, with what, and how many there are."""


class Taken(Struct, frozen=True, kw_only=True):
    companies: int
    providers: int


def import_directory(tx: SystemTx, text: bytes, told: Told) -> Taken:
    """Take the rows of a file into the directory, where they win over what we ship. Raises BadFile with all its faults.

    Done again it changes nothing. A running server sees them from its next call on.
    """
    good, bad = lines(text)
    told("checking", "lines", len(good) + len(bad))
    seed_directory(tx)
    bad += _unfit(tx, good)
    if bad:
        raise BadFile(sorted(bad))
    companies = [_as_held(tx, line.row) for line in good if isinstance(line.row, Company)]
    institutions = [line.row for line in good if isinstance(line.row, Institution)]
    told("writing", "companies", len(companies))
    changed = write_companies(tx, companies)
    told("writing", "providers", len(institutions))
    changed += write_institutions(tx, institutions)
    if changed:
        count_trigrams(tx)
    return Taken(companies=len(companies), providers=len(institutions))


def _unfit(tx: SystemTx, good: Iterable[Line]) -> list[BadLine]:
    """Lines that are right in themselves and do not fit what is there."""
    connected = {one.id for one in providers(tx) if not one.is_disabled}
    named = {line.row.id for line in good if isinstance(line.row, Institution)}
    unfit = []
    for line in good:
        one = line.row
        if isinstance(one, Institution) and one.id in connected:
            unfit.append(BadLine(line.number, f"{one.id} has a connector here, which says itself what it is"))
        through = one.provider_id if isinstance(one, Company) else None
        if through and through not in connected | named and institution(tx, through) is None:
            unfit.append(BadLine(line.number, f"provider_id: there is no provider {through}"))
    return unfit


def _as_held(tx: SystemTx, one: Company) -> Company:
    """A company whose id nobody said keeps the one that its domain has already."""
    held = company_by(tx, "domain", one.domain) if one.domain and one.id == company_id(one.domain) else None
    return replace(one, id=held.id) if held else one
