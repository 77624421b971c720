"""OFX, QFX and QBO files: from tags to statements, tolerant of dialects and strict about money and days."""

import re

from payproof.documents.charset import fallback, line_of
from payproof.documents.ofx_names import (
    ACCOUNTS,
    AGGREGATES,
    LEAVES,
    LISTS,
    ONCE,
    POSTINGS,
    RESPONSES,
    STATEMENTS,
    STRAY,
)
from payproof.documents.ofx_posting import bank_posting, investment_posting, settle_signs
from payproof.documents.ofx_values import Values
from payproof.documents.reading import Reading, Statement, Unreadable
from payproof.documents.tags import Names, Place, closed_names, plain_leaves, tags

DEEPEST = 60
MOST_POSTINGS = 250_000
_POSTING_END = b"</STMTTRN>"
_LONGEST_POSTING = 4096
_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]{0,20}:)?OFX[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"(?:CHARSET\s*[:=]\s*\"?|encoding\s*=\s*[\"'])\s*([\w.-]{1,30})", re.IGNORECASE)


def looks_like_ofx(body: bytes) -> bool:
    """Whether there is an OFX element or header near the beginning."""
    start = body[: 1 << 16]
    return bool(_ROOT.search(start)) or b"OFXHEADER" in start[:4096].upper()


def read_ofx(body: bytes) -> Reading:
    """All statements of one file. Raises `Unreadable` where it is torn or a posting has no date or amount."""
    root = _ROOT.search(body)
    if root is None:
        raise Unreadable("the file breaks off after its header, or is not an OFX file")
    declared = _CHARSET.search(body, 0, min(root.start(), 1 << 14))
    reader = _Reader(body, Values(body, fallback(declared[1].decode("ascii") if declared else None)))
    return reader.read(root.start())


class _Frame:
    """An open tag that holds others, with the values seen in it so far."""

    __slots__ = ("at", "fields", "name")

    def __init__(self, name: str, at: int) -> None:
        self.name = name
        self.at = at
        self.fields: dict[str, tuple[bytes, int]] = {}


