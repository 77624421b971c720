"""The OpenAPI document at the door: made when first asked for, then kept."""

from functools import cache

from payproof.api.answer import Answer, text_answer
from payproof.api.call import Call
from payproof.contract.openapi import truv_document


async def description_page(call: Call) -> Answer:
    """Answers `/openapi.json`."""
    return text_answer(200, _document(), "application/json", (b"access-control-allow-origin", b"*"))


@cache
def _document() -> bytes:
    return truv_document()
