"""Choosing among the providers that are installed."""

from collections.abc import Iterable, Sequence

from payproof.model.bridge_token import BridgeTokenWish
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider
from payproof.model.tenant import Environment, Tenant


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


def offered(providers: Sequence[Provider], wish: BridgeTokenWish) -> list[Provider]:
    """What the widget may show for a bridge token: the one it names, or all that fit its product and data sources.

    A provider that does not give the product is still offered when the token names it or its data source: the person
    then hears `not_supported` and which product to ask for.
    """
    if wish.provider_id:
        named = find_provider(providers, wish.provider_id)
        return [named] if named else []
    if wish.data_sources:
        return search(one for one in providers if one.data_source in wish.data_sources)
    return search(providers, product_type=wish.product_type)
