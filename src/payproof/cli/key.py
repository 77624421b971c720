"""Access keys, straight in the store: where there is no key yet, there is no call to make one with."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from payproof.cli.ending import Stop, guarded
from payproof.cli.keeping import keeping
from payproof.cli.option import Data, Json, Postgres, wants_json
from payproof.cli.setting import settings_of
from payproof.cli.showing import show

if TYPE_CHECKING:
    from payproof.app import AccessKey

app = typer.Typer(name="key", help="Access keys of clients.", rich_markup_mode=None)

_MAKE = "a key makes its successor with POST /v1/keys/ on the running server"
_END = "a key ends another with POST /v1/keys/deactivate/ on the running server"
_LIST = "on PostgreSQL keys can be listed beside it"
Of = Annotated[
    str | None, typer.Option("--client-id", envvar="PAYPROOF_CLIENT_ID", show_envvar=True, help="Of this client.")
]


@app.command("create")
@guarded
def create_key(
    context: typer.Context,
    client_id: Of = None,
    environment: Annotated[str, typer.Option("--environment", "--env", help="sandbox, dev or prod.")] = "sandbox",
    data: Data = None,
    postgres: Postgres = None,
    json: Json = False,
) -> None:
    """Make a key, and the client where it is new. The secret is shown this once."""
    import secrets

    from payproof import app as root

    settings = _settings(data, postgres)
    try:
        with keeping(_MAKE):
            made = root.add_key(settings, client_id or secrets.token_hex(16), environment)
    except root.TooManyKeys:
        raise Stop(f"client {client_id} has two live {environment} keys already: deactivate one first") from None
    shown = {**_body(made.key), "secret": made.secret.reveal()}
    show(shown, as_json=wants_json(context, json))


@app.command("list")
@guarded
def list_keys(
    context: typer.Context, client_id: Of = None, data: Data = None, postgres: Postgres = None, json: Json = False
) -> None:
    """List the keys that work."""
    from payproof import app as root

    with keeping(_LIST):
        found = root.live_keys(_settings(data, postgres), client_id)
    show(
        [_body(key) for key in found],
        as_json=wants_json(context, json),
        columns=("id", "client_id", "env_type", "created_at"),
    )


@app.command("deactivate")
@guarded
def deactivate_key(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID")],
    data: Data = None,
    postgres: Postgres = None,
    json: Json = False,
) -> None:
    """End a key, at once and for good. What was begun with it goes on."""
    from payproof import app as root

    try:
        with keeping(_END):
            ended = root.deactivate_key(_settings(data, postgres), key_id)
    except root.NotFound:
        raise Stop(f"there is no live key {key_id}: see payproof key list") from None
    show({**_body(ended), "deactivated": True}, as_json=wants_json(context, json))


def _settings(data: Any, postgres: str | None) -> Any:
    """The client of the environment is not this command's business: only where the store is."""
    return settings_of(data=data, database_url=postgres)


def _body(key: "AccessKey") -> dict[str, Any]:
    """As the API shows a key, and whose it is."""
    from msgspec import to_builtins

    from payproof.contract.key import key_body

    shown: dict[str, Any] = to_builtins(key_body(key))
    return {"id": shown.pop("id"), "client_id": key.tenant.client_id, **shown}
