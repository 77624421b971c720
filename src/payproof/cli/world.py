"""The pretend outside world, alone."""

import typer

from payproof.cli.option import Data, Host, Json, Port, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import to_json


def world(context: typer.Context, host: Host = None, port: Port = None, data: Data = None, json: Json = False) -> None:
    """Run the pretend payroll portal by itself, for servers started with --world-url. `dev` has it inside."""
    from payproof import app

    def ready(url: str) -> None:
        shown = to_json({"url": url}) if wants_json(context, json) else f"payproof world is ready: {url}"
        print(shown, flush=True)  # noqa: T201

    settings = settings_of({"PAYPROOF_PORT": "8001"}, host=host, port=port, data=data)
    app.run_world(settings, on_ready=lambda at: ready(f"http://{at.host}:{at.port}/world"))
