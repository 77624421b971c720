"""Everything in one process, for a laptop or CI: `payproof dev`."""

import gc
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from payproof.cli.ending import Stop
from payproof.cli.keeping import keeping
from payproof.cli.option import DATA, ClientId, Data, Host, Json, Port, Postgres, Profile, Secret, wants_json
from payproof.cli.remembered import Remembered, recall, remember
from payproof.cli.setting import settings_of
from payproof.cli.showing import to_json

if TYPE_CHECKING:
    from payproof.app import Impersonation
    from payproof.config import Settings

_EASY = {
    "PAYPROOF_ACCEPT_ANY_KEY": "true",
    "PAYPROOF_PROFILE": "fast",
    "PAYPROOF_SYNCHRONOUS": "NORMAL",
}
"""What is right for a laptop and for nothing else; the environment may still say otherwise."""


_TLS_PORT = 443


class Keys(NamedTuple):
    client_id: str
    secret: str


def dev(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    data: Data = None,
    client_id: ClientId = None,
    secret: Secret = None,
    seed: Annotated[str | None, typer.Option("--seed", help="The same seed gives the same pretend people.")] = None,
    postgres: Postgres = None,
    profile: Profile = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete the data first; keys and port stay.")] = False,
    impersonate: Annotated[
        bool, typer.Option("--impersonate", help="Answer as prod., cdn. and my.truv.com too, over TLS on port 443.")
    ] = False,
    impersonate_port: Annotated[
        int | None,
        typer.Option("--impersonate-port", min=0, max=65535, help="The same on another port; 0 takes a free one."),
    ] = None,
    webhook: Annotated[str | None, typer.Option("--webhook", help="An address that is to hear of all events.")] = None,
    json: Json = False,
) -> None:
    """Run everything in one process: database, pretend world, server and jobs.

    Prints the keys and the lines of a first task. Any other client id and any sandbox-, dev- or prod- secret work too.
    Keys, port and seed stay the same while --data does.
    """
    place = (data or DATA).absolute()
    left = recall(place)
    keys = _keys(left, client_id, secret)
    settings = settings_of(
        _EASY | (_as_before(left) if left else {}),
        makes_client=True,
        host=host,
        port=port,
        data=data or DATA,
        seed=seed,
        database_url=postgres,
        profile=profile,
        impersonate_port=_TLS_PORT if impersonate and impersonate_port is None else impersonate_port,
        **keys._asdict(),
    )
    settings = _on_its_old_port(settings, left)
    if left and settings.seed != left.seed and not fresh:
        raise Stop(
            f"the people in {settings.data} are made with --seed {left.seed}: add --fresh, or choose another --data"
        )
    gc.disable()  # until it is ready: of what is made on the way, nearly all stays (a tenth of the time, measured)
    from payproof import app

    with keeping("choose another --data"):
        if fresh:
            app.begin_anew(settings)
        ready = _Ready(keys, webhook, as_json=wants_json(context, json))
        app.run_server(settings, with_world=True, may_make_key=True, on_ready=ready)


class _Ready:
    """What happens once the server listens: leave word, register the webhook, tell the person."""

    def __init__(self, keys: Keys, webhook: str | None, *, as_json: bool) -> None:
        self._keys = keys
        self._webhook = webhook
        self._as_json = as_json

    async def __call__(self, settings: "Settings") -> None:
        left = Remembered(_own_url(settings), settings.port, *self._keys, settings.seed)
        remember(settings.data, left)
        if self._webhook:
            await _register(left, self._webhook)
        from payproof.app import impersonation

        posing = impersonation(settings)
        if self._as_json:
            told = {"data": str(settings.data), "profile": settings.profile}
            text = to_json(left._asdict() | told | _posing(posing))
        else:
            from payproof.cli.welcome import welcome

            text = welcome(left, settings, posing)
        print(text, flush=True)  # noqa: T201


def _posing(posing: "Impersonation | None") -> dict[str, Any]:
    if posing is None:
        return {}
    told = {"port": posing.port, "hosts_line": posing.hosts_line, "ca": str(posing.ca)}
    return {"impersonate": told | {"environment": posing.environment}}


def _as_before(left: Remembered) -> dict[str, str]:
    return {"PAYPROOF_PORT": str(left.port), "PAYPROOF_SEED": left.seed}


def _keys(left: Remembered | None, client_id: str | None, secret: str | None) -> Keys:
    """What was said, else what was left; a secret is never carried over to another client."""
    import secrets

    if secret and secret.partition("-")[0] not in ("sandbox", "dev", "prod"):
        raise Stop("a secret begins with sandbox-, dev- or prod-")
    is_same = left is not None and client_id in (None, left.client_id)
    if left is not None and is_same:
        return Keys(left.client_id, secret or left.secret)
    return Keys(client_id or secrets.token_hex(16), secret or f"sandbox-{secrets.token_hex(20)}")


def _on_its_old_port(settings: "Settings", left: Remembered | None) -> "Settings":
    """`--port 0` takes a free one: the one it had, where that is free."""
    import socket

    import msgspec

    if settings.port != 0 or left is None:
        return settings
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, left.port))
        except OSError:
            return settings
    return msgspec.structs.replace(settings, port=left.port)


def _own_url(settings: "Settings") -> str:
    """Without a name to resolve: `localhost` may mean an address we do not listen on."""
    if settings.base_url:
        return settings.base_url
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{settings.port}"


async def _register(left: Remembered, url: str) -> None:
    """Once per address: it may be there from an earlier start."""
    from payproof.cli.asking import reached, reason
    from payproof.cli.ending import say
    from payproof.net.caller import Caller

    caller = Caller(left.url, {"X-Access-Client-Id": left.client_id, "X-Access-Secret": left.secret})
    body = {"name": "payproof dev", "webhook_url": url, "env_type": left.secret.partition("-")[0]}
    try:
        reply = await reached(left.url, caller.call("POST", "/v1/webhooks/", body))
    finally:
        await caller.close()
    if not reply.is_good and "already registered" not in (why := reason(reply)):
        say(f"the webhook is not registered: {why}")
