"""What must be true after all kills."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tests.kill import snapshot
from tests.kill.person import Story
from tests.kill.programs import SECRET
from tests.kill.script import POSTINGS

if TYPE_CHECKING:
    from tests.kill.run import Run

INTERRUPTED = "sign_in_interrupted"


async def judge(run: "Run") -> str:
    """How much there was to judge; raises AssertionError for what is wrong."""
    left = await asyncio.to_thread(snapshot.take, run.stage.database)
    interrupted = {one for one, standing in left.tasks.items() if standing.reason == INTERRUPTED}
    _judge_endings(run, left, interrupted)
    _judge_portal(run, left, interrupted)
    heard = await _judge_webhooks(run, interrupted)
    await _judge_facts(run)
    return f"{len(interrupted)} tasks ended in {INTERRUPTED}; {heard}"


def _judge_endings(run: "Run", left: snapshot.Snapshot, interrupted: set[str]) -> None:
    for story in run.stories:
        expected = "error" if story.task_id in interrupted else story.script.ending
        assert story.status == expected == left.tasks[story.task_id].status, (story, left.tasks[story.task_id])


def _judge_portal(run: "Run", left: snapshot.Snapshot, interrupted: set[str]) -> None:
    """No code went out twice, no password three times; who needed a third posting, and only they, ended for it."""
    run.stage.portal_log.look()
    lines = run.stage.portal_log.all
    codes = Counter((line["challenge"], line["code"]) for line in lines if line["event"] == "code_posted")
    assert not [pair for pair, times in codes.items() if times > 1]
    posted = Counter(line["task"] for line in lines if line["event"] == "password_posted")
    assert not [task for task, times in posted.items() if times > 2]
    stranded = Counter(task for kill in run.record.kills for task in kill.stranded)
    for task in interrupted:
        assert stranded[task] >= 2, (task, left.tasks[task])
    for kill in run.record.kills:
        for task in kill.stranded:
            assert kill.posted[task] < 2 or task in interrupted, (task, left.tasks[task])


async def _judge_webhooks(run: "Run", interrupted: set[str]) -> str:
    """Each announcement came, signed; again only with the same id and the same bytes."""
    expected = {
        (story.task_id, status)
        for story in run.stories
        for status in (("new", "login", "error") if story.task_id in interrupted else story.script.path)
    }
    heard = await _await_webhooks(run, expected)
    assert not expected - {(body.get("task_id"), body.get("status")) for body in heard}
    by_id: dict[str, set[str]] = defaultdict(set)
    ids: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for line in run.stage.heard.all:
        signed = hmac.new(SECRET.encode(), line["body"].encode(), hashlib.sha256).hexdigest()
        assert line["signature"] == f"v1={signed}"
        body = json.loads(line["body"])
        by_id[body["webhook_id"]].add(line["body"])
        ids[_what(body)].add(body["webhook_id"])
    assert not [one for one, bodies in by_id.items() if len(bodies) > 1]
    assert not [what for what, several in ids.items() if len(several) > 1]
    events = (await asyncio.to_thread(snapshot.take, run.stage.database)).events
    assert len(by_id) == events
    return f"{events} events, {len(run.stage.heard.all)} posts heard"


async def _await_webhooks(run: "Run", expected: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """All bodies, once nothing is owed any more or nothing new has come for a while."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        await asyncio.sleep(0.3)
        left = await asyncio.to_thread(snapshot.take, run.stage.database)
        run.stage.heard.look()
        ids = {json.loads(line["body"])["webhook_id"] for line in run.stage.heard.all}
        if len(ids) == left.events:
            break
    return [json.loads(line["body"]) for line in run.stage.heard.all]


def _what(body: dict[str, Any]) -> tuple[Any, ...]:
    """What an announcement is about, its own id and times aside."""
    told = body.get("status"), body.get("employment_id"), body.get("object_id")
    return (body["event_type"], body.get("task_id"), body.get("link_id"), *told)


async def _judge_facts(run: "Run") -> None:
    """As many of everything as an undisturbed task brings, and nothing twice."""
    sample: dict[str, tuple[int, ...]] = {}
    for story in run.stories:
        if story.status == "done":
            counts = await (_bank_counts if story.script.file else _payroll_counts)(run, story)
            known = (1, POSTINGS) if story.script.file else sample.setdefault(story.script.username, counts)
            assert counts == known, (story, counts, known)


async def _bank_counts(run: "Run", story: Story) -> tuple[int, ...]:
    accounts = await run.caller.get(f"/v1/links/{story.link_id}/accounts/")
    told = await run.caller.get(f"/v1/links/{story.link_id}/transactions/?page_size=500")
    assert len({one["external_id"] for one in told["transactions"]}) == len(told["transactions"])
    return len(accounts["results"] if isinstance(accounts, dict) else accounts), told["count"]


async def _payroll_counts(run: "Run", story: Story) -> tuple[int, ...]:
    report = await run.caller.get(f"/v1/links/{story.link_id}/income/report/")
    jobs = report["employments"]
    for job in jobs:
        assert len({one["pay_date"] for one in job["statements"]}) == len(job["statements"])
    return len(jobs), *(len(job["statements"]) for job in jobs)
