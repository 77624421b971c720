"""Names as they are searched."""

import pytest

from payproof.store.trigram import LONGEST, folded, likeness, needles, trigrams, wanted, words_of


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Walmart", "walmart"),
        ("The Home Depot", "home depot"),
        ("The", "the"),
        ("McDonald's", "mcdonalds"),
        ("McDonald’s", "mcdonalds"),
        ("Estée Lauder", "estee lauder"),
        ("U.S. Bank", "us bank"),
        ("J.P. Morgan", "jp morgan"),
        ("AT&T Inc.", "at t inc"),
        ("amazon.com", "amazon com"),
        ("ﬁrst  Straße\t", "first strasse"),
        ("İstanbul", "istanbul"),
        ("日本 銀行", "日本 銀行"),
        ("%_--' \x00\ud800", ""),
        ("", ""),
    ],
)
def test_names_are_folded(name: str, wanted: str) -> None:
    assert folded(name) == wanted


def test_a_search_of_any_length_is_short() -> None:
    assert len(wanted("wal mart " * 10_000)) <= LONGEST
    assert wanted("é" * 10_000) == "e" * LONGEST
    assert wanted("a " * 40 + "b").endswith("a")


def test_pieces_begin_before_each_word() -> None:
    assert trigrams("at t") == [" at", " t "]
    assert trigrams("gap") == [" ga", "gap"]


def test_a_search_is_also_made_in_one_word() -> None:
    assert needles("jp morgan") == sorted([" jp", " mo", "mor", "org", "rga", "gan", "jpm", "pmo"])


@pytest.mark.parametrize(("text", "wanted"), [("u", []), ("us", [" us"]), ("us b", [" us", "usb"])])
def test_of_a_letter_alone_there_is_nothing_to_look_for(text: str, wanted: list[str]) -> None:
    assert needles(text) == wanted


def test_an_entry_goes_by_what_its_name_does_not_say() -> None:
    assert words_of("general motors", ("gm",)) == "general motors gm"
    assert words_of("walmart", ("walmart", "")) == "walmart"


def test_likeness() -> None:
    assert likeness("walmart", "walmart") == 1
    assert likeness("walmart", "chase") == 0
    assert 0.5 < likeness("wallmart", "walmart") < 1
