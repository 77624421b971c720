"""Opening the files that were handed over, in the isolated process. The only file here that touches their bytes."""

from collections.abc import Sequence

import msgspec

from payproof.connectors.statement_file.question import known_answers
from payproof.documents.isolated import IsolationFailed, Limits, OutOfMemory, OutOfTime, TooLong, run_isolated
from payproof.documents.reading import Ambiguity, Refusal
from payproof.kit.failure import AccountLocked, ConfigRefused, LoginRefused, NoData
from payproof.kit.visit import Visit
from payproof.model.raw import Raw

READER = "payproof.documents.statement:open_statement"
SIGN_ON_REFUSED = "15500"
SIGN_ON_LOCKED = "15502"
_SECONDS_PER_MB = 2
_MEMORY_MB = 288
_LONGEST_NAME = 100
_REASONS = {
    OutOfTime: "reading it takes far longer than any bank's file does",
    OutOfMemory: "reading it needs far more memory than any bank's file does",
    TooLong: "it holds far more than any bank's file does",
}


class BriefStatement(msgspec.Struct):
    """A statement of which only its being there counts."""


class BriefReading(msgspec.Struct):
    """A reading without its statements' contents, which may be long."""

    format: str
    listed: int = 0
    sign_on: str | None = None
    sign_on_message: str | None = None
    refused_statements: list[str] = []
    statements: list[BriefStatement] = []


class Opened(msgspec.Struct):
    """How the opening of a file ended, with the whole outcome as JSON."""

    reading: BriefReading | None = None
    ambiguity: Ambiguity | None = None
    refusal: Refusal | None = None
    body: bytes = b""


def check_uploads(uploads: Sequence[Raw], most_files: int, most_bytes: int) -> None:
    """Raises `ConfigRefused` where there is no file, or one too many, or one too large."""
    if not uploads:
        raise ConfigRefused("No file was handed over.", reason="no_file")
    if len(uploads) > most_files:
        raise ConfigRefused(f"More than {most_files} files were handed over.", reason="too_many_files")
    for upload in uploads:
        if len(upload.body) > most_bytes:
            raise ConfigRefused(
                f"{name_of(upload)}: the file is larger than {most_bytes >> 20} MB.", reason="file_too_large"
            )


def name_of(upload: Raw) -> str:
    return (upload.name or upload.key.split("/", 2)[-1])[:_LONGEST_NAME]


async def open_file(visit: Visit, upload: Raw, *, postings: bool) -> Opened:
    """What one file says. Raises `ConfigRefused` with file, line and reason where it cannot be read.

    Where what an earlier task remembered does not fit the file, it is read again without it.
    """
    opened = await _open(upload, known_answers(visit), postings=postings)
    if opened.refusal and visit.remembered:
        opened = await _open(upload, known_answers(visit, with_remembered=False), postings=postings)
    if opened.refusal:
        line = f", line {opened.refusal.line}" if opened.refusal.line else ""
        raise ConfigRefused(f"{name_of(upload)}{line}: {opened.refusal.reason}.", reason="file_unreadable")
    return opened


async def _open(upload: Raw, known: dict[str, dict[str, str]], *, postings: bool) -> Opened:
    try:
        body = await run_isolated(READER, upload.body, limits_for(upload.body), {"postings": postings, "known": known})
    except IsolationFailed as error:
        reason = _REASONS.get(type(error), "it cannot be read safely")
        raise ConfigRefused(
            f"{name_of(upload)}: {reason}.", reason="file_unreadable", detail=f"{type(error).__name__}: {error}"
        ) from error
    opened = msgspec.json.decode(body, type=Opened)
    opened.body = body
    return opened


def limits_for(body: bytes) -> Limits:
    """Two seconds of CPU per megabyte begun; the result of an honest file is never eight times as long as the file."""
    megabytes = (len(body) >> 20) + 1
    seconds = _SECONDS_PER_MB * megabytes
    return Limits(
        cpu_seconds=seconds,
        memory_mb=_MEMORY_MB,
        output_bytes=min(8 * len(body) + (1 << 16), 96 << 20),
        wall_seconds=20.0 + 4 * seconds,
    )


class Tally:
    """What all files together hold, to say at the end of `login` whether there is anything to read."""

    def __init__(self) -> None:
        self.statements = 0
        self.listed = 0
        self.tables = 0
        self.refused: list[str] = []
        self.name = ""

    def add(self, upload: Raw, opened: Opened) -> None:
        """Count one file in. Raises what the bank said to the sign-on."""
        reading = opened.reading
        assert reading is not None
        self.name = self.name or name_of(upload)
        self._check_sign_on(upload, reading)
        self.statements += len(reading.statements)
        self.listed += reading.listed
        self.tables += reading.format == "csv"
        self.refused += [
            f"{name_of(upload)}: the bank gave no statement ({said})" for said in reading.refused_statements
        ]

    def _check_sign_on(self, upload: Raw, reading: BriefReading) -> None:
        code, said = reading.sign_on, reading.sign_on_message or ""
        where = f"{name_of(upload)}: in this file the bank says"
        if code == SIGN_ON_REFUSED:
            raise LoginRefused(f"{where} that the sign-on was refused. {said}".strip())
        if code == SIGN_ON_LOCKED:
            raise AccountLocked(f"{where} that the access is locked. {said}".strip())
        if code and not reading.statements:
            self.refused.append(f"{where} “{said or code}” and gives no statement")

    def judge(self) -> None:
        """Raises `NoData` or `ConfigRefused` where no file holds a statement."""
        if self.statements:
            return
        if self.listed or self.tables:
            raise NoData("The files list accounts but hold no statement of them.", reason="no_statement")
        said = self.refused[0] if self.refused else f"{self.name}: the file holds no bank statement"
        raise ConfigRefused(f"{said}.", reason="no_statement")
