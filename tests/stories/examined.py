"""`payproof doctor`, and what it found."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.stories.server import payproof


def examined(*arguments: str, inside: Sequence[str] = (), **settings: str) -> dict[str, dict[str, Any]]:
    """Findings by check. The exit code says the same as they do."""
    ended = payproof("doctor", *arguments, "--json", inside=inside, **settings)
    told = json.loads(ended.stdout)
    assert ended.stderr == ""
    assert told["ok"] == all(one["is_ok"] for one in told["findings"])
    assert ended.code == (0 if told["ok"] else 1)
    return {one["check"]: one for one in told["findings"]}


def problems(found: Mapping[str, dict[str, Any]]) -> set[str]:
    return {check for check, one in found.items() if not one["is_ok"]}
