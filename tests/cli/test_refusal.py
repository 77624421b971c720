"""Every refusal is one line on stderr with an exit code, and never a traceback."""

import pytest

from tests.cli.running import Run

_KEYS = ("--client-id", "a", "--secret", "sandbox-a")
_NOWHERE = ("--url", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["bogus"], 2, "No such command"),
        (["task", "gte", "x"], 2, "Did you mean 'get'?"),
        (["task", "get"], 2, "Missing argument 'TASK_ID'"),
        (["user"], 2, "Missing command"),
        (["dev", "--port", "http"], 2, "Invalid value for '--port'"),
        (["dev", "--port", "70000"], 2, "Invalid value for '--port'"),
        (["dev", "--secret", "live-1"], 1, "a secret begins with sandbox-, dev- or prod-"),
        (["dev", "--postgres", "mysql://x"], 1, "must start with postgresql://"),
        (["dev", "--fresh", "--postgres", "postgresql://x/y"], 1, "drop the database"),
        (["user", "list"], 1, "no keys: give --client-id and --secret"),
        (["user", "list", *_KEYS, *_NOWHERE], 1, "start one with `payproof dev`"),
        (["connect", "--bridge-token", "t", *_NOWHERE], 1, "start one with `payproof dev`"),
        (["connect"], 1, "give --bridge-token, or keys to make one"),
        (["connect", "--file", "gone.ofx", *_KEYS], 2, "gone.ofx cannot be read: No such file"),
        (["worker"], 2, "a worker needs PostgreSQL"),
        (["serve", "--no-engine"], 2, "--no-engine needs PostgreSQL"),
        (["serve"], 1, "there is no master key"),
        (["migrate"], 1, "there is no master key"),
        (["key", "create", "--environment", "live"], 1, "there is no environment 'live'"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_refuses_in_one_line(run: Run, arguments: list[str], code: int, words: str) -> None:
    told = run(*arguments)
    assert (told.code, told.out) == (code, "")
    assert told.err.startswith("payproof: ")
    assert words in told.err
    assert told.err.count("\n") == 1


def test_a_database_that_does_not_answer_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYPROOF_MASTER_KEY", "A" * 43 + "=")
    told = run("migrate", "--postgres", "postgresql://nobody@127.0.0.1:9/none")
    assert told.code == 1
    assert told.err.startswith("payproof: PostgreSQL does not answer")
    assert told.err.count("\n") == 1


def test_without_a_command_the_help_is_shown_and_it_is_a_wrong_call(run: Run) -> None:
    told = run()
    assert told.code == 2
    assert "Usage: payproof" in told.out
