"""The search itself: what it could not find, the canary test could not fail for."""

import base64
import gzip
import io
import json
import os
import zlib
from collections.abc import Callable
from urllib.parse import quote_plus
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.canary.searching import found_in

TEXT = 'Kanari"en\\vögel 4711/x'
AROUND = os.urandom(2000)


def _raw_deflate(body: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return machine.compress(body) + machine.flush()


def _zip(body: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("statement.txt", body)
    return file.getvalue()


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "raw": lambda body: body,
    "json": lambda body: json.dumps({"x": body.decode()}).encode(),
    "json with utf-8": lambda body: json.dumps({"x": body.decode()}, ensure_ascii=False).encode(),
    "json in json": lambda body: json.dumps({"x": json.dumps({"y": body.decode()})}).encode(),
    "hex": lambda body: body.hex().encode(),
    "HEX": lambda body: body.hex().upper().encode(),
    "form": lambda body: b"password=" + quote_plus(body.decode()).encode(),
    "base64 at 0": lambda body: base64.b64encode(body + b"tail"),
    "base64 at 1": lambda body: base64.b64encode(b"a" + body + b"tail"),
    "base64 at 2": lambda body: base64.b64encode(b"ab" + body + b"tail"),
    "base64url at 1": lambda body: base64.urlsafe_b64encode(b"a" + body + b"tail"),
    "zlib": lambda body: AROUND + zlib.compress(b"before " * 50 + body) + AROUND,
    "gzip": lambda body: AROUND + gzip.compress(body) + AROUND,
    "zip": lambda body: AROUND + _zip(body),
    "deflate": lambda body: _raw_deflate(b"before " * 50 + body),
    "json in zlib in zip": lambda body: _zip(zlib.compress(json.dumps(body.decode()).encode())),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_planted_text_is_found_in_every_wrapping(wrapping: str) -> None:
    assert found_in(WRAPPINGS[wrapping](TEXT.encode()), {"password": TEXT})


def test_nothing_is_found_where_nothing_is() -> None:
    assert found_in(AROUND + zlib.compress(AROUND), {"password": TEXT}) == []
