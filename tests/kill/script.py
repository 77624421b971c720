"""What a person types, and how their task must end, whatever is killed meanwhile."""

from dataclasses import dataclass, field
from datetime import date, timedelta

_DONE = ("new", "login", "parse", "full_parse", "done")
_ASKED = ("new", "login", "mfa", "parse", "full_parse", "done")


@dataclass(frozen=True, kw_only=True)
class Script:
    """`path` is every status the task passes through; the last is its ending."""

    provider: str = "truv"
    product: str = "income"
    username: str = ""
    password: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    """By kind of challenge."""
    file: bytes = b""
    path: tuple[str, ...]

    @property
    def ending(self) -> str:
        return self.path[-1]

    @property
    def form(self) -> dict[str, str]:
        return {} if self.file else {"username": self.username, "password": self.password}


def _good(password: str, *path: str, username: str = "goodlogin", **answers: str) -> Script:
    return Script(username=username, password=password, answers=answers, path=path)


def _bad(ending: str) -> Script:
    return Script(username="error.user", password=ending, path=("new", "login", ending))


PLAIN = (
    _good("goodpassword", *_DONE),
    _good("goodpassword", *_DONE, username="hourly.part-time"),
    _good("goodpassword", *_DONE, username="multiple.employments"),
)
ASKING = (
    _good("mfa", *_ASKED, code="12345"),
    _good("mfa_selection", *_ASKED, selection="sms", code="12345"),
    _good("mfa_question", *_ASKED, question="Rex"),
    _good("mfa", "new", "login", "mfa", "mfa_error", code="00000"),
    Script(
        username="error.user",
        password="mfa_error",
        answers={"code": "12345"},
        path=("new", "login", "mfa", "mfa_error"),
    ),
)
ENDING = (
    *(_bad(ending) for ending in ("error", "login_error", "account_locked", "config_error", "unavailable")),
    *(_bad(ending) for ending in ("unable_to_reset", "not_supported")),
    Script(username="error.user", password="no_data", path=("new", "login", "parse", "no_data")),
    Script(username="error.user", password="done", path=_DONE),
)
POSTINGS = 150


def bank_file(account: int, *, torn: bool = False) -> Script:
    """A statement of an account that nobody else has; torn, its last third is missing."""
    body = _statement(account)
    if torn:
        body = body[: len(body) * 2 // 3]
    path = ("new", "login", "config_error") if torn else _DONE
    return Script(provider="statement_file", product="transactions", file=body, path=path)


def _statement(account: int) -> bytes:
    rows = "".join(_posting(account, number) for number in range(POSTINGS))
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        "<DTSERVER>20250701120000<LANGUAGE>ENG<FI><ORG>HARBOR<FID>7001</FI></SONRS></SIGNONMSGSRSV1>"
        "<BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD"
        f"<BANKACCTFROM><BANKID>011000015<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20250101<DTEND>20250630{rows}</BANKTRANLIST>"
        + "<LEDGERBAL><BALAMT>1500.25<DTASOF>20250630</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def _posting(account: int, number: int) -> str:
    day = date(2025, 1, 1) + timedelta(days=number)
    return (
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day:%Y%m%d}120000<TRNAMT>-{number + 1}.25"
        f"<FITID>{account}-{number:05d}<NAME>PAYEE {number}</STMTTRN>\n"
    )
