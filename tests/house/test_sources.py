"""What may stand in which file: the clock, chance, the network, the environment, opened secrets; names and sizes."""

import ast
import re
from fnmatch import fnmatch

import pytest

from tests.house.source import PACKAGE, Source, names_used, sources

SOURCES = sources()

CLOCK = ("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today", "time")
CHANCE = ("random", "secrets", "uuid", "os.urandom")
NETWORK = ("socket", "urllib.request", "http.client", "smtplib", "ssl", "asyncio.open_connection")
PROCESSES = ("subprocess", "multiprocessing", "os.fork", "os.system", "asyncio.create_subprocess_exec")
ENVIRONMENT = ("os.environ", "os.getenv")

ALLOWED = {
    CLOCK: {
        "clock.py",
        "model/id.py",  # what is made later sorts later
        "net/*.py",  # how long a server has been away; the room may not import the clock
        "store/postgres.py",  # waits for a server that is away, in a thread
        "world/access.py",  # another party: it has a time of its own where a visitor brings none
    },
    CHANCE: {
        "api/door.py",  # request ids
        "app/keys.py",  # the master key
        "cli/*.py",  # new keys
        "engine/engine.py",  # the worker's name
        "model/id.py",
        "services/key.py",
        "testing/standin.py",  # keys and names of users
        "store/postgres.py",  # spreads retries
        "store/sealing.py",  # nonces and data keys
        "workflows/deliver.py",  # spreads retries
        "world/memory.py",
    },
    NETWORK: {
        "app/listening.py",
        "cli/dev.py",  # looks for a free port
        "documents/isolated.py",  # a pair of sockets within the machine
        "documents/isolated_server.py",
        "net/*.py",
        "testing/calling.py",  # a client for tests without an event loop
    },
    PROCESSES: {
        "documents/isolated.py",
        "documents/isolated_server.py",
        "testing/shared.py",  # the server of a test run
    },
    ENVIRONMENT: {
        "cli/*.py",
        "config.py",
        "testing/plugin.py",  # which server the tests are to use
        "testing/shared.py",
    },
}

REVEALING = {
    "api/access.py",  # to compare what a caller sends
    "app/keys.py",  # the operator's own settings
    "cli/key.py",  # shown once, when it is made
    "connectors/*.py",  # to type it into the site
    "contract/event.py",  # to sign
    "contract/key.py",  # shown once, when it is made
    "contract/tenant.py",  # shown once, when it is made
    "model/secret.py",
    "store/connection.py",  # to seal it
    "store/key.py",  # to seal it
    "store/question.py",  # to seal it
    "testing/scripted.py",
    "workflows/connection.py",  # hashed, to know a connection again
}
"""The files in which a secret may be opened."""

BARE_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "handler", "processor", "misc"}


def _strays(rule: tuple[str, ...], allowed: set[str]) -> list[str]:
    return [
        f"{source.name}: {name}"
        for source in SOURCES
        if not _is_listed(source, allowed)
        for name in names_used(source.tree)
        if any(name == banned or name.startswith(f"{banned}.") for banned in rule)
    ]


def _is_listed(source: Source, allowed: set[str]) -> bool:
    return any(fnmatch(source.name, pattern) for pattern in allowed)


@pytest.mark.parametrize("rule", ALLOWED, ids=["clock", "chance", "network", "processes", "environment"])
def test_what_makes_runs_differ_stays_in_its_files(rule: tuple[str, ...]) -> None:
    assert _strays(rule, ALLOWED[rule]) == []


def test_secrets_are_opened_only_where_they_must_be() -> None:
    opening = [
        source.name
        for source in SOURCES
        if not _is_listed(source, REVEALING)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "reveal"
    ]
    assert opening == []


@pytest.mark.parametrize("pattern", sorted(set().union(REVEALING, *ALLOWED.values())))
def test_every_listed_file_is_there(pattern: str) -> None:
    assert list(PACKAGE.glob(pattern.replace("connectors/*", "connectors/**/*")))


def test_no_file_or_class_has_a_name_that_says_nothing() -> None:
    """Exact words of file names, and the tails of class names, such as TaskManager."""
    files = [source.name for source in SOURCES if BARE_NAMES & set(re.split(r"[/_.]", source.name))]
    tails = tuple(word.capitalize() for word in BARE_NAMES | {"impl"})
    classes = [
        f"{source.name}: {node.name}"
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(tails)
    ]
    assert files + classes == []


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{source.name}: {node.name}"
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    assert [source.name for source in SOURCES if not ast.get_docstring(source.tree)] == []


def test_nothing_imports_a_star() -> None:
    stars = [
        source.name
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    assert stars == []
