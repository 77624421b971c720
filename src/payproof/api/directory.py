"""The providers that are installed, as the doors name them. Read once: the provider table changes at start only."""

from collections.abc import Iterable

from payproof.contract.provider import ProviderRef, provider_ref, unknown_provider_ref
from payproof.model.provider import Provider

_MOST_BASES = 16
"""Callers choose the Host header; what is kept for it must not grow without end."""


class Directory:
    def __init__(self, providers: Iterable[Provider]) -> None:
        self.providers = tuple(providers)
        self._by_id = {provider.id: provider for provider in self.providers}
        self._refs: dict[str, dict[str, ProviderRef]] = {}

    def provider(self, provider_id: str) -> Provider | None:
        return self._by_id.get(provider_id)

    def ref(self, provider_id: str, base: str) -> ProviderRef:
        """The provider as other objects show it; its logo is under `base`."""
        refs = self._refs.get(base)
        if refs is None:
            if len(self._refs) >= _MOST_BASES:
                self._refs.clear()
            refs = self._refs[base] = {one.id: provider_ref(one, base) for one in self.providers}
        return refs.get(provider_id) or unknown_provider_ref(provider_id)
