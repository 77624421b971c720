# ruff: noqa: E501
"""Which way money went: printed signs, words beside them, and when only the person can tell."""

import time
from decimal import Decimal

import pytest

from payproof.documents.reading import Reading, Unreadable
from payproof.documents.statement import read_file
from tests.documents.opened import amounts, doubts, statement


def test_one_word_against_its_sign_turns_nothing() -> None:
    returned = "Buchungstag;Buchungsart;Verwendungszweck;Betrag\n15.09.2026;Lastschrift;Rückgabe Strom;80,00\n14.09.2026;Kartenzahlung;Markt;-20,00\n"
    assert amounts(returned) == ["80.00", "-20.00"]
    settled = "Belegdatum;Wertstellung;Beschreibung;Umsatztyp;Betrag\n22.09.26;23.09.26;Ausgleich;Lastschrift;77,23\n21.09.26;21.09.26;Laden;Online;-9,00\n"
    assert amounts(settled) == ["77.23", "-9.00"]


def test_both_directions_told_against_their_signs_in_several_rows_turn_them() -> None:
    text = "Date,Description,Type,Amount\n2026-01-03,Shop,Debit,5.00\n2026-01-04,Shop,Debit,6.00\n2026-01-05,Refund,Credit,-6.00\n"
    assert amounts(text) == ["-5.00", "-6.00", "6.00"]
    assert statement(text).notes == ["direction_from_types"]


@pytest.mark.parametrize("credit", ["-500.00", "500.00"])
def test_a_minus_throughout_a_credit_column_is_style(credit: str) -> None:
    text = (
        f"Status,Date,Description,Debit,Credit\nCleared,09/28/2026,RIDE,24.50,\nCleared,09/25/2026,PAYMENT,,{credit}\n"
    )
    assert amounts(text) == ["-24.50", "500.00"]


def test_a_card_whose_minus_are_payments_is_asked_about() -> None:
    text = (
        "date,title,amount\n2026-03-01,Padaria,150.00\n2026-03-02,Taxi,25.90\n2026-03-05,Pagamento recebido,-400.00\n"
    )
    assert doubts(text) == ["sign"]
    assert amounts(text, {"sign": "out"}) == ["-150.00", "-25.90", "400.00"]


def test_a_list_without_any_sign_is_asked_about() -> None:
    text = "Date,Description,Amount\n2026-03-01,A,1.50\n2026-03-02,B,2.50\n2026-03-03,C,3.50\n"
    assert doubts(text) == ["sign"]
    assert amounts(text.replace("1.50", "+1.50")) == ["1.50", "2.50", "3.50"]


def test_ordinary_accounts_with_a_refund_are_not_asked_about() -> None:
    text = "Date,Description,Amount\n2026-03-01,Wages,1500.00\n2026-03-02,Interest,2.50\n2026-03-03,Rent,-700.00\n"
    assert amounts(text) == ["1500.00", "2.50", "-700.00"]


def test_trades_without_signs_are_refused() -> None:
    text = "Timestamp,Transaction Type,Asset,Quantity Transacted,Currency,Total,Notes\n2026-09-28 10:00:00 UTC,Buy,BTC,0.001,USD,61.49,a\n2026-09-20 10:00:00 UTC,Sell,BTC,0.002,USD,120.00,b\n"
    with pytest.raises(Unreadable, match="lists trades"):
        read_file(text.encode(), {})


def test_rows_that_were_not_approved_move_no_cash() -> None:
    text = "date,name,state,amount\n2026-07-24,Bar,APPROVED,-2.40\n2026-07-23,Shop,NOT APPROVED,-5.00\n"
    spent, declined = statement(text).postings
    assert (spent.amount, declined.amount, declined.moved) == (Decimal("-2.40"), Decimal(0), False)
    assert declined.evidence["amount"] == "-5.00"


