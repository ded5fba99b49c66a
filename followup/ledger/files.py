"""The imported files as they came: kept packed, in pieces that no database and no process has to hold at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from followup.ledger.content import Content
from followup.models import LedgerFile, LedgerFilePiece

PIECE = 1 << 20  # packed bytes a row
LEVEL = 1  # a third larger than with zlib's usual level, in a fourth of the time


@contextmanager
def packing(content: Content) -> Iterator[Future[Content]]:
    """Pack a file beside other work: zlib leaves the interpreter to it."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(packed, content)


def packed(content: Content) -> Content:
    return Content.copied(_packed(content))


def keep(content: Content, ready: Content | None = None) -> None:
    """Store the file, unless it is stored already. Call it in a transaction. ``ready`` is the file packed before."""
    if LedgerFile.objects.filter(pk=content.sha256).exists():
        return
    try:
        with transaction.atomic():
            file = LedgerFile.objects.create(sha256=content.sha256)
    except IntegrityError:
        return  # somebody else stored the same file at the same moment
    for number, piece in enumerate((ready or packed(content)).pieces(size=PIECE)):
        LedgerFilePiece.objects.create(file=file, number=number, packed=piece)


def original(sha256: str) -> Content:
    """A stored file as it came. Raises ``zlib.error`` where it is damaged."""
    return Content.copied(_unpacked(sha256))


def _packed(content: Content) -> Iterator[bytes]:
    packer = zlib.compressobj(level=LEVEL)
    for piece in content.pieces(size=PIECE):
        yield packer.compress(piece)
    yield packer.flush()


def _unpacked(sha256: str) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    pieces = LedgerFilePiece.objects.filter(file=sha256).order_by("number")
    for number in pieces.values_list("number", flat=True):
        piece = memoryview(pieces.values_list("packed", flat=True).get(number=number))
        for start in range(0, len(piece), PIECE >> 2):
            yield unpacker.decompress(piece[start : start + (PIECE >> 2)])
    if not unpacker.eof:
        raise zlib.error("a stored file ends too early")
