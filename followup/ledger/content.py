"""A file's bytes, read piece by piece: an import holds none whole, however large it is.

A small file lies in memory, a larger one on disk in a nameless file of our own, which nobody else can change meanwhile.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 18  # bytes read at a time
IN_MEMORY = 4 << 20  # bytes of a file that is not worth a file on disk


class Content:
    """Bytes that can be read from any place, any number of times at once."""

    def __init__(self, content: bytes | BinaryIO, size: int) -> None:
        self._content = content
        self.size = size

    @classmethod
    def of(cls, content: bytes | Content) -> Content:
        """Bytes that are in memory already; content is itself."""
        return content if isinstance(content, Content) else cls(content, len(content))

    @classmethod
    def copied(cls, pieces: Iterable[bytes]) -> Content:
        """A copy of what comes in pieces, on disk where it is large."""
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open for as long as the content lives
        for piece in pieces:
            file.write(piece)
        size = file.tell()
        if size <= IN_MEMORY:
            with file:
                file.seek(0)
                return cls(file.read(), size)
        file.rollover()
        file.flush()
        return cls(file, size)  # type: ignore[arg-type]  # a spooled file is what it wraps

    @classmethod
    def at(cls, path: Path) -> Content:
        """A copy of the file at ``path``, which somebody may change while it is read. Raises ``OSError``."""
        with path.open("rb") as file:
            return cls.copied(iter(lambda: file.read(PIECE), b""))

    @cached_property
    def sha256(self) -> str:
        """The checksum by which the file is known, in hexadecimal."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` to before ``end``, fewer where the file ends before."""
        start, end = max(start, 0), min(end, self.size)
        if isinstance(self._content, bytes):
            return self._content[start:end]
        return os.pread(self._content.fileno(), max(end - start, 0), start)

    def head(self, size: int) -> bytes:
        return self.read(0, size)

    def whole(self) -> bytes:
        """All of it at once, for a library that wants it so."""
        return self.read(0, self.size)

    def opened(self, start: int = 0) -> BinaryIO:
        """A file of its own to read from ``start`` on."""
        if isinstance(self._content, bytes):
            file: BinaryIO = io.BytesIO(self._content)
        else:
            file = io.BufferedReader(_Window(self), PIECE)
        file.seek(start)
        return file

    def pieces(self, start: int = 0, end: int | None = None, *, size: int | None = None) -> Iterator[bytes]:
        """The bytes between two places, ``size`` at a time (:data:`PIECE`)."""
        end, size = self.size if end is None else min(end, self.size), size or PIECE
        for at in range(start, end, size):
            yield self.read(at, min(at + size, end))

    def ranges(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Whole lines, about :data:`PIECE` bytes at a time, with the place of the first: none parts a CR from its LF.

        A line that is longer than that comes whole.
        """
        end = self.size if end is None else min(end, self.size)
        begun: list[bytes] = []
        for piece in self.pieces(start, end):
            # A CR that stands last may have its LF in the next piece.
            if cut := max(piece.rfind(b"\n"), piece.rfind(b"\r", 0, -1)) + 1:
                lines = b"".join((*begun, piece[:cut]))
                yield start, lines
                start += len(lines)
                begun.clear()
            begun.append(piece[cut:])
        if rest := b"".join(begun):
            yield start, rest

    def find(self, needle: bytes, start: int = 0) -> int:
        """Where ``needle`` begins for the first time from ``start`` on; −1 where it does not."""
        for at, piece in self._overlapping(len(needle) - 1, start, self.size):
            if (found := piece.find(needle)) >= 0:
                return at + found
        return -1

    def count(self, needle: bytes, end: int | None = None) -> int:
        """How often ``needle`` stands before ``end``. It must not be able to overlap itself."""
        end = self.size if end is None else end
        return sum(piece.count(needle) for _, piece in self._overlapping(len(needle) - 1, 0, end))

    def all(self, holds: Callable[[bytes], bool], start: int = 0) -> bool:
        """Whether every piece from ``start`` on is such."""
        return all(map(holds, self.pieces(start)))

    def line_ends(self, start: int, end: int) -> int:
        """How many lines end between two places. Lines end with LF, CRLF or CR."""
        return sum(
            lines.count(b"\n") + lines.count(b"\r") - lines.count(b"\r\n") for _, lines in self.ranges(start, end)
        )

    def row_of(self, position: int) -> int:
        """The line, counted from 1, that a byte stands on."""
        return self.line_ends(0, position) + 1

    def _overlapping(self, before: int, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Pieces with the place where each begins: ``before`` bytes of the one before it come again."""
        kept, at = b"", start
        for piece in self.pieces(start, end):
            joined = kept + piece
            yield at, joined
            kept = joined[max(len(joined) - before, 0) :] if before else b""
            at += len(joined) - len(kept)


class _Window(io.RawIOBase):
    """Content as a file of Python's, at a place of its own."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self._content, self._at = content, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._content.size}[whence]
        self._at = origin + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._content.read(self._at, self._at + len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
