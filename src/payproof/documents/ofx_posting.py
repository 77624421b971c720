"""One posting or investment movement of an OFX file."""

from decimal import Decimal

from payproof.documents.charset import line_of
from payproof.documents.ofx_names import OUTWARD
from payproof.documents.ofx_values import Fields, Values
from payproof.documents.reading import Posting, Statement, Unreadable
from payproof.normalise.words import begins_balance, is_balance_line

NO_CASH = frozenset({"TRANSFER", "JRNLSEC", "JRNLFUND", "SPLIT", "CLOSUREOPT"})
"""Units move, or cash within the account: nothing comes in or goes out (a split may pay for a fraction)."""
_EVIDENCE = frozenset(
    {
        "REFNUM",
        "SRVRTID",
        "CORRECTFITID",
        "CORRECTACTION",
        "ORIGCURRENCY.CURSYM",
        "ORIGCURRENCY.CURRATE",
        "CURRENCY.CURRATE",
    }
)
_MOVEMENT_EVIDENCE = frozenset(
    {
        *(
            "UNITS",
            "UNITPRICE",
            "UNIQUEID",
            "UNIQUEIDTYPE",
            "INCOMETYPE",
            "BUYTYPE",
            "SELLTYPE",
            "TFERACTION",
            "COMMISSION",
            "FEES",
        ),
        *("TAXES", "INV401KSOURCE", "DTSETTLE", "REVERSALFITID"),
    }
)


def bank_posting(kind: str, fields: Fields, values: Values, at: int) -> Posting | None:
    """A posting of a bank, card or loan statement, None for a balance in the guise of one.

    Raises `Unreadable` without a day or an amount.
    """
    text = values.field
    memo = text(fields, "MEMO")
    payee = text(fields, "NAME") or text(fields, "PAYEE.NAME") or text(fields, "EXTDNAME")
    if _is_balance(payee, memo):
        return None
    on = values.day(fields, "DTPOSTED") or (values.day(fields, "DTTRAN") if kind == "STMTTRNP" else None)
    amount = values.amount(fields, "TRNAMT")
    if amount is None and kind == "LOANSTMTTRN":
        amount = values.amount(fields, "LOANTRNAMT")
    if on is None:
        raise Unreadable("a posting has no date (<DTPOSTED>)", line_of(values.body, at))
    if amount is None:
        raise Unreadable("a posting has no amount (<TRNAMT>)", line_of(values.body, at))
    return Posting(
        on=on,
        amount=amount,
        moved=bool(amount),
        external_id=text(fields, "FITID"),
        kind=(text(fields, "TRNTYPE") or text(fields, "LOANTRNTYPE") or "").upper() or None,
        status="PENDING" if kind == "STMTTRNP" else "POSTED",
        payee=payee,
        memo=memo,
        check_number=_number(text(fields, "CHECKNUM")),
        merchant_category_code=_category(text(fields, "SIC")),
        currency=values.currency(fields, "CURRENCY.CURSYM"),
        evidence=_kept(_EVIDENCE, fields, values),
    )


def _is_balance(payee: str | None, memo: str | None) -> bool:
    """Brazilian banks list balances among the postings: every text of such a line is the name of a balance."""
    told = payee or memo
    if told is None or not begins_balance(told):
        return False
    return is_balance_line(told) and (memo is None or not any(map(str.isalpha, memo)) or is_balance_line(memo))


def investment_posting(kind: str, fields: Fields, values: Values, at: int) -> Posting:
    """A movement of an investment account: its cash total, or none where no cash moved."""
    text = values.field
    on = values.day(fields, "DTTRADE") or values.day(fields, "DTSETTLE")
    if on is None:
        raise Unreadable("a movement has no date (<DTTRADE>)", line_of(values.body, at))
    amount = _cash(kind, fields, values)
    evidence = _kept(_MOVEMENT_EVIDENCE, fields, values)
    if kind in NO_CASH and (total := text(fields, "TOTAL")):
        evidence["TOTAL"] = total
    return Posting(
        on=on,
        amount=amount,
        moved=bool(amount),
        external_id=text(fields, "FITID"),
        kind=kind,
        memo=text(fields, "MEMO"),
        currency=values.currency(fields, "CURRENCY.CURSYM"),
        evidence=evidence,
    )


def _cash(kind: str, fields: Fields, values: Values) -> Decimal:
    """The signed cash total. A purchase takes money out and a sale brings it in, whatever sign a broker prints."""
    if kind in NO_CASH:
        return values.amount(fields, "FRACCASH") or Decimal(0)
    total = values.amount(fields, "TOTAL")
    if total is None:
        return Decimal(0)
    units = values.amount(fields, "UNITS") or Decimal(0)
    if kind.startswith("BUY") and units > 0 and "REVERSALFITID" not in fields:
        return -abs(total)
    return total


def settle_signs(statement: Statement) -> None:
    """Some exporters print amounts without a sign, or all the wrong way round: then the types prove the direction."""
    if statement.source == "investment":
        return
    out = [posting for posting in statement.postings if posting.kind in ("DEBIT", "DIRECTDEBIT") and posting.amount]
    into = [posting for posting in statement.postings if posting.kind in ("CREDIT", "DIRECTDEP") and posting.amount]
    if not out or any(posting.amount < 0 for posting in out):
        return
    if into and all(posting.amount < 0 for posting in into):
        turned = statement.postings
    elif all(posting.amount >= 0 for posting in statement.postings):
        turned = [posting for posting in statement.postings if posting.kind in OUTWARD]
    else:
        return
    statement.notes.append("direction_from_types")
    for posting in turned:
        posting.amount = -posting.amount


def _kept(names: frozenset[str], fields: Fields, values: Values) -> dict[str, str]:
    if names.isdisjoint(fields):
        return {}
    return {name: value for name in fields if name in names and (value := values.field(fields, name))}


def _number(text: str | None) -> str | None:
    return text if text and text.strip("0") else None


def _category(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) else None
