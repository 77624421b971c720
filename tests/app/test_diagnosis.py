"""Each check finds the one thing that is broken, says how to mend it, and finds nothing where all is well."""

import base64
import socket
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from payproof import clock
from payproof.app.diagnosis import Case, Finding, Role, diagnose, place
from payproof.app.keeping import migrate
from payproof.config import Settings
from payproof.model.product import DataSource
from payproof.model.provider import Provider
from payproof.model.question import Form
from payproof.model.secret import Secret
from payproof.store import condition
from payproof.store.migration import migrations
from tests.postgres import Postgres

KEY = base64.b64encode(bytes(range(32)))
OTHER_KEY = base64.b64encode(bytes(32))
HTTPS = "https://verify.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a server that could be started."""
    (tmp_path / "master.key").write_bytes(KEY)
    (tmp_path / "master.key").chmod(0o600)
    made = Settings(data=tmp_path, port=_free_port(), base_url=HTTPS)
    migrate(made)
    return made


@pytest.fixture
def of_postgres(settings: Settings, postgres_database: str) -> Settings:
    made = msgspec.structs.replace(settings, database_url=postgres_database)
    migrate(made)
    return made


def found(settings: Settings, role: Role = "serve", **changes: Any) -> list[Finding]:
    return list(diagnose(Case(msgspec.structs.replace(settings, **changes), role)))


def wrong(findings: list[Finding]) -> Finding:
    """The one that is not well; it has a cure."""
    (only,) = [one for one in findings if not one.is_ok]
    assert only.cure
    return only


@pytest.mark.parametrize("role", ["dev", "serve"])
def test_nothing_is_wrong_where_all_is_well(settings: Settings, role: Role) -> None:
    findings = found(settings, role)
    assert [one for one in findings if not one.is_ok or one.cure] == []
    assert {one.check for one in findings} >= {"data", "disk", "secrets", "master key", "sealed data", "schema", "port"}


@pytest.mark.postgres
@pytest.mark.parametrize("role", ["dev", "serve", "worker"])
def test_nothing_is_wrong_on_postgres_either(of_postgres: Settings, role: Role) -> None:
    findings = found(of_postgres, role)
    assert [one for one in findings if not one.is_ok] == []
    assert {one.check for one in findings} >= {
        "PostgreSQL",
        "encoding",
        "rights",
        "connections",
        "clock",
        "sealed data",
    }


def test_before_the_first_start_only_the_key_is_missing(tmp_path: Path) -> None:
    new = Settings(data=tmp_path / "new", port=_free_port())
    assert [one for one in found(new, "dev") if not one.is_ok] == []
    told = wrong(found(new))
    assert told.check == "master key"
    assert told.cure is not None
    command = told.cure.partition(": ")[2]
    subprocess.run(["sh", "-c", command], check=True)
    assert [one for one in found(new) if not one.is_ok] == [], "the cure is a command that works"


def test_looking_changes_nothing(settings: Settings) -> None:
    def kept() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in settings.data.iterdir() if not path.name.endswith("-shm")}

    before = kept()
    found(settings)
    assert kept().items() >= before.items()
    found(Settings(data=settings.data / "nowhere", port=settings.port))
    assert not (settings.data / "nowhere").exists()


def test_a_disk_that_is_almost_full(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "shutil", SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=10**8)))
    assert wrong(found(settings)).check == "disk"


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620, 0o644, 0o666])
def test_a_key_that_others_can_use(settings: Settings, mode: int) -> None:
    (settings.data / "master.key").chmod(mode)
    told = wrong(found(settings))
    assert told.check == "secrets"
    assert told.cure == f"chmod 600 {settings.data / 'master.key'}"


def test_a_mounted_key_that_its_group_may_read_is_private_enough(settings: Settings) -> None:
    (settings.data / "master.key").chmod(0o440)
    assert [one for one in found(settings) if not one.is_ok] == []


@pytest.mark.parametrize("name", ["dev.json", "impersonate/ca.key", "impersonate/server.key"])
def test_other_secrets_that_others_can_use(settings: Settings, name: str) -> None:
    path = settings.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    path.chmod(0o644)
    assert str(path) in wrong(found(settings)).found


