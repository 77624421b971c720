"""Settings of the commands that run or open things, read where the command line leaves off."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from payproof.config import Settings

_CLIENT = ("PAYPROOF_CLIENT_ID", "PAYPROOF_SECRET")


def settings_of(defaults: Mapping[str, str] | None = None, *, makes_client: bool = False, **said: Any) -> "Settings":
    """What was said on the command line, else the environment, else `defaults`, named like the environment's.

    The client of the environment is for callers, unless the command makes it. Raises BadSetting.
    """
    from payproof.config import read_settings

    environ = {name: value for name, value in os.environ.items() if value and (makes_client or name not in _CLIENT)}
    return read_settings({**(defaults or {}), **environ}, **said)
