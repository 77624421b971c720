"""Reports of a link: views over its facts, with fresh addresses for the files they point to."""

from datetime import timedelta

from msgspec.structs import replace

from payproof.model.product import ProductType
from payproof.model.report import LinkReport
from payproof.reports import voie
from payproof.services.link import link
from payproof.store import Tx
from payproof.store.employment import employments
from payproof.store.file import add_file_tokens
from payproof.store.task import refreshes


def link_report(tx: Tx, link_id: str, product: ProductType) -> LinkReport:
    """Income (with files) or employment of a link, as far as the facts go. Raises NotFound."""
    report = voie.link_report(link(tx, link_id), employments(tx, link_id))
    if product is not ProductType.INCOME:
        return report
    for last in refreshes(tx, link_id, since=report.link.created_at - timedelta(1), limit=1):
        report = replace(report, refresh_status=last.status)
    return voie.with_files(report, add_file_tokens(tx, report.link.id, voie.file_keys(report)))
