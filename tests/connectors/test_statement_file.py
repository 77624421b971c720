# ruff: noqa: E501
"""The connector for bank files: what is merged, asked, refused and suspected."""

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payproof.connectors.statement_file import connector
from payproof.kit.connector import Depth
from payproof.kit.failure import AccountLocked, ConfigRefused, Failure, LoginRefused, NoData
from payproof.model.account import Account, AccountType, TransactionType
from payproof.model.fact import Facts
from payproof.model.question import Answers, Form, Question
from payproof.model.raw import Raw
from tests.connectors.conftest import PaperVisit, upload, whole_visit
from tests.connectors.fixtures.statement_ofx import bank, posting, whole


def outcome(
    *files: bytes | str, replies: tuple[dict[str, str], ...] = (), visit: PaperVisit | None = None
) -> Facts | Question:
    named = [
        (f"file{number}.{'csv' if isinstance(file, str) else 'ofx'}", file.encode() if isinstance(file, str) else file)
        for number, file in enumerate(files)
    ]
    visit = visit or PaperVisit()
    visit.uploads = tuple(upload(*named))
    return asyncio.run(whole_visit(connector, visit, replies))


def facts(*files: bytes | str, replies: tuple[dict[str, str], ...] = ()) -> Facts:
    found = outcome(*files, replies=replies)
    assert isinstance(found, Facts), found
    return found


def account(*files: bytes | str) -> Account:
    (found,) = facts(*files).accounts
    return found


def question(*files: bytes | str) -> Form:
    found = outcome(*files)
    assert isinstance(found, Form), found
    return found


# What a file says


def test_a_bank_statement_in_full() -> None:
    found = account(
        bank(
            posting(
                "20260103120000.000[-5:EST]", "-12.50", "F1", "Caf\xe9 & Co", MEMO="POS 12", CHECKNUM="104", SIC="5812"
            ),
            posting("20260105", "+1,200.00", "F2", "PAYROLL"),
        )
    )
    assert (found.type, found.mask, found.currency_code) == (AccountType.CHECKING, "6789", "USD")
    assert (found.balance, found.balance_as_of) == (Decimal("100.00"), date(2026, 1, 31))
    assert (found.routing_number, found.account_number) == ("021000021", "000123456789")
    assert (found.period_start, found.period_end) == (date(2026, 1, 1), date(2026, 1, 31))
    spent, paid = found.transactions
    assert (spent.amount, spent.type, spent.posted_on) == (Decimal("12.50"), TransactionType.DEBIT, date(2026, 1, 3))
    assert (spent.description, spent.memo, spent.check_number) == ("Café & Co", "POS 12", "104")
    assert (spent.external_id, spent.merchant_category_code, spent.status) == ("F1", 5812, "POSTED")
    assert spent.evidence["TRNTYPE"] == "DEBIT"
    assert (paid.amount, paid.type) == (Decimal("1200.00"), TransactionType.CREDIT)


@pytest.mark.parametrize(
    ("printed", "kind", "subtype"),
    [
        ("CHECKING", AccountType.CHECKING, None),
        ("SAVINGS", AccountType.SAVINGS, None),
        ("MONEYMRKT", AccountType.SAVINGS, "MONEY_MARKET"),
        ("CREDITLINE", AccountType.LINE_OF_CREDIT, None),
        ("CD", AccountType.CD, None),
        ("checking", AccountType.CHECKING, None),
        ("SOMETHING", None, None),
    ],
)
def test_account_types(printed: str, kind: AccountType | None, subtype: str | None) -> None:
    found = account(bank(kind=printed))
    assert (found.type, found.subtype) == (kind, subtype)


def one(file: bytes) -> Account:
    return account(file)


