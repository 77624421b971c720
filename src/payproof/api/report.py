"""Reports of a link at the door. Reading one makes the addresses of its files, so it is a write."""

from payproof.api.call import Call
from payproof.contract import report as wire
from payproof.contract.reading import read
from payproof.model.product import ProductType
from payproof.services import report as service
from payproof.services.link import link_of_token
from payproof.store import Tx


def income(tx: Tx, call: Call) -> wire.IncomeReport:
    return wire.income_report(service.link_report(tx, call.args[0], ProductType.INCOME), call.base)


def income_by_token(tx: Tx, call: Call) -> wire.IncomeReport:
    link = link_of_token(tx, read(wire.ReportRequest, call.json).access_token)
    return wire.income_report(service.link_report(tx, link.id, ProductType.INCOME), call.base)


def employment_by_token(tx: Tx, call: Call) -> wire.EmploymentReport:
    link = link_of_token(tx, read(wire.ReportRequest, call.json).access_token)
    return wire.employment_report(service.link_report(tx, link.id, ProductType.EMPLOYMENT))


def employment(tx: Tx, call: Call) -> wire.EmploymentReport:
    return wire.employment_report(service.link_report(tx, call.args[0], ProductType.EMPLOYMENT))
