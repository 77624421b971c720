"""The store of the settings, opened with the master key of the settings."""

from payproof.app.keys import master_key
from payproof.app.rotation import is_unfinished
from payproof.config import Settings
from payproof.store import Store, WrongKey


class RotationUnfinished(Exception):
    """The data is sealed with the key that lies beside the present one."""


async def open_store(settings: Settings, *, may_make_key: bool) -> Store:
    """Raises BadSetting, and what the store raises for a file or a key not ours."""
    store = Store(settings.where, master_key(settings, may_make=may_make_key), synchronous=settings.synchronous)
    try:
        await store.start()
    except WrongKey as wrong:
        if is_unfinished(settings):
            raise RotationUnfinished(
                "a change of the master key was interrupted: `payproof master-key rotate` goes on with it"
            ) from wrong
        raise
    return store
