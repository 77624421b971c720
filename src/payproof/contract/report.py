"""The link-level reports on the wire. `provider` is a plain id here, `completed_at` keeps a form of its own."""

from typing import Any

from msgspec import Struct

from payproof.contract.employment import (
    EmploymentBody,
    IncomeEmploymentBody,
    employment_body,
    income_employment_body,
)
from payproof.contract.link import Text
from payproof.contract.money import Moment, legacy_moment
from payproof.contract.operation import NOTE, Operation, get, post
from payproof.model.product import DataSource
from payproof.model.report import LinkReport
from payproof.model.task import TaskStatus


class ReportRequest(Struct, frozen=True, kw_only=True):
    access_token: Text


class EmploymentReport(Struct, frozen=True, kw_only=True):
    id: str
    status: TaskStatus
    finished_at: Moment | None
    completed_at: str | None
    access_token: str
    tracking_info: str | None
    employments: list[EmploymentBody]
    pdf_report: str | None
    provider: str
    data_source: DataSource
    is_suspicious: bool


class IncomeReport(Struct, frozen=True, kw_only=True):
    id: str
    status: TaskStatus
    finished_at: Moment | None
    completed_at: str | None
    access_token: str
    tracking_info: str | None
    refresh_status: TaskStatus | None
    employments: list[IncomeEmploymentBody]
    pdf_report: str | None
    provider: str
    data_source: DataSource
    is_suspicious: bool


def employment_report(report: LinkReport) -> EmploymentReport:
    link = report.link
    return EmploymentReport(
        id=link.id,
        status=link.status,
        finished_at=link.finished_at,
        completed_at=legacy_moment(link.finished_at),
        access_token=link.access_token,
        tracking_info=link.tracking_info,
        employments=[employment_body(one) for one in report.employments],
        pdf_report=None,
        provider=link.provider_id,
        data_source=link.data_source,
        is_suspicious=link.is_suspicious,
    )


def income_report(report: LinkReport, base: str) -> IncomeReport:
    """`base` is the public address of this server, under which the files are."""
    link = report.link
    files = {key: f"{base}/files/{token}" for key, token in report.files.items()}
    return IncomeReport(
        id=link.id,
        status=link.status,
        finished_at=link.finished_at,
        completed_at=legacy_moment(link.finished_at),
        access_token=link.access_token,
        tracking_info=link.tracking_info,
        refresh_status=report.refresh_status,
        employments=[income_employment_body(one, files) for one in report.employments],
        pdf_report=None,
        provider=link.provider_id,
        data_source=link.data_source,
        is_suspicious=link.is_suspicious,
    )


_LINK = "/v1/links/{link_id}/"


def _by_token(name: str, path: str, summary: str, answer: type[Struct], **more: Any) -> Operation:
    """A report of the link whose access token is in the body; clients spell the path in two ways."""
    return post(name, path, "VOIE Reports", summary, answer, request=ReportRequest, max_bytes=NOTE, status=200, **more)


OPERATIONS: tuple[Operation, ...] = (
    get(
        "links_income_report",
        _LINK + "income/report/",
        "VOIE Reports",
        "Income and employment of a link",
        IncomeReport,
        refusals=(404,),
    ),
    get(
        "links_employment_report",
        _LINK + "employment/report/",
        "VOIE Reports",
        "Employment of a link",
        EmploymentReport,
        refusals=(404,),
    ),
    _by_token(
        "links_reports_income", "/v1/links/reports/income/", "Income and employment by access token", IncomeReport
    ),
    _by_token(
        "link_reports_income",
        "/v1/link/reports/income/",
        "Income and employment by access token",
        IncomeReport,
        is_old=True,
    ),
    _by_token(
        "links_reports_employment", "/v1/links/reports/employment/", "Employment by access token", EmploymentReport
    ),
    _by_token(
        "link_reports_employment",
        "/v1/link/reports/employment/",
        "Employment by access token",
        EmploymentReport,
        is_old=True,
    ),
)
