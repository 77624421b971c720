"""The authority signs for one domain only, and is made anew only where it must be."""

import os
import ssl
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from payproof import clock
from payproof.app.authority import Certificate, certify

NAMES = ("prod.truv.com", "my.truv.com")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "impersonate"


def _certify(folder: Path, *names: str, in_days: int = 0) -> Certificate:
    return certify(folder, "truv.com", names or NAMES, wall=lambda: clock.now() + timedelta(days=in_days))


def _shake_hands(folder: Path, shown: Path, key: Path, name: str) -> None:
    """A handshake in memory. Raises ssl.SSLError."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(shown, key)
    trusting = ssl.create_default_context(cafile=folder / "ca.pem")
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        trusting.wrap_bio(back, there, server_hostname=name),
        serving.wrap_bio(there, back, server_side=True),
    ]
    for _ in range(4):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert sides[0].version() is not None
    assert sides[0].getpeercert()


@pytest.mark.parametrize("name", NAMES)
def test_its_names_are_believed(folder: Path, name: str) -> None:
    made = _certify(folder)
    _shake_hands(folder, made.path, made.key_path, name)


def test_another_name_of_the_domain_is_not_believed(folder: Path) -> None:
    made = _certify(folder)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        _shake_hands(folder, made.path, made.key_path, "stage.truv.com")


@pytest.mark.parametrize("name", ["bank.example", "truv.com.bank.example", "nottruv.com"])
def test_what_a_thief_of_its_key_signs_for_others_is_not_believed(folder: Path, tmp_path: Path, name: str) -> None:
    _certify(folder)
    shown = _forged(folder, tmp_path, name)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        _shake_hands(folder, shown, shown, name)


def test_only_the_owner_reads_its_keys(folder: Path) -> None:
    before = os.umask(0)
    try:
        _certify(folder)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"ca.key": 0o600, "ca.pem": 0o644, "server.key": 0o600, "server.pem": 0o644}


def test_what_is_there_stays(folder: Path) -> None:
    first = _kept(folder, _certify(folder))
    assert _kept(folder, _certify(folder, in_days=300)) == first


def test_a_server_is_certified_anew_before_its_end_by_the_same_authority(folder: Path) -> None:
    first = _kept(folder, _certify(folder))
    later = _kept(folder, _certify(folder, in_days=397 - 20))
    assert {name for name in first if first[name] != later[name]} == {"server.pem", "server.key"}


def test_other_names_are_certified_anew(folder: Path) -> None:
    first = _kept(folder, _certify(folder))
    later = _kept(folder, _certify(folder, "cdn.truv.com"))
    assert {name for name in first if first[name] != later[name]} == {"server.pem", "server.key"}


def test_an_authority_near_its_end_is_made_anew_with_what_it_signed(folder: Path) -> None:
    first = _kept(folder, _certify(folder))
    later = _kept(folder, _certify(folder, in_days=3640))
    assert all(first[name] != later[name] for name in first)


@pytest.mark.parametrize("damaged", ["ca.pem", "ca.key", "server.pem", "server.key"])
@pytest.mark.parametrize("how", ["torn", "gone", "another"])
def test_what_is_damaged_is_made_anew(folder: Path, tmp_path: Path, damaged: str, how: str) -> None:
    _certify(folder)
    path = folder / damaged
    match how:
        case "torn":
            path.write_bytes(path.read_bytes()[:60])
        case "gone":
            path.unlink()
        case "another":
            _certify(tmp_path / "other")
            path.write_bytes((tmp_path / "other" / damaged).read_bytes())
    made = _certify(folder)
    _shake_hands(folder, made.path, made.key_path, NAMES[0])


def _kept(folder: Path, made: Certificate) -> dict[str, bytes]:
    assert made.path.parent == folder
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _forged(folder: Path, place: Path, name: str) -> Path:
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    stolen = load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
    assert isinstance(stolen, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    known_by = x509.SubjectKeyIdentifier.from_public_key(stolen.public_key())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known_by), critical=False)
        .sign(stolen, SHA256())
    )
    path = place / "forged.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + forged.public_bytes(Encoding.PEM))
    return path