PLAIN = bank(posting("20260103", "-12.50", "F1", "Shop & Co"), posting("20260105", "1200.00", "F2", "PAY"))
CLOSED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\r\n<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE"?>\r\n'
    b'<OFX xmlns:x="urn:x"><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>'
    b"<DTSERVER>20260201</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
    b"<CURDEF>USD</CURDEF><BANKACCTFROM><BANKID>021000021</BANKID><ACCTID>000123456789</ACCTID>"
    b"<ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM><BANKTRANLIST><DTSTART>20260101</DTSTART><DTEND>20260131</DTEND>"
    b"<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260103</DTPOSTED><TRNAMT>-12.50</TRNAMT><FITID>F1</FITID>"
    b"<NAME><![CDATA[Shop & Co]]></NAME><!-- noted --></STMTTRN><STMTTRN><TRNTYPE>CREDIT</TRNTYPE>"
    b"<DTPOSTED>20260105</DTPOSTED><TRNAMT>1200.00</TRNAMT><FITID>F2</FITID><NAME>PAY</NAME><MEMO/></STMTTRN>"
    b"</BANKTRANLIST><LEDGERBAL><BALAMT>100.00</BALAMT><DTASOF>20260131</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS>"
    b"</BANKMSGSRSV1></OFX>"
)


@pytest.mark.parametrize(
    "file",
    [
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        PLAIN[PLAIN.index(b"<OFX") :],
        PLAIN.replace(b"\n\n", b"\n \n\n\n"),
        PLAIN[PLAIN.index(b"<OFX") :].replace(b"\n", b""),
        b"OFXHEADER:100 DATA:OFXSGML VERSION:102" + PLAIN[PLAIN.index(b"<OFX") :],
        PLAIN.replace(b"<STMTTRN>", b"<stmttrn>").replace(b"<NAME>", b"<Name>").replace(b"</STMTTRN>", b"</StmtTrn>"),
        PLAIN.replace(b"</STMTTRN>", b""),
        PLAIN.replace(b"-12.50", b"-12,50").replace(b"1200.00", b"1.200,00"),
        PLAIN.replace(b"Shop & Co", b"Shop &amp; Co"),
        PLAIN.replace(b"<FITID>F1", b"<BLANKTAG>\n<X.VENDOR>odd\n<FITID>F1"),
        PLAIN.replace(b"<FITID>F1", b"<VENDORBOX><NAME>not this</VENDORBOX><FITID>F1"),
        PLAIN.replace(b"<NAME>Shop & Co", b"<PAYEE><NAME>Shop & Co\n<ADDR1>1 Street<CITY>Town</PAYEE>"),
        PLAIN.replace(b"<NAME>PAY", b"<NAME>PAY<BANKACCTTO><BANKID>1<ACCTID>999<ACCTTYPE>SAVINGS</BANKACCTTO>"),
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.decode().encode("utf-16"),
        PLAIN.decode().encode("utf-16-le"),
        CLOSED,
        CLOSED.replace(b"<STMTTRN>", b'<STMTTRN id="1">')
        .replace(b"<NAME>", b"<x:NAME>")
        .replace(b"</NAME>", b"</x:NAME>"),
    ],
)
def test_dialects_say_the_same(file: bytes) -> None:
    found = account(file)
    assert [(t.amount, t.type.value, t.description) for t in found.transactions] == [
        (Decimal("12.50"), "DEBIT", "Shop & Co"),
        (Decimal("1200.00"), "CREDIT", "PAY"),
    ]
    assert (found.mask, found.balance, found.type) == ("6789", Decimal("100.00"), AccountType.CHECKING)


def test_letters_are_read_as_the_bytes_prove() -> None:
    said_1252 = bank(posting("20260103", "-1.00", "F1", "Zoë"))
    really_utf8 = said_1252.decode("cp1252").encode("utf-8")
    said_utf8 = said_1252.replace(b"CHARSET:1252", b"CHARSET:UTF-8")
    cyrillic = said_1252.replace(b"CHARSET:1252", b"CHARSET:1251").replace(
        "Zoë".encode("cp1252"), "Зоя".encode("cp1251")
    )
    assert [account(f).transactions[0].description for f in (said_1252, really_utf8, said_utf8)] == ["Zoë"] * 3
    assert account(cyrillic).transactions[0].description == "Зоя"


