"""The story of a task: sign in, ask the person, collect, read, keep, announce."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from payproof.engine.work import Work, nothing
from payproof.kit.connector import Connector, Depth
from payproof.kit.failure import Failure, NoData, NotSupported
from payproof.kit.manifest import Kind, Manifest
from payproof.kit.visit import Browser
from payproof.model.account import Account
from payproof.model.fact import Facts
from payproof.model.question import Question, Wait
from payproof.model.raw import Raw
from payproof.model.task import Task, TaskStatus
from payproof.model.tenant import Tenant
from payproof.store import Tx, account, question, raw, user
from payproof.store import task as stored
from payproof.store.connection import lane_of
from payproof.workflows import connection, keeping
from payproof.workflows.ending import GAVE_UP, NO_CREDENTIALS, NOBODY_THERE, WORN_OUT, end_task, overdue
from payproof.workflows.keeping import Holdings
from payproof.workflows.reading import read_facts
from payproof.workflows.visit import LiveVisit, Scene, look, uploads

Browse = Callable[[Manifest, Tenant, Scene], Browser]
CHUNK = 2000
"""Transactions kept in one commit: more of them go first, in commits of their own."""

DOCUMENTED = {
    TaskStatus.LOGIN: timedelta(seconds=10),
    TaskStatus.PARSE: timedelta(seconds=45),
    TaskStatus.FULL_PARSE: timedelta(minutes=3),
}
"""How long the stages last upstream: the middle of the documented spans, so that a test can count on it."""

BEFORE = "before"
"""The key of `memory` that says how much the link held when a refresh began to add to it."""
SETTLED = "settled"
"""The key of `memory` that says under which keys this link holds accounts known by their header only."""


@dataclass(frozen=True)
class Verify:
    """Handles jobs of kind `verify`; the subject is the task."""

    connectors: Mapping[str, Connector]
    """By provider id."""
    browse: Browse
    world_url: str
    pace: Mapping[TaskStatus, timedelta] = field(default_factory=dict)
    """How long a task at least stays in a status, in the tenant's time."""

    async def step(self, work: Work) -> None:
        scene: Scene | None = work.given or await work.read(look, work.subject, self._connector_ids())
        if scene is None or scene.task.status.is_final:
            await work.finish(nothing)
        elif scene.now >= scene.task.deadline_at:
            await work.finish(_end, scene.task, overdue(scene.task))
        else:
            await self._go_on(work, scene)

    async def give_up(self, work: Work) -> None:
        await work.bury(_give_up, work.subject)

    async def _go_on(self, work: Work, scene: Scene) -> None:
        task = scene.task
        if scene.has_moved and task.link_id is not None:
            await work.go_on_in(lane_of(task.link_id))
            return
        ready_at = task.updated_at + self.pace.get(task.status, timedelta())
        if scene.now < ready_at:
            await work.postpone(min(ready_at, task.deadline_at), nothing)
            return
        try:
            match task.status:
                case TaskStatus.NEW if not scene.is_answered:
                    await work.postpone(task.deadline_at, nothing)
                case TaskStatus.NEW:
                    await work.commit(_begin, scene)
                case TaskStatus.MFA if not scene.is_answered:
                    await work.postpone(task.deadline_at, nothing)
                case TaskStatus.LOGIN | TaskStatus.MFA:
                    await self._sign_in(work, scene)
                case TaskStatus.PARSE:
                    await self._collect_basics(work, scene)
                case _:
                    await self._collect_all(work, scene)
        except Failure as failure:
            await work.finish(_end, task, failure)

    async def _sign_in(self, work: Work, scene: Scene) -> None:
        connector = self._connector(scene.task)
        _refuse_unsupported(connector.manifest, scene.task)
        if scene.task.is_refresh:
            _refuse_worn_out(connector.manifest, scene)
        visit = await self._visit(work, scene)
        asked = await connector.login(visit, scene.answers)
        if isinstance(asked, Wait):
            again = min(scene.now + timedelta(seconds=asked.seconds), scene.task.deadline_at)
            await work.postpone(again, _pause, scene.task, visit, connector)
        elif asked is not None and scene.task.is_refresh:
            raise NOBODY_THERE
        elif asked is not None:
            await work.postpone(scene.task.deadline_at, _ask, scene.task, asked, visit, connector)
        else:
            await work.commit(_signed_in, scene, visit, connector)

    async def _collect_basics(self, work: Work, scene: Scene) -> None:
        connector = self._connector(scene.task)
        visit = await self._visit(work, scene)
        given = [one async for one in connector.collect(visit, Depth.BASIC)]
        facts = await read_facts(connector, given, Depth.BASIC)
        if not (facts.employments or facts.accounts):
            raise NoData
        joining = facts
        if any(one.key.startswith(connection.HEADER_KEY) for one in facts.accounts):
            joining = await read_facts(connector, given, Depth.FULL)
        await work.commit(_keep_basics, scene, visit, connector, given, facts, joining)

    async def _collect_all(self, work: Work, scene: Scene) -> None:
        connector, task = self._connector(scene.task), scene.task
        visit = await self._visit(work, scene)
        given = [one async for one in connector.collect(visit, Depth.FULL)]
        held = scene.basics if scene.basics is not None else await work.read_long(raw.source_raws, task)
        known = {one.key for one in held}
        facts = await read_facts(connector, [*held, *(one for one in given if one.key not in known)], Depth.FULL)
        if facts.accounts:
            facts = connection.rename_accounts(facts, visit.memory.get(SETTLED, {}))
            facts = await work.read_long(connection.without_doubles, task, facts)
        facts = await self._keep_long_accounts(work, task, facts)
        await work.finish(_keep_all, scene, visit, connector, given, facts)

    async def _keep_long_accounts(self, work: Work, task: Task, facts: Facts) -> Facts:
        """A hundred thousand postings are kept piece by piece, so that nobody else's write waits for them.

        Returns the facts with what is still to be kept.
        """
        left = []
        for position, one in enumerate(facts.accounts):
            starts = range(0, len(one.transactions) - CHUNK, CHUNK)
            for start in starts:
                await work.note(_keep_part, task, one, position, start)
            left.append(msgspec.structs.replace(one, transactions=one.transactions[len(starts) * CHUNK :]))
        return msgspec.structs.replace(facts, accounts=tuple(left))

    async def _visit(self, work: Work, scene: Scene) -> LiveVisit:
        manifest = self._connector(scene.task).manifest
        files: tuple[Raw, ...] = ()
        if manifest.kind is Kind.FILE and scene.task.status is not TaskStatus.FULL_PARSE:
            files = await work.read_long(uploads, scene.task)
        world = self.world_url if manifest.uses_world else ""
        return LiveVisit(work, scene, self.browse(manifest, work.tenant, scene), world, files)

    def _connector(self, task: Task) -> Connector:
        try:
            return self.connectors[task.provider_id]
        except KeyError:
            raise NotSupported("This provider is not available on this server.") from None

    def _connector_ids(self) -> dict[str, str]:
        return {provider: connector.manifest.id for provider, connector in self.connectors.items()}


