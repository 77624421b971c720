"""An attempt followed to its end: questions are answered as they come, files handed over where they are wanted."""

from collections.abc import Callable, Sequence
from pathlib import Path

from payproof.cli.bridge import Bridge
from payproof.cli.ending import MISUSED, Stop
from payproof.cli.reply import Ask, Replies, reply_to
from payproof.contract.session import AttemptBody, FormQuestion, RedirectQuestion, WaitQuestion
from payproof.net.caller import Part


class Material:
    """What the person brought along."""

    def __init__(self, replies: Replies, files: Sequence[Path]) -> None:
        self.replies = replies
        self._files = list(files)

    def take_files(self) -> list[Part]:
        """All of them, once."""
        files, self._files = self._files, []
        return [Part(path.name, read_file(path)) for path in files]


async def follow(
    bridge: Bridge, attempt: AttemptBody, material: Material, ask: Ask | None, tell: Callable[[AttemptBody], None]
) -> AttemptBody:
    """The attempt at its end, or with a question that nobody answers."""
    seen: set[str] = set()
    tell(attempt)
    if await _is_over(bridge, attempt, material, ask, seen):
        return attempt
    async for news in bridge.news():
        if news.id != attempt.id:
            continue
        tell(news)
        if await _is_over(bridge, news, material, ask, seen):
            return news
    raise AssertionError("news have no end")


async def _is_over(bridge: Bridge, attempt: AttemptBody, material: Material, ask: Ask | None, seen: set[str]) -> bool:
    """Answers the open question, each once. True at the end, or where no answer is to be had."""
    question = attempt.question
    if attempt.is_final:
        return True
    if question is None or question.id in seen or isinstance(question, WaitQuestion):
        return False
    seen.add(question.id)
    if _wants_files(attempt):
        parts = material.take_files()
        if parts:
            await bridge.hand_over(attempt, parts)
        return not parts
    if isinstance(question, RedirectQuestion):
        return ask is None
    answers = reply_to(question, material.replies, ask)
    if answers is not None:
        await bridge.answer(attempt, answers)
    return answers is None


def _wants_files(attempt: AttemptBody) -> bool:
    question = attempt.question
    return isinstance(question, FormQuestion) and any(field.kind == "file" for field in question.fields)


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failed:
        raise Stop(f"{path} cannot be read: {failed.strerror}", MISUSED) from None
