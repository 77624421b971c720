"""Verification of income and employment, as one link gives it."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from payproof.model.employment import StoredEmployment
from payproof.model.link import Link
from payproof.model.report import LinkReport


def link_report(link: Link, employments: Sequence[StoredEmployment]) -> LinkReport:
    """Current employments first, then by their start, newest first; statements newest first."""
    return LinkReport(link=link, employments=tuple(sorted(map(_sorted, employments), key=_order)))


def file_keys(report: LinkReport) -> Iterator[str]:
    """Keys of the raws that the report points to as files."""
    for one in report.employments:
        yield from (stored.statement.raw_key for stored in one.statements if stored.statement.raw_key)
        yield from (w2.raw_key for w2 in one.employment.w2s if w2.raw_key)


def with_files(report: LinkReport, tokens: dict[str, str]) -> LinkReport:
    return replace(report, files=tokens)


def _order(stored: StoredEmployment) -> tuple[bool, int]:
    said = stored.employment
    return said.is_active is False, -(said.start_date or date.min).toordinal()


def _sorted(stored: StoredEmployment) -> StoredEmployment:
    statements = sorted(stored.statements, key=lambda one: one.statement.pay_date or date.min, reverse=True)
    return replace(stored, statements=tuple(statements))
