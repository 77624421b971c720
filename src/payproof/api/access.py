"""Who is calling: a client id, and a secret whose prefix chooses the environment."""

import hmac
import re

from msgspec import Struct

from payproof.api.call import Call
from payproof.api.limit import Limit
from payproof.api.remote import household
from payproof.model.id import ClientId
from payproof.model.key import AccessKey, environment_of
from payproof.model.secret import Secret
from payproof.store import Store, SystemTx
from payproof.store.key import add_key, ensure_tenant, hash_secret, hash_shared, is_marked, key_by_secret

_REMEMBERED = 10_000
_CLIENT_ID = re.compile(r"^[!-~]{1,64}$")
_SECRET = re.compile(r"^[a-z]+-[!-~]{1,128}$")


class AccessRefused(Exception):
    """Headers missing or malformed, or no live key is like that. `reason` is for our log only."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class KeyUnseen(Exception):
    """A well-formed key that nobody made, where any key is accepted: it is to be made now."""


class Credentials(Struct, frozen=True):
    client_id: str
    secret: Secret
    secret_hash: str


class Access:
    """Admits calls, and counts them.

    Where this process is the only one that writes keys (SQLite), a key that was looked up is remembered until one of
    its own commits ends any key. On PostgreSQL every call looks its key up: another process may end it any moment.
    """

    def __init__(
        self, store: Store, *, per_minute: int, failures_per_minute: int, accept_any_key: bool, seed: str
    ) -> None:
        self._calls = Limit(per_minute)
        self._failures = Limit(failures_per_minute)
        self._accept_any_key = accept_any_key
        self._seed = seed
        self._store = store
        self._remembered: dict[tuple[str, str], AccessKey] = {}
        self._key_changes = store.key_changes

    def credentials(self, call: Call) -> Credentials:
        """Raises AccessRefused."""
        client_id = call.headers.get(b"x-access-client-id")
        secret = call.headers.get(b"x-access-secret")
        if not client_id or not secret:
            raise AccessRefused("no credentials")
        held = Secret(secret.decode("latin-1"))
        return Credentials(client_id.decode("latin-1"), held, hash_secret(held))

    def admit(self, tx: SystemTx, call: Call, given: Credentials) -> None:
        """Sets the call's tenant and key. Raises AccessRefused, Throttled, or KeyUnseen."""
        key = self._find(tx, given)
        if key is None:
            raise KeyUnseen if self._may_make(tx, given) else AccessRefused("unknown key")
        self._grant(key, call, given)
        if not self._store.is_postgres and len(self._remembered) < _REMEMBERED:
            self._remembered[given.secret_hash, given.client_id] = key

    def recall(self, call: Call, given: Credentials) -> bool:
        """Like `admit`, from memory; False where the key has to be looked up. Raises AccessRefused, Throttled."""
        if self._key_changes != self._store.key_changes:
            self._key_changes = self._store.key_changes
            self._remembered.clear()
        key = self._remembered.get((given.secret_hash, given.client_id))
        if key is None:
            return False
        self._grant(key, call, given)
        return True

    def _find(self, tx: SystemTx, given: Credentials) -> AccessKey | None:
        """The key of this secret; where any key is accepted, two clients may have chosen the same one."""
        key = key_by_secret(tx, given.secret_hash)
        if key is not None and key.tenant.client_id != given.client_id and self._may_make(tx, given):
            return key_by_secret(tx, hash_shared(given.client_id, given.secret))
        return key

    def _grant(self, key: AccessKey, call: Call, given: Credentials) -> None:
        if not hmac.compare_digest(key.tenant.client_id.encode(), given.client_id.encode()):
            raise AccessRefused("key of another client")
        if key.deactivated_at is not None:
            raise AccessRefused("deactivated key")
        self._calls.count(key.id)
        call.granted = key.tenant
        call.key_id = key.id

    def make(self, tx: SystemTx, given: Credentials) -> None:
        """The tenant of a key that was never seen, with the key: for development only."""
        environment = environment_of(given.secret.reveal())
        if environment is None or not self._may_make(tx, given):
            raise AccessRefused("unknown key")
        tenant = ensure_tenant(tx, ClientId(given.client_id), environment, self._seed)
        is_taken = key_by_secret(tx, given.secret_hash) is not None
        shared = hash_shared(given.client_id, given.secret) if is_taken else None
        add_key(tx.of(tenant), given.secret, secret_hash=shared)

    def count_failure(self, call: Call) -> None:
        """Raises Throttled for an address that fails too often; whoever has a key is never kept out by it."""
        self._failures.count(household(call.remote))

    def _may_make(self, tx: SystemTx, given: Credentials) -> bool:
        """Not a key that this server has drawn: where it is unknown, it is gone with its tenant."""
        return (
            self._accept_any_key
            and environment_of(given.secret.reveal()) is not None
            and _CLIENT_ID.match(given.client_id) is not None
            and _SECRET.match(given.secret.reveal()) is not None
            and not is_marked(tx, given.secret)
        )
