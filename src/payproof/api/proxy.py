"""What a trusted proxy says of the caller: address, scheme and host."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from payproof.api.call import Scope


class Proxies:
    """Believes `X-Forwarded-*` headers of these networks, and of nobody else."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = tuple(ip_network(one, strict=False) for one in networks)

    def unwrap(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Put the caller in the proxy's place. Costs nothing where no proxy is trusted."""
        client = scope.get("client")
        if not self._networks or client is None or not self._is_trusted(client[0]):
            return
        if address := self._caller(headers.get(b"x-forwarded-for", b"").decode("latin-1")):
            scope["client"] = (address, 0)
        if (scheme := headers.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()) in ("http", "https"):
            scope["scheme"] = scheme
        if host := headers.get(b"x-forwarded-host", b"").strip():
            headers[b"host"] = host

    def _caller(self, chain: str) -> str | None:
        """The last address in the chain that is no proxy of ours: what stands before it may be made up."""
        addresses = [part.strip() for part in chain.split(",") if part.strip()]
        return next((one for one in reversed(addresses) if not self._is_trusted(one)), None)

    def _is_trusted(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
