"""What a table written by hand is read as."""

from payproof.documents.reading import Ambiguity, Reading, Statement
from payproof.documents.statement import read_file


def statement(text: str, answers: dict[str, str] | None = None) -> Statement:
    found = read_file(text.encode(), {})
    if isinstance(found, Ambiguity) and answers:
        found = read_file(text.encode(), {found.header: answers})
    assert isinstance(found, Reading), found
    (only,) = found.statements
    return only


def amounts(text: str, answers: dict[str, str] | None = None) -> list[str]:
    return [str(posting.amount) for posting in statement(text, answers).postings]


def doubts(text: str) -> list[str]:
    found = read_file(text.encode(), {})
    assert isinstance(found, Ambiguity), found
    return [doubt.about for doubt in found.doubts]
