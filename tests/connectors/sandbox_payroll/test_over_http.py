"""The same visit over real HTTP: a server process on loopback that is killed without warning in the middle."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2

from payproof.connectors.sandbox_payroll import connector
from payproof.kit.connector import Depth
from payproof.model.question import Question
from tests.connectors.sandbox_payroll.visiting import Engine, Task

SERVE = """
import asyncio, sys
from pathlib import Path
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.routing import Mount
from payproof.world.site import World

folder = Path(sys.argv[2])
app = Starlette(routes=[Mount("/world", app=World(folder / "world.sqlite", folder / "access.jsonl"))])
asyncio.run(Server(app, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.ASGI).serve())
"""


def serve(port: int, folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port), str(folder)])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    raise AssertionError("the world does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_session_outlives_a_killed_world(tmp_path: Path) -> None:
    port = free_port()

    async def visit(until: str) -> None:
        async with httpx2.AsyncClient(follow_redirects=True) as client:
            engine = Engine(client, f"http://127.0.0.1:{port}/world")
            if until == "asked":
                asked.append(await engine.login(task, signs))
            else:
                assert await engine.login(task, signs, asked[0], "12345") is None
                (employment,) = connector.read(await engine.everything(task), Depth.FULL).employments
                assert len(employment.statements) == 26

    task, signs = Task(), {"username": "goodlogin", "password": "mfa"}
    asked: list[Question | None] = []
    for until in ("asked", "read"):
        process = serve(port, tmp_path)
        try:
            asyncio.run(visit(until))
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
