"""Over TLS the certificate is held against the name, though the connection goes to an address."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from payproof.net import connection, pinned
from payproof.net.caller import Caller
from payproof.net.egress import Egress, RequestRefused
from payproof.net.http import GuardedClient, RequestFailed
from tests.net.site import always, answer, leading_to, site


@pytest.fixture(scope="module", params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """The server runs on uvloop, tools and tests on the other."""
    return ("asyncio", {"use_uvloop": request.param})


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a site called site.example shows; our side trusts it. Every name leads to the loopback."""
    chain = tmp_path / "site.pem"
    chain.write_bytes(_certificate("site.example", "localhost"))
    trusting = ssl.create_default_context(cafile=str(chain))
    monkeypatch.setattr(connection, "tls", lambda: trusting)

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(pinned, "resolve", resolve)
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(chain)
    return shown


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    client = GuardedClient(Egress(allow_private=True))
    yield client
    await client.close()


async def test_the_name_is_kept_though_the_address_is_pinned(client: GuardedClient, tls: ssl.SSLContext) -> None:
    asked_for: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    async with site(always(answer(200, b"x" * 500_000)), tls) as there:
        got = await client.send("GET", there.url(scheme="https", host="site.example"), max_bytes=1_000_000)
        await client.send("GET", there.url(scheme="https", host="site.example"))
    assert len(got.content) == 500_000
    assert asked_for == ["site.example"]
    assert there.asked[0].headers["host"] == f"site.example:{there.port}"


async def test_a_certificate_of_another_name_is_a_failure(client: GuardedClient, tls: ssl.SSLContext) -> None:
    async with site(always(answer()), tls) as there:
        with pytest.raises(RequestFailed, match="certificate"):
            await client.send("GET", there.url(scheme="https", host="other.example"))
    assert there.asked == []


async def test_a_site_that_speaks_no_tls_is_a_failure(client: GuardedClient, tls: ssl.SSLContext) -> None:
    async with site(always(answer())) as there:
        with pytest.raises(RequestFailed):
            await client.send("GET", there.url(scheme="https", host="site.example"), seconds=2)


async def test_no_redirect_leads_from_https_to_http(client: GuardedClient, tls: ssl.SSLContext) -> None:
    async with site(always(answer())) as plain, site(leading_to(plain.url()), tls) as there:
        with pytest.raises(RequestRefused, match="from https to http"):
            await client.send("POST", there.url(scheme="https", host="site.example"))
    assert plain.asked == []


async def test_no_stream_of_events_leads_from_https_to_http(tls: ssl.SSLContext) -> None:
    async with site(always(answer())) as plain, site(leading_to(plain.url()), tls) as there:
        caller = Caller(there.url(scheme="https", host="localhost"))
        with pytest.raises(RequestRefused, match="from https to http"):
            await anext(caller.events("/"))
        await caller.close()
    assert plain.asked == []


async def test_a_redirect_may_lead_from_http_to_https(client: GuardedClient, tls: ssl.SSLContext) -> None:
    async with (
        site(always(answer(200, b"safe")), tls) as there,
        site(leading_to(there.url(scheme="https", host="site.example"))) as plain,
    ):
        assert (await client.send("GET", plain.url())).content == b"safe"


def _certificate(*names: str) -> bytes:
    """A key and the certificate that it signs for itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(
        serialization.Encoding.PEM
    )