def test_rows_of_one_moment_that_fit_in_both_orders_have_no_closing_balance() -> None:
    text = "Date,Name,Amount,Balance\n2026-12-31,Out,-12.34,0.00\n2026-12-31,In,12.34,12.34\n"
    found = statement(text)
    assert (found.balance, found.notes) == (None, ["closing_balance_unclear"])


# Whose account


def test_each_number_beside_its_name_is_an_account_of_ours() -> None:
    text = "Run Date,Account,Account Number,Action,Amount\n12/13/2026,Retirement,111111111,DIVIDEND,7.00\n12/13/2026,529,555555555,OUT,-9.00\n12/13/2026,Health,222222222,DIVIDEND,1.00\n"
    found = read_file(text.encode(), {})
    assert isinstance(found, Reading)
    told = [(s.account_id, s.nickname, len(s.postings)) for s in found.statements]
    assert told == [("111111111", "Retirement", 1), ("555555555", "529", 1), ("222222222", "Health", 1)]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Kontonummer:;DE02120300000000202051 / Girokonto", "DE02120300000000202051"),
        ("Kreditkarte:;4998********1234 Kreditkarte", "4998********1234"),
        ("Karte;Visa Kreditkarte;4930 •••• •••• 1234", "4930 •••• •••• 1234"),
        ("Conto corrente n. 001234567890;;", "001234567890"),
        ("Compte de Dépôt carte n° 12345678901;", "12345678901"),
        ("HISTÓRICO DE CONTA NÚMERO 45612345678;;", "45612345678"),
        ("Account;Everyday 501-123456-001", "501-123456-001"),
        ("Account holder: Mia, 5551234567;", None),
        ("Personal Account;Customer number: 123 1234567", None),
        ("Umsätze Girokonto;Zeitraum: 01.01.2026 - 31.01.2026", None),
        ("Account balance;1234567.00", None),
    ],
)
def test_the_number_inside_a_line_above_the_table(line: str, number: str | None) -> None:
    found = statement(f"{line}\n\nDatum;Text;Betrag\n15.01.2026;Laden;-1,00\n16.01.2026;Lohn;2,00\n")
    assert found.account_id == number


def test_balances_give_unsigned_amounts_their_direction() -> None:
    text = "Date,Description,Amount,Balance\n2026-01-12,Boss,100.00,100.00\n2026-01-13,Shop,10.00,90.00\n2026-01-14,Cafe,5.00,85.00\n2026-01-15,Refund,2.00,87.00\n"
    assert amounts(text) == ["100.00", "-10.00", "-5.00", "2.00"]


def test_an_answer_does_not_overrule_the_words_beside_an_amount() -> None:
    text = "Date,Description,Type,Amount\n2026-01-12,Boss,Credit,100.00\n2026-01-13,Shop,Card,10.00\n2026-01-14,Cafe,Card,5.00\n"
    assert doubts(text) == ["sign"]
    assert amounts(text, {"sign": "out"}) == ["100.00", "-10.00", "-5.00"]


@pytest.mark.parametrize("sign", ["*", "x", "1 ", "11-", "A1 ", ".", "… "])
def test_long_lines_of_marks_are_looked_through_in_no_time(sign: str) -> None:
    begun = time.process_time()
    statement(f"Konto {sign * 5000},;\n\nDatum;Text;Betrag\n15.01.2026;Laden;-1,00\n16.01.2026;Lohn;2,00\n")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Amount,Balance\n01/14/2026,Shop,10.00,110.00\n01/13/2026,PAYMENT THANK YOU,-50.00,100.00\n",
        "Date,Description,Card Member,Amount\n01/14/2026,SHOP,MIA,10.00\n01/13/2026,ONLINE PAYMENT - THANK YOU,MIA,-50.00\n",
        "data;lançamento;valor\n14/01/2026;LOJA;10,00\n13/01/2026;PAGAMENTO EFETUADO;-50,00\n12/01/2026;MERCADO;5,00\n",
    ],
)
def test_thanks_for_a_payment_beside_a_minus_are_asked_about(text: str) -> None:
    assert doubts(text) == ["sign"]
