"""Answers for people: ids stay whole, nothing is said as a dash, lists are tables."""

import pytest

from payproof.cli.showing import show

PAGE = {
    "count": 3,
    "next": "http://x/?page=2",
    "previous": None,
    "results": [
        {"id": "a" * 32, "enabled": True, "provider": {"id": "truv", "name": "Truv"}, "events": ["one", "two"]},
        {"id": "b", "enabled": False, "provider": None, "events": []},
    ],
}


def test_a_page_is_a_table_that_says_there_is_more(capsys: pytest.CaptureFixture[str]) -> None:
    show(PAGE, as_json=False, columns=("id", "enabled", "provider.id", "events"))
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "ID                                ENABLED  PROVIDER.ID  EVENTS",
        "a" * 32 + "  yes      truv         one, two",
        "b                                 no       -            -",
    ]
    assert told.err == "… of 3; see --page\n"


def test_one_object_is_names_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    show({"id": "1", "error_message": None, "provider": {"id": "truv", "name": "Truv"}}, as_json=False)
    assert capsys.readouterr().out.splitlines() == ["id             1", "error_message  -", "provider       Truv"]


def test_json_is_the_answer_itself_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    show({"id": "1", "links": [None]}, as_json=True)
    assert capsys.readouterr().out == '{"id":"1","links":[null]}\n'
