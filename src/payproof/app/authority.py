"""A certificate authority of this machine's own, under which hosts are answered whose names are not ours.

It may sign for one domain and for no address: whoever trusts it trusts it for no other site, even if its key is stolen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from payproof import clock
from payproof.app.whole import PUBLIC, write_whole

_AUTHORITY_DAYS = 3650
_SERVER_DAYS = 397
"""Some clients refuse a server's certificate that is valid for longer than 398 days."""
_RENEWED = timedelta(days=30)
"""So long before its end a certificate is made anew."""


class Certificate(Struct, frozen=True):
    """Files in PEM."""

    path: Path
    key_path: Path


class _Held(Struct, frozen=True):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def certify(folder: Path, domain: str, names: Sequence[str], *, wall: clock.Wall = clock.now) -> Certificate:
    """A server's certificate for these names of the domain, under the authority in the folder.

    Both are made where they are missing, damaged or near their end; else they stay as they are.
    """
    now = wall().replace(microsecond=0)
    authority = _held(folder, "ca")
    if authority is None or _is_ending(authority, now):
        authority = _kept(folder, "ca", _authority(domain, now))
    server = _held(folder, "server")
    if server is None or _is_ending(server, now) or not _is_of(server, authority, names):
        _kept(folder, "server", _server(authority, names, now))
    return Certificate(folder / "server.pem", folder / "server.key")


def _authority(domain: str, now: datetime) -> _Held:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"payproof, for {domain} on this machine only")
    no_address = [x509.IPAddress(ip_network(every)) for every in ("0.0.0.0/0", "::/0")]
    builder = (
        _begun(name, name, key, now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints([x509.DNSName(domain)], no_address), critical=True)
    )
    return _Held(builder.sign(key, SHA256()), key)


def _server(authority: _Held, names: Sequence[str], now: datetime) -> _Held:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    known_by = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        _begun(_name("payproof"), issuer.subject, key, now, _SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known_by), critical=False)
    )
    return _Held(builder.sign(authority.key, SHA256()), key)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    """What both have. Valid from yesterday: a client's clock may be a little behind."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days - 1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _held(folder: Path, stem: str) -> _Held | None:
    """What was kept; None where a file is missing or damaged, or the two do not belong together."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{stem}.pem").read_bytes())
        key = load_pem_private_key((folder / f"{stem}.key").read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
        return None
    return _Held(certificate, key)


def _kept(folder: Path, stem: str, made: _Held) -> _Held:
    """The key first: a certificate without its key is made anew, and so is a pair that does not fit."""
    pem = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(folder / f"{stem}.key", pem)
    write_whole(folder / f"{stem}.pem", made.certificate.public_bytes(Encoding.PEM), mode=PUBLIC)
    return made


def _is_ending(held: _Held, now: datetime) -> bool:
    return held.certificate.not_valid_after_utc - now < _RENEWED


def _is_of(server: _Held, authority: _Held, names: Sequence[str]) -> bool:
    """Whether this authority signed it, for exactly these names."""
    try:
        server.certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    found = server.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.DNSName) == list(names)
