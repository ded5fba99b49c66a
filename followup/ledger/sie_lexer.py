"""The text of a SIE file: its encoding, its lines and the fields of a line.

Source: SIE file format 4B, chapter 5 (and what programs really write). Nothing here knows what a label means.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, charmap_decode
from collections.abc import Iterator
from io import TextIOWrapper
from typing import NamedTuple

from followup.ledger.content import PIECE, Content

AROUND = 16  # letters shown before and after a lost one
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SWEDISH = "åäöÅÄÖ"
_ENCODED = {name: [letter.encode(name) for letter in _SWEDISH] for name in ("utf-8", "cp437", "cp1252")}
_ASCII = bytes(range(128))
_CP437 = bytes(range(256)).decode("cp437")
# Five bytes of Windows-1252 mean nothing. They stay what Latin-1 makes of them: a stray byte must not fail a file.
_CP1252 = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256))
_TABLES = {"cp437": _CP437, "cp1252": _CP1252}


class FieldError(ValueError):
    """The line can't be split into fields: a Swedish sentence, and the part of the line it is about."""

    def __init__(self, message: str, value: str) -> None:
        super().__init__(message)
        self.value = value


class Block(NamedTuple):
    """Some whole lines of a file, decoded, without their line ends."""

    first_row: int  # counted from 1
    lines: list[str]


class Labelled(NamedTuple):
    """A line with the label asked for: where it stands, where the next one begins, and what follows the label."""

    row: int  # counted from 1
    start: int
    end: int
    rest: bytes


def as_bytes_of_one_width(content: Content) -> Content:
    """The same text where every byte can be searched for: UTF-16 (with its mark) as UTF-8, else ``content`` itself."""
    if not content.head(2).startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content
    text = TextIOWrapper(content.opened(), encoding="utf-16", errors="replace", newline="")
    return Content.copied(part.encode("utf-8", "replace") for part in iter(lambda: text.read(PIECE), ""))


def encoding_of(content: Content) -> str:
    """``utf-8-sig``, ``utf-8``, ``cp437`` or ``cp1252``.

    The byte order mark decides, then whether the whole file is UTF-8, then which reading has the more Swedish
    letters. UTF-8 with a damaged byte stays UTF-8: read otherwise every name in it would be wrong.
    """
    if content.head(len(BOM_UTF8)) == BOM_UTF8:
        return "utf-8-sig"
    if _is_utf8(content):
        return "utf-8"
    counts = dict.fromkeys(_ENCODED, 0)
    for _, lines in content.ranges():
        foreign = lines.translate(None, _ASCII)
        for name, letters in _ENCODED.items():
            counts[name] += sum(map(foreign.count, letters))
    # Each UTF-8 letter is two bytes, of which CP437 takes the second for a letter of its own in half of the cases.
    if counts["utf-8"] and counts["utf-8"] >= max(counts["cp437"], counts["cp1252"]):
        return "utf-8"
    return "cp1252" if counts["cp1252"] > counts["cp437"] else "cp437"


def _is_utf8(content: Content) -> bool:
    try:
        for _, lines in content.ranges():
            if not lines.isascii():
                lines.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, encoding: str) -> str:
    """The text of some bytes; bytes that are not UTF-8 where they should be become U+FFFD."""
    if encoding in _TABLES:
        return charmap_decode(data, "strict", _TABLES[encoding])[0]  # type: ignore[no-any-return,unused-ignore]
    return data.decode("utf-8", "replace")


def blocks(content: Content, encoding: str) -> Iterator[Block]:
    """The file's lines, some at a time. Line ends are LF, CRLF or CR."""
    row = 1
    for _, data in content.ranges(len(BOM_UTF8) if content.head(len(BOM_UTF8)) == BOM_UTF8 else 0):
        text = decode(data, encoding)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if text.endswith("\n"):
            lines.pop()
        yield Block(row, lines)
        row += len(lines)


def labelled(content: Content, label: str) -> Iterator[Labelled]:
    """The lines that start with ``#label`` in any case."""
    letters = "".join(f"[{letter}{letter.lower()}]" for letter in label)
    pattern = re.compile(rb"#%s(?![^ \t\r\n\x1a])([^\r\n]*)(?:\r\n|\r|\n|\Z)" % letters.encode())
    row, counted = 1, 0
    for start, lines in content.ranges():
        for match in pattern.finditer(lines):
            line_start = max(lines.rfind(mark, 0, match.start()) for mark in (b"\n", b"\r")) + 1
            if not lines[line_start : match.start()].removeprefix(BOM_UTF8).strip(b" \t"):
                row, counted = row + content.line_ends(counted, start + line_start), start + line_start
                yield Labelled(row, start + match.start(), start + match.end(), match[1])


