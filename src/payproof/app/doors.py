"""The doors, put together."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

from payproof.api.access import Access
from payproof.api.description import description_page
from payproof.api.directory import Directory
from payproof.api.door import App, Door
from payproof.api.file import file_page
from payproof.api.health import alive_page, metrics_page, ready_page
from payproof.api.house import House
from payproof.api.log import Lines
from payproof.api.logo import logo_page
from payproof.api.remote import Proxies
from payproof.api.tally import Tally
from payproof.api.truv import TruvDoor
from payproof.api.viewer import viewer_page
from payproof.api.welcome import welcome_page
from payproof.config import Settings
from payproof.model.provider import Provider
from payproof.model.webhook import Post
from payproof.store import Store


def build_door(
    store: Store,
    settings: Settings,
    providers: Sequence[Provider],
    mounts: Mapping[str, App],
    is_stopping: Callable[[], bool],
    lines: Lines,
    post: Post,
) -> Door:
    access = Access(
        store,
        per_minute=settings.rate_limit_per_minute,
        failures_per_minute=settings.failed_auth_limit_per_minute,
        accept_any_key=settings.accept_any_key,
        seed=settings.seed,
    )
    tally = Tally()
    pages = {
        "": welcome_page,
        "openapi.json": description_page,
        "docs": viewer_page,
        "logos": logo_page(store),
        "files": file_page(store),
        "healthz": alive_page,
        "readyz": ready_page(store, is_stopping),
        "metrics": metrics_page(tally),
    }
    truv = TruvDoor(store, access)
    house = House(
        Directory(providers),
        post,
        base_url=settings.base_url,
        allow_plain_webhooks=settings.allow_plain_webhooks,
        keep_requests=settings.keep_requests,
    )
    return Door(
        truv,
        house,
        pages=pages,
        mounts=mounts,
        proxies=Proxies(settings.trusted_proxies) if settings.trusted_proxies else None,
        tally=tally,
        lines=lines,
    )


def open_world(settings: Settings, closing: AsyncExitStack) -> App:
    """The pretend world under /world/: a party of its own that happens to live in this process."""
    from payproof.world.site import World

    world = World(settings.data / "world.sqlite", settings.data / "world-access.log")
    closing.callback(world.close)

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await world({**scope, "root_path": "/world"}, receive, send)

    return mounted
