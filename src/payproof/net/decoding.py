"""The encodings of an answer's body, undone no further than asked for."""

import zlib

ACCEPTED = "gzip, deflate"


class DecodingError(Exception):
    """The body is not what its head says."""


class Decoder:
    """Takes a body as it comes."""

    def __init__(self, content_encoding: str) -> None:
        codings = [name.strip().lower() for name in content_encoding.split(",")]
        self._codings = [name for name in codings if name in ("gzip", "deflate")]
        self._zlib: zlib._Decompress | None = None
        if len(self._codings) > 1:
            raise DecodingError("more than one content encoding")

    def decode(self, part: bytes, room: int) -> bytes:
        """No more than `room` bytes of it. Raises DecodingError."""
        if not self._codings:
            return part
        if self._zlib is None:
            self._zlib = zlib.decompressobj(self._window(part[0]))
        try:
            return b"" if self._zlib.eof else self._zlib.decompress(part, room)
        except zlib.error as failed:
            raise DecodingError(str(failed)) from failed

    def _window(self, first: int) -> int:
        """Some send deflate bare, without the head that the standard wants."""
        is_bare = self._codings == ["deflate"] and first & 15 != zlib.DEFLATED
        return -zlib.MAX_WBITS if is_bare else zlib.MAX_WBITS | 32
