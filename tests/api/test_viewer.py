"""The viewer's files: whole, ours or Swagger UI's as published, and under a policy that lets nothing else in."""

import gzip
import hashlib
import re
from importlib.resources import files

import pytest

from payproof.config import Settings
from payproof.store import Store
from tests.api.caller import Caller, Sink
from tests.api.conftest import door_over

HERE = files("payproof.api.viewer")
FILES = {
    "": "text/html; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon-32x32.png": "image/png",
}


@pytest.fixture
def caller(shared_store: Store, settings: Settings, sink: Sink) -> Caller:
    return Caller(door_over(shared_store, settings, sink), None, None)


@pytest.mark.parametrize("name", FILES)
async def test_a_file_is_served_and_known_again(caller: Caller, name: str) -> None:
    found = await caller.get(f"/docs/{name}")
    assert (found.status, found.headers["content-type"]) == (200, FILES[name])
    again = await caller.get(f"/docs/{name}", if_none_match=found.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert again.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("swagger-ui")])
async def test_a_large_file_comes_packed_to_whoever_takes_that(caller: Caller, name: str) -> None:
    plain = await caller.get(f"/docs/{name}")
    for refused in ("br", "identity", "gzip;q=0", "br, gzip; q=0.000", "*;q=0"):
        same = await caller.get(f"/docs/{name}", accept_encoding=refused)
        assert ("content-encoding" in same.headers, same.content) == (False, plain.content)
    for taken in ("gzip", "gzip, deflate, br, zstd", "br;q=1.0, GZIP;q=0.8"):
        packed = await caller.get(f"/docs/{name}", accept_encoding=taken)
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) * 3 < len(plain.content)
    assert packed.headers["etag"] != plain.headers["etag"]
    other = await caller.get(f"/docs/{name}", accept_encoding="gzip", if_none_match=plain.headers["etag"])
    assert other.status == 200


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
async def test_the_page_needs_nothing_from_elsewhere(caller: Caller, path: str) -> None:
    page = await caller.get(path)
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*src=)|<style| on[a-z]+=| style=|https?:", text)
    linked = re.findall(r'(?:src|href|value)="(/[^"]*)"', text)
    assert {(await caller.get(link)).status for link in linked} == {200}


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/../api", "/docs/page.html", "/docs/swagger-ui/README.md"])
async def test_nothing_else_is_there(caller: Caller, path: str) -> None:
    assert (await caller.get(path)).json == {"detail": "Not Found."}


def test_the_files_of_swagger_ui_are_as_published() -> None:
    told = dict(
        re.findall(r"^\| (\S+) \| `([0-9a-f]{64})` \|$", HERE.joinpath("swagger-ui/README.md").read_text(), re.M)
    )
    sums = {}
    for file in HERE.joinpath("swagger-ui").iterdir():
        body = file.read_bytes()
        name = file.name.removesuffix(".gz")
        sums[name] = hashlib.sha256(gzip.decompress(body) if name != file.name else body).hexdigest()
    licences = {"LICENSE", "NOTICE", "README.md", "swagger-ui-bundle.js.LICENSE.txt"}
    assert {*sums} >= licences
    assert {name: sums[name] for name in {*sums} - licences} == {
        name: told[name] for name in told if not name.endswith(".tgz")
    }