class _Reader:
    def __init__(self, body: bytes, values: Values) -> None:
        self.body = body
        self.values = values
        self.stack: list[_Frame] = []
        self.reading = Reading(format="ofx")
        self.statement: Statement | None = None
        self.institution: str | None = None
        self.closed: frozenset[str] | None = None
        self.names = Names()
        self.postings = 0
        self.finishers = {
            **dict.fromkeys(ACCOUNTS, self._account),
            **dict.fromkeys(LISTS, self._period),
            **dict.fromkeys(STATEMENTS, self._end_statement),
            "STATUS": self._status,
            "FI": self._institution,
            "LEDGERBAL": self._ledger,
            "LOANBAL": self._ledger,
            "AVAILBAL": self._available,
            "INVBAL": self._cash,
        }

    def read(self, start: int) -> Reading:
        place = Place(start)
        for at, name, value, closed in tags(self.body, place, self.names):
            if name:
                if name == "STMTTRN" and self._plain_posting(at, place):
                    continue
                if name in LEAVES:
                    self._leaf(name, value, at)
                elif name in AGGREGATES or self._holds_others(name, value, closed):
                    self._open(name, at)
                else:
                    self._leaf(name, value, at)
                    closed = "" if closed == name else closed
            if closed and (closed != name or name not in LEAVES):
                self._close(closed)
        if self.stack:
            raise Unreadable(
                f"the file breaks off: the end of <{self.stack[0].name}> is missing", self._line(len(self.body))
            )
        return self.reading

    def _plain_posting(self, at: int, place: Place) -> bool:
        """The short way through a posting of leaves only, as nearly all are; anything odd is left to the long one."""
        end = self.body.find(_POSTING_END, at, at + _LONGEST_POSTING)
        found = (
            plain_leaves(self.body, at + 9, end) if end > 0 and self.stack and self.stack[-1].name in LISTS else None
        )
        if found is None:
            return False
        fields = {self.names[name]: (value, at) for name, value in found}
        if len(fields) != len(found) or not fields.keys() <= LEAVES:
            return False
        frame = _Frame("STMTTRN", at)
        frame.fields = fields
        try:
            self._posting(frame)
        except Unreadable:
            self.postings -= 1
            return False
        place.at = end + len(_POSTING_END)
        return True

    def _holds_others(self, name: str, value: bytes, closed: str) -> bool:
        """An unknown tag holds others where nothing stands behind it and it is closed somewhere later."""
        if closed == name or value.strip():
            return False
        if self.stack and self.stack[-1].name == "INVTRANLIST":
            return True
        if self.closed is None:
            self.closed = closed_names(self.body)
        return name in self.closed

    def _open(self, name: str, at: int) -> None:
        if any(frame.name == name for frame in self.stack):
            self._close(name)
        if len(self.stack) >= DEEPEST:
            raise Unreadable("the tags are nested too deep for a bank statement", self._line(at))
        self.stack.append(_Frame(name, at))
        if name in STATEMENTS:
            self.statement = Statement(source=STATEMENTS[name])
            self.reading.statements.append(self.statement)

    def _leaf(self, name: str, value: bytes, at: int) -> None:
        if not self.stack:
            return
        frame = self.stack[-1]
        known = frame.fields.get(name)
        if known is None or not known[0].strip():
            frame.fields[name] = (value, at)
        elif name in ONCE and value.strip():
            raise Unreadable(f"<{name}> stands twice in one <{frame.name}>", self._line(at))
        if name in STRAY and (frame.name in LISTS or frame.name in STATEMENTS):
            raise Unreadable(f"<{name}> stands outside of a posting", self._line(at))

    def _close(self, name: str) -> None:
        if not any(frame.name == name for frame in self.stack):
            return
        while self.stack:
            frame = self.stack.pop()
            self._finish(frame)
            if frame.name == name:
                return

    def _finish(self, frame: _Frame) -> None:
        parent = self.stack[-1].name if self.stack else ""
        if frame.name in POSTINGS or (parent == "INVTRANLIST" and frame.name != "INVBANKTRAN"):
            self._posting(frame)
        elif finisher := self.finishers.get(frame.name):
            finisher(frame)
        elif parent == "INVPOSLIST" and self.statement:
            self.statement.notes.append("position")
        elif self.stack and (frame.name not in AGGREGATES or frame.name in _PARTS):
            self._hand_up(frame)

    def _hand_up(self, frame: _Frame) -> None:
        """The parts of a posting belong to it, under their own name where they could be mistaken."""
        target = self.stack[-1].fields
        prefix = "" if frame.name in _TRANSPARENT else f"{frame.name}."
        for name, value in frame.fields.items():
            target.setdefault(prefix + name, value)

    def _posting(self, frame: _Frame) -> None:
        self.postings += 1
        if self.postings > MOST_POSTINGS:
            raise Unreadable(f"the file holds more than {MOST_POSTINGS} postings; hand over a shorter period")
        if self.statement is None:
            return
        make = bank_posting if frame.name in POSTINGS else investment_posting
        posting = make(frame.name, frame.fields, self.values, frame.at)
        if posting is None:
            self.statement.notes.append("balance_lines_left_out")
        else:
            self.statement.postings.append(posting)

    def _account(self, frame: _Frame) -> None:
        if self.statement is None or self.statement.account_id:
            self.reading.listed += self.statement is None
            return
        text, statement = self.values.field, self.statement
        fields = frame.fields
        statement.account_id = text(fields, "ACCTID") or text(fields, "LOANACCTID") or text(fields, "ACCTKEY")
        statement.bank_id = text(fields, "BANKID") or text(fields, "BROKERID") or self.institution
        statement.account_type = text(fields, "ACCTTYPE") or text(fields, "LOANACCTTYPE")

    def _period(self, frame: _Frame) -> None:
        if self.statement is None or frame.name == "BANKTRANLISTP":
            return
        self.statement.period_start = self.statement.period_start or self.values.lenient_day(frame.fields, "DTSTART")
        self.statement.period_end = self.statement.period_end or self.values.lenient_day(frame.fields, "DTEND")

    def _ledger(self, frame: _Frame) -> None:
        statement, values = self.statement, self.values
        if statement is None or statement.balance is not None:
            return
        statement.balance = values.optional_amount(frame.fields, "BALAMT")
        if statement.balance is not None:
            statement.balance_as_of = values.lenient_day(frame.fields, "DTASOF")
            statement.balance_stamp = values.field(frame.fields, "DTASOF")

    def _available(self, frame: _Frame) -> None:
        if self.statement is not None and self.statement.available is None:
            self.statement.available = self.values.optional_amount(frame.fields, "BALAMT")

    def _cash(self, frame: _Frame) -> None:
        if self.statement is not None:
            self.statement.available = self.values.optional_amount(frame.fields, "AVAILCASH")

    def _end_statement(self, frame: _Frame) -> None:
        statement, values = self.statement, self.values
        self.statement = None
        if statement is None:
            return
        statement.currency = values.currency(frame.fields, "CURDEF")
        statement.credit_limit = values.optional_amount(frame.fields, "CREDITLIMIT")
        if statement.source == "investment":
            statement.balance_as_of = values.lenient_day(frame.fields, "DTASOF")
        settle_signs(statement)
        if _says_nothing(statement):
            self.reading.statements.remove(statement)
            self.reading.listed += 1

    def _institution(self, frame: _Frame) -> None:
        parts = (self.values.field(frame.fields, "ORG"), self.values.field(frame.fields, "FID"))
        self.institution = "/".join(part for part in parts if part) or None

    def _status(self, frame: _Frame) -> None:
        code = self.values.field(frame.fields, "CODE") or "0"
        message = self.values.field(frame.fields, "MESSAGE")
        severity = (self.values.field(frame.fields, "SEVERITY") or "").upper()
        parent = self.stack[-1].name if self.stack else ""
        if code.strip("0") and parent == "SONRS":
            self.reading.sign_on, self.reading.sign_on_message = code, message
        elif code.strip("0") and severity != "INFO" and parent in RESPONSES:
            self.reading.refused_statements.append(f"{code} {message or ''}".strip())

    def _line(self, at: int) -> int:
        return line_of(self.body, at)


def _says_nothing(statement: Statement) -> bool:
    """An empty form: neither a number nor a balance nor a posting."""
    told = (statement.account_id, statement.balance, statement.available)
    return not statement.postings and not statement.notes and all(value is None for value in told)


_TRANSPARENT = frozenset({"INVTRAN", "INVBUY", "INVSELL", "SECID"})
_PARTS = _TRANSPARENT | {"CURRENCY", "ORIGCURRENCY", "PAYEE"}
