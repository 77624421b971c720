import pytest

from payproof.documents.reading import Reading
from payproof.documents.statement import read_file
from tests.documents.csv_dialects import DIALECTS, Dialect
from tests.documents.more_dialects import MORE_DIALECTS


@pytest.mark.parametrize("dialect", DIALECTS + MORE_DIALECTS, ids=lambda dialect: dialect.name.split(":")[0])
def test_each_dialect_says_what_it_says(dialect: Dialect) -> None:
    found = read_file(dialect.text.encode("utf-8"), {})
    assert isinstance(found, Reading), found
    (statement,) = found.statements
    rows = sorted((str(p.on), str(p.amount), p.payee) for p in statement.postings)
    assert rows == sorted(dialect.rows)
    assert statement.currency == dialect.currency
    assert (str(statement.balance) if statement.balance is not None else None) == dialect.balance
    assert statement.account_id == dialect.account
