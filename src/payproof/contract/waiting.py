"""How long a caller lets its answer be held back."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from payproof.contract.reading import read_query

MOST_WAIT_SECONDS = 60


class WaitQuery(Struct, frozen=True, kw_only=True):
    wait: Annotated[float, Meta(ge=0, le=MOST_WAIT_SECONDS)] = 0.0
    """So many seconds the answer may be held back until there is something to say."""


def wait_seconds(query: Mapping[str, str]) -> float:
    """Raises `InvalidParams`."""
    return read_query(WaitQuery, query).wait