def undecodable(content: Content, encoding: str) -> Iterator[tuple[int, str]]:
    """Rows with letters that were lost before the file came here (U+FFFD, or bytes that are no UTF-8), and where."""
    lost = REPLACEMENT.encode()
    if content.find(lost) < 0 and (encoding not in ("utf-8", "utf-8-sig") or _is_utf8(content)):
        return
    in_this_encoding = decode(lost, encoding)
    for first_row, lines in blocks(content, encoding):
        for row, line in enumerate(lines, first_row):
            places = [place for mark in (in_this_encoding, REPLACEMENT) if (place := line.find(mark)) >= 0]
            if places:
                yield row, line[max(0, min(places) - AROUND) : min(places) + AROUND]


_BLANKS = " \t"
# A quoted field; \" is the only escape, a backslash elsewhere is itself. The repetition gives nothing back, so a
# quote that is never closed does not match (and takes linear time to find out).
_QUOTED = re.compile(r'"((?:\\"|[^"])*+)"')
# Where nothing closes it: a text that ends with a backslash, which some programs leave as it is ("C:\" 0).
_CLOSED_BY_BACKSLASH = re.compile(r'"((?:\\"|[^"])*\\)"[ \t]*')
_CLOSED_WITHIN = re.compile(r'"([^"]*\\)"(?=[ \t])')
_WORD = re.compile(r"[^ \t]+")
_WORD_BEFORE_OBJECTS = re.compile(r'[^ \t"{}]+')
_GAP = re.compile(r"[ \t]*")


def field_at(line: str, position: int, word: re.Pattern[str] = _WORD) -> tuple[str, int]:
    """The field that starts at ``position`` (no blank) and where it ends. Raises :class:`FieldError`."""
    if line[position] == '"':
        match = _QUOTED.match(line, position)
        if match:
            return match[1].replace('\\"', '"'), match.end()
        closed = _CLOSED_BY_BACKSLASH.fullmatch(line, position)
        if closed or (word is _WORD and (closed := _CLOSED_WITHIN.match(line, position))):
            return closed[1].replace('\\"', '"'), closed.end()
        raise FieldError('Ett citattecken (") inleder ett fält men inget avslutar det.', line[position:])
    match = word.match(line, position)
    if not match:
        raise FieldError(f"Tecknet ”{line[position]}” står där ett fält skulle ha börjat.", line[position:])
    return match[0], match.end()


def fields(line: str, position: int = 0) -> list[str]:
    """The fields of a line from ``position`` on, without quotes. Raises :class:`FieldError`."""
    found = []
    position = _skip_blanks(line, position)
    while position < len(line):
        value, position = field_at(line, position)
        found.append(value)
        position = _skip_blanks(line, position)
    return found


def _skip_blanks(line: str, position: int) -> int:
    match = _GAP.match(line, position)
    return match.end() if match else position


def fields_and_name(line: str, position: int, before: int) -> list[str]:
    """``before`` fields and the name that ends the line, in whose quotes some programs leave quotes as they are.

    Raises :class:`FieldError`.
    """
    found: list[str] = []
    position = _skip_blanks(line, position)
    while len(found) < before and position < len(line):
        value, position = field_at(line, position)
        found.append(value)
        position = _skip_blanks(line, position)
    rest = line[position:].rstrip(_BLANKS)
    if len(rest) > 1 and rest[0] == rest[-1] == '"' and '" "' not in rest:
        return [*found, rest[1:-1].replace('\\"', '"')]
    return [*found, *fields(rest)]


class Split(NamedTuple):
    """The fields of a line that has an object list among them."""

    before: list[str]
    objects: tuple[str, ...]  # dimension, object, dimension, object …
    after: list[str]


def split_at_objects(line: str, position: int, before: int) -> Split:
    """``before`` fields, an object list (which some programs leave out) and the rest. Raises :class:`FieldError`."""
    leading: list[str] = []
    position = _skip_blanks(line, position)
    while len(leading) < before and position < len(line) and line[position] != "{":
        value, position = field_at(line, position, _WORD_BEFORE_OBJECTS)
        leading.append(value)
        position = _skip_blanks(line, position)
    if line.startswith("{", position):
        objects, position = _objects_at(line, position + 1)
        return Split(leading, objects, fields(line, position))
    start = position
    if line.startswith('""', position):  # an empty field where the braces should be
        position += 2
    after = fields(line, position)
    if any(value.startswith("{") for value in after):
        raise FieldError("Objektlistan { } står inte på sin plats på raden.", line[start:])
    return Split(leading, (), after)


def _objects_at(line: str, position: int) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    start = position - 1
    position = _skip_blanks(line, position)
    while not line.startswith("}", position):
        if position >= len(line):
            raise FieldError("Klammern { inleder en objektlista men inget } avslutar den.", line[start:])
        value, position = field_at(line, position, _WORD_BEFORE_OBJECTS)
        found.append(value)
        position = _skip_blanks(line, position)
    return tuple(found), position + 1
