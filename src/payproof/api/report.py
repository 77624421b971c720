"""Reports of a link at the door. Reading one makes the addresses of its files, so it is a write."""

from payproof.api.call import Call
from payproof.contract import report as wire
from payproof.model.product import ProductType
from payproof.services import report as service
from payproof.store import Tx


def income(tx: Tx, call: Call) -> wire.IncomeReport:
    return wire.income_report(service.link_report(tx, call.args[0], ProductType.INCOME), call.base)


def employment(tx: Tx, call: Call) -> wire.EmploymentReport:
    return wire.employment_report(service.link_report(tx, call.args[0], ProductType.EMPLOYMENT))
