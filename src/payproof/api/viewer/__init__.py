"""The viewer of the two OpenAPI documents: our page and Swagger UI's files, with nothing from anywhere else."""

import gzip
import hashlib
from functools import cache
from importlib.resources import files

from msgspec import Struct

from payproof.api.answer import Answer, Header, text_answer
from payproof.api.call import Call
from payproof.api.errors import NoSuchPath

_HERE = files("payproof.api.viewer")
_SCRIPT, _STYLE = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
_FILES = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.js": ("page.js", _SCRIPT),
    "page.css": ("page.css", _STYLE),
    "swagger-ui-bundle.js": ("swagger-ui/swagger-ui-bundle.js.gz", _SCRIPT),
    "swagger-ui.css": ("swagger-ui/swagger-ui.css.gz", _STYLE),
    "favicon-32x32.png": ("swagger-ui/favicon-32x32.png", "image/png"),
}
"""By what follows `/docs/`: the file here, and its type."""

_HEADERS: list[Header] = [
    (b"cache-control", b"no-cache"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
]


class _File(Struct, frozen=True):
    body: bytes
    media_type: str
    etag: bytes
    is_packed: bool
    """Its body is what gzip made of it."""


async def viewer_page(call: Call) -> Answer:
    """Answers `/docs/` and the files below it. Raises NoSuchPath."""
    name = call.scope["path"].removeprefix("/docs").strip("/")
    if name not in _FILES:
        raise NoSuchPath
    found = _file(name, as_it_is=_takes_gzip(call.headers.get(b"accept-encoding", b"")))
    headers = [*_HEADERS, (b"etag", found.etag), (b"vary", b"accept-encoding")]
    if found.etag in call.headers.get(b"if-none-match", b""):
        return Answer(304, b"", headers)
    if found.is_packed:
        headers.append((b"content-encoding", b"gzip"))
    return text_answer(200, found.body, found.media_type, *headers)


def _takes_gzip(accepted: bytes) -> bool:
    """Whether an Accept-Encoding names it, and not to say no."""
    for one in accepted.lower().split(b","):
        coding, _, weight = one.replace(b" ", b"").partition(b";q=")
        if coding == b"gzip":
            return not weight or weight.strip(b"0.") != b""
    return False


@cache
def _file(name: str, *, as_it_is: bool) -> _File:
    """The file, unpacked where the caller does not take it as it lies here."""
    place, media_type = _FILES[name]
    body = _HERE.joinpath(place).read_bytes()
    is_packed = place.endswith(".gz")
    if is_packed and not as_it_is:
        body, is_packed = gzip.decompress(body), False
    return _File(body, media_type, b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode(), is_packed)
