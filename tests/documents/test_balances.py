# ruff: noqa: E501
"""Balances that a bank prints outside of its table, in the words of many languages."""

from datetime import date
from decimal import Decimal

import pytest

from tests.documents.opened import statement

_ROWS = "Datum;Text;Betrag\n15.04.2026;Laden;-1,00\n16.04.2026;Lohn;2,00\n"


@pytest.mark.parametrize(
    ("line", "balance", "as_of"),
    [
        ("Kontostand vom 05.05.2026:;2.830,50 €", "2830.50", date(2026, 5, 5)),
        ("Saldo vom 05.05.2026:;-35,76 EUR", "-35.76", date(2026, 5, 5)),
        ("Neuer Kontostand;334,78 EUR;", "334.78", None),
        ("Solde au 04/10/2026 1250,40 €", "1250.40", date(2026, 10, 4)),
        ("Solde débiteur au 04/10/2026 : 12,00", "-12.00", date(2026, 10, 4)),
        ("Saldo contabile al: 30/09/2026;;1.250,40", "1250.40", date(2026, 9, 30)),
        ("Closing balance on 30 Sep 2026;1,250.40", "1250.40", date(2026, 9, 30)),
        ("Ending balance as of 30/09/2026;;1,250.40", "1250.40", date(2026, 9, 30)),
        ("Saldo actual a 31/12/2026:;1.250,40 EUR", "1250.40", date(2026, 12, 31)),
        ("Saldo em 31/12/2026;R$ 1.250,40", "1250.40", date(2026, 12, 31)),
        ("Eindsaldo per 31-12-2026;1.250,40", "1250.40", date(2026, 12, 31)),
        ("Datum;05.05.2026\nSaldo (EUR);7,00", "7.00", date(2026, 5, 5)),
        ("Alter Kontostand;334,78 EUR;", None, None),
        ("Saldo Sparziel;334,78 EUR;", None, None),
        ("Saldo inicial a 01/12/2026;5,00", None, None),
        ("Saldo;1,00;2,00", None, None),
    ],
)
def test_a_labelled_balance_counts(line: str, balance: str | None, as_of: date | None) -> None:
    for text in (f"{line}\n\n{_ROWS}", f"{_ROWS}{line}\n"):
        if line.startswith(("Datum", "Saldo Sparziel")) and text.startswith("Datum;Text"):
            continue
        found = statement(text)
        assert (found.balance, found.balance_as_of) == (Decimal(balance) if balance else None, as_of), text
        assert len(found.postings) == 2


def test_the_closing_one_of_several_and_what_is_available() -> None:
    found = statement(
        "Saldo iniziale al 01/09/2026;5,00\nSaldo contabile al 30/09/2026;10,00\nSaldo disponibile al 30/09/2026;8,00\n\n"
        "Data;Descrizione;Importo\n15/09/2026;Spesa;-1,00\n16/09/2026;Stipendio;6,00\n"
    )
    assert (found.balance, found.available) == (Decimal("10.00"), Decimal("8.00"))


def test_two_closing_balances_of_one_day_contradict() -> None:
    found = statement(f"Saldo vom 30.04.2026;5,00\nKontostand vom 30.04.2026;6,00\n\n{_ROWS}")
    assert found.balance is None
    assert "balances_contradict" in found.notes


def test_a_later_balance_outside_is_newer_than_that_of_the_rows() -> None:
    rows = "Datum;Text;Betrag;Saldo\n15.04.2026;Laden;-1,00;9,00\n16.04.2026;Lohn;2,00;11,00\n"
    later = statement(f"Kontostand vom 20.04.2026;50,00\n\n{rows}")
    assert (later.balance, later.balance_as_of) == (Decimal("50.00"), date(2026, 4, 20))
    undated = statement(f"Kontostand;50,00\n\n{rows}")
    assert (undated.balance, undated.balance_as_of) == (Decimal("11.00"), date(2026, 4, 16))


def test_another_currency_is_not_ours() -> None:
    found = statement(
        "Solde (EUROS);14,50\nSolde (USD);96,09\n\nDate;Libellé;Montant(EUROS)\n30/09/2026;Achat;-25,50\n27/09/2026;Paie;40,00\n"
    )
    assert (found.balance, found.currency) == (Decimal("14.50"), "EUR")


def test_balance_rows_inside_the_table_are_told_apart() -> None:
    found = statement(
        '"Data";"Lançamento";"Documento";"Valor"\n"28/02/2026";"Saldo Anterior";"0";"1.000,00"\n"13/03/2026";"Pix";"1";"150,10"\n'
        '"00/00/0000";"Saldo do dia";"";""\n"31/03/2026";"S A L D O";"";"1.150,10"\n'
    )
    assert [str(p.amount) for p in found.postings] == ["150.10"]
    assert (found.balance, found.balance_as_of) == (Decimal("1150.10"), date(2026, 3, 31))
    assert found.notes == ["rows_of_totals_left_out"]


def test_a_balance_alone_under_its_title() -> None:
    found = statement(
        "Username,ID,Datetime,Note,Amount (total),Beginning Balance,Ending Balance,Disclaimer\nme,,,,,$0,,\n"
        ",1,2026-01-01T13:00:00,Lunch,- $3.01,,,\n,2,2026-01-02T13:00:00,Rent,+ $50.00,,,\n,,,,,,$46.99,\n,,,,,,,Call us\n"
    )
    assert [str(p.amount) for p in found.postings] == ["-3.01", "50.00"]
    assert (found.balance, found.balance_as_of) == (Decimal("46.99"), None)


def test_days_of_balance_rows_prove_the_order() -> None:
    found = statement(
        "Data,Histórico,Valor\n10/31/2026,Saldo Anterior,100.00\n11/01/2026,Pix,5.00\n11/02/2026,Luz,-1.00\n"
    )
    assert [str(p.on) for p in found.postings] == ["2026-11-01", "2026-11-02"]


def test_the_balance_of_the_whole_file_repeated_in_every_row_has_no_day() -> None:
    found = statement("date,item,amount,final_balance\n2026-11-02,A,15.00,10.00\n2026-11-10,B,-5.00,10.00\n")
    assert (found.balance, found.balance_as_of) == (Decimal("10.00"), None)


def test_a_small_table_of_balances_above() -> None:
    found = statement(f"Saldo inicial;Abonos;Saldo final\n5,00;1,00;6,00\n\n{_ROWS}")
    assert (found.balance, found.balance_as_of) == (Decimal("6.00"), None)


def test_names_and_settlements_that_are_words_of_balances_are_postings() -> None:
    shops = statement("Date,Description,Amount\n01/14/2026,NEW BALANCE,-89.99\n01/13/2026,PAY,500.00\n")
    assert [str(p.amount) for p in shops.postings] == ["-89.99", "500.00"]
    settled = statement(
        "Data;Descrizione;Importo\n14/01/2026;Spesa;-89,99\n13/01/2026;SALDO;-10,00\n12/01/2026;Paga;500,00\n"
    )
    assert [str(p.amount) for p in settled.postings] == ["-89.99", "-10.00", "500.00"]


def test_the_day_of_a_balance_on_a_line_of_its_own() -> None:
    found = statement(f"Laatste saldo;90,00 EUR\nDatum/uur van het laatste saldo;30/04/2026 09:31:28\n\n{_ROWS}")
    assert (found.balance, found.balance_as_of) == (Decimal("90.00"), date(2026, 4, 30))
