"""What a browser posts."""

from urllib.parse import parse_qsl

from starlette.requests import Request

_MOST_BYTES = 65_536


async def fields(request: Request) -> dict[str, str]:
    """The fields of a posted form; empty where it is too large or not a form at all."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}
