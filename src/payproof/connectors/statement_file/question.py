"""What only the person can tell of a CSV: asked with the file's own rows, remembered by its header."""

from typing import Any

from payproof.documents.reading import Ambiguity, Doubt
from payproof.kit.visit import Visit
from payproof.model.question import Answers, Field, FieldKind, Form, Option
from payproof.model.raw import Raw

_PREFIX = "columns:"
_LABELS = {
    "date": "Which column holds the day of booking?",
    "amount": "Which column holds the amount?",
    "description": "Which column says what the payment was for?",
    "order": "In which order are the dates written?",
    "mark": "How are the amounts written?",
    "sign": "What does an amount without a minus mean?",
}


def form_for(visit: Visit, upload: Raw, ambiguity: Ambiguity) -> Form:
    """The question about one file; which header it is about is kept for the reply."""
    visit.memory["asked_header"] = ambiguity.header
    name = upload.name or upload.key.split("/", 2)[-1]
    return Form(
        title=f"Please help us to read {name}",
        fields=tuple(_field(doubt) for doubt in ambiguity.doubts),
        sample=tuple(tuple(row) for row in ambiguity.sample),
    )


def _field(doubt: Doubt) -> Field:
    options = tuple(Option(choice.value, choice.label, choice.example) for choice in doubt.choices)
    return Field(name=doubt.about, label=_LABELS[doubt.about], kind=FieldKind.SELECT, options=options)


def take_reply(visit: Visit, answers: Answers) -> None:
    """Keep what was answered for this task and for later ones; an answer that was not offered counts as none."""
    header = visit.memory.get("asked_header")
    if not header or answers.reply is None or not isinstance(answers.asked, Form):
        return
    told = dict(visit.memory.get("told", {}).get(header, {}))
    for field in answers.asked.fields:
        given = answers.reply.get(field.name)
        if given and field.name in _LABELS and given.reveal() in {option.value for option in field.options}:
            told[field.name] = given.reveal()
    visit.memory["told"] = {**visit.memory.get("told", {}), header: told}
    visit.remember(_PREFIX + header, told)


def known_answers(visit: Visit, *, with_remembered: bool = True) -> dict[str, dict[str, str]]:
    """What was told of CSV headers, in this task and (if wanted) before."""
    known: dict[str, Any] = {}
    if with_remembered:
        known = {key.removeprefix(_PREFIX): told for key, told in visit.remembered.items() if key.startswith(_PREFIX)}
    for header, told in visit.memory.get("told", {}).items():
        known[header] = {**known.get(header, {}), **told}
    return known