def test_currency_of_a_posting_and_a_pending_one() -> None:
    file = bank(
        posting("20260103", "-1.00", "F1", "A", CURRENCY="<CURRATE>1.06<CURSYM>CAD</CURRENCY>"),
        posting("20260104", "-2.00", "F2", "B", ORIGCURRENCY="<CURRATE>1.06<CURSYM>EUR</ORIGCURRENCY>"),
    ).replace(
        b"</BANKTRANLIST>",
        b"</BANKTRANLIST><BANKTRANLISTP><DTASOF>20260131<STMTTRNP><TRNTYPE>POS<DTTRAN>20260130<TRNAMT>-3.00<NAME>C"
        b"</STMTTRNP></BANKTRANLISTP>",
    )
    found = account(file).transactions
    assert [t.currency_code for t in found] == ["CAD", "USD", "USD"]
    assert [t.status for t in found] == ["POSTED", "POSTED", "PENDING"]


def test_investment_movements_are_transactions() -> None:
    def movement(kind: str, inner: str, day: str, more: str) -> str:
        trade = (
            f"<INVTRAN><FITID>{kind}{day}<DTTRADE>{day}</INVTRAN><SECID><UNIQUEID>1<UNIQUEIDTYPE>CUSIP</SECID>{more}"
        )
        return f"<{kind}><{inner}>{trade}</{inner}></{kind}>" if inner else f"<{kind}>{trade}</{kind}>"

    file = whole(
        "<INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><DTASOF>20260131<CURDEF>USD<INVACCTFROM><BROKERID>b.com<ACCTID>X-1234"
        "</INVACCTFROM><INVTRANLIST><DTSTART>20260101<DTEND>20260131"
        + movement("BUYSTOCK", "INVBUY", "20260102", "<UNITS>2<UNITPRICE>50<TOTAL>100.00<SUBACCTSEC>CASH")
        + movement("SELLMF", "INVSELL", "20260103", "<UNITS>-1<UNITPRICE>60<TOTAL>60.00")
        + movement("INCOME", "", "20260104", "<INCOMETYPE>DIV<TOTAL>5.00")
        + movement("TRANSFER", "", "20260105", "<UNITS>3<TFERACTION>IN")
        + "<INVBANKTRAN>"
        + posting("20260106", "-7.00", "B1", "FEE")
        + "<SUBACCTFUND>CASH</INVBANKTRAN></INVTRANLIST><INVPOSLIST><POSSTOCK><INVPOS><UNITS>1<MKTVAL>9</INVPOS></POSSTOCK>"
        "</INVPOSLIST><INVBAL><AVAILCASH>12.00<MARGINBALANCE>0</INVBAL></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"
    )
    found = account(file)
    assert (found.type, found.available_balance, found.balance) == (AccountType.INVESTMENT, Decimal("12.00"), None)
    assert [(t.type.value, t.amount) for t in found.transactions] == [
        ("DEBIT", Decimal("100.00")),
        ("CREDIT", Decimal("60.00")),
        ("CREDIT", Decimal("5.00")),
        ("MEMO", Decimal("0")),
        ("DEBIT", Decimal("7.00")),
    ]
    assert {"investment_account", "positions:1"} <= set(found.notes)


def test_amounts_without_a_sign_take_it_from_the_types() -> None:
    found = account(bank(posting("20260103", "5.00", "1", "A", TRNTYPE="DEBIT"), posting("20260104", "9.00", "2", "B")))
    assert [t.type.value for t in found.transactions] == ["DEBIT", "CREDIT"]


@pytest.mark.parametrize("amount", ["17026.91", "-3.00", "0.00", "            .  "])
@pytest.mark.parametrize(
    "label", ["SALDO ANTERIOR", "SALDO TOTAL DISPONÍVEL DIA", "Saldo do dia 23/09", "SDO CTA/APL AUTOMATICAS"]
)
def test_balances_among_the_postings_are_left_out_and_said(label: str, amount: str) -> None:
    found = account(bank(posting("20260103", amount, "F1", label), posting("20260105", "-5.00", "F2", "PIX LOJA")))
    assert [str(t.amount) for t in found.transactions] == ["5.00"]
    assert "balance_lines_left_out" in found.notes


@pytest.mark.parametrize("label", ["NEW BALANCE", "SALDO DEVEDOR MERCADO", "BALANCE", "SALDOS Y OFERTAS"])
def test_payees_whose_names_hold_such_words_are_postings(label: str) -> None:
    found = account(bank(posting("20260103", "-5.00", "F1", label)))
    assert len(found.transactions) == 1


