"""Which server a command calls, and with which keys."""

from pathlib import Path

import pytest

from payproof.cli.asking import Place, place_of
from payproof.cli.remembered import Remembered, recall, remember

LEFT = Remembered("http://127.0.0.1:8123", 8123, "me", "sandbox-1", "payproof")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    remember(tmp_path, LEFT)
    return tmp_path


def test_is_read_back_and_is_private(data: Path) -> None:
    assert recall(data) == LEFT
    assert (data / "dev.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": "x"}'])
def test_what_cannot_be_read_is_no_word(tmp_path: Path, text: str) -> None:
    (tmp_path / "dev.json").write_text(text)
    assert recall(tmp_path) is None


def test_the_server_of_the_data_directory_is_called(data: Path) -> None:
    assert place_of(None, None, None, data) == Place(LEFT.url, "me", "sandbox-1")


def test_what_is_said_wins(data: Path) -> None:
    assert place_of("http://else", "you", "prod-2", data) == Place("http://else", "you", "prod-2")


def test_a_secret_is_not_lent_to_another_client(data: Path) -> None:
    assert place_of(None, "you", None, data) == Place(LEFT.url, "you", "")


def test_an_address_may_lack_its_scheme(data: Path) -> None:
    assert place_of("localhost:9", None, None, data).url == "http://localhost:9"


def test_a_port_in_the_environment_is_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYPROOF_PORT", "8999")
    assert place_of(None, None, None, tmp_path).url == "http://127.0.0.1:8999"
