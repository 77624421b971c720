"""One call on one line, bodies under it, and nothing that a caller could steer a terminal with."""

import pytest

from payproof.cli.ending import Stop
from payproof.cli.tail import _Wanted, body_lines, line_of

RECORD = {
    "id": "a" * 32,
    "at": "2025-06-30T12:01:02.123456Z",
    "method": "POST",
    "path": "/v1/users/",
    "query": {},
    "status": 400,
    "ms": 3.14,
    "reason": "invalid: ssn",
    "request_body": {"ssn": "****", "first_name": "\x1b[2J\u202e"},
    "request_body_note": None,
    "response_body": None,
    "response_body_note": "application/json, 40000 bytes, too large to keep",
}


def test_a_call_is_one_line_and_its_columns_stand_under_each_other() -> None:
    assert line_of(RECORD) == f"12:01:02  {'a' * 32}  400       3.1 ms  POST    /v1/users/  (invalid: ssn)"
    other = RECORD | {"method": "DELETE", "query": {"a": "b c", "status": "****"}, "ms": 1234.5, "reason": None}
    assert line_of(other) == f"12:01:02  {'a' * 32}  400    1234.5 ms  DELETE  /v1/users/?a=b%20c&status=****"


def test_bodies_stand_under_their_call_and_steer_no_terminal() -> None:
    lines = list(body_lines(RECORD))
    assert lines == [
        "    > {",
        '    >   "ssn": "****",',
        '    >   "first_name": "\\u001b[2J\\u202e"',
        "    > }",
        "    < [application/json, 40000 bytes, too large to keep]",
    ]
    assert list(body_lines(RECORD | {"request_body": None, "response_body_note": None})) == []


@pytest.mark.parametrize(
    ("status", "path", "is_wanted"),
    [
        (None, None, True),
        ("4xx", "users", True),
        ("400", "/v1/", True),
        ("5xx, 4XX", None, True),
        ("404", None, False),
        ("2xx", None, False),
        ("4xx", "tasks", False),
    ],
)
def test_what_is_wanted_is_chosen_by_status_and_path(status: str | None, path: str | None, is_wanted: bool) -> None:
    assert _Wanted(status, path)(RECORD) is is_wanted


@pytest.mark.parametrize("status", ["4", "bad", "600", "4xx,", "40x"])
def test_what_is_no_status_is_refused(status: str) -> None:
    with pytest.raises(Stop, match="--status takes 404 or 4xx"):
        _Wanted(status, None)
