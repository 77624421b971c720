"""An address is taken apart by our own pattern where it is plain, and then as httpx2 does it."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from payproof.net import address
from payproof.net.address import InvalidURL, address_of
from payproof.net.egress import Origin

_START = ["http://", "https://a.example", "http://127.0.0.1", "http://a.example:", "http://a/", "http://a/p?q="]
_REST = st.text("abz019.-/?#%&=:@[]~_!$'()*+,; \"<>{}|\\^`\u00e4XN", max_size=12)


@given(st.builds(str.__add__, st.sampled_from(_START), _REST))
@example("http://a.example/%2e./%zz")
@example("http://a.example/b/../c")
@example("http://01.2.3.4/")
@example("http://256.1.1.1/")
@example("http://xn--mnchen-3ya.example/")
@example("http://a.example:80/")
@example("http://a.example:0/")
def test_the_plain_way_says_what_httpx2_says(url: str) -> None:
    if address._PLAIN.fullmatch(url):
        by_httpx2 = address._odd(url)
        assert structs.replace(address_of(url), url=by_httpx2.url) == by_httpx2


def test_an_address_is_taken_apart() -> None:
    found = address_of("https://M\u00fcnchen.example:8443/a b?c#d")
    assert found.origin == Origin("https", "m\u00fcnchen.example", 8443)
    assert (found.host, found.place) == ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example:8443")
    assert (found.target, found.authorization) == ("/a%20b?c", "")


@pytest.mark.parametrize("url", ["http:///a", "http:a", "https://[::1", "http://a:b/", "http://a/\n", "http://[v1.x]/"])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(InvalidURL):
        address_of(url)


def test_a_plain_address_needs_no_httpx2() -> None:
    """The server reads it only where it meets another, and so starts sooner."""
    using = (
        "from payproof import app; from payproof.net.http import origin_of; origin_of('http://127.0.0.1:80/a?b=%20')"
    )
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; {using}; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert not {"httpx2", "httpcore2", "http.cookiejar"} & set(found.stdout.split())
