"""The archive of papers is somebody else's bytes: what is odd in it is left alone or ends the task."""

import io
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from payproof.connectors.sandbox_payroll.visit import _unpacked
from payproof.kit.failure import SourceFailed
from payproof.model.raw import Raw


def unpacked(archive: bytes) -> list[Raw]:
    return _unpacked("7", SimpleNamespace(content=archive))


def zipped(files: dict[str, bytes], how: int = ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", how) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_only_papers_are_taken() -> None:
    files = {"../statement-1.pdf": b"a", "statement-1.pdf": b"b", "w2-2025.pdf": b"c", "w2-x.pdf": b"d", "notes": b"e"}
    assert [(raw.key, raw.body) for raw in unpacked(zipped(files))] == [
        ("statement/7/1.pdf", b"b"),
        ("w2/7/2025.pdf", b"c"),
    ]


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped({f"statement-{n}.pdf": bytes(8_000_000) for n in range(9)}, ZIP_DEFLATED)
    assert sum(len(raw.body) for raw in unpacked(bomb)) <= 20_000_000


@pytest.mark.parametrize("cut", [0, 10, 200, -30])
def test_a_broken_archive_is_a_failure(cut: int) -> None:
    whole = zipped({"statement-1.pdf": bytes(range(256)) * 9}, ZIP_DEFLATED)
    with pytest.raises(SourceFailed):
        unpacked(whole[:cut])


def test_damaged_contents_are_a_failure() -> None:
    whole = bytearray(zipped({"statement-1.pdf": b"x" * 999}))
    whole[100] ^= 1
    with pytest.raises(SourceFailed):
        unpacked(bytes(whole))
