"""Settings that are right for a laptop and for nothing else."""

from collections.abc import Callable
from typing import NamedTuple

from payproof.app.diagnosis.case import Case
from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.config import Settings, variable


class _Risk(NamedTuple):
    setting: str
    is_taken: Callable[[Settings], bool]
    means: str
    safe: str


_RISKS = (
    _Risk("accept_any_key", lambda settings: settings.accept_any_key, "whoever invents a key gets in", "false"),
    _Risk(
        "allow_private_webhooks",
        lambda settings: settings.allow_private_webhooks,
        "whoever registers a webhook can make this server call addresses inside your network",
        "false",
    ),
    _Risk(
        "failed_auth_limit_per_minute",
        lambda settings: settings.failed_auth_limit_per_minute == 0,
        "keys may be guessed as fast as the network carries",
        "60",
    ),
    _Risk(
        "synchronous",
        lambda settings: settings.synchronous != "FULL" and settings.database_url is None,
        "a power cut may take back what was already answered",
        "FULL",
    ),
    _Risk(
        "impersonate_port",
        lambda settings: settings.impersonate_port is not None,
        "this server answers in Truv's name",
        "",
    ),
)


def rules_of_production(case: Case) -> Finding | None:
    """All that are broken, at once."""
    if not case.is_for_real:
        return None
    taken = [risk for risk in _RISKS if risk.is_taken(case.settings)]
    if not taken:
        return well("rules", "production's rules hold")
    found = "; ".join(f"{variable(risk.setting)}: {risk.means}" for risk in taken)
    cure = ", ".join(f"{variable(risk.setting)}={risk.safe}" for risk in taken)
    return wrong("rules", found, f"set {cure}, or take the lines away")
