"""The one place where typst runs: a sheet and its facts in, a PDF out.

Facts travel as JSON in `sys.inputs` and are never markup, so no name or amount can change a page's layout. The same
facts give the same bytes: the creation date is the sheet's own day and only typst's embedded fonts are used.
Compiling holds no interpreter lock (measured: 12 ms for a page; 30 pages hold up a loop by 1.4 ms at most), so callers
run it in a thread.
"""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
import typst

if TYPE_CHECKING:
    from typst import PDFStandard

_SHEETS = Path(__file__).parent / "sheets"
_one_at_a_time = Lock()


def press(sheet: str, facts: msgspec.Struct, *, on: date, tagged: bool = True) -> bytes:
    """The bytes of `sheets/<sheet>.typ` filled with `facts` and dated `on`.

    Tagged is PDF/UA-1. Tags double a small file (measured: 28 KB for 14 KB), which counts where thousands are kept.
    PDF/UA forbids letters that our fonts have no picture of; a sheet with such a name keeps its tags without the claim.
    """
    inputs = {"facts": msgspec.json.encode(facts).decode()}
    dated = datetime(on.year, on.month, on.day, tzinfo=UTC)
    with _one_at_a_time:
        if not tagged:
            return _compile(sheet, inputs, dated, [], False)
        try:
            return _compile(sheet, inputs, dated, ["ua-1"], True)
        except typst.TypstError:
            return _compile(sheet, inputs, dated, [], True)


def _compile(
    sheet: str, inputs: dict[str, str], dated: datetime, standards: list["PDFStandard"], tagged: bool
) -> bytes:
    made = _compiler(sheet).compile(
        format="pdf", sys_inputs=inputs, pdf_standards=standards, pdf_tags=tagged, timestamp=dated
    )
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave no single file for the sheet {sheet!r}")
    return made


@cache
def _compiler(sheet: str) -> typst.Compiler:
    return typst.Compiler(str(_SHEETS / f"{sheet}.typ"), root=str(_SHEETS), ignore_system_fonts=True)


@cache
def sheet_mark(sheet: str) -> str:
    """Changes whenever the sheet or typst does: what a kept PDF was made with."""
    return sha256(version("typst").encode() + (_SHEETS / f"{sheet}.typ").read_bytes()).hexdigest()
