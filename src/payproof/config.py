"""What an operator can set. Read once at start from `PAYPROOF_*` and the command line, then passed down as values."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, inspect
from msgspec.structs import fields

from payproof.model.job import JobKind
from payproof.model.secret import Secret

PREFIX = "PAYPROOF_"


def _says(description: str, **bounds: Any) -> Meta:
    return Meta(description=description, **bounds)


class BadSetting(Exception):
    """A setting that cannot be used. One line, fit to be printed as it is; never shows a secret's value."""


Profile = Literal["fast", "realistic", "strict"]

PROFILES: dict[str, dict[str, Any]] = {
    "fast": {
        "rate_limit_per_minute": 0,
        "failed_auth_limit_per_minute": 0,
        "allow_private_webhooks": True,
        "allow_plain_webhooks": True,
        "keep_requests": 200,
    },
    "realistic": {
        "stage_times": "documented",
        "allow_private_webhooks": True,
        "allow_plain_webhooks": True,
        "keep_requests": 200,
    },
    "strict": {},
}
"""What a profile sets; each of these settings may still be set by itself, and wins. `strict` is every default."""


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting, its default and what it is for. `docs/settings.md` is generated from here."""

    profile: Annotated[
        Profile,
        _says(
            "Sets stage times, limits and rules for webhook addresses together; `payproof dev` is `fast`, without"
            " waits and limits, `realistic` takes the documented times, `strict` has the rules of production."
        ),
    ] = "strict"
    host: Annotated[str, _says("Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, _says("Port to listen on; 0 takes a free one.", ge=0, le=65535)] = 8000
    base_url: Annotated[
        str | None, _says("Public origin, used in links and page addresses. Without it the caller's Host is used.")
    ] = None
    impersonate_port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        _says(
            "Port on which prod., cdn. and my.truv.com are answered too, over TLS; `payproof dev --impersonate` takes"
            " 443. Not for the public."
        ),
    ] = None
    trusted_proxies: Annotated[
        tuple[str, ...],
        _says(
            "Addresses and networks of your own proxies, separated by commas. From them, and from nobody else, the"
            " `X-Forwarded-*` and `Forwarded` headers are believed."
        ),
    ] = ()
    data: Annotated[Path, _says("Directory of the SQLite files and the generated key.")] = Path("payproof-data")
    database_url: Annotated[
        str | None, _says("A `postgresql://` URL. Without it the data is in an SQLite file in `data`.")
    ] = None
    synchronous: Annotated[
        Literal["FULL", "NORMAL"],
        _says("How SQLite syncs: FULL keeps every answered write through a power cut, NORMAL may lose the last ones."),
    ] = "FULL"
    master_key: Annotated[
        Secret | None, _says("32 bytes in base64 that seal all personal data. Prefer `master_key_file`.")
    ] = None
    master_key_file: Annotated[
        Path | None, _says("File that holds the master key. Without either, one is made in `data`.")
    ] = None
    client_id: Annotated[str | None, _says("Client id of the first client, made at start; needs `secret`.")] = None
    secret: Annotated[Secret | None, _says("Access secret of the first client, `sandbox-…`, `dev-…` or `prod-…`.")] = (
        None
    )
    accept_any_key: Annotated[
        bool, _says("Any well-formed sandbox key makes its own client at first use. Only for a laptop or CI.")
    ] = False
    seed: Annotated[str, _says("Seed of the pretend people and amounts; the same seed gives the same data.")] = (
        "payproof"
    )
    world_url: Annotated[
        str | None, _says("Origin and path of the pretend world. Without it there are no sandbox providers.")
    ] = None
    engine: Annotated[bool, _says("Run jobs in this process too. Switch off where `payproof worker` does it.")] = True
    worker_kinds: Annotated[
        tuple[JobKind, ...], _says("Kinds of jobs this process takes, separated by commas. Empty takes all.")
    ] = ()
    rate_limit_per_minute: Annotated[int, _says("Requests per access secret and minute; 0 is no limit.", ge=0)] = 300
    failed_auth_limit_per_minute: Annotated[
        int, _says("Failed authentications per address and minute; 0 is no limit.", ge=0)
    ] = 60
    allow_private_webhooks: Annotated[
        bool, _says("Deliver webhooks to loopback and private addresses too. `payproof dev` switches it on.")
    ] = False
    allow_plain_webhooks: Annotated[
        bool, _says("Take and deliver to webhooks at `http://` addresses too; otherwise only `https://`.")
    ] = False
    stage_times: Annotated[
        Literal["none", "documented"],
        _says("How long the stages of a task last on the tenant's clock: as long as the work takes, or as documented."),
    ] = "none"
    keep_requests: Annotated[
        int,
        _says(
            "So many of each sandbox tenant's last calls are kept in this process's memory, bodies included, for"
            " `payproof tail` and `/v1/sandbox/requests/`; 0 keeps none.",
            ge=0,
            le=10_000,
        ),
    ] = 0
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _says("The least level that is logged.")] = (
        "info"
    )

    def __repr__(self) -> str:
        return f"Settings(host={self.host!r}, port={self.port}, data={str(self.data)!r}, …)"

    @property
    def public_url(self) -> str:
        """Where people and callers find us when no request says so; no trailing slash."""
        host = "localhost" if self.host in ("127.0.0.1", "::1", "0.0.0.0", "::") else self.host
        return self.base_url or f"http://{host}:{self.port}"

    @property
    def where(self) -> Path | str:
        """The database: a file, or a URL."""
        return self.database_url or self.data / "payproof.sqlite"


def in_force(settings: Settings) -> str:
    """One line on what the profile and the settings beside it amount to."""
    limit = settings.rate_limit_per_minute
    webhooks = {
        (True, True): "to any http or https address",
        (True, False): "to any https address",
        (False, True): "to public http and https addresses",
        (False, False): "to public https addresses",
    }[settings.allow_private_webhooks, settings.allow_plain_webhooks]
    return ", ".join(
        (
            f"profile {settings.profile}: {'no' if settings.stage_times == 'none' else 'documented'} stage times",
            f"{limit} requests a minute and secret" if limit else "no rate limit",
            f"webhooks {webhooks}",
            *((f"the last {settings.keep_requests} requests of each tenant kept",) if settings.keep_requests else ()),
        )
    )


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def accepted(name: str) -> str:
    """What may be written for a setting, in words."""
    return _in_words(inspect.type_info(_TYPES[name]))


def _in_words(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(type=plain):
            return _in_words(plain)
        case inspect.UnionType(types=types):
            return " or ".join(_in_words(each) for each in types if not isinstance(each, inspect.NoneType))
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=least, le=most):
            return f"a number from {least} to {most}" if most is not None else f"a number from {least}"
        case inspect.LiteralType(values=values):
            return " or ".join(str(value) for value in values)
        case inspect.VarTupleType(item_type=inspect.EnumType(cls=choices)):
            return "some of " + ", ".join(choices)
        case inspect.CustomType(cls=cls) if cls is Path:
            return "a path"
    return "text"


def read_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process. `overrides` win over the environment; those that are None do not count.

    Raises `BadSetting` for a value that cannot be used and for a variable that looks like a misspelt setting.
    """
    environ = os.environ if environ is None else environ
    _refuse_misspelt(environ)
    read = dict(_from_environment(environ))
    read.update({name: value for name, value in overrides.items() if value is not None})
    read = PROFILES[_converted("profile", read.get("profile", "strict"))] | read
    settings = Settings(**{name: _converted(name, value) for name, value in read.items()})
    _check(settings)
    return settings


