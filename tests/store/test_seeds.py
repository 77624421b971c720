"""The lists that fill a new directory: one line each, nothing twice, sorted, and nothing but names and domains."""

import csv
import io
import re
import unicodedata
from importlib.resources import files

import pytest

WITH_ID = ["id", "name", "domain"]
HEADS = {
    "employers": ["name", "domain"],
    "payroll_systems": WITH_ID,
    "banks": WITH_ID,
    "insurers": WITH_ID,
}
LEAST = {"employers": 3500, "payroll_systems": 150, "banks": 1100, "insurers": 180}
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+[a-z]{{2,}}")
ID = re.compile(r"[a-z0-9_]{2,40}")


def text_of(name: str) -> str:
    return (files("payproof.store") / "seeds" / f"{name}.csv").read_bytes().decode()


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(name), newline="")))


def twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


@pytest.mark.parametrize("name", HEADS)
def test_a_list_is_plain_text_with_its_head_and_whole_lines(name: str) -> None:
    text = text_of(name)
    assert text.splitlines()[0].split(",") == HEADS[name]
    assert text.endswith("\n") and unicodedata.is_normalized("NFC", text)
    assert [c for c in text if unicodedata.category(c).startswith("C") and c != "\n"] == []
    assert {len(line) for line in csv.reader(io.StringIO(text, newline=""))} == {len(HEADS[name])}


@pytest.mark.parametrize("name", HEADS)
def test_a_list_is_as_long_as_promised(name: str) -> None:
    assert len(rows_of(name)) >= LEAST[name]


@pytest.mark.parametrize("name", HEADS)
def test_names_are_trimmed_and_said_once(name: str) -> None:
    names = [row["name"] for row in rows_of(name)]
    assert [one for one in names if one != " ".join(one.split()) or not one] == []
    assert twice([one.casefold() for one in names]) == []


@pytest.mark.parametrize("name", HEADS)
def test_domains_are_bare_and_listed_once(name: str) -> None:
    domains = [row["domain"] for row in rows_of(name)]
    assert [one for one in domains if not DOMAIN.fullmatch(one) or one.startswith("www.")] == []
    assert name != "employers" or twice(domains) == []


@pytest.mark.parametrize("name", [name for name, head in HEADS.items() if head == WITH_ID])
def test_ids_are_slugs_said_once_and_in_order(name: str) -> None:
    ids = [row["id"] for row in rows_of(name)]
    assert [one for one in ids if not ID.fullmatch(one)] == []
    assert twice(ids) == [] and ids == sorted(ids)


def test_an_id_stands_for_one_institution_over_all_lists() -> None:
    assert twice([row["id"] for name, head in HEADS.items() if head == WITH_ID for row in rows_of(name)]) == []


def test_employers_are_in_order_of_their_names() -> None:
    names = [row["name"].casefold() for row in rows_of("employers")]
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("employers", {"Home Depot", "Walmart", "Target", "Starbucks", "Meta", "Facebook"}),
        ("payroll_systems", {"ADP", "Workday", "Gusto", "Paychex", "Social Security Administration"}),
        ("banks", {"Chase", "Bank of America", "Wells Fargo"}),
        ("insurers", {"GEICO", "Progressive", "State Farm"}),
    ],
)
def test_the_names_of_public_samples_are_there(name: str, known: set[str]) -> None:
    assert known - {row["name"] for row in rows_of(name)} == set()
