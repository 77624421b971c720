"""Whom a person may have an account with: banks, payroll systems, insurers; with a connector of ours or without."""

from msgspec import Struct

from payproof.model.company import Origin
from payproof.model.product import DataSource


class Institution(Struct, frozen=True, kw_only=True):
    """Its id is a provider's id on the wire."""

    id: str
    name: str
    data_source: DataSource
    domain: str | None = None
    logo_url: str | None = None
    origin: Origin = Origin.SEED