def _refuse_unsupported(manifest: Manifest, task: Task) -> None:
    if task.product_type not in manifest.given:
        names = " or ".join(manifest.given)
        raise NotSupported(f"{manifest.name} cannot verify {task.product_type}. Ask for {names} instead.")


def _refuse_worn_out(manifest: Manifest, scene: Scene) -> None:
    if scene.signed_in_at is None:
        raise NO_CREDENTIALS
    if scene.now - scene.signed_in_at > timedelta(days=manifest.valid_days):
        raise WORN_OUT


def _end(tx: Tx, task: Task, failure: Failure) -> None:
    end_task(tx, task, failure)


def _give_up(tx: Tx, task_id: str) -> None:
    task = stored.task_to_change(tx, task_id)
    if task is not None and not task.status.is_final:
        end_task(tx, task, GAVE_UP)


def _pause(tx: Tx, task: Task, visit: LiveVisit, connector: Connector) -> None:
    question.close_questions(tx, task)
    visit.keep(tx, connector.manifest.id)
    stored.touch_task(tx, task)


def _ask(tx: Tx, task: Task, asked: Question, visit: LiveVisit, connector: Connector) -> None:
    question.ask(tx, task, asked)
    visit.keep(tx, connector.manifest.id)
    if task.status is TaskStatus.MFA:
        stored.touch_task(tx, task)
    else:
        stored.move_task(tx, task, TaskStatus.MFA)


def _begin(tx: Tx, scene: Scene) -> Scene:
    return scene.after(tx, stored.move_task(tx, scene.task, TaskStatus.LOGIN))


def _signed_in(tx: Tx, scene: Scene, visit: LiveVisit, connector: Connector) -> Scene:
    link_id = connection.link_for_credentials(tx, scene.task, scene.answers)
    if scene.answers.asked is not None:
        question.close_questions(tx, scene.task)
    visit.keep(tx, connector.manifest.id)
    return scene.after(tx, stored.move_task(tx, scene.task, TaskStatus.PARSE, link_id=link_id))


def _keep_basics(
    tx: Tx, scene: Scene, visit: LiveVisit, connector: Connector, given: list[Raw], facts: Facts, joining: Facts
) -> Scene:
    task = scene.task
    link_id = task.link_id or connection.link_for_files(tx, task, joining)
    connection.refuse_other_account(tx, task, link_id, scene.answers, joining)
    raw.add_raws(tx, task, given)
    if task.is_refresh:
        visit.memory[BEFORE] = msgspec.to_builtins(keeping.holdings(tx, link_id))
    visit.memory[SETTLED] = connection.settle_keys(tx, link_id, joining)
    visit.keep(tx, connector.manifest.id)
    keeping.keep_basics(tx, task, link_id, connection.rename_accounts(facts, visit.memory[SETTLED]))
    moved = stored.move_task(tx, task, TaskStatus.FULL_PARSE, link_id=link_id)
    return scene.after(tx, moved, basics=tuple(given))


def _keep_part(tx: Tx, task: Task, whole: Account, position: int, start: int) -> None:
    """A slice of a long account's transactions, ahead of the rest."""
    assert task.link_id is not None
    connection.hold(tx, task.link_id)
    part = msgspec.structs.replace(whole, transactions=whole.transactions[start : start + CHUNK])
    account.keep_account(tx, task, task.link_id, part, position)


def _keep_all(tx: Tx, scene: Scene, visit: LiveVisit, connector: Connector, given: list[Raw], facts: Facts) -> None:
    task = scene.task
    assert task.link_id is not None
    standing = connection.hold(tx, task.link_id)
    raw.add_raws(tx, task, given)
    before = msgspec.convert(visit.memory.get(BEFORE), Holdings | None)
    visit.leave(tx, connector.manifest.id)
    keeping.keep_everything(tx, task, task.link_id, facts, before)
    question.forget_answers(tx, task)
    person = user.user(tx, task.user_id)
    suspicious = bool(facts.suspicions) or keeping.is_other_person(person, facts.employments)
    done = stored.move_task(tx, task, TaskStatus.DONE, is_suspicious=suspicious)
    is_file = connector.manifest.kind is Kind.FILE
    connection.connect(tx, done, standing, scene.answers, facts, keeps_credentials=not is_file)
