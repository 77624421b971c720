"""Employers: searched for, matched, and what this installation can do about each of them."""

import re
from collections.abc import Sequence

from msgspec import Struct

from payproof.model.company import Company, DepositFeatures, Features, FillRates, MappingStatus, SuccessRate
from payproof.model.missing import NotFound
from payproof.model.product import ProductType
from payproof.model.provider import Provider
from payproof.model.tenant import Environment, Tenant
from payproof.services.provider import payroll_of
from payproof.store import Tx, Window
from payproof.store import company as store
from payproof.store.trigram import folded, likeness, wanted

MOST_FOUND = 20
"""A search gives as many as a list under a field can show."""
ALIKE = 0.5
"""How alike two names must be to be taken for the same employer's."""
_LEGAL = frozenset(
    {
        *("inc", "incorporated", "corp", "corporation", "co", "company", "companies"),
        *("llc", "llp", "lp", "ltd", "limited", "plc", "group"),
    }
)
_SITE = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?([^/:?#]+)")

SANDBOX_FEATURES = Features(
    deposit_switch=DepositFeatures(
        max_number=10,
        deposit_types=("entire", "percent", "amount"),
        amount_precision="0.01",
        percent_precision="0.01",
    ),
    fill_rates=FillRates(
        job_title=1.0,
        job_type=1.0,
        is_active=1.0,
        start_date=1.0,
        original_hire_date=1.0,
        income=1.0,
        income_unit=1.0,
        pay_frequency=1.0,
        w2s=1.0,
        paystubs=1.0,
    ),
)
"""What the pretend payroll gives of everybody."""


class Asked(Struct, frozen=True, kw_only=True):
    """What a caller knows of an employer."""

    id: str | None = None
    name: str | None = None
    domain: str | None = None
    ein: str | None = None
    phone: str | None = None


class Coverage(Struct, frozen=True, kw_only=True):
    """What can be expected of an employer, in one environment and for one product."""

    mapping_status: MappingStatus
    success_rate: SuccessRate | None
    features: Features | None


class Match(Struct, frozen=True):
    company: Company
    coverage: Coverage
    confidence: float
    """How sure it is that this is the employer that was meant."""


def company(tx: Tx, company_mapping_id: str) -> Company:
    """Raises NotFound."""
    found = known_company(tx, company_mapping_id)
    if found is None:
        raise NotFound("company", company_mapping_id)
    return found


def known_company(tx: Tx, company_mapping_id: str) -> Company | None:
    """The employer under an id, where this environment may know of it."""
    return _seen(tx, store.company(tx, company_mapping_id))


def search(tx: Tx, query: str, providers: Sequence[Provider], product: ProductType | None) -> list[Match]:
    """The employers that may be meant, best first."""
    _, found = store.found_companies(tx, _kinds(tx.tenant), query, Window(MOST_FOUND, 0))
    text = wanted(query)
    return [Match(one, coverage(tx, one, providers, product), likeness(text, folded(one.name))) for one in found]


def companies(tx: Tx, window: Window) -> tuple[int, list[Company]]:
    """How many there are, and one page of them, by name."""
    return store.companies(tx, _kinds(tx.tenant), window)


def match(tx: Tx, asked: Asked, providers: Sequence[Provider], product: ProductType | None) -> Match | None:
    """The one employer that is meant: by what names it for certain, else by its name. None where nobody fits."""
    found = _named_for_certain(tx, asked)
    if found is not None:
        return Match(found, coverage(tx, found, providers, product), 1.0)
    alike = _called(tx, asked.name or "")
    if alike is None:
        return None
    found, confidence = alike
    return Match(found, coverage(tx, found, providers, product), confidence)


def coverage(tx: Tx, one: Company, providers: Sequence[Provider], product: ProductType | None) -> Coverage:
    """What the operator's import says, else what follows from the providers that are open to the caller.

    Of what nobody knows nothing is said: there are no statistics here.
    """
    through = payroll_of(tx, providers, one)
    is_pretend = through is not None and through.sandbox_only
    status = MappingStatus.MAPPED if through else MappingStatus.UNMAPPED
    rate = None
    if is_pretend:
        status, rate = MappingStatus.VERIFIED, SuccessRate.HIGH
    if one.success_rate or one.mapping_status:
        rate = one.success_rate
    if through and (not through.is_connected or (product and product not in through.products)):
        rate = SuccessRate.UNSUPPORTED
    return Coverage(
        mapping_status=one.mapping_status or status,
        success_rate=rate,
        features=one.features or (SANDBOX_FEATURES if is_pretend else None),
    )


def bare_domain(text: str) -> str:
    """The host in what was typed or copied as somebody's address, without `www`."""
    found = _SITE.match(text.strip().lower())
    return found[1].strip(".").removeprefix("www.") if found else ""


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def _named_for_certain(tx: Tx, asked: Asked) -> Company | None:
    found = store.company(tx, asked.id) if asked.id else None
    if found is None and asked.domain:
        found = _at_domain(tx, bare_domain(asked.domain))
    if found is None and asked.ein:
        found = store.company_by(tx, "ein", digits(asked.ein))
    if found is None and asked.phone:
        found = store.company_by(tx, "phone", digits(asked.phone)[-10:])
    return _seen(tx, found)


def _at_domain(tx: Tx, domain: str) -> Company | None:
    """The company there, or at what the domain is a part of: `careers.example.com` belongs to `example.com`."""
    parts = domain.split(".")[-6:]
    for start in range(len(parts) - 1):
        found = store.company_by(tx, "domain", ".".join(parts[start:]))
        if found is not None:
            return found
    return None


def _called(tx: Tx, name: str) -> tuple[Company, float] | None:
    asked = _bare_name(name)
    _, found = store.found_companies(tx, _kinds(tx.tenant), asked, Window(MOST_FOUND, 0))
    rated = [(one, likeness(asked, _bare_name(one.name))) for one in found]
    best = max(rated, key=lambda pair: pair[1], default=None)
    return best if best is not None and best[1] >= ALIKE else None


def _bare_name(name: str) -> str:
    """Folded, without the words at its end that say in which form of law it is kept."""
    words = wanted(name).split(" ")
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return " ".join(words)


def _seen(tx: Tx, found: Company | None) -> Company | None:
    """The pretend employers are for whoever plays."""
    return None if found and found.is_pretend and not _plays(tx.tenant) else found


def _kinds(tenant: Tenant) -> list[str]:
    return [store.REAL, store.PRETEND] if _plays(tenant) else [store.REAL]


def _plays(tenant: Tenant) -> bool:
    return tenant.environment is Environment.SANDBOX
