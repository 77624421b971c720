"""The hosts that Truv's clients have written into them, answered by us: for clients whose base URL cannot be set."""

from ipaddress import ip_address
from pathlib import Path

from msgspec import Struct

from payproof.app.whole import PUBLIC, write_whole
from payproof.config import Settings

DOMAIN = "truv.com"
NAMES = ("prod.truv.com", "cdn.truv.com", "my.truv.com")
_SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/cert.pem",  # macOS, the BSDs
)


class Impersonation(Struct, frozen=True):
    """What a client needs to take us for those hosts. All of it is printed; none of it is done for him."""

    port: int
    hosts_line: str
    ca: Path
    bundle: Path
    """The system's authorities and ours, for clients that can be given one file instead of one more."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SSL_CERT_FILE": str(self.bundle),
            "REQUESTS_CA_BUNDLE": str(self.bundle),
            "NODE_EXTRA_CA_CERTS": str(self.ca),
        }


def impersonation(settings: Settings) -> Impersonation | None:
    """None where nobody asked for it."""
    if settings.impersonate_port is None:
        return None
    folder = ca_folder(settings.data)
    line = hosts_line(settings.host)
    return Impersonation(settings.impersonate_port, line, folder / "ca.pem", folder / "bundle.pem")


def ca_folder(data: Path) -> Path:
    return data.absolute() / "impersonate"


def hosts_line(host: str) -> str:
    """For the machine we run on. On another one, its address comes first instead."""
    try:
        address = ip_address(host)
    except ValueError:
        reached = "127.0.0.1"
    else:
        reached = str({4: "127.0.0.1", 6: "::1"}[address.version] if address.is_unspecified else address)
    return f"{reached} {' '.join(NAMES)}"


def write_bundle(folder: Path) -> None:
    """Made anew at every start: the system's authorities change."""
    system = next((path for path in map(Path, _SYSTEM_BUNDLES) if path.exists()), None)
    parts = ([system.read_bytes()] if system else []) + [(folder / "ca.pem").read_bytes()]
    write_whole(folder / "bundle.pem", b"\n".join(parts), mode=PUBLIC)
