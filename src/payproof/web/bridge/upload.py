"""Files as they stream in: kept in memory only, since a spool on disk would be a copy that nobody sealed."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from payproof.contract.reading import invalid
from payproof.model.raw import UPLOAD_PREFIX, Raw
from payproof.web.bridge.house import BodyTooLarge, check_announced

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LONGEST_NAME = 120
_SLACK = 64_000
"""What the headers and borders between the files may take."""


class Limits(Struct, frozen=True):
    files: int = 12
    bytes_each: int = 32_000_000


async def take_files(request: Request, limits: Limits) -> list[Raw]:
    """The files of a multipart/form-data body, in order. Raises InvalidParams, BodyTooLarge."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise invalid("file", "Send the files as multipart/form-data.")
    check_announced(request, limits.files * limits.bytes_each + _SLACK)
    gathering = _Gathering(limits)
    try:
        parser = MultipartParser(options[b"boundary"], gathering.callbacks())
        async for part in request.stream():
            parser.write(part)
        parser.finalize()
    except FormParserError:
        raise invalid("file", "The body is not valid multipart/form-data.") from None
    return gathering.files


class _Gathering:
    """Follows the parser through headers and bodies; parts without a file name are skipped."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._body: bytearray | None = None
        self._file_name = ""
        self.files: list[Raw] = []

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._headers.clear,
            "on_header_field": self._on_name,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._on_part_end,
        }

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._body = None
        if b"filename" in options:
            if len(self.files) >= self._limits.files:
                raise invalid("file", f"At most {self._limits.files} files at once.")
            self._body = bytearray()
            self._file_name = _safe(options[b"filename"].decode("utf-8", "replace"), len(self.files) + 1)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._body is None:
            return
        if len(self._body) + end - start > self._limits.bytes_each:
            raise BodyTooLarge
        self._body += data[start:end]

    def _on_part_end(self) -> None:
        if self._body is None:
            return
        media_type, _ = parse_options_header(self._headers.get(b"content-type", b""))
        self.files.append(
            Raw(
                key=f"{UPLOAD_PREFIX}{len(self.files) + 1:02d}/{self._file_name}",
                media_type=media_type.decode("latin-1")[:100] or "application/octet-stream",
                body=bytes(self._body),
                name=self._file_name,
            )
        )
        self._body = None


def _safe(name: str, number: int) -> str:
    """The last part of the name, without what does not print; `file-2` where nothing is left."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in last if sign.isprintable()).strip()
    return plain[-_LONGEST_NAME:] or f"file-{number}"
