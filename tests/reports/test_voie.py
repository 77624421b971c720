"""The order of a report, and the files it points to."""

from datetime import date

from msgspec.structs import replace

from payproof.model.employment import StoredEmployment, StoredStatement
from payproof.reports.voie import file_keys, link_report
from tests.contract.samples import BEGAN, EMPLOYMENT, LINK, STATEMENT


def stored(
    name: str, *, is_active: bool | None, start: date | None, paid: tuple[date | None, ...] = ()
) -> StoredEmployment:
    said = replace(EMPLOYMENT, is_active=is_active, start_date=start)
    statements = tuple(StoredStatement(str(on), replace(STATEMENT, pay_date=on)) for on in paid)
    return StoredEmployment(name, name, said, statements, BEGAN, BEGAN)


def test_current_employments_come_first_and_then_the_newest() -> None:
    report = link_report(
        LINK,
        [
            stored("ended", is_active=False, start=date(2025, 1, 1)),
            stored("old", is_active=True, start=date(2020, 1, 1)),
            stored("undated", is_active=None, start=None),
            stored("new", is_active=True, start=date(2024, 1, 1)),
        ],
    )
    assert [one.id for one in report.employments] == ["new", "old", "undated", "ended"]


def test_statements_are_newest_first() -> None:
    (one,) = link_report(
        LINK, [stored("a", is_active=True, start=None, paid=(date(2026, 1, 1), None, date(2026, 2, 1)))]
    ).employments
    assert [statement.id for statement in one.statements] == ["2026-02-01", "2026-01-01", "None"]


def test_files_are_those_of_statements_and_tax_papers() -> None:
    report = link_report(LINK, [stored("a", is_active=True, start=None, paid=(date(2026, 1, 1),))])
    assert list(file_keys(report)) == ["stub/1001.pdf", "w2/2025.pdf"]
