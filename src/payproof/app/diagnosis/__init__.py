"""What is wrong with an installation, in plain words with the cure. Looks only: it changes and holds up nothing."""

from collections.abc import Callable, Iterator

from payproof.app.diagnosis import database, key, place, postgres, reach, risk
from payproof.app.diagnosis.case import Case, Role
from payproof.app.diagnosis.finding import Finding
from payproof.app.diagnosis.name import diagnose_names
from payproof.app.diagnosis.server import Place, diagnose_server

CHECKS: tuple[Callable[[Case], Finding | None], ...] = (
    place.data_writable,
    place.disk_free,
    place.secrets_private,
    key.master_key_there,
    key.master_key_fits,
    database.database_readable,
    database.file_free,
    database.schema_known,
    postgres.postgres_new,
    postgres.postgres_encoding,
    postgres.postgres_writable,
    postgres.postgres_roomy,
    postgres.clocks_agree,
    reach.port_free,
    reach.base_url_safe,
    reach.proxies_narrow,
    reach.authorities_there,
    reach.world_there,
    risk.rules_of_production,
)


def diagnose(case: Case) -> Iterator[Finding]:
    """All checks that apply, in the order in which one would mend things."""
    for check in CHECKS:
        found = check(case)
        if found is not None:
            yield found


__all__ = ["CHECKS", "Case", "Finding", "Place", "Role", "diagnose", "diagnose_names", "diagnose_server"]