def test_an_empty_form_is_no_data() -> None:
    with pytest.raises(NoData):
        outcome(bank(account="", balance=""))


# Files that overlap


def test_overlaps_merge_by_id_and_equal_postings_of_one_file_stay_two() -> None:
    coffee = [posting("20260131", "-3.00", fitid, "CAFE") for fitid in ("C1", "C2")]
    january = bank(posting("20260110", "-5.00", "A", "SHOP"), *coffee)
    february = bank(
        *coffee,
        posting("20260203", "9.00", "B", "PAY"),
        start="20260131",
        end="20260228",
        balance="103",
        as_of="20260228",
    )
    found = account(january, february)
    assert [t.external_id for t in found.transactions] == ["A", "C1", "C2", "B"]
    assert (found.balance, found.period_start, found.period_end) == (Decimal(103), date(2026, 1, 1), date(2026, 2, 28))


def test_overlaps_without_ids_merge_by_day_amount_and_payee() -> None:
    coffee = posting("20260131", "-3.00", "", "Cafe")
    assert len(account(bank(coffee, coffee), bank(coffee)).transactions) == 2
    assert len(account(bank(coffee), bank(coffee, coffee)).transactions) == 2
    renumbered = bank(posting("20260131", "-3.00", "X9", "CAFE"))
    assert len(account(bank(posting("20260131", "-3.00", "X1", "Cafe")), renumbered).transactions) == 1


def test_keys_are_the_same_whichever_files_are_handed_over() -> None:
    january = bank(posting("20260110", "-5.00", "A", "SHOP"), posting("20260131", "-3.00", "", "CAFE"))
    february = bank(posting("20260131", "-3.00", "", "CAFE"), posting("20260203", "9.0", "B", "PAY"), end="20260228")
    together = {t.key for t in account(january, february).transactions}
    apart = {t.key for file in (january, february) for t in account(file).transactions}
    assert together == apart
    assert len(together) == 3


def test_an_account_without_a_number_joins_by_its_rows() -> None:
    rows = [f"2026-01-{day:02},Shop {day},-{day}.00\n" for day in range(1, 29)]
    header = "Date,Description,Amount\n"
    first, second = header + "".join(rows[:20]), header + "".join(rows[10:])
    found = facts(first, second)
    assert [len(a.transactions) for a in found.accounts] == [28]
    other = header + "".join(row.replace("Shop", "Bar") for row in rows)
    keys = [a.key for a in facts(first, other).accounts]
    assert len(keys) == 2
    assert all(key.startswith("csv:") for key in keys)
    assert found.accounts[0].mask is None


def test_a_table_with_several_accounts() -> None:
    text = (
        "Date,Description,Amount,IBAN,Balance\n2026-01-01,A,-1.00,DE89370400440532013000,9.00\n"
        "2026-01-02,B,2.00,DE02500105170137075030,5.00\n2026-01-03,C,-3.00,DE89370400440532013000,6.00\n"
        "2026-01-04,D,-3.00,DE02500105170137075030,2.00\n"
    )
    assert [(a.mask, a.balance, len(a.transactions)) for a in facts(text).accounts] == [
        ("3000", Decimal("6.00"), 2),
        ("5030", Decimal("2.00"), 2),
    ]


# What only the person can tell


def test_an_order_of_days_that_nothing_proves_is_asked_and_remembered() -> None:
    text = "Date,Description,Amount\n03/04/2026,A,-1.00\n05/04/2026,B,2.00\n"
    asked = question(text)
    assert [(o.value, o.example) for o in asked.fields[0].options] == [
        ("dmy", "03/04/2026 = 03 April 2026"),
        ("mdy", "03/04/2026 = 04 March 2026"),
    ]
    assert asked.sample[1] == ("03/04/2026", "A", "-1.00")
    visit = PaperVisit()
    found = outcome(text, replies=({"order": "mdy"},), visit=visit)
    assert isinstance(found, Facts)
    assert [t.posted_on for t in found.accounts[0].transactions] == [date(2026, 3, 4), date(2026, 5, 4)]
    again = outcome(text.replace("-1.00", "-7.00"), visit=PaperVisit(remembered=visit.kept))
    assert isinstance(again, Facts)
    assert again.accounts[0].transactions[0].posted_on == date(2026, 3, 4)


