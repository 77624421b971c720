"""The providers that are installed, as the doors name them. Read once: the provider table changes at start only.

Institutions without a connector are looked up where they are named: imports change them at any time.
"""

from collections.abc import Iterable

from payproof.contract.provider import ProviderRef, institution_ref, provider_ref, unknown_provider_ref
from payproof.model.provider import Provider
from payproof.store import SystemTx, Tx
from payproof.store.institution import institution

_MOST_BASES = 16
"""Callers choose the Host header; what is kept for it must not grow without end."""


class Directory:
    def __init__(self, providers: Iterable[Provider]) -> None:
        self.providers = tuple(providers)
        self._by_id = {provider.id: provider for provider in self.providers}
        self._refs: dict[str, dict[str, ProviderRef]] = {}

    def provider(self, provider_id: str) -> Provider | None:
        return self._by_id.get(provider_id)

    def ref(self, tx: Tx | SystemTx, provider_id: str, base: str) -> ProviderRef:
        """The provider as other objects show it; its logo is under `base`. Installed ones cost no look at the store."""
        refs = self._refs.get(base)
        if refs is None:
            if len(self._refs) >= _MOST_BASES:
                self._refs.clear()
            refs = self._refs[base] = {one.id: provider_ref(one, base) for one in self.providers}
        return refs.get(provider_id) or _looked_up(tx, provider_id, base)


def _looked_up(tx: Tx | SystemTx, provider_id: str, base: str) -> ProviderRef:
    found = institution(tx, provider_id)
    return institution_ref(found, base) if found else unknown_provider_ref(provider_id)
