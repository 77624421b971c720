"""Files at the door: whoever has the token has the file, until it expires."""

import hashlib
import re
from collections.abc import Awaitable, Callable

from payproof.api.answer import Answer, Header, text_answer
from payproof.api.call import Call
from payproof.model.id import TenantId
from payproof.model.missing import NotFound
from payproof.store import Store, SystemTx
from payproof.store.file import StoredFile, file, tenant_of_file_token
from payproof.store.key import tenant

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def file_page(store: Store) -> Callable[[Call], Awaitable[Answer]]:
    """Answers `/files/<token>`."""

    async def page(call: Call) -> Answer:
        found = await store.everywhere.read(_find, call.scope["path"].removeprefix("/files/").rstrip("/"))
        etag = f'"{hashlib.md5(found.body, usedforsecurity=False).hexdigest()}"'.encode()
        if call.headers.get(b"if-none-match") == etag:
            return Answer(304, b"", [(b"etag", etag)])
        return text_answer(200, found.body, found.media_type, *_headers(found, etag))

    return page


def _find(tx: SystemTx, token: str) -> StoredFile:
    """Raises NotFound for what is unknown, expired or gone with its link."""
    owner = tenant_of_file_token(tx, token)
    held_by = tenant(tx, TenantId(owner)) if owner else None
    found = file(tx.of(held_by), token) if held_by else None
    if found is None:
        raise NotFound("file", "")
    return found


def _headers(found: StoredFile, etag: bytes) -> list[Header]:
    """A name that no header can be broken with; nothing in the file may run in a browser under our address."""
    name = _UNSAFE.sub("_", found.name).strip("._") or "file"
    return [
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"etag", etag),
        (b"cache-control", b"private, no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"sandbox; default-src 'none'"),
    ]