_TYPES = {field.name: field.type for field in fields(Settings)}


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name in _TYPES:
        text = environ.get(variable(name), "").strip()
        if text:
            yield name, text


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """Only near misses: an orchestrator may set variables of its own with our prefix."""
    known = [variable(name) for name in _TYPES]
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            for meant in get_close_matches(name, known, n=1, cutoff=0.85):
                raise BadSetting(f"{name} is no setting; {meant} is")


def _converted(name: str, value: Any) -> Any:
    if name not in _TYPES:
        raise BadSetting(f"{name} is no setting")
    if isinstance(value, str):
        value = _plain(name, value)
    try:
        return msgspec.convert(value, _TYPES[name], strict=False, dec_hook=_decode)
    except msgspec.ValidationError:
        raise BadSetting(f"{variable(name)}: expected {accepted(name)}, got {value!r}") from None


def _plain(name: str, text: str) -> str | tuple[str, ...]:
    match name:
        case "worker_kinds" | "trusted_proxies":
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case "base_url" | "world_url":
            return text.rstrip("/")
        case "synchronous":
            return text.upper()
        case "log_level":
            return text.lower()
    return text


def _decode(wanted: type, value: Any) -> Any:
    if isinstance(value, wanted):
        return value
    return wanted(value)


def _check(settings: Settings) -> None:
    """What a type cannot say."""
    for name in ("base_url", "world_url"):
        url = getattr(settings, name)
        if url is not None and not url.startswith(("http://", "https://")):
            raise BadSetting(f"{variable(name)}: must start with http:// or https://, not {url!r}")
    if settings.database_url and not settings.database_url.startswith(("postgresql://", "postgres://")):
        raise BadSetting(f"{variable('database_url')}: must start with postgresql://")
    for proxy in settings.trusted_proxies:
        _check_network(proxy)
    if (settings.client_id is None) != (settings.secret is None):
        raise BadSetting(f"{variable('client_id')} and {variable('secret')} are set together or not at all")
    if settings.master_key is not None and settings.master_key_file is not None:
        raise BadSetting(f"{variable('master_key')} and {variable('master_key_file')} exclude each other")


def _check_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError:
        like = "an address or a network such as 10.0.0.0/8"
        raise BadSetting(f"{variable('trusted_proxies')}: expected {like}, got {text!r}") from None
