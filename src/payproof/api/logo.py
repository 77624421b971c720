"""A logo for each provider: its initials, drawn by us, so that no foreign host hears of our callers."""

from html import escape

from payproof.api.answer import Answer, text_answer
from payproof.api.call import Call
from payproof.model.missing import NotFound

_COLOURS = ("#1f5f8b", "#2e6b4f", "#6b3f7a", "#8a4b1f", "#3d4b8a", "#7a2f45")


async def logo_page(call: Call) -> Answer:
    """Answers `/logos/<provider id>.svg`."""
    name = call.scope["path"].removeprefix("/logos/").removesuffix(".svg")
    provider = call.directory.provider(name)
    if provider is None:
        raise NotFound("logo", name)
    return text_answer(
        200, drawing(provider.id, provider.name), "image/svg+xml", (b"cache-control", b"public, max-age=86400")
    )


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
