"""The planted secrets, and a morning in which all of them come by."""

import asyncio
from typing import Any

import httpx2

from tests.kill.caller import Caller
from tests.kill.person import Person, Story
from tests.kill.programs import CLIENT_ID, SECRET
from tests.kill.script import Script
from tests.kill.stage import Stage

PASSWORD = 'Kanari"en\\vögel 4711/x'
RIGHT_PASSWORD = "goodpassword"
CODE = "7391846205"
SSN = "521830947"
ACCOUNT_NUMBER = "9081726354"
FITID = "FIT-5550199-Zebra"
MEMO = "Ocelot rescue, thank you"

PLANTED = {
    "password": PASSWORD,
    "right password": RIGHT_PASSWORD,
    "code": CODE,
    "ssn": SSN,
    "ssn with dashes": f"{SSN[:3]}-{SSN[3:5]}-{SSN[5:]}",
    "the portal's ssn": "991-91-9991",
    "account number": ACCOUNT_NUMBER,
    "FITID": FITID,
    "memo": MEMO,
    "access secret": SECRET,
}

_DONE = ("new", "login", "parse", "full_parse", "done")
_HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n\n"


def _ofx(amount: str) -> bytes:
    return (
        f"{_HEAD}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20250701<LANGUAGE>ENG"
        "</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>"
        f"<CURDEF>USD<BANKACCTFROM><BANKID>011000015<ACCTID>{ACCOUNT_NUMBER}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        "<BANKTRANLIST><DTSTART>20250101<DTEND>20250630<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20250103"
        f"<TRNAMT>{amount}<FITID>{FITID}<NAME>ZOO<MEMO>{MEMO}</STMTTRN></BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>1500.25<DTASOF>20250630</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def _csv() -> bytes:
    """The order of its dates is ambiguous, so its rows are shown to the person."""
    row = f"03/04/2025;-12.50;{MEMO} {ACCOUNT_NUMBER} {FITID}\n"
    return f"Date;Amount;Description\n{row}{row.replace('12.50', '13.50')}".encode()


SCRIPTS = (
    Script(username="goodlogin", password=RIGHT_PASSWORD, path=_DONE),
    Script(username="goodlogin", password=PASSWORD, path=("new", "login", "login_error")),
    Script(username="goodlogin", password="mfa", answers={"code": CODE}, path=("new", "login", "mfa", "mfa_error")),
    Script(provider="statement_file", product="transactions", file=_ofx("-12.50"), path=_DONE),
    Script(provider="statement_file", product="assets", file=_ofx("-12.x0"), path=("new", "login", "config_error")),
)


class Morning:
    """People connect, a client reads, and everybody makes mistakes; `errors` is what was said to them.

    `kept` is what the server shows of their calls afterwards.
    """

    def __init__(self, stage: Stage) -> None:
        self._caller = Caller(stage.url)
        self._people = Person(self._caller)
        self._url = stage.url
        self.errors = ""
        self.users: list[str] = []
        self.kept = b""

    async def pass_by(self, witness_url: str) -> None:
        wish = {"name": "witness", "webhook_url": witness_url, "env_type": "sandbox"}
        await self._caller.post("/v1/webhooks/", wish)
        stories = [await self._people.arrive(script, await self._user()) for script in SCRIPTS]
        await asyncio.gather(*(self._people.connect(story) for story in stories))
        assert [story.status for story in stories] == [story.script.ending for story in stories]
        self.errors += "\n".join(str(story.message) for story in stories)
        await self._read(stories)
        await self._ask_about_columns()
        await self._err(stories[0])
        await self._look()
        await self._caller.close()

    async def _user(self) -> str:
        wish = {"external_user_id": "canary", "ssn": SSN, "first_name": "Ada"}
        self.users.append(str((await self._caller.post("/v1/users/", wish))["id"]))
        return self.users[-1]

    async def leave(self) -> None:
        """Everybody is deleted."""
        keys = {"X-Access-Client-Id": CLIENT_ID, "X-Access-Secret": SECRET}
        async with httpx2.AsyncClient(base_url=self._url, headers=keys) as client:
            for user_id in self.users:
                assert (await client.delete(f"/v1/users/{user_id}/")).status_code == 204

    async def _read(self, stories: list[Story]) -> None:
        """Whatever is made on reading is made now. What is read is the client's and may show its facts."""
        for story in stories:
            if story.link_id and story.status == "done":
                paths = ("accounts/", "transactions/") if story.script.file else ("income/report/",)
                for path in paths:
                    await self._caller.get(f"/v1/links/{story.link_id}/{path}")

    async def _ask_about_columns(self) -> None:
        """A question that shows the file's rows stays open."""
        story = await self._people.arrive(
            Script(provider="statement_file", product="transactions", file=_csv(), path=()), await self._user()
        )
        waiting = asyncio.create_task(self._people.connect(story))
        for _ in range(600):
            if story.status == "mfa":
                break
            await asyncio.sleep(0.05)
        assert story.status == "mfa", story.status
        waiting.cancel()

    async def _look(self) -> None:
        keys = {"X-Access-Client-Id": CLIENT_ID, "X-Access-Secret": SECRET}
        async with httpx2.AsyncClient(base_url=self._url) as client:
            shown = await client.get("/v1/sandbox/requests/?page_size=500", headers=keys)
        assert shown.status_code == 200, shown.text
        self.kept = shown.content

    async def _err(self, story: Story) -> None:
        """Calls that are refused, full of what must not be repeated."""
        bearer = {"Authorization": f"Bearer {story.session_id}"}
        told: dict[str, Any] = {"ssn": [SSN], "first_name": {PASSWORD: CODE}, PASSWORD: ACCOUNT_NUMBER}
        async with httpx2.AsyncClient(base_url=self._url) as client:
            keys = {"X-Access-Client-Id": CLIENT_ID, "X-Access-Secret": SECRET}
            calls = [
                await client.post("/v1/users/", json=told, headers=keys),
                await client.post("/v1/users/", content=f'{{"ssn": "{SSN}", {PASSWORD}', headers=keys),
                await client.post("/v1/users/", json=told, headers={"X-Access-Client-Id": SECRET}),
                await client.get(f"/v1/{ACCOUNT_NUMBER}/{FITID}", headers=keys),
                await client.get(f"/v1/tasks/{SSN}/?status={SSN}", headers=keys),
                await client.get(f"/v1/tasks/?status={SSN}&page_size={ACCOUNT_NUMBER}", headers=keys),
                await client.post("/bridge/v1/sessions/", json={"bridge_token": PASSWORD}),
                await client.post(
                    f"/bridge/v1/attempts/{story.task_id}/answers/",
                    json={"answers": {"answer": CODE, PASSWORD: SSN}, "question_id": FITID},
                    headers=bearer,
                ),
                await client.post(
                    f"/bridge/v1/sessions/{story.session_id}/attempts/",
                    json={"provider_id": "truv", "answers": {"username": "x", PASSWORD: CODE, "password": [SSN]}},
                ),
                await client.post(
                    f"/bridge/v1/attempts/{story.task_id}/files/",
                    files={"file": (f"{ACCOUNT_NUMBER}.ofx", _ofx("1"), "text/plain")},
                    headers=bearer,
                ),
            ]
        assert all(400 <= call.status_code < 500 for call in calls), [call.status_code for call in calls]
        self.errors += "\n".join(call.text for call in calls)
