"""`payproof tail` at a server: what is over, what comes, across a restart, to Ctrl-C."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.stories.server import COMMAND_SECONDS, Dev, Program, running

INTERRUPTIBLE = ("env", "--default-signal=INT")
"""Whoever runs the tests in the background of a shell has told all children to ignore Ctrl-C."""


@contextmanager
def tailing(data: Path, *arguments: str) -> Iterator[Program]:
    """Beginning with the first call that it shows."""
    with closing(Program("tail", "--data", str(data), *arguments, inside=INTERRUPTIBLE)) as tail:
        alarm = threading.Timer(COMMAND_SECONDS, tail.process.kill)
        alarm.start()
        yield tail
        alarm.cancel()


def told(tail: Program) -> Any:
    assert tail.process.stdout is not None
    line = tail.process.stdout.readline()
    assert line, tail.log
    return json.loads(line)


def test_a_call_is_found_by_the_id_that_a_refusal_names(dev: Dev) -> None:
    refused = dev.run("user", "create", "--external-user-id", "x", "--ssn", "12")
    request_id = refused.stderr.rpartition("request ")[2].strip("]\n")
    shown = dev.run("tail", "--request-id", request_id)
    assert shown.code == 0
    first, *bodies = shown.stdout.splitlines()
    assert [word in first for word in (request_id, "400", "POST", "/v1/users/", "(invalid: ssn)")] == [True] * 5
    assert '    >   "ssn": "****"' in [line.rstrip(",") for line in bodies]
    assert '    <     "code": "incorrect_parameters",' in bodies
    assert len(dev.run("tail", "--request-id", request_id, "--no-bodies").stdout.splitlines()) == 1
    assert dev.run("tail", "--request-id", "0" * 32).code == 1


def test_it_shows_what_comes_survives_a_restart_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with running(tmp_path, "--port", "0") as dev:
        for name in ("one", "two"):
            dev.run("user", "create", "--external-user-id", name)
        with tailing(tmp_path, "--last", "1", "--path", "users", "--status", "2xx") as tail:
            assert tail.said["request_body"]["external_user_id"] == "two"
            dev.run("user", "get", "0" * 32)
            dev.run("task", "list")
            dev.run("user", "create", "--external-user-id", "three")
            assert told(tail)["request_body"]["external_user_id"] == "three"
            dev.end()
            with running(tmp_path, "--port", "0") as again:
                assert again.url == dev.url
                again.run("user", "create", "--external-user-id", "four")
                assert told(tail)["request_body"]["external_user_id"] == "four"
                tail.end(signal.SIGINT)
            assert tail.process.returncode == 0
            assert "waiting for it" in tail.log
            assert "it is back" in tail.log


def test_a_server_that_keeps_nothing_says_how_to_change_that(tmp_path: Path) -> None:
    with running(tmp_path, "--port", "0", "--profile", "strict") as dev:
        refused = dev.run("tail")
        assert (refused.code, "PAYPROOF_KEEP_REQUESTS" in refused.stderr) == (1, True)
