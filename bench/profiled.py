"""A command of ours under a sampling profiler: `python -m bench.profiled FILE serve …`.

Every 5 ms of CPU the stack that runs is noted; at the end FILE holds JSON: how many samples fell to each kind of work,
and the functions in which most of them were. Signals reach the main thread only; while that waits, the busy one of the
other threads is meant.
"""

import json
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

from payproof.cli import main

_EVERY_SECONDS = 0.005
_KINDS = (
    ("HTTP out", ("/httpx2/", "/httpcore2/", "/h11/", "/payproof/net/", "/workflows/browser", "/workflows/post")),
    ("sealing", ("/cryptography/", "/store/sealing")),
    ("store", ("/payproof/store/", "/psycopg")),
    ("reading pages", ("/connectors/", "/kit/page", "/normalise/", "html/parser")),
    ("HTTP in", ("/payproof/api/", "/payproof/web/", "/starlette/", "/contract/")),
    ("engine and workflows", ("/payproof/engine/", "/payproof/workflows/")),
)
_WAITING = ("_write_loop", "_worker", "wait", "get", "select", "run", "_wait_for_tstate_lock")
_ODD = "loop and the rest"
counts: Counter[str] = Counter()
places: Counter[str] = Counter()


def sample(number: int, frame: FrameType | None) -> None:
    """Note the stack."""
    if frame is not None and frame.f_code.co_name in _WAITING:
        frame = _busy_thread() or frame
    kind = _ODD
    place = ""
    while frame is not None:
        name = frame.f_code.co_filename
        place = place or f"{_short(name)}:{frame.f_code.co_name}"
        if kind == _ODD:
            kind = next((kind for kind, signs in _KINDS if any(sign in name for sign in signs)), _ODD)
        frame = frame.f_back
    counts[kind] += 1
    places[place] += 1


def _busy_thread() -> FrameType | None:
    main_thread = threading.main_thread().ident
    others = [frame for ident, frame in sys._current_frames().items() if ident != main_thread]
    return next((one for one in others if one.f_code.co_name not in _WAITING), None)


def _short(name: str) -> str:
    for border in ("/payproof/", "/site-packages/", "/lib/python"):
        if border in name:
            return name.rpartition(border)[2]
    return name


def _tell(path: Path) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    path.write_text(json.dumps({"kinds": dict(counts), "places": dict(places.most_common(40))}, indent=1))


if __name__ == "__main__":
    told = Path(sys.argv.pop(1))
    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, _EVERY_SECONDS, _EVERY_SECONDS)
    try:
        main()
    finally:
        _tell(told)