def test_a_lost_key_is_to_be_put_back_and_not_made_anew(settings: Settings) -> None:
    (settings.data / "master.key").unlink()
    told = wrong(found(settings))
    assert told.check == "master key"
    assert told.cure is not None
    assert told.cure.startswith("put back the key")
    assert wrong(found(settings, "dev")).cure == told.cure


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=", b"\xff\xfe not base64"])
def test_a_key_that_is_none(settings: Settings, content: bytes) -> None:
    (settings.data / "master.key").write_bytes(content)
    told = wrong(found(settings))
    assert (told.check, "32 bytes in base64" in told.found) == ("master key", True)


def test_a_key_that_cannot_be_read(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    told = wrong(found(settings, master_key_file=tmp_path / "folder"))
    assert (told.check, "Is a directory" in told.found) == ("master key", True)


def test_the_key_of_other_data(settings: Settings) -> None:
    (settings.data / "master.key").write_bytes(OTHER_KEY)
    assert wrong(found(settings)).check == "sealed data"


@pytest.mark.postgres
def test_the_key_of_other_data_in_postgres(of_postgres: Settings) -> None:
    assert wrong(found(of_postgres, master_key=Secret(OTHER_KEY.decode()))).check == "sealed data"


def test_a_file_that_another_process_owns(settings: Settings) -> None:
    holding = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(settings.data / "payproof.sqlite.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        told = wrong(found(settings))
        assert told.check == "owner"
        assert f"process {other.pid}" in told.found
        other.communicate(b"\n")
    assert [one for one in found(settings) if not one.is_ok] == []


def test_a_file_whose_owner_cannot_be_seen(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(condition, "_locks", list)
    with (settings.data / "payproof.sqlite.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "cannot be seen from here" in wrong(found(settings)).found


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("INSERT INTO migration VALUES (9999, 'later', 'x')", "has schema 9999, this version knows"),
        ("UPDATE migration SET checksum = 'x' WHERE number = 1", "migration 0001 was applied with another text"),
    ],
)
def test_a_schema_that_this_version_cannot_serve(settings: Settings, statement: str, words: str) -> None:
    with sqlite3.connect(settings.data / "payproof.sqlite") as connection:
        connection.execute(statement)
    connection.close()
    told = wrong(found(settings))
    assert (told.check, words in told.found) == ("schema", True)


def test_an_older_schema_is_well_and_named(settings: Settings) -> None:
    newest = migrations()[-1].number
    with sqlite3.connect(settings.data / "payproof.sqlite") as connection:
        connection.execute("DELETE FROM migration WHERE number = ?", (newest,))
    connection.close()
    (told,) = [one for one in found(settings) if one.check == "schema"]
    assert told.is_ok
    assert f"the next start brings it to {newest}" in told.found


def test_a_file_that_is_no_database(settings: Settings) -> None:
    for path in settings.data.glob("payproof.sqlite*"):
        path.unlink()
    (settings.data / "payproof.sqlite").write_bytes(b"no database at all, " * 100)
    assert wrong(found(settings)).check == "database"


def test_a_postgres_that_is_not_there(settings: Settings) -> None:
    told = wrong(found(settings, database_url="postgresql://nobody:hush@127.0.0.1:9/none"))
    assert (told.check, "PostgreSQL does not answer" in told.found) == ("database", True)
    assert "hush" not in told.found
    assert "\n" not in told.found


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("facts", "check"),
    [({"version": 14}, "PostgreSQL"), ({"is_standby": True}, "rights")],
)
def test_a_postgres_that_the_tests_cannot_be(of_postgres: Settings, facts: dict[str, Any], check: str) -> None:
    case = Case(of_postgres, "serve")
    readable = case.readable
    assert readable is not None
    assert readable.postgres is not None
    changed = msgspec.structs.replace(readable.postgres, **facts)
    case.__dict__["condition"] = msgspec.structs.replace(readable, postgres=changed)
    assert wrong(list(diagnose(case))).check == check


@pytest.mark.postgres
def test_a_database_in_ascii(settings: Settings, postgres: Postgres) -> None:
    name = f"ascii_{uuid4().hex}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        assert wrong(found(settings, database_url=postgres.url_of(name))).check == "encoding"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_database_with_room_for_few(of_postgres: Settings, postgres_url: str) -> None:
    assert of_postgres.database_url is not None
    name = of_postgres.database_url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 4")
    told = wrong(found(of_postgres))
    assert (told.check, told.found) == ("connections", "at most 4")


@pytest.mark.postgres
def test_a_user_who_may_not_make_tables(settings: Settings, postgres_database: str) -> None:
    role = f"plain_{uuid4().hex}"
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        try:
            assert (
                wrong(found(settings, database_url=postgres_database.replace("payproof@", f"{role}@"))).check
                == "rights"
            )
        finally:
            connection.execute(f"DROP ROLE {role}")


@pytest.mark.postgres
@pytest.mark.parametrize(("seconds", "words"), [(60, "60 s behind"), (-60, "60 s ahead of")])
def test_a_clock_that_is_off(of_postgres: Settings, seconds: int, words: str) -> None:
    case = Case(of_postgres, "serve", wall=lambda: clock.now() + timedelta(seconds=seconds))
    told = wrong(list(diagnose(case)))
    assert (told.check, words in told.found) == ("clock", True)


def test_a_port_in_use(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.port))
        taken.listen()
        told = wrong(found(settings))
    assert (told.check, told.found) == ("port", f"port {settings.port} is in use")


