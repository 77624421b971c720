"""Reports of a link: views over its facts, with fresh addresses for the files they point to."""

from payproof.model.product import ProductType
from payproof.model.report import LinkReport
from payproof.reports import voie
from payproof.services.link import link
from payproof.store import Tx
from payproof.store.employment import employments
from payproof.store.file import add_file_tokens


def link_report(tx: Tx, link_id: str, product: ProductType) -> LinkReport:
    """Income (with files) or employment of a link, as far as the facts go. Raises NotFound."""
    report = voie.link_report(link(tx, link_id), employments(tx, link_id))
    if product is not ProductType.INCOME:
        return report
    return voie.with_files(report, add_file_tokens(tx, report.link.id, voie.file_keys(report)))
