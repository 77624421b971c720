"""Verbs over named SQL, on SQLite or PostgreSQL. `store.of(tenant)` is the way in."""

from payproof.store.sealing import WrongKey
from payproof.store.sqlite import FileHeld
from payproof.store.store import Store
from payproof.store.transaction import ReferenceGone, SystemTx, Tx
from payproof.store.window import Window

__all__ = ["FileHeld", "ReferenceGone", "Store", "SystemTx", "Tx", "Window", "WrongKey"]
