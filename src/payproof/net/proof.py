"""What a client on this machine meets under a name: where it leads, who answers there, and whether to believe it."""

import http.client
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from payproof.net.egress import is_public

SECONDS = 5.0


class Doubted(Exception):
    """Who answers does not prove to be who was called."""


class NobodyThere(Exception):
    """Nothing listens."""


class NoAnswer(Exception):
    """Something listens, and does not answer as it should."""


def addresses(name: str) -> list[str]:
    """What the name leads to for every program here, hosts file included; empty where it leads nowhere."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_elsewhere(address: str) -> bool:
    """Whether it is out in the world: public, and not this machine's own."""
    return is_public(address) and not _is_ours(address)


def ask(url: str) -> bytes | None:
    """The body of any answer; None where there is none."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().read(65_536)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def flaw_of_authority(ca: Path) -> str | None:
    """Why the file cannot be believed in."""
    try:
        ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        return "it is no certificate"
    except OSError as failed:
        return str(failed.strerror)
    return None


def ask_over_tls(name: str, port: int, path: str, ca: Path) -> bytes:
    """The body of a good answer; this authority is believed and no other. Raises Doubted, NobodyThere, NoAnswer."""
    trusting = ssl.create_default_context(cafile=ca)
    connection = http.client.HTTPSConnection(name, port, timeout=SECONDS, context=trusting)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(65_536)
    except ssl.SSLCertVerificationError as doubtful:
        raise Doubted(doubtful.verify_message.rstrip(".")) from None
    except ConnectionRefusedError:
        raise NobodyThere from None
    except (OSError, http.client.HTTPException) as failed:
        raise NoAnswer(str(failed) or type(failed).__name__) from None
    finally:
        connection.close()
    if answer.status != 200:
        raise NoAnswer(f"status {answer.status}")
    return body


def trusts_somebody() -> bool:
    """Whether the system's authorities are there, without which no public server is believed."""
    places = ssl.get_default_verify_paths()
    if ssl.create_default_context().cert_store_stats()["x509_ca"]:
        return True
    return any(Path(places.capath or places.openssl_capath).glob("*.0"))


def _is_ours(address: str) -> bool:
    """Only one's own addresses can be bound."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
