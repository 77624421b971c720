"""Pages that were read before: the people of the portal are few, and whoever tests with them sees the same pages.

Only because they are pretended: a page of a real person must not stay in memory when its visit is over.
"""

from functools import lru_cache

from payproof.kit.page import Page, read_page


@lru_cache(maxsize=64)
def known_page(html: bytes) -> Page:
    """To be looked at, not to be changed. Raises ValueError as `read_page` does."""
    return read_page(html.decode(errors="replace"))
