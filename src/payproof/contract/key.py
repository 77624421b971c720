"""Access keys on the wire. The documented paths have no known bodies: these are our own."""

from typing import Annotated

from msgspec import Meta, Struct

from payproof.contract.money import Moment
from payproof.contract.operation import NOTE, Operation, post
from payproof.model.key import AccessKey
from payproof.model.secret import Secret
from payproof.model.tenant import Environment


class KeyRequest(Struct, frozen=True, kw_only=True):
    env_type: Environment


class KeyDeactivation(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(min_length=1, max_length=64)]


class KeyBody(Struct, frozen=True, kw_only=True):
    id: str
    env_type: Environment
    created_at: Moment


class NewKeyBody(KeyBody, frozen=True, kw_only=True):
    secret: str
    """Shown this once."""


def key_body(key: AccessKey) -> KeyBody:
    return KeyBody(id=key.id, env_type=key.tenant.environment, created_at=key.created_at)


def new_key_body(key: AccessKey, secret: Secret) -> NewKeyBody:
    return NewKeyBody(id=key.id, env_type=key.tenant.environment, created_at=key.created_at, secret=secret.reveal())


OPERATIONS: tuple[Operation, ...] = (
    post(
        "keys_create",
        "/v1/keys/",
        "Key Management",
        "Create an access key",
        NewKeyBody,
        request=KeyRequest,
        max_bytes=NOTE,
    ),
    post(
        "keys_deactivate",
        "/v1/keys/deactivate/",
        "Key Management",
        "Deactivate an access key",
        KeyBody,
        request=KeyDeactivation,
        max_bytes=NOTE,
        status=200,
        refusals=(404,),
    ),
)
