# ruff: noqa: E501
"""Rows that are no plain postings, columns that must not be asked about, and several tables in one file."""

import pytest

from payproof.documents.reading import Reading, Unreadable
from payproof.documents.statement import read_file
from tests.documents.opened import amounts, doubts, statement


def test_pending_in_place_of_a_day_is_left_out_and_said() -> None:
    found = statement(
        "Date Processed,Description,Amount\nPending,Cafe,-3.00\n12-Dec-2026,Shop,-4.00\n11-Dec-2026,Pay,9.00\n"
    )
    assert [str(p.amount) for p in found.postings] == ["-4.00", "9.00"]
    assert found.notes == ["pending_rows_left_out"]


def test_the_day_of_booking_before_the_day_for_which_it_counts() -> None:
    found = statement("Date,Action,Amount\n04/17/2026 as of 04/15/2026,Interest,$0.03\n04/18/2026,Fee,-$1.00\n")
    assert [str(p.on) for p in found.postings] == ["2026-04-17", "2026-04-18"]


def test_shares_without_an_amount_move_no_cash() -> None:
    found = statement(
        "Date,Action,Description,Quantity,Amount\n04/18/2026,Stock Plan Activity,ACME,300,\n04/17/2026,Sell,ACME,100,$26.00\n04/16/2026,Journal,Out,,-$5.00\nTransactions Total,,,,$21.00\n"
    )
    assert [(str(p.amount), p.moved) for p in found.postings] == [("0", False), ("26.00", True), ("-5.00", True)]


def test_further_lines_belong_to_the_text_above() -> None:
    found = statement(
        "Transaction date,Value date,Description,Withdrawals,Deposits\n18/04/2026,18/04/2026,DEBIT PURCHASE,7.90,\n,,HAWKER CENTRE\n17/04/2026,17/04/2026,SALARY,,10.00\n"
    )
    assert [p.payee for p in found.postings] == ["DEBIT PURCHASE HAWKER CENTRE", "SALARY"]


def test_free_text_runs_on_into_columns_without_a_title() -> None:
    found = statement("Datum;Betrag;Buchungstext;Umsatztext\n2026-07-03;150,00;A;B;C\n2026-07-01;-1,00;D;E;F;G\n")
    assert [p.payee for p in found.postings] == ["A B C", "D E F G"]
    with pytest.raises(Unreadable, match="more columns"):
        read_file(b"Datum;Betrag;Text\n2026-07-03;150,00;A;B;7,50\n2026-07-01;-1,00;D\n", {})


def test_headings_between_the_rows_are_no_postings() -> None:
    found = statement(
        '"Date","Type","Description","Amount"\n"Posted Transactions"\n"07/30/2026","A","B","-3.00"\n"07/29/2026","A","C","4.00"\n'
    )
    assert [str(p.amount) for p in found.postings] == ["-3.00", "4.00"]
    assert found.notes == ["lines_of_text_left_out"]


@pytest.mark.parametrize("day", ["24 lug 2026. 02:59:45", "2026:07:24", "20260724120000[0:GMT]", "2026-07-24"])
def test_forms_of_days(day: str) -> None:
    found = statement(f"Date,Name,Amount\n{day},Bar,-2.40\n{day},Pay,3.00\n")
    assert {str(p.on) for p in found.postings} == {"2026-07-24"}


# What must not be asked


def test_a_day_with_and_without_its_time_is_one() -> None:
    text = "ID,Date,Date Time,Amount,Description\n1,24-08-2026,24-08-2026 13:43:54.496,-3.00,A\n2,23-08-2026,23-08-2026 13:43:54.496,4.00,B\n"
    assert amounts(text) == ["-3.00", "4.00"]


def test_directions_under_an_unknown_title() -> None:
    text = "Boekdatum;Richting;Bedrag;Omschrijving\n21-06-2026;D;827,75;A\n20-06-2026;C;5,00;B\n"
    assert amounts(text.replace("Richting", "Xyz")) == ["-827.75", "5.00"]


def test_of_two_columns_of_one_title_the_one_that_is_always_filled() -> None:
    text = "Belegdatum;Text;Fremdwährung;Betrag;Kurs;Betrag;Währung\n01.01.2026;A;;;;-12,34;EUR\n03.01.2026;B;USD;-99,00;1,10;-90,00;EUR\n"
    assert amounts(text) == ["-12.34", "-90.00"]


