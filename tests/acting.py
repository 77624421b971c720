"""What a caller and a person do, straight through the services: no door, no network."""

from datetime import timedelta

import msgspec

from payproof.kit.manifest import Manifest
from payproof.model.bridge_token import BridgeToken, BridgeTokenWish
from payproof.model.id import LinkId, UserId, WebhookId, new_id
from payproof.model.product import ProductType
from payproof.model.provider import Provider
from payproof.model.secret import Secret
from payproof.model.session import AnswerRefused, Attempt, Session
from payproof.model.user import User
from payproof.model.webhook import Webhook
from payproof.services import attempt as attempts
from payproof.services import session as sessions
from payproof.store import Tx, bridge_token, user, webhook
from payproof.store import session as stored
from payproof.testing.scripted import MANIFEST


def provider(manifest: Manifest = MANIFEST) -> Provider:
    return Provider(
        id=manifest.provider_id,
        connector_id=manifest.id,
        name=manifest.name,
        data_source=manifest.data_source,
        products=tuple(manifest.products),
        form=manifest.form,
        kind=manifest.kind,
    )


def file_provider() -> Provider:
    return msgspec.structs.replace(provider(), kind="file")


def add_person(tx: Tx, *, ssn: str | None = None) -> UserId:
    person = User(id=UserId(new_id()), first_name="Ada", ssn=ssn, created_at=tx.now, updated_at=tx.now)
    return user.add_user(tx, person).id


def open_session(tx: Tx, user_id: UserId | None = None, link_id: LinkId | None = None) -> Session:
    """For a fresh person unless one is named; with a link, to connect that one again."""
    token = BridgeToken(
        token=new_id(),
        user_id=user_id or add_person(tx),
        wish=BridgeTokenWish(product_type=ProductType.INCOME),
        link_id=link_id,
        created_at=tx.now,
        expires_at=tx.now + timedelta(hours=6),
    )
    return sessions.open_session(tx, bridge_token.add_bridge_token(tx, token))


def begin(tx: Tx, script: str, session: Session | None = None) -> tuple[Session, Attempt]:
    """A task whose connector does what the script says (see `payproof.testing.scripted`)."""
    session = stored.session(tx, session.id) if session else open_session(tx)
    assert session is not None
    said = {"username": Secret(script), "password": Secret("a password")}
    return session, attempts.start_attempt(tx, session, provider(), said)


def answer(tx: Tx, session: Session, task_id: str, text: str) -> bool:
    """Answer whatever is asked; False when nothing is."""
    seen = attempts.attempt(tx, session, task_id)
    if seen is None or seen.asked is None:
        return False
    try:
        attempts.answer_question(tx, session, task_id, seen.asked.id, {"answer": Secret(text)})
    except AnswerRefused:
        return False
    return True


def add_webhook(tx: Tx, url: str = "https://client.example/hook") -> Webhook:
    made = Webhook(
        id=WebhookId(new_id()),
        name="hook",
        webhook_url=url,
        events=(),
        enabled=True,
        created_at=tx.now,
        updated_at=tx.now,
    )
    return webhook.add_webhook(tx, made, None)
