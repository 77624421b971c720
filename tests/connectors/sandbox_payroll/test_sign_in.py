"""Every login of the portal and every way a sign-in ends."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from payproof.kit.connector import Depth
from payproof.kit.failure import AccountLocked, Failure, LoginRefused, MfaRefused, NoData
from payproof.model.question import Challenge, ChallengeKind, Wait
from payproof.model.task import TaskStatus
from tests.connectors.sandbox_payroll.visiting import Engine, Task, world

T = TypeVar("T")


def in_world(folder: Path, story: Callable[[Engine], Awaitable[T]]) -> T:
    async def run() -> T:
        async with world(folder) as (_, engine):
            return await story(engine)

    return asyncio.run(run())


def form(username: str, password: str, **more: str) -> dict[str, str]:
    return {"username": username, "password": password, **more}


@pytest.mark.parametrize(
    "username",
    [
        "goodlogin",
        "goodlogin@domain.com",
        "(111)111-1111",
        "goodlogin.tn1",
        "goodlogin.weekly",
        "fulltime",
        "hourly.part-time",
        "multiple.employments",
        "multiple.employments2",
        "firsttimeborrower",
        "person.17",
    ],
)
def test_signs_in_and_reads_everything(tmp_path: Path, username: str) -> None:
    async def story(engine: Engine) -> None:
        task = Task()
        assert await engine.login(task, form(username, "goodpassword")) is None
        raws = await engine.everything(task)
        assert raws == await engine.everything(task)
        assert len({raw.key for raw in raws}) == len(raws)

    in_world(tmp_path, story)


@pytest.mark.parametrize(
    ("password", "status", "message"),
    [
        ("login_error", TaskStatus.LOGIN_ERROR, "Invalid credentials provided"),
        ("account_locked", TaskStatus.ACCOUNT_LOCKED, "Your account is locked"),
        ("config_error", TaskStatus.CONFIG_ERROR, "Your organization is not set up"),
        ("unavailable", TaskStatus.UNAVAILABLE, "closed for maintenance"),
        ("unable_to_reset", TaskStatus.UNABLE_TO_RESET, "not possible to reset"),
        ("not_supported", TaskStatus.NOT_SUPPORTED, "does not offer"),
        ("error", TaskStatus.ERROR, "could not complete"),
        ("anything", TaskStatus.LOGIN_ERROR, "Invalid credentials provided"),
    ],
)
def test_ends_as_the_password_says(tmp_path: Path, password: str, status: TaskStatus, message: str) -> None:
    async def story(engine: Engine) -> None:
        with pytest.raises(Failure) as raised:
            await engine.login(Task(), form("error.user", password))
        assert raised.value.status is status
        assert message in raised.value.message

    in_world(tmp_path, story)


def test_no_data_is_found_out_after_the_sign_in(tmp_path: Path) -> None:
    async def story(engine: Engine) -> None:
        task = Task()
        assert await engine.login(task, form("error.user", "no_data")) is None
        with pytest.raises(NoData, match="no payroll records"):
            await engine.collect(task, Depth.BASIC)

    in_world(tmp_path, story)


@pytest.mark.parametrize(("user", "answer"), [("goodlogin", "12345"), ("goodlogin", "54321"), ("error.user", "12345")])
def test_a_code_opens_or_refuses(tmp_path: Path, user: str, answer: str) -> None:
    async def story(engine: Engine) -> None:
        task, signs = Task(), form(user, "mfa" if user == "goodlogin" else "mfa_error")
        asked = await engine.login(task, signs)
        assert isinstance(asked, Challenge)
        assert asked.kind is ChallengeKind.CODE
        assert await engine.login(task, signs, asked, None) == asked
        if (user, answer) == ("goodlogin", "12345"):
            assert await engine.login(task, signs, asked, answer) is None
            assert await engine.everything(task)
        else:
            with pytest.raises(MfaRefused, match="not correct"):
                await engine.login(task, signs, asked, answer)

    in_world(tmp_path, story)


def test_a_choice_leads_to_a_code(tmp_path: Path) -> None:
    async def story(engine: Engine) -> None:
        task, signs = Task(), form("goodlogin", "mfa_selection")
        asked = await engine.login(task, signs)
        assert isinstance(asked, Challenge)
        assert asked.kind is ChallengeKind.SELECTION
        assert [option.value for option in asked.options] == ["sms", "email"]
        code = await engine.login(task, signs, asked, "email")
        assert isinstance(code, Challenge)
        assert code.kind is ChallengeKind.CODE
        assert await engine.login(task, signs, code, "12345") is None

    in_world(tmp_path, story)


@pytest.mark.parametrize("answer", ["Rex", "rex ", "Fido"])
def test_a_security_question(tmp_path: Path, answer: str) -> None:
    async def story(engine: Engine) -> None:
        task, signs = Task(), form("goodlogin", "mfa_question")
        asked = await engine.login(task, signs)
        assert isinstance(asked, Challenge)
        assert asked.label == "What is the name of your first pet?"
        if answer == "Fido":
            with pytest.raises(MfaRefused):
                await engine.login(task, signs, asked, answer)
        else:
            assert await engine.login(task, signs, asked, answer) is None

    in_world(tmp_path, story)


def test_a_long_check_waits_without_work(tmp_path: Path) -> None:
    async def story(engine: Engine) -> None:
        task, signs = Task(), form("goodlogin", "longcheck")
        asked = await engine.login(task, signs)
        assert isinstance(asked, Wait)
        assert asked.seconds == 5
        engine.now += timedelta(seconds=2)
        again = await engine.login(task, signs, asked)
        assert isinstance(again, Wait)
        assert again.seconds == 3
        engine.now += timedelta(seconds=3)
        assert await engine.login(task, signs, again) is None
        assert await engine.everything(task)

    in_world(tmp_path, story)


@pytest.mark.parametrize(("ssn", "works"), [("991-91-9991", True), ("991919991", True), ("123456789", False)])
def test_a_typed_ssn_must_be_the_persons(tmp_path: Path, ssn: str, works: bool) -> None:
    async def story(engine: Engine) -> None:
        signs = form("goodlogin", "goodpassword", ssn=ssn)
        if works:
            assert await engine.login(Task(), signs) is None
        else:
            with pytest.raises(LoginRefused):
                await engine.login(Task(), signs)

    in_world(tmp_path, story)


def test_five_wrong_passwords_lock_a_generated_person_in_one_tenant_only(tmp_path: Path) -> None:
    async def story(engine: Engine) -> None:
        for attempt in range(5):
            with pytest.raises(AccountLocked if attempt == 4 else LoginRefused):
                await engine.login(Task(), form("person.3", "wrong"))
        with pytest.raises(AccountLocked):
            await engine.login(Task(), form("person.3", "goodpassword"))
        for _ in range(6):
            with pytest.raises(LoginRefused):
                await engine.login(Task(), form("goodlogin", "wrong"))
        assert await engine.login(Task(), form("goodlogin", "goodpassword")) is None
        engine.tenant = "tenant-b"
        assert await engine.login(Task(), form("person.3", "goodpassword")) is None

    in_world(tmp_path, story)
