"""Which link a file joins, and what is told twice."""

from typing import Any

import pytest

from payproof.testing.client import Client

HEADER = "Date,Description,Amount,Currency\n"
ROWS = [f"2026-03-{day:02},Shop {day},-{day}.50,EUR\n" for day in range(1, 21)]


def ofx(*postings: str, account: str = "0001234567", balance: str = "100.00") -> bytes:
    """A statement with these postings, each `day amount id payee`."""
    rows = []
    for posting in postings:
        day, amount, fitid, payee = posting.split(" ", 3)
        row = f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{fitid}<NAME>{payee}</STMTTRN>"
        rows.append(row)
    return f"""OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>99<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>
{"".join(rows)}</BANKTRANLIST><LEDGERBAL><BALAMT>{balance}<DTASOF>20260401</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>""".encode()


async def upload(client: Client, user: str, access_token: str | None = None, **files: bytes) -> dict[str, Any]:
    """The task of one upload, ended; keyword `bank_ofx` is the file `bank.ofx`."""
    named = {name.replace("_", "."): body for name, body in files.items()}
    async with await client.open_widget(user, "transactions", access_token=access_token) as widget:
        attempt = await widget.hand_over(await widget.start("statement_file"), named)
        await widget.until(attempt)
    return await client.task(attempt["id"])


async def count(client: Client, link_id: str) -> int:
    return int((await client.get(f"/v1/links/{link_id}/transactions/"))["count"])


async def accounts(client: Client, link_id: str) -> int:
    return int((await client.get(f"/v1/links/{link_id}/accounts/"))["count"])


@pytest.fixture
async def user(client: Client) -> str:
    return await client.new_user()


async def test_a_later_file_of_the_same_account_joins_its_link_and_adds_what_is_new(client: Client, user: str) -> None:
    first = await upload(client, user, bank_ofx=ofx("20260301 -5.00 A Coffee", "20260302 -6.00 B Bread"))
    second = await upload(client, user, bank_ofx=ofx("20260302 -6.00 B Bread", "20260303 -7.00 C Milk"))
    assert (first["status"], second["status"]) == ("done", "done")
    assert second["link_id"] == first["link_id"]
    assert await count(client, first["link_id"]) == 3
    assert await accounts(client, first["link_id"]) == 1


async def test_a_link_of_files_is_not_refreshed_but_takes_what_the_person_adds(client: Client, user: str) -> None:
    first = await upload(client, user, bank_ofx=ofx("20260301 -5.00 A Coffee"))
    (held,) = (await client.get(f"/v1/links/?user_id={user}"))["results"]
    refused = await client.call("POST", "/v1/refresh/tasks/", {"access_token": held["access_token"]})
    assert refused.status == 400
    (problem,) = refused.body["error"]["extra"]["invalid-params"]
    assert problem["field"] == "access_token"
    assert "nothing to sign in to" in problem["message"]
    other = ofx("20260302 -6.00 B Bread", account="0007654321")
    second = await upload(client, user, held["access_token"], bank_ofx=other)
    assert second["link_id"] == first["link_id"] == held["id"]
    assert await accounts(client, held["id"]) == 2


async def test_the_same_posting_in_another_format_is_not_told_twice(client: Client, user: str) -> None:
    table = "Date,Description,Amount,Currency,Account\n2026-03-01,Coffee,-5.00,EUR,99-0001234567\n"
    first = await upload(client, user, bank_csv=table.encode())
    statement = ofx("20260301 -5.00 A COFFEE", "20260301 -5.00 B Coffee", account="990001234567")
    second = await upload(client, user, bank_ofx=statement.replace(b"<BANKID>99", b"<BANKID>"))
    assert second["link_id"] == first["link_id"], (first, second)
    assert await count(client, first["link_id"]) == 2, "one of the two coffees is the table's, the other is new"


async def test_two_postings_with_ids_of_their_own_are_two(client: Client, user: str) -> None:
    first = await upload(client, user, bank_ofx=ofx("20260301 -5.00 A Coffee"))
    second = await upload(client, user, bank_ofx=ofx("20260301 -5.00 Z Coffee"))
    assert second["link_id"] == first["link_id"]
    assert await count(client, first["link_id"]) == 2


async def test_other_accounts_are_another_link(client: Client, user: str) -> None:
    first = await upload(client, user, bank_ofx=ofx("20260301 -5.00 A Coffee"))
    second = await upload(client, user, bank_ofx=ofx("20260301 -5.00 A Coffee", account="0009999999"))
    assert second["link_id"] != first["link_id"]


async def test_two_people_never_share_a_link(client: Client) -> None:
    one, other = await client.new_user(), await client.new_user()
    first = await upload(client, one, bank_ofx=ofx("20260301 -5.00 A Coffee"))
    second = await upload(client, other, bank_ofx=ofx("20260301 -5.00 A Coffee"))
    assert second["link_id"] != first["link_id"]


async def test_a_table_without_an_account_joins_by_its_rows(client: Client, user: str) -> None:
    first = await upload(client, user, a_csv=(HEADER + "".join(ROWS[:19])).encode())
    again = await upload(client, user, b_csv=(HEADER + "".join(ROWS)).encode())
    assert again["link_id"] == first["link_id"]
    assert await count(client, first["link_id"]) == 20
    assert await accounts(client, first["link_id"]) == 1


async def test_the_same_header_over_other_rows_is_another_link(client: Client, user: str) -> None:
    first = await upload(client, user, a_csv=(HEADER + "".join(ROWS)).encode())
    other = [row.replace("Shop", "Store") for row in ROWS]
    second = await upload(client, user, b_csv=(HEADER + "".join(other)).encode())
    third = await upload(client, user, c_csv=(HEADER + "".join(other)).encode())
    assert second["link_id"] != first["link_id"]
    assert third["link_id"] == second["link_id"]
    assert await count(client, second["link_id"]) == 20


async def test_a_file_that_cannot_be_read_leaves_no_link(client: Client, user: str) -> None:
    ended = await upload(client, user, a_ofx=b"not a statement at all")
    assert ended["status"] == "config_error"
    assert "a.ofx" in ended["error_message"]
    assert ended["link_id"] is None
    assert (await client.get(f"/v1/links/?user_id={user}"))["count"] == 0


async def test_income_from_a_file_says_what_to_ask_for(client: Client, user: str) -> None:
    async with await client.open_widget(user, "income") as widget:
        attempt = await widget.hand_over(await widget.start("statement_file"), {"a.ofx": ofx("20260301 -5.00 A x")})
        ended = await widget.until(attempt)
    assert ended["status"] == "not_supported"
    assert "transactions or assets" in ended["error_message"]


async def test_a_long_file_is_kept_whole_and_once(client: Client, user: str) -> None:
    postings = [f"2025{1 + n % 12:02}{1 + n % 28:02} -{n}.25 F{n} Shop {n % 7}" for n in range(4500)]
    first = await upload(client, user, bank_ofx=ofx(*postings))
    assert await count(client, first["link_id"]) == 4500
    again = await upload(client, user, bank_ofx=ofx(*postings, "20260101 -1.00 X Shop"))
    assert again["link_id"] == first["link_id"]
    assert await count(client, first["link_id"]) == 4501
