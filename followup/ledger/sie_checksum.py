"""``#KSUMMA``: the checksum a SIE file may carry over a stretch of its own lines.

Source: SIE file format 4B, the appendix on control sums. A ``#KSUMMA`` without a value opens the stretch, one with a
value closes it. The value is CRC-32 over label and fields of the lines between, in CP437, without what separates
them: blanks outside quotes, line ends, quotes and braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from followup.ledger.content import Content
from followup.ledger.sie_lexer import Labelled, decode, labelled
from sydit.money import shown

_BETWEEN_FIELDS = b" \t\r\n{}\x1a"
_ESCAPED_QUOTE = b'\\"'
_STAND_IN = b"\x00"  # for an escaped quote, which neither opens nor closes a field; no text holds a NUL
_VALUE = re.compile(r"[-+]?[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file's checksum: a Swedish sentence, the row and the value that stands there."""

    message: str
    row: int
    value: str


class Stretch(NamedTuple):
    """Some whole lines of a file."""

    content: Content
    start: int
    end: int

    @property
    def lines(self) -> Iterator[bytes]:
        """Some at a time."""
        return (lines for _, lines in self.content.ranges(self.start, self.end))


def faults(content: Content, encoding: str) -> Iterator[Fault]:
    """What is wrong with the checksums of a file; nothing where it has none."""
    opened: Labelled | None = None
    for mark in labelled(content, "KSUMMA"):
        value = mark.rest.strip(b' \t"\x1a').decode("ascii", "replace")
        if not value:
            opened = mark
            continue
        if fault := _fault(content, encoding, opened, mark, value):
            yield Fault(f"{fault} Ta ut filen på nytt.", mark.row, shown(value))
        opened = None
    if opened is not None:
        message = "Kontrollsumman (#KSUMMA) inleds men avslutas aldrig: filen är avhuggen. Ta ut filen på nytt."
        yield Fault(message, opened.row, "#KSUMMA")


def _fault(content: Content, encoding: str, opened: Labelled | None, closing: Labelled, value: str) -> str:
    if not _VALUE.fullmatch(value):
        return "Kontrollsumman (#KSUMMA) går inte att läsa."
    if opened is None:
        return "Kontrollsumman (#KSUMMA) avslutas utan att ha inletts: början av filen saknas eller är skadad."
    if not _agrees(Stretch(content, opened.end, closing.start), encoding, int(value)):
        return "Kontrollsumman (#KSUMMA) stämmer inte med innehållet: filen är skadad, eller ändrad efter uttaget."
    return ""


def _agrees(covered: Stretch, encoding: str, told: int) -> bool:
    """Whether some whole lines have the checksum ``told``, which programs write signed or unsigned.

    They differ too in whether the backslash of an escaped quote counts, and whether a file that is not in CP437 is
    summed as it stands or as CP437: any of these is the file's own sum.
    """
    quotes = (b'"', _ESCAPED_QUOTE) if any(_ESCAPED_QUOTE in lines for lines in covered.lines) else (b'"',)
    encodings = ("",) if encoding == "cp437" or all(map(bytes.isascii, covered.lines)) else ("", encoding)
    return any(_sum(covered, name, quote) == told & 0xFFFFFFFF for name in encodings for quote in quotes)


def _sum(covered: Stretch, encoding: str, quote: bytes) -> int:
    """CRC-32 as the standard has it; ``encoding`` is named where the lines are recoded to CP437 first."""
    value = 0
    for lines in covered.lines:
        text = decode(lines, encoding).encode("cp437", "replace") if encoding else lines
        parts = text.replace(_ESCAPED_QUOTE, _STAND_IN).split(b'"')
        parts[::2] = [part.translate(None, _BETWEEN_FIELDS) for part in parts[::2]]
        value = crc32(b"".join(parts).replace(_STAND_IN, quote), value)
    return value
