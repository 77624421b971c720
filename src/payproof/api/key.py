"""Access keys at the door: a key can make its successor and end itself."""

from payproof.api.call import Call
from payproof.contract import key as wire
from payproof.contract.reading import invalid, read
from payproof.services import key as service
from payproof.store import Tx


def create(tx: Tx, call: Call) -> wire.NewKeyBody:
    """A key makes keys of its own environment only."""
    asked = read(wire.KeyRequest, call.json)
    if asked.env_type is not call.tenant.environment:
        raise invalid("env_type", f"The access key belongs to {call.tenant.environment}.")
    return wire.new_key_body(*service.add_key(tx))


def deactivate(tx: Tx, call: Call) -> wire.KeyBody:
    return wire.key_body(service.deactivate_key(tx, read(wire.KeyDeactivation, call.json).id))
