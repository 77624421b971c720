"""The database: reached, readable by this version, nobody else's."""

from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.store.condition import Unreachable


def file_free(case: Case) -> Finding | None:
    """An SQLite file has one owner."""
    if case.settings.database_url or case.holder is None:
        return None
    who = f"process {case.holder}" if case.holder else "a process that cannot be seen from here"
    if case.is_running:
        return well("owner", f"{who}, which answers at {case.url}")
    stop = f"stop it (kill {case.holder})" if case.holder else "stop it (another container with this volume?)"
    return wrong("owner", f"{case.file} is in use by {who}", f"{stop}, or choose another --data")


def database_readable(case: Case) -> Finding:
    match case.condition:
        case None:
            return well("database", f"{case.file} is not there yet and will be made")
        case Unreachable() as away:
            cure = "see that it runs, and that the host, port, name and password in PAYPROOF_DATABASE_URL are right"
            return wrong("database", _plain(f"PostgreSQL does not answer: {away}"), cure)
        case Exception() as failed:
            cure = "restore the latest backup, or choose another place with --data or --postgres"
            return wrong("database", _plain(f"cannot be read: {failed}"), cure)
    return well("database", "PostgreSQL" if case.settings.database_url else str(case.file))


def schema_known(case: Case) -> Finding | None:
    found = case.readable
    if found is None:
        return None
    if found.schema > found.known:
        told = f"the database has schema {found.schema}, this version knows {found.known}"
        return wrong("schema", told, "run the newer payproof that wrote it, or restore a backup from before the update")
    if found.changed:
        told = f"migration {found.changed[0]:04} was applied with another text than this installation has"
        return wrong("schema", told, "install payproof again, from the same source as before")
    if found.pending:
        return well("schema", f"{found.schema or 'none'} yet; the next start brings it to {found.known}")
    return well("schema", f"{found.schema}, the newest")


def _plain(text: str) -> str:
    """On one line: drivers like to write several."""
    return " ".join(text.split())
