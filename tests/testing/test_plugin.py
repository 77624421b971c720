"""The fixtures that ship for pytest, as a project that installs payproof has them."""

import importlib
import itertools
import json
import os
import re
import shlex
import signal
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from payproof.testing.calling import Calling, Refused
from payproof.testing.shared import LOG, NEEDED, SAID, NotStarted, shared_server
from tests.house.source import ROOT

pytest_plugins = ["pytester"]
PLUGINS = ("-p", "xdist", "-p", "payproof.testing.plugin", "-p", "no:cacheprovider")
"""All others that are installed here would take longer to load than the tests to run."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server for the tests that are not about starting one."""
    with shared_server(tmp_path_factory.mktemp("shared")) as said:
        yield said["url"]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what the developer has set for other servers."""
    for name in [name for name in os.environ if name.startswith("PAYPROOF_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*PLUGINS, *arguments)


def ended(pytester: pytest.Pytester) -> bool:
    """Whether nothing that the run started is left, once the keeper has had its time."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not any(str(pytester.path) in one for one in _commands()):
            return True
        time.sleep(0.05)
    return False


def _commands() -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(place.read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_workers_share_one_server_and_no_world_and_the_page_about_testing_is_true(pytester: pytest.Pytester) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/testing.md").read_text(), re.DOTALL)
    pytester.makepyfile(test_example=example)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_alone(payproof_tenant, payproof_server, worker_id, number):
            print(f"server {payproof_server.url} of {worker_id}")
            payproof_tenant.new_user("same name")
            found = payproof_tenant.get("/v1/users/", external_user_id="same name")
            assert found["count"] == 1
        """
    )
    result = run(pytester, "-n", "2", "-rP")
    result.assert_outcomes(passed=4 + example.count("\ndef test_"))
    told = {tuple(line.split()[1::2]) for line in result.outlines if line.startswith("server ")}
    assert len({server for server, _ in told}) == 1
    assert {worker for _, worker in told} == {"gw0", "gw1"}
    assert ended(pytester)


def test_a_failure_says_how_it_is_run_again(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, running: str
) -> None:
    monkeypatch.setenv("PAYPROOF_BASE_URL", running)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("name", ["it's"])
        def test_wrong(payproof_tenant, payproof_clock, payproof_server, name):
            made = payproof_tenant.connect(username="person.3", password="goodpassword")
            report = payproof_tenant.get(f"/v1/links/{made['link_id']}/income/report/")
            profile = report["employments"][0]["profile"]
            told = (profile["full_name"], payproof_tenant.seed, payproof_clock.now.date(), payproof_server.url)
            raise AssertionError("told", *map(str, told))
        """
    )
    first = run(pytester, "--payproof-seed=seven", "--payproof-time=2026-02-03T04:05:06Z")
    first.assert_outcomes(failed=1)
    [told] = [line for line in first.outlines if line.startswith("E") and "told" in line]
    assert told.endswith(f"'seven', '2026-02-03', '{running}')")
    [line] = [line for line in first.outlines if "replay with: pytest" in line]
    pytest_, name, *same = shlex.split(line.partition("replay with: ")[2])
    assert (pytest_, name.partition("::")[2]) == ("pytest", "test_wrong[it's]")
    assert told in run(pytester, name, *same).outlines


def test_a_run_that_is_killed_leaves_nothing_running(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os, signal

        def test_dies(payproof_tenant):
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    assert run(pytester).ret == -signal.SIGKILL
    assert ended(pytester)


def test_unused_it_imports_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            heavy = ("payproof", "msgspec", "starlette", "httpx2")
            ours = {name for name in sys.modules if name.split(".")[0] in heavy}
            assert ours == {"payproof", "payproof.testing", "payproof.testing.plugin"}
        """
    )
    run(pytester).assert_outcomes(passed=1)


def test_an_installed_payproof_brings_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [(_, module)] = project["entry-points"]["pytest11"].items()
    assert importlib.import_module(module).payproof_tenant
    assert not any(one.startswith("pytest") for one in project["dependencies"])


def test_a_server_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYPROOF_PROFILE", "no such profile")
    with pytest.raises(NotStarted, match="PAYPROOF_PROFILE"), shared_server(tmp_path / "place"):
        pass
    assert {path.name for path in (tmp_path / "place").iterdir()} >= {LOG, NEEDED}
    assert not (tmp_path / "place" / SAID).exists()


def test_a_refused_call_says_what_was_answered(running: str) -> None:
    calling = Calling(running)
    with pytest.raises(Refused, match=r"GET /v1/users/: 401 .*authentication_failed"):
        calling.call("GET", "/v1/users/", headers={})
    calling.close()


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    with closing_server() as url:
        calling = Calling(url)
        assert [calling.call("GET", "/", headers={}) for _ in range(3)] == [{"number": number} for number in range(3)]
        calling.close()


@contextmanager
def closing_server() -> Iterator[str]:
    """Answers each call, and hangs up after it without having said so."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = json.dumps({"number": next(numbers)}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *said: object) -> None:
            """Nothing."""

    numbers = itertools.count()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