def test_an_address_that_is_not_ours(settings: Settings) -> None:
    assert wrong(found(settings, host="192.0.2.1")).check == "port"


def test_a_public_address_without_tls(settings: Settings) -> None:
    told = wrong(found(settings, base_url="http://verify.example"))
    assert (told.check, "in the clear" in told.found) == ("base URL", True)
    assert [one for one in found(settings, base_url="http://localhost:8000") if not one.is_ok] == []


@pytest.mark.parametrize("every", ["0.0.0.0/0", "::/0"])
def test_proxies_that_are_everybody(settings: Settings, every: str) -> None:
    assert wrong(found(settings, trusted_proxies=("10.0.0.1", every))).check == "proxies"
    assert [one for one in found(settings, trusted_proxies=("10.0.0.1",)) if not one.is_ok] == []


def test_a_machine_that_trusts_nobody(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert wrong(found(settings)).check == "authorities"


def test_a_world_that_is_not_there(settings: Settings) -> None:
    told = wrong(found(settings, world_url=f"http://127.0.0.1:{_free_port()}/world"))
    assert told.check == "world"


@pytest.mark.postgres
def test_a_worker_that_lacks_what_the_servers_offer(of_postgres: Settings) -> None:
    assert of_postgres.database_url is not None
    provider = Provider(
        id="elsewhere",
        connector_id="x",
        name="X",
        data_source=DataSource.PAYROLL,
        products=(),
        form=Form(fields=()),
        kind="credentials",
    )
    with psycopg.connect(of_postgres.database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO provider (id, connector_id, name, data_source, is_disabled, body)"
            " VALUES ('elsewhere', 'x', 'X', 'payroll', 0, %s)",
            (msgspec.json.encode(provider).decode(),),
        )
    told = wrong(found(of_postgres, "worker"))
    assert (told.check, "elsewhere" in told.found) == ("world", True)


@pytest.mark.parametrize(
    ("risky", "setting"),
    [
        ({"accept_any_key": True}, "PAYPROOF_ACCEPT_ANY_KEY"),
        ({"allow_private_webhooks": True}, "PAYPROOF_ALLOW_PRIVATE_WEBHOOKS"),
        ({"failed_auth_limit_per_minute": 0}, "PAYPROOF_FAILED_AUTH_LIMIT_PER_MINUTE"),
        ({"synchronous": "NORMAL"}, "PAYPROOF_SYNCHRONOUS"),
        ({"impersonate_port": 0}, "PAYPROOF_IMPERSONATE_PORT"),
    ],
)
def test_what_is_right_for_a_laptop_only(settings: Settings, risky: dict[str, Any], setting: str) -> None:
    told = wrong(found(settings, **risky))
    assert (told.check, told.found.partition(":")[0]) == ("rules", setting)
    assert [one for one in found(settings, "dev", **risky) if not one.is_ok] == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
