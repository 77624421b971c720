"""What the page on webhooks tells people to do is right."""

import re
from typing import Any

from payproof.contract.event import sign
from payproof.model.secret import Secret
from payproof.services.replay import MOST
from payproof.workflows.deliver import DISABLE_AFTER, PAUSES_SECONDS
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text()


def test_the_lines_that_check_a_signature_do() -> None:
    [lines] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, Any] = {}
    exec(lines, known)
    body, secret = b'{"webhook_id":"1"}', "sandbox-1"
    header = sign(body, Secret(secret))
    assert known["is_genuine"](body, header, secret)
    assert not known["is_genuine"](body + b" ", header, secret)
    assert not known["is_genuine"](body, header, "sandbox-2")


def test_the_numbers_are_those_of_the_code() -> None:
    assert PAUSES_SECONDS == (5, 15, 60, 300, 900, 1800, 3600)
    assert "after 5 s, 15 s, 1, 5, 15 and 30 minutes, then every hour, for a day" in PAGE
    assert DISABLE_AFTER.days == 3
    assert "failed for three days" in PAGE
    assert f"at most {MOST:,} deliveries" in PAGE