def test_a_zero_stands_for_nothing_where_balances_prove_it() -> None:
    text = "11/21/2026,0,Deposit,0,500.00,500.00\n11/22/2026,101,Check,100.00,0,400.00\n11/23/2026,102,Check,50.00,0,350.00\n"
    assert amounts(text) == ["500.00", "-100.00", "-50.00"]


def test_a_balance_before_each_row_proves_the_amounts_too() -> None:
    text = "17-06-2026,130.44,Winkel,-100.00\n18-06-2026,30.44,Loon,223.00\n25-06-2026,253.44,Huur,-3.44\n"
    found = statement(text)
    assert [str(p.amount) for p in found.postings] == ["-100.00", "223.00", "-3.44"]
    assert found.balance is None


def test_codes_and_account_numbers_are_offered_neither_as_amounts_nor_as_texts() -> None:
    text = '20261115,Winkel,Acc,T1,IC,Af,"136,13"\n20261112,Loon,NL28 INGB 1200 3244 16,21817,GT,Bij,"375,00"\n20261109,Huur,NL28 INGB 1200 3244 16,21817,GT,Af,"257,50"\n'
    assert amounts(text) == ["-136.13", "375.00", "-257.50"]


def test_cr_in_a_column_without_a_title() -> None:
    text = (
        "Date,Description,Amount,\n12-Dec-2026,Shop,£8.20,\n11-Dec-2026,Cafe,£2.00,\n02-Dec-2026,THANK YOU,£100.00,CR\n"
    )
    assert amounts(text) == ["-8.20", "-2.00", "100.00"]


def test_what_stays_open_is_asked() -> None:
    assert doubts("Date,Text,Amount\n01/02/2026,A,-1.00\n02/02/2026,B,2.00\n") == ["order"]


# Several tables


def test_tables_of_two_accounts_in_one_file() -> None:
    text = (
        "Konto;DE02120300000000202051\nSaldo vom 31.03.2026;5,00 EUR\n\nBuchungstag;Text;Betrag\n30.03.2026;A;-1,00\n\n"
        "Kreditkarte;4998********1234\nSaldo vom 30.03.2026;-7,00 EUR\n\nBuchungstag;Belegdatum;Text;Betrag;Saldo\n29.03.2026;28.03.2026;B;-7,00;-7,00\n"
    )
    found = read_file(text.encode(), {})
    assert isinstance(found, Reading)
    told = [(s.account_id, str(s.balance), [str(p.amount) for p in s.postings]) for s in found.statements]
    assert told == [("DE02120300000000202051", "5.00", ["-1.00"]), ("4998********1234", "-7.00", ["-7.00"])]


def test_the_header_again_for_another_account_begins_another_statement() -> None:
    text = (
        "Account Number: 11112222\nDate,Description,Amount\n30/03/2026,A,-1.00\n29/03/2026,C,3.00\n"
        "Account Number: 33334444\nDate,Description,Amount\n29/03/2026,B,-7.00\n"
    )
    found = read_file(text.encode(), {})
    assert isinstance(found, Reading)
    assert [(s.account_id, len(s.postings)) for s in found.statements] == [("11112222", 2), ("33334444", 1)]


def test_a_further_table_of_nobody_is_left_out_and_said() -> None:
    text = "Data;Histórico;Docto.;Valor\n05/03/2026;PIX;1;-2,00\n17/03/2026;LUZ;2;-3,00\n\nSaldos Invest\nData;Histórico;Valor\n17/03/2026;Aplicação;9,00\n"
    found = statement(text)
    assert [str(p.amount) for p in found.postings] == ["-2.00", "-3.00"]
    assert "second_table_left_out" in found.notes


def test_rows_under_a_heading_of_what_is_pending() -> None:
    text = '"Date","Type","Description","Amount"\n"Pending Transactions"\n"07/31/2026","A","B","-3.00"\n"Posted Transactions"\n"07/29/2026","A","C","4.00"\n'
    assert [p.status for p in statement(text).postings] == ["PENDING", "POSTED"]
    german = "Vorgemerkte Umsätze\nDatum;Text;Betrag\n31.07.2026;A;-3,00\n30.07.2026;B;4,00\n"
    assert [p.status for p in statement(german).postings] == ["PENDING", "PENDING"]
    booked = "Gebuchte Umsätze\nDatum;Text;Betrag\n31.07.2026;A;-3,00\n30.07.2026;B;4,00\n"
    assert [p.status for p in statement(booked).postings] == ["POSTED", "POSTED"]
