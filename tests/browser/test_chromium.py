"""What is said where there is no Chromium."""

from pathlib import Path

import pytest

from tests.browser.chromium import ChromiumMissing, chromium


def test_one_line_says_how_to_get_chromium(tmp_path: Path) -> None:
    with pytest.raises(ChromiumMissing, match=r"^.*: apt-get install -y chromium$"):
        chromium(str(tmp_path))
