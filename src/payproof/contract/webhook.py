"""Webhooks on the wire."""

from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from payproof.contract.money import Moment
from payproof.contract.operation import Operation, get, post
from payproof.contract.page import Page
from payproof.contract.reading import InvalidParams, Problem, invalid, read
from payproof.model.event import EventType
from payproof.model.tenant import Environment
from payproof.model.webhook import Reply, Webhook, WebhookWish

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Url = Annotated[str, Meta(min_length=1, max_length=2048, extra_json_schema={"format": "uri"})]


class WebhookRequest(Struct, frozen=True, kw_only=True):
    name: Name
    webhook_url: Url
    env_type: Environment
    events: tuple[EventType, ...] | None = None
    enabled: bool | None = None


class WebhookPatch(Struct, frozen=True, kw_only=True):
    """What is absent stays as it is."""

    name: Name | UnsetType = UNSET
    webhook_url: Url | UnsetType = UNSET
    env_type: Environment | UnsetType = UNSET
    events: tuple[EventType, ...] | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class WebhookBody(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    webhook_url: str
    env_type: Environment
    events: tuple[EventType, ...]
    enabled: bool
    created_at: Moment
    updated_at: Moment


class PingBody(Struct, frozen=True, kw_only=True):
    """What came of a test delivery, which is no event and is not in the history."""

    is_delivered: bool
    status_code: int | None
    error_message: str | None
    latency_ms: int
    webhook_url: str
    webhook_payload: dict[str, Any]


def webhook_wish(data: dict[str, Any], environment: Environment, *, allow_plain: bool) -> WebhookWish:
    """Raises `InvalidParams`, also for an `env_type` that is not the key's own; `allow_plain` lets `http://` pass."""
    asked = read(WebhookRequest, data)
    _check(asked.webhook_url, asked.env_type, environment, allow_plain=allow_plain)
    return WebhookWish(
        name=asked.name,
        webhook_url=asked.webhook_url,
        events=asked.events,
        enabled=asked.enabled is not False,
    )


def webhook_changes(data: dict[str, Any], environment: Environment, *, allow_plain: bool) -> dict[str, Any]:
    """The new values by field of `Webhook`. Raises `InvalidParams`."""
    patch = read(WebhookPatch, data)
    _check(patch.webhook_url, patch.env_type, environment, allow_plain=allow_plain)
    named = {name: getattr(patch, name) for name in ("name", "webhook_url", "events", "enabled")}
    changes = {name: value for name, value in named.items() if value is not UNSET}
    if "events" in changes:
        changes["events"] = changes["events"] or ()
    return changes


def webhook_shown(webhook: Webhook, environment: Environment) -> WebhookBody:
    return WebhookBody(
        id=webhook.id,
        name=webhook.name,
        webhook_url=webhook.webhook_url,
        env_type=environment,
        events=webhook.events,
        enabled=webhook.enabled,
        created_at=webhook.created_at,
        updated_at=webhook.updated_at,
    )


def ping_shown(webhook: Webhook, payload: bytes, reply: Reply, latency_ms: int) -> PingBody:
    return PingBody(
        is_delivered=reply.is_good,
        status_code=reply.status,
        error_message=None if reply.is_good else reply.reason,
        latency_ms=latency_ms,
        webhook_url=webhook.webhook_url,
        webhook_payload=msgspec.json.decode(payload),
    )


def url_taken(environment: Environment) -> InvalidParams:
    return invalid("env_type", f"Webhook url for {environment} already registered")


def _check(
    url: str | UnsetType, named: Environment | UnsetType, environment: Environment, *, allow_plain: bool
) -> None:
    problems = []
    if isinstance(url, str) and not _is_web_address(url):
        problems.append(Problem("webhook_url", "Enter a valid URL."))
    elif isinstance(url, str) and not allow_plain and urlsplit(url).scheme != "https":
        problems.append(Problem("webhook_url", "The address must begin with https://."))
    if isinstance(named, Environment) and named is not environment:
        problems.append(Problem("env_type", f"The access key belongs to {environment}."))
    if problems:
        raise InvalidParams(*problems)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url


_HOOK = "/v1/webhooks/{webhook_id}/"

OPERATIONS: tuple[Operation, ...] = (
    get(
        "webhooks_list", "/v1/webhooks/", "Webhooks", "List webhooks", Page[WebhookBody], is_paged=True, refusals=(404,)
    ),
    post("webhooks_create", "/v1/webhooks/", "Webhooks", "Create a webhook", WebhookBody, request=WebhookRequest),
    get("webhooks_read", _HOOK, "Webhooks", "Retrieve a webhook", WebhookBody, refusals=(404,)),
    Operation(
        name="webhooks_update",
        method="PATCH",
        path=_HOOK,
        tag="Webhooks",
        summary="Update a webhook",
        answer=WebhookBody,
        request=WebhookPatch,
        refusals=(400, 404),
    ),
    Operation(
        name="webhooks_delete",
        method="DELETE",
        path=_HOOK,
        tag="Webhooks",
        summary="Delete a webhook",
        status=204,
        refusals=(404,),
    ),
    post(
        "webhooks_ping",
        _HOOK + "ping/",
        "Webhooks",
        "Send a signed test delivery now and tell what came of it (an addition of ours)",
        PingBody,
        status=200,
        refusals=(404,),
    ),
)
