"""The limits as a client meets them: over HTTP, with the figures of production."""

import http.client
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.stories.server import Program

CLIENT = "c0ffee00" * 4
SANDBOX, PROD = "sandbox-" + "1" * 40, "prod-" + "2" * 40
PER_MINUTE = 300
FAILURES = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Behind a proxy on this machine."""
    limits = {
        "PAYPROOF_RATE_LIMIT_PER_MINUTE": str(PER_MINUTE),
        "PAYPROOF_FAILED_AUTH_LIMIT_PER_MINUTE": str(FAILURES),
    }
    data = str(tmp_path_factory.mktemp("limited"))
    with closing(Program("dev", "--data", data, "--port", "0", PAYPROOF_TRUSTED_PROXIES="127.0.0.1", **limits)) as dev:
        yield dev


@pytest.fixture
def wire(server: Program) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", int(server.said["port"]), timeout=30)) as connection:
        yield connection


def _ask(
    wire: http.client.HTTPConnection, secret: str, told: str | None = None
) -> tuple[int, http.client.HTTPResponse, bytes]:
    headers = {"X-Access-Client-Id": CLIENT, "X-Access-Secret": secret}
    wire.request("GET", "/v1/tasks/", headers=headers | ({"X-Forwarded-For": told} if told else {}))
    reply = wire.getresponse()
    return reply.status, reply, reply.read()


def test_three_hundred_a_minute_for_each_secret(wire: http.client.HTTPConnection) -> None:
    assert {_ask(wire, SANDBOX)[0] for _ in range(PER_MINUTE)} == {200}
    status, reply, body = _ask(wire, SANDBOX)
    retry = reply.headers["retry-after"]
    assert status == 429
    assert 1 <= int(retry) <= 60
    assert f"Expected available in {retry} seconds.".encode() in body
    assert b'"code":"throttled"' in body
    assert _ask(wire, PROD)[0] == 200, "another environment's secret is counted by itself"


def test_failed_authentications_are_counted_by_the_address_behind_the_proxy(wire: http.client.HTTPConnection) -> None:
    refused = [_ask(wire, "guess", "198.51.100.9") for _ in range(FAILURES + 1)]
    assert [status for status, _, _ in refused] == [401] * FAILURES + [429]
    assert 1 <= int(refused[-1][1].headers["retry-after"]) <= 60
    assert _ask(wire, "guess", "198.51.100.9, 127.0.0.1")[0] == 429
    assert _ask(wire, "guess", "6.6.6.6, 198.51.100.9")[0] == 429, "what the caller adds on the left counts for nothing"
    assert _ask(wire, "guess", "198.51.100.10")[0] == 401
    assert _ask(wire, PROD, "198.51.100.9")[0] == 200, "whoever has a key is not kept out"
