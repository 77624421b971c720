"""Looks for a text in bytes, however it may be wrapped: as it is, escaped, in hex or base64, compressed."""

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, quote_plus

_MOST = 32 << 20
"""So much of one compressed stream is looked at."""
_DEPTH = 3
"""Streams within streams."""
_ZLIB = [bytes((0x78, flags)) for flags in (0x01, 0x5E, 0x9C, 0xDA)]
_GZIP, _ZIP = b"\x1f\x8b\x08", b"PK\x03\x04"


def forms(text: str) -> dict[str, bytes]:
    """The ways in which a text may stand in uncompressed bytes, by name."""
    raw = text.encode()
    found = {
        "raw": raw,
        "utf-16": text.encode("utf-16-le"),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "json": json.dumps(text)[1:-1].encode(),
        "json with utf-8": json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        "json, all escaped": "".join(f"\\u{ord(sign):04x}" for sign in text).encode(),
        "twice json": json.dumps(json.dumps(text)[1:-1])[1:-1].encode(),
        "url": quote(text, safe="").encode(),
        "form": quote_plus(text).encode(),
    }
    for shift in range(3):
        found[f"base64, shifted {shift}"] = _base64(raw, shift, base64.b64encode)
        found[f"base64url, shifted {shift}"] = _base64(raw, shift, base64.urlsafe_b64encode)
    return found


def found_in(body: bytes, texts: Mapping[str, str]) -> list[str]:
    """Which of the named texts stand in the bytes, and how; empty for none."""
    wanted = [(f"{name} ({form})", sign) for name, text in texts.items() for form, sign in forms(text).items()]
    return [f"{name}{how}" for how, part in _layers(body, "", _DEPTH) for name, sign in wanted if sign in part]


def _base64(raw: bytes, shift: int, encode: Callable[[bytes], bytes]) -> bytes:
    """What is the same in the base64 of every text that holds `raw` so many bytes after a border of three."""
    padded = encode(b"\0" * shift + raw)
    start = (shift * 8 + 5) // 6
    end = (shift + len(raw)) * 8 // 6
    return padded[start:end]


def _layers(body: bytes, how: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """The bytes, and all that can be inflated out of them."""
    yield how, body
    if depth:
        for kind, stream in _streams(body):
            yield from _layers(stream, f"{how} in {kind}", depth - 1)


def _streams(body: bytes) -> Iterator[tuple[str, bytes]]:
    view = memoryview(body)
    if inflated := _inflated(view, -15):
        yield "deflate", inflated
    for at in _places(body, *_ZLIB):
        if inflated := _inflated(view[at:], 15):
            yield "zlib", inflated
    for at in _places(body, _GZIP):
        if inflated := _inflated(view[at:], 31):
            yield "gzip", inflated
    for at in _places(body, _ZIP):
        name, extra = (int.from_bytes(body[at + where : at + where + 2], "little") for where in (26, 28))
        if inflated := _inflated(view[at + 30 + name + extra :], -15):
            yield "zip", inflated


def _places(body: bytes, *signs: bytes) -> Iterator[int]:
    for sign in signs:
        at = body.find(sign)
        while at >= 0:
            yield at
            at = body.find(sign, at + 1)


def _inflated(body: memoryview, window: int) -> bytes:
    """As much as can be inflated before the first fault; a few bytes come out of anything and are no finding."""
    machine = zlib.decompressobj(window)
    out = bytearray()
    try:
        for at in range(0, len(body), 4096):
            out += machine.decompress(body[at : at + 4096], _MOST - len(out))
            if machine.eof or len(out) >= _MOST:
                break
    except zlib.error:
        pass
    return bytes(out) if len(out) > 8 else b""
