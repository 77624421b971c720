"""The first step of an attempt: which provider, and what its form asks for."""

from collections.abc import Mapping

from payproof.cli.bridge import Bridge
from payproof.cli.ending import MISUSED, Stop
from payproof.cli.reply import Ask, Blank, Replies, blank_of
from payproof.contract.session import AttemptBody, OfferedProvider, OptionBody

FILES = "statement_file"
"""Reads files. Where the product is not one that it gives, it says so itself."""


async def start(
    bridge: Bridge, provider: str | None, typed: Mapping[str, str], replies: Replies, ask: Ask | None
) -> AttemptBody:
    """Start the attempt. Whoever sits at a terminal is asked for what was not given."""
    offered = await bridge.providers()
    provider = provider or bridge.session.provider_id or _chosen(offered, bool(typed), ask)
    named = [one for one in offered if one.id == provider]
    blanks = [blank_of(field) for one in (named or offered) for field in one.form.fields if field.kind != "file"]
    answers = {**typed, **replies.named(blank.name for blank in blanks)}
    if ask is not None and named:
        lacking = [blank for blank in blanks if blank.required and blank.name not in answers]
        answers |= {blank.name: ask(blank) for blank in lacking}
    return await bridge.start(provider, answers)


def _chosen(offered: list[OfferedProvider], has_credentials: bool, ask: Ask | None) -> str:
    """The only one that fits; else a person chooses."""
    fitting = [one for one in offered if one.kind == "credentials" or not has_credentials]
    if len(fitting) == 1:
        return fitting[0].id
    if ask is None or not fitting:
        raise Stop(f"choose a --provider: {', '.join(one.id for one in offered) or 'none is offered'}", MISUSED)
    options = [OptionBody(one.id, one.name, None) for one in fitting]
    said = ask(Blank("provider", "Which provider?", None, options))
    return options[int(said) - 1].value if said.isdigit() and 0 < int(said) <= len(options) else said
