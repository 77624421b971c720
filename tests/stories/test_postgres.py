"""The same on PostgreSQL: in one process, and spread over several."""

import base64
import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.stories.server import Program, payproof, running

pytestmark = pytest.mark.postgres

MASTER_KEY = {"PAYPROOF_MASTER_KEY": base64.b64encode(bytes(32)).decode()}
SIGN_IN = ("--username", "goodlogin", "--password", "mfa", "--answer", "12345", "--json")


def test_dev_on_postgres_keeps_its_data(postgres_database: str, tmp_path: Path) -> None:
    at = ("--postgres", postgres_database)
    with running(tmp_path, "--port", "0", *at) as dev:
        connected = dev.run("connect", *SIGN_IN)
        assert connected.code == 0, connected.stderr
        dev.end()
    with running(tmp_path, *at) as dev:
        task = json.loads(dev.run("task", "get", json.loads(connected.stdout)["task_id"], "--json").stdout)
    assert task["status"] == "done"
    assert not list(tmp_path.glob("payproof.sqlite*"))


def test_workers_do_the_jobs_of_a_server_without_an_engine(postgres_database: str, tmp_path: Path) -> None:
    settings = MASTER_KEY | {"PAYPROOF_DATABASE_URL": postgres_database}
    made = payproof("key", "create", "--json", **settings)
    assert made.code == 0, made.stderr
    keys = json.loads(made.stdout)
    with closing(Program("world", "--port", "0", "--data", str(tmp_path))) as world:
        settings["PAYPROOF_WORLD_URL"] = str(world.said["url"])
        serving = closing(Program("serve", "--port", "0", "--no-engine", **settings))
        working = closing(Program("worker", **settings))
        with serving as server, working as worker:
            connected = payproof(
                *("connect", "--url", server.url, "--client-id", keys["client_id"], "--secret", keys["secret"]),
                *SIGN_IN,
            )
            listed = payproof("key", "list", "--json", **settings)
            lost = payproof("worker", **{name: settings[name] for name in settings if name != "PAYPROOF_WORLD_URL"})
            assert connected.code == 0, connected.stderr
            assert lost.code == 1
            assert "no connector for truv: set PAYPROOF_WORLD_URL" in lost.stderr
            for program in (server, worker):
                program.end()
                assert program.process.returncode == 0
    assert [one["id"] for one in json.loads(listed.stdout)] == [keys["id"]]
