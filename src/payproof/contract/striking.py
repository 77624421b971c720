"""Secrets struck out of what a developer looks at: by the names they go by, and where a value looks like one."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

STRUCK = "****"
_DEEPEST = 32
"""Levels of nesting; no shape of ours comes near, and what lies deeper is struck."""

_SECRET = frozenset(
    {
        "ssn", "social_security_number", "tax_id", "itin", "password", "passwords", "passwd", "passcode", "pin", "otp",
        "secret", "token", "account_number", "routing_number", "iban", "date_of_birth", "birth_date", "birthdate",
        "dob", "code", "answer", "answers", "mfa_code", "security_code", "verification_code", "credentials",
        "authorization", "cookie", "api_key", "private_key",
    }
)  # fmt: skip
_SECRET_ENDINGS = ("_token", "_tokens", "_secret", "_secrets", "_password", "_ssn", "_account_number")
_CALLERS_OWN = frozenset({"external_user_id"})
"""Values that the client has chosen as names and may be long numbers."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONG_NUMBER = re.compile(r"[\d -]{8,}")
_LOOKS_SECRET = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)|\b(?:sandbox|dev|prod)-[0-9A-Za-z]{20,}")
_FILE = re.compile(r"(/files/)[^/?#\s]+")
_USER_OF_URL = re.compile(r"(://)[^/@\s]+@")
_PAIR_OF_URL = re.compile(r"([?&])([^=&#\s]+)=([^&#\s]*)")


def strike(value: Any, *, is_error: bool = False, depth: int = 0) -> Any:
    """A JSON value without its secrets. A key that is no plain name may be one itself, and goes with its value.

    `is_error`: the value of `error` in a refusal, whose `code` is its kind.
    """
    if depth > _DEEPEST:
        return STRUCK
    match value:
        case dict():
            pairs = (_pair(str(name), part, is_error=is_error, depth=depth) for name, part in value.items())
            return dict(pairs)
        case list():
            return [strike(part, depth=depth + 1) for part in value]
        case str():
            return strike_text(value)
    return value


def _pair(name: str, value: Any, *, is_error: bool, depth: int) -> tuple[str, Any]:
    if not _NAME.fullmatch(name):
        return STRUCK, STRUCK
    if is_secret(name) and not (is_error and name == "code"):
        return name, value if value in (None, "") or isinstance(value, bool) else STRUCK
    return name, strike(value, is_error=name == "error" and not depth, depth=depth + 1)


def strike_query(query: Mapping[str, str]) -> dict[str, str]:
    return dict(_said(name, text) if _NAME.fullmatch(name) else (STRUCK, STRUCK) for name, text in query.items())


def strike_path(path: str, route: str) -> str:
    """The path as it was written, but for the parts that the route names as secrets or that look like one."""
    named = route.strip("/").split("/")
    parts = path.strip("/").split("/")
    shown = [
        part if name == part else _said(name.strip("{}"), part)[1] for name, part in zip(named, parts, strict=False)
    ]
    return "/" + "/".join(quote(part, safe="~-._!$&'()*+,;=:@") for part in shown) + path[len(path.rstrip("/")) :]


def strike_text(text: str) -> str:
    """A text without what can be seen to be a secret: addresses of files open to whoever knows them, keys, numbers."""
    text = _LOOKS_SECRET.sub(STRUCK, text)
    if "/" in text:
        text = _PAIR_OF_URL.sub(_struck_pair, _USER_OF_URL.sub(rf"\1{STRUCK}@", _FILE.sub(rf"\1{STRUCK}", text)))
    return text.encode("utf-8", "replace").decode()


def is_secret(name: str) -> bool:
    plain = _HUMP.sub("_", name).lower().replace("-", "_").replace(".", "_")
    return plain in _SECRET or plain.endswith(_SECRET_ENDINGS)


def _said(name: str, text: str) -> tuple[str, str]:
    """Where an id or a filter belongs, a long number is somebody's."""
    is_number = name not in _CALLERS_OWN and _LONG_NUMBER.fullmatch(text)
    return name, STRUCK if text and (is_secret(name) or is_number) else strike_text(text)


def _struck_pair(found: re.Match[str]) -> str:
    sign, name, text = found.groups()
    return f"{sign}{name}={STRUCK if text and is_secret(name) else text}"
