"""A job is owed work: one row per (kind, subject) beside the data it serves."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from payproof.model.tenant import Tenant


class JobKind(StrEnum):
    VERIFY = "verify"
    DELIVER = "deliver"
    ADVANCE = "advance"
    FORGET = "forget"
    PURGE = "purge"
    EXPIRE = "expire"


class Lease(Struct, frozen=True, kw_only=True):
    """A claimed job: what a worker may do until `until`, and with which turn and fence."""

    kind: JobKind
    subject: str
    tenant: Tenant
    turn: int
    fence: int
    tries: int
    until: datetime


class LeaseLost(Exception):
    """The lease was voided or claimed by somebody else: nothing of this step may be written."""
