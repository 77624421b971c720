"""What the widget says and hears: sessions, attempts, questions and answers."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from payproof.contract.company import CompanyRef, company_ref
from payproof.contract.money import Moment
from payproof.contract.provider import ProviderRef, logo_url
from payproof.contract.reading import InvalidParams, invalid, read
from payproof.model.bridge_token import BridgeToken
from payproof.model.company import NamedCompany
from payproof.model.product import DataSource, ProductType
from payproof.model.provider import Provider
from payproof.model.question import Challenge, ChallengeKind, Field, FieldKind, Form, Option, Redirect, Wait
from payproof.model.secret import Secret
from payproof.model.session import Asked, Attempt, Session
from payproof.model.task import TaskStatus

Token = Annotated[str, Meta(min_length=1, max_length=64)]
AnswerText = Annotated[str, Meta(max_length=4096)]


class SessionRequest(Struct, frozen=True, kw_only=True):
    bridge_token: Token


class AttemptRequest(Struct, frozen=True, kw_only=True):
    provider_id: Token
    answers: dict[str, AnswerText] = {}


class AnswerRequest(Struct, frozen=True, kw_only=True):
    answers: dict[str, AnswerText]
    question_id: Token | None = None


class SessionBody(Struct, frozen=True, kw_only=True):
    id: str
    product_type: ProductType
    client_name: str | None
    data_sources: tuple[DataSource, ...]
    provider_id: str | None
    """The one that the token or its employer leads to."""
    company_mapping: CompanyRef | None
    expires_at: Moment


class OptionBody(Struct, frozen=True):
    value: str
    label: str
    example: str | None


class FieldBody(Struct, frozen=True, kw_only=True):
    name: str
    label: str
    kind: FieldKind
    required: bool
    hint: str | None
    options: list[OptionBody]
    max_files: int
    max_bytes: int


class FormBody(Struct, frozen=True):
    title: str | None
    fields: list[FieldBody]
    sample: tuple[tuple[str, ...], ...]


class FormQuestion(FormBody, frozen=True, tag_field="type", tag="form"):
    id: str


class ChallengeQuestion(Struct, frozen=True, kw_only=True, tag_field="type", tag="challenge"):
    id: str
    kind: ChallengeKind
    label: str
    hint: str | None
    options: list[OptionBody]
    expires_at: Moment | None
    attempts_left: int | None


class RedirectQuestion(Struct, frozen=True, tag_field="type", tag="redirect"):
    id: str
    url: str


class WaitQuestion(Struct, frozen=True, tag_field="type", tag="wait"):
    id: str
    seconds: float
    message: str | None


QuestionBody = FormQuestion | ChallengeQuestion | RedirectQuestion | WaitQuestion


class OfferedProvider(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    logo_url: str
    data_source: DataSource
    kind: str
    form: FormBody


class OfferedProviders(Struct, frozen=True):
    results: list[OfferedProvider]


class AttemptBody(Struct, frozen=True, kw_only=True):
    """One try to connect; its id is the task's."""

    id: str
    status: TaskStatus
    is_final: bool
    provider: ProviderRef
    link_id: str | None
    error_message: str | None
    question: QuestionBody | None


class EmployerName(Struct, frozen=True):
    name: str


class FinishBody(Struct, frozen=True):
    public_token: str
    task_id: str
    link_id: str
    employer: EmployerName | None = None
    """Whom the person came for: pages of clients hear it beside the public token."""


def session_body(
    session: Session, token: BridgeToken, base: str, *, provider_id: str | None, company: NamedCompany | None
) -> SessionBody:
    return SessionBody(
        id=session.id,
        product_type=token.wish.product_type,
        client_name=token.wish.client_name,
        data_sources=token.wish.data_sources,
        provider_id=provider_id,
        company_mapping=company_ref(company, base) if company else None,
        expires_at=token.expires_at,
    )


def offered_provider(provider: Provider, base: str) -> OfferedProvider:
    return OfferedProvider(
        id=provider.id,
        name=provider.name,
        logo_url=logo_url(base, provider.id),
        data_source=provider.data_source,
        kind=provider.kind,
        form=FormBody(*_form(provider.form)),
    )


def attempt_body(attempt: Attempt, provider: ProviderRef) -> AttemptBody:
    task = attempt.task
    return AttemptBody(
        id=task.id,
        status=task.status,
        is_final=task.status.is_final,
        provider=provider,
        link_id=task.link_id,
        error_message=task.error_message,
        question=question_body(attempt.asked) if attempt.asked else None,
    )


def question_body(asked: Asked) -> QuestionBody:
    match asked.question:
        case Form() as form:
            return FormQuestion(*_form(form), asked.id)
        case Challenge() as challenge:
            return ChallengeQuestion(
                id=asked.id,
                kind=challenge.kind,
                label=challenge.label,
                hint=challenge.hint,
                options=_options(challenge.options),
                expires_at=challenge.expires_at,
                attempts_left=challenge.attempts_left,
            )
        case Redirect(url=url):
            return RedirectQuestion(asked.id, url)
        case Wait(seconds=seconds, message=message):
            return WaitQuestion(asked.id, seconds, message)


def attempt_wish(data: dict[str, Any]) -> tuple[str, dict[str, Secret]]:
    """The provider named and what was typed. Raises `InvalidParams`."""
    asked = read(AttemptRequest, data)
    return asked.provider_id, _secrets(asked.answers)


def answer_wish(data: dict[str, Any]) -> tuple[str | None, dict[str, Secret]]:
    """The question meant, if one was named, and the answers to it. Raises `InvalidParams`."""
    asked = read(AnswerRequest, data)
    return asked.question_id, _secrets(asked.answers)


def unknown_provider() -> InvalidParams:
    return invalid("provider_id", "There is no such provider for this session.")


def _secrets(answers: dict[str, str]) -> dict[str, Secret]:
    return {name: Secret(value) for name, value in answers.items()}


def _form(form: Form) -> tuple[str | None, list[FieldBody], tuple[tuple[str, ...], ...]]:
    return form.title, [_field(field) for field in form.fields], form.sample


def _field(field: Field) -> FieldBody:
    return FieldBody(
        name=field.name,
        label=field.label,
        kind=field.kind,
        required=field.required,
        hint=field.hint,
        options=_options(field.options),
        max_files=field.max_files,
        max_bytes=field.max_bytes,
    )


def _options(options: tuple[Option, ...]) -> list[OptionBody]:
    return [OptionBody(option.value, option.label, option.example) for option in options]