def test_what_was_remembered_gives_way_to_what_the_file_proves() -> None:
    text = "Date,Description,Amount\n03/04/2026,A,-1.00\n"
    visit = PaperVisit()
    outcome(text, replies=({"order": "mdy"},), visit=visit)
    proved = outcome("Date,Description,Amount\n25/04/2026,A,-1.00\n", visit=PaperVisit(remembered=visit.kept))
    assert isinstance(proved, Facts)
    assert proved.accounts[0].transactions[0].posted_on == date(2026, 4, 25)


def test_a_mark_that_nothing_proves_is_asked() -> None:
    text = 'Date,Description,Amount\n2026-01-05,A,"-1,234"\n2026-01-06,B,12\n'
    assert [o.example for o in question(text).fields[0].options] == ["1,234 = 1234", "1,234 = 1.234"]
    (told,) = facts(text, replies=({"mark": "."},)).accounts
    assert told.transactions[0].amount == Decimal(1234)


def test_two_columns_of_amounts_are_asked_with_the_rows() -> None:
    text = "Date,Description,Amount,Net amount\n2026-01-05,A,-10.00,-9.50\n2026-01-06,B,5.00,4.00\n"
    asked = question(text)
    assert [(o.label, o.example) for o in asked.fields[0].options] == [("Amount", "-10.00"), ("Net amount", "-9.50")]
    (told,) = facts(text, replies=({"amount": "3"},)).accounts
    assert told.transactions[0].amount == Decimal("9.50")


def test_an_answer_that_was_not_offered_is_asked_again() -> None:
    assert isinstance(outcome("Date,Text,Amount\n03/04/2026,A,-1.00\n", replies=({"order": "ydm"},)), Form)


def test_a_table_without_a_header() -> None:
    (known,) = facts('"01/22/2026","-12.34","*","","GROCER 1042"\n"01/23/2026","50.00","*","","PAY"\n').accounts
    assert next((t.amount, t.description) for t in known.transactions) == (Decimal("12.34"), "GROCER 1042")
    proved = "01/22/2026,GROCER,12.00,,988.00\n01/21/2026,PAY,,900.00,1000.00\n01/20/2026,RENT,50.00,,100.00\n"
    (told,) = facts(proved).accounts
    assert [t.type.value for t in told.transactions] == ["DEBIT", "CREDIT", "DEBIT"]
    assert told.balance == Decimal("988.00")
    asked = question("01/22/2026,A,12.00,7.00\n01/23/2026,B,13.00,9.00\n")
    assert asked.sample[0] == ("Column 1", "Column 2", "Column 3", "Column 4")


def test_a_question_survives_a_crash_of_the_step() -> None:
    visit = PaperVisit(upload(("a.csv", b"Date,Text,Amount\n03/04/2026,A,-1.00\n")))

    async def scenario() -> Question | None:
        await connector.login(visit, Answers())
        visit.memory = json.loads(json.dumps(visit.memory))
        return await connector.login(visit, Answers())

    assert isinstance(asyncio.run(scenario()), Form)


