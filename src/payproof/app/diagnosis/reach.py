"""Ports, addresses and the way out."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.app.installing import usable
from payproof.app.listening import PortBusy, settled
from payproof.net.proof import ask, trusts_somebody


def port_free(case: Case) -> Finding | None:
    if case.role == "worker":
        return None
    if case.is_running:
        return well("port", f"a payproof answers at {case.url}")
    try:
        settled(case.settings)
    except PortBusy as busy:
        return wrong("port", busy.found, busy.cure)
    return well("port", f"{case.settings.host}:{case.settings.port} is free")


def base_url_safe(case: Case) -> Finding | None:
    if case.role != "serve":
        return None
    url = case.settings.base_url
    if url is None:
        return well("base URL", "not set: links begin with the address that each caller used")
    if url.startswith("http://") and urlsplit(url).hostname not in ("localhost", "127.0.0.1", "::1"):
        found = f"{url}: keys and people's data would cross the network in the clear"
        return wrong("base URL", found, "put a proxy that speaks TLS in front, and set PAYPROOF_BASE_URL to https://…")
    return well("base URL", url)


def proxies_narrow(case: Case) -> Finding | None:
    proxies = case.settings.trusted_proxies
    if not proxies or case.role == "worker":
        return None
    if any(ip_network(proxy).prefixlen == 0 for proxy in proxies):
        cure = "name the addresses of your own proxies only in PAYPROOF_TRUSTED_PROXIES"
        return wrong("proxies", "everybody is trusted, so everybody can say he is somebody else", cure)
    return well("proxies", f"trusted: {', '.join(proxies)}")


def authorities_there(case: Case) -> Finding:
    if not trusts_somebody():
        cure = "apt-get install ca-certificates, or name a bundle with SSL_CERT_FILE"
        return wrong("authorities", "no certificate authority is known here: no https address can be reached", cure)
    return well("authorities", "the system's are there")


def world_there(case: Case) -> Finding | None:
    """`dev` has it inside."""
    url = case.settings.world_url
    if case.role == "dev":
        return None
    if url is None:
        return _world_missed(case)
    if ask(f"{url}/") is None:
        return wrong(
            "world", f"nobody answers at {url}", "start `payproof world` there, or take PAYPROOF_WORLD_URL away"
        )
    return well("world", url)


def _world_missed(case: Case) -> Finding:
    """A worker that lacks a connector would end the tasks that need it."""
    offered = set(case.readable.offered if case.readable else ())
    lacking = sorted(offered - set(usable(case.settings)))
    if case.role == "worker" and lacking:
        cure = "set PAYPROOF_WORLD_URL as the servers do, or install the connectors that they have"
        return wrong("world", f"the servers offer what this worker has not: {', '.join(lacking)}", cure)
    return well("world", "none: there are no sandbox providers")
