"""The master key: there, whole, and the one that the data was sealed with."""

from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.app.rotation import is_unfinished


def master_key_there(case: Case) -> Finding:
    if isinstance(case.key, bytes):
        return well("master key", "from PAYPROOF_MASTER_KEY" if case.settings.master_key else str(case.key_path))
    is_new = case.readable is None or case.readable.schema == 0
    if case.role == "dev" and is_new and case.settings.master_key_file is None and not case.key_path.exists():
        return well("master key", f"{case.key_path} will be made at the first start")
    if isinstance(case.key, OSError):
        found = f"{case.key_path} cannot be read: {case.key.strerror}"
        return wrong("master key", found, "let the user that payproof runs as read it")
    return wrong("master key", str(case.key).partition(": set ")[0], _make(case) if is_new else _PUT_BACK)


def master_key_fits(case: Case) -> Finding | None:
    if case.readable is None or case.readable.key_fits is None:
        return None
    if case.readable.key_fits:
        return well("sealed data", "opens with the master key")
    cure = "a change of it was interrupted: payproof master-key rotate" if is_unfinished(case.settings) else _PUT_BACK
    return wrong("sealed data", "the master key is not the one that this data was sealed with", cure)


_PUT_BACK = "put back the key that the data was made with: without it nothing sealed can be read, by anyone"


def _make(case: Case) -> str:
    path = case.key_path
    making = f"umask 077; mkdir -p {path.parent}; openssl rand -base64 32 > {path}"
    return f"make one, and keep a copy apart from the backups: ({making})"
