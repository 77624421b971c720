"""The directory as a newcomer and an operator meet it: found, connected to, imported into."""

import json
from pathlib import Path
from typing import Any

from payproof.testing.client import Client
from tests.stories.server import Dev, running

FILE = """kind,id,name,domain,provider_id,data_source
company,,Quite Unheard Of Ltd,unheard.example,my_payroll,
provider,my_payroll,My Own Payroll,,,payroll
"""


def _json(dev: Dev, *arguments: str, code: int = 0) -> Any:
    ended = dev.run(*arguments, "--json")
    assert ended.code == code, ended.stderr
    return json.loads(ended.stdout)


async def test_an_employer_is_found_connected_and_named_by_its_link(dev: Dev, client: Client) -> None:
    first = (await client.get("/v1/company-mappings-search/", query="Home Dep", product_type="income"))[0]
    assert (first["name"], first["success_rate"], first["mapping_status"]) == ("Home Depot", "high", "verified")
    async with await client.open_widget(company_mapping_id=first["company_mapping_id"]) as widget:
        await widget.until(await widget.sign_in("goodlogin", "goodpassword"))
        finished = await widget.finish()
    assert finished["employer"] == {"name": "Home Depot"}
    link = await client.get(f"/v1/links/{finished['link_id']}/")
    assert link["company_mapping"]["id"] == first["company_mapping_id"]
    assert link["provider"]["id"] == "truv"


def test_a_provider_without_a_connector_ends_not_supported(dev: Dev) -> None:
    ended = _json(dev, "connect", "--provider", "adp", "--username", "ada", "--password", "secret", code=4)
    assert (ended["status"], ended["public_token"]) == ("not_supported", None)
    assert "not available" in ended["error_message"]


def test_the_directory_is_searched_on_the_command_line(dev: Dev) -> None:
    assert _json(dev, "directory", "search", "wallmart")[0]["name"] == "Walmart"
    assert _json(dev, "directory", "search", "chase", "--providers")["results"][0]["id"] == "chase"
    shown = dev.run("directory", "search", "low coverage")
    assert "low.example" in shown.stdout


def test_an_operators_own_rows_stay(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "mine.csv"
    file.write_text(FILE + "company,,,,,\n,,?,,,\n")
    with running(data, "--port", "0") as dev:
        refused = dev.run("directory", "import", str(file))
        assert refused.code == 1
        assert "stop that process first" in refused.stderr
        dev.end()
        bad = dev.run("directory", "import", str(file))
        assert (bad.code, bad.stdout) == (1, "")
        assert bad.stderr.splitlines() == [
            f"{file}:4: name is missing",
            f"{file}:5: name has no letter and no digit",
            f"payproof: 2 lines are wrong: nothing of {file} was imported",
        ]
        file.write_text(FILE)
        tried = _json(dev, "directory", "import", str(file), "--dry-run")
        assert tried == {"companies": 1, "providers": 1, "dry_run": True}
        assert dev.run("directory", "import", str(tmp_path / "none.csv")).code == 1
    with running(data) as dev:
        assert "Quite Unheard Of Ltd" not in dev.run("directory", "search", "unheard").stdout
        dev.end()
        assert _json(dev, "directory", "import", str(file)) == tried | {"dry_run": False}
    with running(data) as dev:
        found = _json(dev, "directory", "search", "unheard")[0]
        assert (found["name"], found["success_rate"]) == ("Quite Unheard Of Ltd", "high")
        assert _json(dev, "directory", "search", "my own payroll", "--providers")["results"][0]["id"] == "my_payroll"
