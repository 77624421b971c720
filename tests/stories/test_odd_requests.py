"""Requests that no client library would send, byte by byte: each is answered, in JSON or with nothing at all."""

import socket

import pytest

from tests.stories.server import Dev

ODD = [
    (b"OPTIONS * HTTP/1.1", {404}),
    (b"CONNECT prod.truv.com:443 HTTP/1.1", {404}),
    (b"GET http://prod.truv.com/v1/users/ HTTP/1.1", {200}),
    (b"GET //v1//users HTTP/1.1", {404}),
    (b"GET /v1/users// HTTP/1.1", {404}),
    (b"GET /v1/users/../tasks/ HTTP/1.1", {404}),
    (b"GET /v1/users/%2e%2e/tasks/ HTTP/1.1", {404}),
    (b"GET /v1/users/%00/ HTTP/1.1", {404}),
    (b"GET /files/%00 HTTP/1.1", {404}),
    (b"GET /logos/%00.svg HTTP/1.1", {404}),
    (b"GET /bridge/v1/sessions/%00/providers/ HTTP/1.1", {404}),
    (b"GET /bridge/v1/sessions/%ff/providers/ HTTP/1.1", {404}),
    (b"GET /v1/users/%ff%fe/ HTTP/1.1", {404}),
    (b"GET /v1/users/%F0%9F%92%B0/ HTTP/1.1", {404}),
    (b"GET /v1/users/%25/ HTTP/1.1", {404}),
    (b"GET /v1/users/" + b"a/" * 2000 + b" HTTP/1.1", {404}),
    (b"GET /v1/users/?external_user_id=%ff&x=%&%=& HTTP/1.1", {200}),
    (b"GET /v1/users/?" + b"&".join(b"a=%d" % number for number in range(3000)) + b" HTTP/1.1", {200}),
    (b"GET /v1/users/?x=" + b"x" * 200_000 + b" HTTP/1.1", {414}),
    (b"GET /v1/users/\xff/ HTTP/1.1", {400}),
    (b"GET v1/users/ HTTP/1.1", {400}),
    (b"GET /v1/users/ /x HTTP/1.1", {400}),
    (b"GET /v1/users/ HTTP/9.9", {400, 505}),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),
    (b"TRACE /v1/users/ HTTP/1.1", {405}),
    (b"get /v1/users/ HTTP/1.1", {405}),
    (b"HEAD /v1/users/ HTTP/1.1", {200}),
    (b"HEAD /v1/nothing/ HTTP/1.1", {404}),
    (b"GET /%3Cscript%3E/ HTTP/1.1", {404}),
    (b"PRI * HTTP/2.0", {400, 404, 505}),
]


@pytest.fixture(params=ODD, ids=lambda odd: odd[0][:40].decode("latin-1"))
def odd(request: pytest.FixtureRequest) -> tuple[bytes, set[int]]:
    given: tuple[bytes, set[int]] = request.param
    return given


def test_an_odd_request_is_answered(dev: Dev, odd: tuple[bytes, set[int]]) -> None:
    line, statuses = odd
    keys = f"x-access-client-id: {dev.client_id}\r\nx-access-secret: {dev.secret}\r\n"
    answer = _sent(dev, line + b"\r\nhost: x\r\nconnection: close\r\n" + keys.encode() + b"\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) in statuses, answer[:500]
    assert body == b"" or b"\r\ncontent-type: application/json" in head
    assert b"Traceback" not in body
    assert b"<" not in body


def test_a_head_without_end_is_refused(dev: Dev) -> None:
    answer = _sent(dev, b"GET / HTTP/1.1\r\n" + b"".join(b"x-%d: y\r\n" % number for number in range(5000)) + b"\r\n")
    assert answer == b"" or answer.split()[1] in (b"400", b"431")
    assert b"200" in _sent(dev, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")


def test_a_body_that_never_comes_whole_is_nobodys(dev: Dev) -> None:
    keys = f"x-access-client-id: {dev.client_id}\r\nx-access-secret: {dev.secret}\r\n".encode()
    with socket.create_connection(("127.0.0.1", int(dev.said["port"]))) as line:
        line.sendall(b"POST /v1/users/ HTTP/1.1\r\nhost: x\r\n" + keys + b"content-length: 100\r\n\r\n{")
    assert b"200" in _sent(dev, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")


def _sent(dev: Dev, request: bytes) -> bytes:
    """What comes back until the server closes."""
    answer = b""
    with socket.create_connection(("127.0.0.1", int(dev.said["port"])), timeout=30) as line:
        line.sendall(request)
        try:
            while part := line.recv(65_536):
                answer += part
        except ConnectionResetError:
            pass
    return answer
