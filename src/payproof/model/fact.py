"""What reading a task's raws yields: our own nouns, not yet stored."""

from msgspec import Struct

from payproof.model.account import Account
from payproof.model.employment import Employment


class Facts(Struct, frozen=True, kw_only=True):
    employments: tuple[Employment, ...] = ()
    accounts: tuple[Account, ...] = ()
    suspicions: tuple[str, ...] = ()
    """Machine reasons why honest data would not look like this; any makes the task suspicious."""
