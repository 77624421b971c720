from payproof.normalise.words import LANGUAGES, cell_meanings, column_roles, direction, month_names, total_words


def test_every_language_has_twelve_months_and_words_for_what_is_needed() -> None:
    assert all(len(names) == 12 for names in month_names())
    assert len(LANGUAGES) == 7
    for words in (
        "posting date",
        "buchungstag",
        "fecha",
        "date operation",
        "data lancamento",
        "data contabile",
        "datum",
    ):
        assert column_roles()[words] & {"booked", "date"}, words
    for words in ("amount", "betrag", "importe", "montant", "valor", "importo", "bedrag"):
        assert "amount" in column_roles()[words]
    assert {"closing balance", "endsaldo", "saldo final", "solde"} <= total_words()


def test_no_word_is_both_a_debit_and_a_credit() -> None:
    for words, roles in column_roles().items():
        assert not {"debit", "credit"} <= roles, words
    for words, meanings in cell_meanings().items():
        assert not {"inward", "outward"} <= meanings, words


def test_directions() -> None:
    assert [direction(cell) for cell in ("CR", "Haben", "Bij", "abono", "+")] == [1] * 5
    assert [direction(cell) for cell in ("DR", "Soll", "Af", "cargo", "-", "MISC DEBIT")] == [-1] * 6
    assert [direction(cell) for cell in ("", "Card payment", "CREDIT CARD PAYMENT", "Sonstiges")] == [0] * 4
