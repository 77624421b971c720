"""Choosing among the providers that are installed, and finding those of the directory."""

from collections.abc import Iterable, Sequence

from payproof.model.bridge_token import BridgeTokenWish
from payproof.model.company import Company, MappingStatus
from payproof.model.institution import Institution
from payproof.model.product import GIVEN_BY, DataSource, ProductType
from payproof.model.provider import Provider
from payproof.model.question import Form
from payproof.model.tenant import Environment, Tenant
from payproof.store import Tx, Window
from payproof.store import institution as store
from payproof.store.company import company
from payproof.store.trigram import folded, likeness, wanted


def find_provider(providers: Iterable[Provider], name: str) -> Provider | None:
    """By its id, by its connector's name or by one of its aliases."""
    known = list(providers)
    for provider in known:
        if provider.id == name:
            return provider
    return next((one for one in known if name == one.connector_id or name in one.aliases), None)


def open_to(providers: Iterable[Provider], tenant: Tenant, *, smoke_tests: bool = False) -> list[Provider]:
    """Those that answer this tenant's keys: sandbox connectors answer only sandbox keys, unless smoke tests are on."""
    is_sandbox = tenant.environment is Environment.SANDBOX or smoke_tests
    return [one for one in providers if not one.is_disabled and (is_sandbox or not one.sandbox_only)]


def search(
    providers: Iterable[Provider],
    *,
    query: str | None = None,
    product_type: ProductType | None = None,
    data_source: DataSource | None = None,
) -> list[Provider]:
    """Those whose name or id contains the words, by name."""
    words = (query or "").casefold().split()
    found = [
        one
        for one in providers
        if (product_type is None or product_type in one.products)
        and (data_source is None or data_source is one.data_source)
        and all(word in f"{one.name} {one.id}".casefold() for word in words)
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def provider_named(tx: Tx, providers: Sequence[Provider], name: str) -> Provider | None:
    """One that is installed, by any of its names; else an institution of the directory, which gives nothing here."""
    found = find_provider(providers, name)
    if found is not None:
        return found
    known = store.institution(tx, name)
    return unconnected(known) if known else None


def unconnected(one: Institution) -> Provider:
    """An institution without a connector: it asks for nothing, since nobody could use what it was told."""
    return Provider(
        id=one.id,
        connector_id="",
        name=one.name,
        data_source=one.data_source,
        products=(),
        form=Form(fields=()),
        kind="none",
    )


def stand_in(providers: Iterable[Provider]) -> Provider | None:
    """The payroll provider of the pretend world: there, it is what every employer pays through."""
    return next((one for one in providers if one.sandbox_only and one.data_source is DataSource.PAYROLL), None)


def payroll_of(tx: Tx, providers: Sequence[Provider], employer: Company) -> Provider | None:
    """What an employer pays through, among the `providers` that are open; None where the person has to choose.

    Its own provider wins where it is connected; in the pretend world another stands in.
    """
    own = provider_named(tx, providers, employer.provider_id) if employer.provider_id else None
    if own is not None and own.is_connected:
        return own
    if employer.mapping_status is MappingStatus.UNMAPPED:
        return own
    return stand_in(providers) or own


def offered(tx: Tx, providers: Sequence[Provider], wish: BridgeTokenWish) -> list[Provider]:
    """What the widget may show for a bridge token: the one that it or its employer names, or all that fit.

    A provider that does not give the product is still offered when the token names it or its data source: the person
    then hears `not_supported` and which product to ask for.
    """
    if wish.provider_id:
        named = provider_named(tx, providers, wish.provider_id)
        return [named] if named else []
    led_to = employers_provider(tx, providers, wish)
    if led_to is not None:
        return [led_to]
    if wish.data_sources:
        return search(one for one in providers if one.data_source in wish.data_sources)
    return search(providers, product_type=wish.product_type)


def employers_provider(tx: Tx, providers: Sequence[Provider], wish: BridgeTokenWish) -> Provider | None:
    """Where the employer that the token names leads, unless the token wants another kind of source."""
    employer = company(tx, wish.company_mapping_id) if wish.company_mapping_id else None
    found = payroll_of(tx, providers, employer) if employer else None
    return found if found and (not wish.data_sources or found.data_source in wish.data_sources) else None


def confidence(query: str | None, one: Institution) -> float:
    """How alike it is to what was searched for."""
    return likeness(wanted(query), folded(one.name)) if query else 1.0


def institutions(
    tx: Tx,
    *,
    query: str | None,
    product_type: ProductType | None,
    data_source: DataSource | None,
    window: Window,
) -> tuple[int, list[Institution]]:
    """How many of the directory could give the product, and one page of them."""
    sources = [
        one
        for one in ([data_source] if data_source else DataSource)
        if product_type is None or product_type in GIVEN_BY[one]
    ]
    return store.institutions(tx, sources, query, window)
