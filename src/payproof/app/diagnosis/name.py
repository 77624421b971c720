"""Whether clients with Truv's hosts written into them reach us, each name tried as a client would."""

from pathlib import Path

from payproof.app.diagnosis.finding import Finding, well, wrong
from payproof.app.impersonation import NAMES, ca_folder, hosts_line
from payproof.config import Settings
from payproof.net.proof import Doubted, NoAnswer, NobodyThere, addresses, ask_over_tls, flaw_of_authority, is_elsewhere

_START = "start `payproof dev --impersonate`"


def diagnose_names(settings: Settings, ca: Path | None = None) -> list[Finding]:
    """The authority, then one finding for each name. The port is the one that `settings` impersonate on."""
    ca = ca or ca_folder(settings.data) / "ca.pem"
    authority = authority_there(ca)
    if not authority.is_ok:
        return [authority]
    port = settings.impersonate_port or 443
    return [authority, *(name_reached(name, port, ca, hosts_line(settings.host)) for name in NAMES)]


def authority_there(ca: Path) -> Finding:
    flaw = flaw_of_authority(ca)
    if flaw is not None:
        return wrong("authority", f"{ca}: {flaw}", f"{_START} first, or name its certificate with --ca")
    return well("authority", str(ca))


def name_reached(name: str, port: int, ca: Path, line: str) -> Finding:
    """From the name to the answer; tells of the first step that fails."""
    found = addresses(name)
    where = ", ".join(found)
    astray = [address for address in found if is_elsewhere(address)]
    add = f"add this line to /etc/hosts: {line}"
    if not found:
        return wrong(name, "leads nowhere", add)
    if astray:
        return wrong(name, f"leads to {', '.join(astray)}, not to this machine", add)
    try:
        answer = ask_over_tls(name, port, "/healthz", ca)
    except Doubted as doubted:
        return wrong(name, f"{where}, port {port}: {doubted}", _whose(str(doubted)))
    except NobodyThere:
        return wrong(name, f"nothing listens on port {port} of {where}", f"{_START}, and see which port it takes")
    except NoAnswer as failed:
        return wrong(name, f"{where}, port {port}: {failed}", f"stop what listens there, and {_START}")
    if answer != b'{"status":"ok"}':
        return wrong(name, f"somebody else answers on port {port} of {where}", f"stop it, and {_START}")
    return well(name, f"{where}, port {port}: the certificate is right, and payproof answers")


def _whose(doubt: str) -> str:
    if "expired" in doubt or "not yet valid" in doubt:
        return "set this machine's clock, or start `payproof dev --impersonate` anew: it makes a new certificate"
    return f"what answers there is certified by somebody else: stop it, {_START} with this --data, or name its --ca"
