"""A logo for each provider and employer: its initials, drawn by us, so that no foreign host hears of our callers."""

from collections.abc import Awaitable, Callable
from html import escape

from payproof.api.answer import Answer, text_answer
from payproof.api.call import Call
from payproof.model.missing import NotFound
from payproof.store import Store, SystemTx
from payproof.store.company import company
from payproof.store.institution import institution

_COLOURS = ("#1f5f8b", "#2e6b4f", "#6b3f7a", "#8a4b1f", "#3d4b8a", "#7a2f45")


def logo_page(store: Store) -> Callable[[Call], Awaitable[Answer]]:
    """Answers `/logos/<provider id>.svg` and `/logos/company/<company id>.svg`."""

    async def page(call: Call) -> Answer:
        place = call.scope["path"].removeprefix("/logos/").removesuffix(".svg")
        provider = call.directory.provider(place)
        name = provider.name if provider else await store.everywhere.read(_name, place)
        if name is None:
            raise NotFound("logo", place)
        drawn = drawing(place.rpartition("/")[2], name)
        return text_answer(200, drawn, "image/svg+xml", (b"cache-control", b"public, max-age=86400"))

    return page


def _name(tx: SystemTx, place: str) -> str | None:
    noun, _, company_id = place.rpartition("/")
    found = company(tx, company_id) if noun == "company" else institution(tx, place)
    return found.name if found else None


def drawing(provider_id: str, name: str) -> bytes:
    """The same initials on the same colour every time."""
    initials = "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper() or "?"
    colour = _COLOURS[sum(provider_id.encode()) % len(_COLOURS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96" role="img">'
        f"<title>{escape(name)}</title>"
        f'<rect width="96" height="96" rx="18" fill="{colour}"/>'
        '<text x="48" y="62" font-family="sans-serif" font-size="40" font-weight="600" fill="#fff"'
        f' text-anchor="middle">{escape(initials)}</text></svg>'
    ).encode()