# Endings


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (bank(posting("20260231", "-1.00", "1")), "file0.ofx, line 14: <DTPOSTED> is not a date: “20260231”."),
        (bank(posting("00000000", "-1.00", "1")), "is not a date"),
        (bank(posting("", "-1.00", "1")), "a posting has no date"),
        (bank(posting("20260103", "$120", "1")), "file0.ofx, line 15: <TRNAMT> is not an amount: “$120”."),
        (bank(posting("20260103", "12..34", "1")), "<TRNAMT> is not an amount"),
        (bank(posting("20260103", "1,234", "1")), "can be read in two ways"),
        (bank(posting("20260103", "", "1")), "a posting has no amount"),
        (bank(balance="1o0"), "<BALAMT> is not an amount"),
        (bank(as_of="2026-99-99"), "<DTASOF> is not a date"),
        (PLAIN.replace(b"</STMTTRN>\n<STMTTRN>", b""), "stands twice in one <STMTTRN>"),
        (PLAIN.replace(b"<STMTTRN>", b""), "stands outside of a posting"),
        (PLAIN[: len(PLAIN) // 2], "breaks off"),
        (PLAIN.replace(b"</OFX>", b""), "the file breaks off"),
        (PLAIN.replace(b"PAY", b"P\x81Y"), "the letters are neither UTF-8 nor CP1252"),
        (PLAIN.replace(b"PAY", b"P\0Y"), "binary data"),
        (
            b'<!DOCTYPE OFX [<!ENTITY a "aaaa">]>\n'
            + PLAIN[PLAIN.index(b"<OFX") :].replace(b"<OFX>", b"<OFX><!ENTITY b 'x'>"),
            "entities",
        ),
        (b"", "the file is empty"),
        (b"%PDF-1.7 ...", "it is a PDF document"),
        (b"PK\x03\x04....", "Excel"),
        (b"!Type:Bank\nD1/2/26\nT-1.00\n^\n", "QIF"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"Dear customer,\nthank you for your letter.\n", "no bank statement"),
        (b"\x93\xfa\x01\x02" * 50, "file0.ofx"),
        ("Date,Description,Amount\n2026-01-05,A,12..34\n", "file0.csv, line 2: the amount “12..34” cannot be read."),
        (
            "Date,Description,Amount\n2026-01-05,A,1.00\n2026-02-31,B,1.00\n",
            "line 3: the date “2026-02-31” cannot be read",
        ),
        (
            "Date,Description,Amount\n2026-01-05,A,1.00\nxx,B,2.00\n2026-01-06,C,3.00\n",
            "line 3: the date “xx” cannot be read",
        ),
        ("Date,Description,Amount\n2026-01-05,A,1.00\n2026-01-06,B,\n", "line 3: the row has no amount"),
        (
            "Date,Description,Amount\n25/01/2026,A,1.00\n01/26/2026,B,1.00\n",
            "line 3: the date “01/26/2026” does not fit",
        ),
        ("Date;Text;Amount\n2026-01-05;A;1,50\n2026-01-06;B;2.50\n", "line 3: the decimal mark is another one"),
        (
            "Date,Description,Amount,Balance\n2026-01-05,A,1.00,5.00\n2026-01-06,B",
            "line 3: the file breaks off in its last row",
        ),
        ('Date,Description,Amount\n2026-01-05,"A,1.00\n2026-01-06,B,2.00\n', "breaks off inside quotation marks"),
        ("Date,Description,Amount\n2026-01-05,A,B,1.00\n", "line 2: the row has more columns"),
        ("Date,Description,Debit,Credit\n2026-01-05,A,1.00,2.00\n", "line 2: the row has a debit and a credit"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_line_and_reason(file: bytes | str, message: str) -> None:
    with pytest.raises(ConfigRefused) as refused:
        outcome(file)
    assert message in refused.value.message
    assert refused.value.message.startswith("file0.")


def test_nothing_is_read_where_one_of_several_files_is_refused() -> None:
    with pytest.raises(ConfigRefused, match=r"^file1.csv, line 2"):
        outcome(PLAIN, "Date,Description,Amount\n2026-01-05,A,x1\n")


@pytest.mark.parametrize(
    ("code", "ending"),
    [("15500", LoginRefused), ("15502", AccountLocked), ("15000", ConfigRefused), ("2000", ConfigRefused)],
)
def test_the_bank_refused_the_sign_on(code: str, ending: type[Failure]) -> None:
    with pytest.raises(ending, match="Wrong password") as ended:
        outcome(whole("", code, "Wrong password"))
    assert "file0.ofx" in ended.value.message


def test_statements_that_the_bank_refused() -> None:
    refused = "<BANKMSGSRSV1><STMTTRNRS><STATUS><CODE>2003<SEVERITY>ERROR<MESSAGE>Account not found</STATUS></STMTTRNRS></BANKMSGSRSV1>"
    with pytest.raises(ConfigRefused, match="2003 Account not found"):
        outcome(whole(refused))


def test_accounts_without_a_statement_are_no_data_unless_another_file_has_one() -> None:
    listed = whole(
        "<SIGNUPMSGSRSV1><ACCTINFOTRNRS><ACCTINFORS><ACCTINFO><BANKACCTINFO><BANKACCTFROM><BANKID>1<ACCTID>2"
        "<ACCTTYPE>CHECKING</BANKACCTFROM></BANKACCTINFO></ACCTINFO></ACCTINFORS></ACCTINFOTRNRS></SIGNUPMSGSRSV1>"
    )
    with pytest.raises(NoData):
        outcome(listed)
    with pytest.raises(NoData):
        outcome("Date,Description,Amount\n")
    assert len(facts(listed, PLAIN).accounts) == 1


def test_a_balance_alone_is_data() -> None:
    assert account(bank()).balance == Decimal("100.00")


def test_no_file_and_too_many_files() -> None:
    with pytest.raises(ConfigRefused):
        outcome()
    with pytest.raises(ConfigRefused, match="More than 12"):
        outcome(*[PLAIN] * 13)


# Suspicion


def statement_pair(later_balance: str, *, start: str = "20260201", **more: Any) -> tuple[bytes, bytes]:
    january = bank(posting("20260110", "-5.00", "A", "SHOP"), balance="100.00", as_of="20260131")
    postings = (posting("20260203", "50.00", "B", "PAY"), posting("20260210", "-20.00", "C", "RENT"))
    february = bank(*postings, start=start, end="20260228", balance=later_balance, as_of="20260228", **more)
    return january, february


def test_balances_that_recompute_are_honest() -> None:
    assert facts(*statement_pair("130.00")).suspicions == ()


def test_balances_that_do_not_recompute_are_suspicious() -> None:
    assert facts(*statement_pair("1130.00")).suspicions == ("balances_do_not_recompute",)


def test_a_gap_between_the_periods_explains_any_balance() -> None:
    assert facts(*statement_pair("1130.00", start="20260202")).suspicions == ()


def test_postings_on_the_days_of_the_balances_may_count_or_not() -> None:
    edge = posting("20260131", "-7.00", "E", "LATE")
    january = bank(edge, balance="100.00")
    for balance in ("93.00", "100.00"):
        february = bank(edge, start="20260131", end="20260228", balance=balance, as_of="20260228")
        assert facts(january, february).suspicions == ()


def test_one_moment_with_two_balances_is_suspicious() -> None:
    first = bank(posting("20260110", "-5.00", "A", "SHOP"), balance="100.00", as_of="20260202093015")
    second = bank(posting("20260110", "-5.00", "A", "SHOP"), balance="900.00", as_of="20260202093015")
    assert facts(first, second).suspicions == ("balances_do_not_recompute",)


def test_one_id_on_one_day_with_two_amounts_is_suspicious() -> None:
    honest, forged = (bank(posting("20260110", amount, "A", "PAY")) for amount in ("500.00", "5000.00"))
    assert facts(honest, forged).suspicions == ("one_id_two_amounts",)
    inside = bank(posting("20260110", "500.00", "A", "PAY"), posting("20260110", "5000.00", "A", "PAY"))
    assert facts(inside).suspicions == ("one_id_two_amounts",)


def test_reused_ids_and_postings_outside_the_period_are_remarks_only() -> None:
    file = bank(
        posting("20260110", "-5.00", "0", "A"),
        posting("20260110", "-6.00", "0", "B"),
        posting("20260112", "-7.00", "1", "C"),
        posting("20260213", "-8.00", "1", "D"),
        posting("20260114", "-9.00", "2", "E"),
        posting("20260114", "-0.50", "2", "FEE FOR E", TRNTYPE="FEE"),
    )
    found = facts(file)
    assert found.suspicions == ()
    assert {"reused_ids", "postings_outside_period"} <= set(found.accounts[0].notes)
    assert len({t.key for t in found.accounts[0].transactions}) == 6


# The interface


def test_reading_keeps_no_bytes_in_memory_and_only_readings_count() -> None:
    visit = PaperVisit(upload(("a.ofx", PLAIN)))

    async def scenario() -> list[Raw]:
        assert await connector.login(visit, Answers()) is None
        return [raw async for raw in connector.collect(visit, Depth.BASIC)]

    (raw,) = asyncio.run(scenario())
    assert (raw.key, raw.media_type) == ("reading/0", "application/json")
    assert len(json.dumps(visit.memory)) < 1000
    assert connector.read([*visit.uploads, raw], Depth.FULL) == connector.read([raw], Depth.FULL)
