"""Log lines: only the keys listed here, only plain values, never a body, a secret or an answer."""

import atexit
import logging
import sys
from collections.abc import Callable, MutableMapping
from datetime import datetime
from typing import Any, BinaryIO

import msgspec
import structlog

from payproof import clock

KEYS = frozenset(
    {
        "event", "level", "at", "request_id", "method", "route", "status", "ms", "reason", "client_id", "environment",
        "address", "error_type", "where", "task_id", "link_id", "user_id", "session_id", "webhook_id", "delivery_id",
        "kind", "subject", "tenant", "turn", "tries", "fence", "worker", "provider_id", "connector_id", "product_type",
        "step", "seconds", "status_code", "host", "port", "url", "count", "version", "database", "detail",
    }
)  # fmt: skip
"""Whoever wants another key adds it here, and says in review why nothing secret can be under it."""


class RequestLine(msgspec.Struct, frozen=True):
    """What is said of one request."""

    at: datetime
    level: str
    event: str
    method: str
    route: str
    status: int
    ms: float
    request_id: str
    address: str
    client_id: str | None
    environment: str | None
    reason: str | None


_PLAIN = (str, int, float, bool, type(None))
_FLUSH_AT = 64
_encode = msgspec.json.Encoder(enc_hook=str).encode

EventDict = MutableMapping[str, Any]


class Lines:
    """Gathers lines and writes them in one go, so that a request does not pay for a system call each."""

    def __init__(self, stream: BinaryIO, *, is_json: bool = True, level: int = logging.INFO) -> None:
        self._stream = stream
        self._lines: list[bytes] = []
        self._schedule: Callable[[], None] | None = None
        self._is_json, self._level = is_json, level
        atexit.register(self.flush)

    def flush_by(self, schedule: Callable[[], None] | None) -> None:
        """`schedule` is to call `flush` soon; without it each line is written at once."""
        self._schedule = schedule
        self.flush()

    def request(self, line: RequestLine) -> None:
        """The one line that every request pays for: it skips structlog's chain, and its keys are the struct's."""
        if self._level <= logging.INFO:
            self.write(_encode(line) + b"\n" if self._is_json else render_text(None, "", msgspec.structs.asdict(line)))

    def write(self, line: bytes) -> None:
        self._lines.append(line)
        if self._schedule is None or len(self._lines) >= _FLUSH_AT:
            self.flush()
        elif len(self._lines) == 1:
            self._schedule()

    msg = debug = info = warning = error = critical = log = write
    """What structlog calls at the end of its chain."""

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if not lines:
            return
        try:
            self._stream.write(b"".join(lines))
            self._stream.flush()
        except (OSError, ValueError):
            return  # whoever read our output is gone; the work goes on


def configure(*, is_json: bool, level: int, stream: BinaryIO | None = None) -> Lines:
    """Set structlog up for this process. Returns where the lines go."""
    lines = Lines(stream or sys.stderr.buffer, is_json=is_json, level=level)
    structlog.configure(
        processors=[structlog.processors.add_log_level, name_fault, allow, render_json if is_json else render_text],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    return lines


def name_fault(_: Any, __: str, event: EventDict) -> EventDict:
    """`log.exception` tells the fault's type and place; its message may repeat what a person typed."""
    if event.pop("exc_info", None):
        failed = sys.exc_info()[1]
        if failed is not None:
            event["error_type"], event["where"] = type(failed).__name__, where(failed)
    return event


def allow(_: Any, __: str, event: EventDict) -> EventDict:
    """Drop every key that is not listed and every value that is not plain."""
    return {key: value for key, value in event.items() if key in KEYS and isinstance(value, _PLAIN)}


def render_json(_: Any, __: str, event: EventDict) -> bytes:
    return _encode({"at": clock.now(), **event}) + b"\n"


def render_text(_: Any, __: str, event: EventDict) -> bytes:
    """One line for a person: time, event, then the rest as it comes."""
    shown = ((key, value) for key, value in event.items() if value is not None and key not in ("event", "level", "at"))
    rest = " ".join(f"{key}={value}" for key, value in shown)
    return f"{clock.now():%H:%M:%S} {event.get('level', ''):<7} {event.get('event', '')} {rest}\n".encode()


def where(failed: BaseException) -> str:
    """The innermost frames of a fault, without its message: that may repeat what a person typed."""
    frames: list[str] = []
    trace = failed.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('payproof/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(frames[-8:]))
