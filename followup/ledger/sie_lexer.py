"""The text of a SIE file: its encoding, its lines and the fields of a line.

Source: SIE file format 4B, chapter 5 (and what programs really write). Nothing here knows what a label means.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, charmap_decode
from collections.abc import Iterator
from typing import NamedTuple

BLOCK = 1 << 18  # bytes decoded at a time: the decoded text of a whole file would double its memory
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


def as_bytes_of_one_width(content: bytes) -> bytes:
    """The same text where every byte can be searched for: UTF-16 (with its mark) as UTF-8, else ``content`` itself."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content


def encoding_of(content: bytes) -> str:
    """``utf-8-sig``, ``utf-8``, ``cp437`` or ``cp1252``.

    The byte order mark decides, then whether the whole file is UTF-8, then which reading has the more Swedish
    letters. UTF-8 with a damaged byte stays UTF-8: read otherwise every name in it would be wrong.
    """
    if content.startswith(BOM_UTF8):
        return "utf-8-sig"
    if content.isascii() or _is_utf8(content):
        return "utf-8"
    foreign = content.translate(None, _ASCII)
    counts = {name: sum(map(foreign.count, letters)) for name, letters in _ENCODED.items()}
    # Each UTF-8 letter is two bytes, of which CP437 takes the second for a letter of its own in half of the cases.
    if counts["utf-8"] and counts["utf-8"] >= max(counts["cp437"], counts["cp1252"]):
        return "utf-8"
    return "cp1252" if counts["cp1252"] > counts["cp437"] else "cp437"


def _is_utf8(content: bytes) -> bool:
    try:
        for start, end in _pieces(content, 0):
            content[start:end].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _pieces(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Ranges of whole lines, about :data:`BLOCK` long: none parts a letter, or a CR from its LF."""
    size = len(content)
    while start < size:
        end = start + BLOCK
        if end >= size:
            end = size
        elif newline := content.rfind(b"\n", start, end) + 1:
            end = newline
        elif carriage_return := content.rfind(b"\r", start, end - 1) + 1:
            end = carriage_return
        else:
            newlines = [found for mark in (b"\n", b"\r") if (found := content.find(mark, end)) >= 0]
            end = min(newlines) + 1 if newlines else size
            end += content[end - 1 : end + 1] == b"\r\n"
        yield start, end
        start = end


def decode(data: bytes, encoding: str) -> str:
    """The text of some bytes; bytes that are not UTF-8 where they should be become U+FFFD."""
    if encoding in _TABLES:
        return charmap_decode(data, "strict", _TABLES[encoding])[0]  # type: ignore[no-any-return,unused-ignore]
    return data.decode("utf-8", "replace")


def blocks(content: bytes, encoding: str) -> Iterator[Block]:
    """The file's lines, some at a time. Line ends are LF, CRLF or CR."""
    row = 1
    for start, end in _pieces(content, len(BOM_UTF8) if content.startswith(BOM_UTF8) else 0):
        text = decode(content[start:end], encoding)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if text.endswith("\n"):
            lines.pop()
        yield Block(row, lines)
        row += len(lines)


def labelled(content: bytes, label: str) -> Iterator[re.Match[bytes]]:
    """The lines that start with ``#label`` in any case; group 1 is the rest of the line, the match its line end too."""
    letters = "".join(f"[{letter}{letter.lower()}]" for letter in label)
    pattern = re.compile(rb"#%s(?![^ \t\r\n\x1a])([^\r\n]*)(?:\r\n|\r|\n|\Z)" % letters.encode())
    for match in pattern.finditer(content):
        line_start = max(content.rfind(mark, 0, match.start()) for mark in (b"\n", b"\r")) + 1
        if not content[line_start : match.start()].removeprefix(BOM_UTF8).strip(b" \t"):
            yield match


def row_of(content: bytes, position: int) -> int:
    """The row, counted from 1, that a byte stands on."""
    ends = [content.count(mark, 0, position) for mark in (b"\n", b"\r", b"\r\n")]
    return ends[0] + ends[1] - ends[2] + 1


def undecodable(content: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Rows with letters that were lost before the file came here (U+FFFD, or bytes that are no UTF-8), and where."""
    lost = REPLACEMENT.encode()
    if lost not in content and (encoding not in ("utf-8", "utf-8-sig") or _is_utf8(content)):
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
_CLOSED_BY_BACKSLASH = re.compile(r'"((?:\\"|[^"])*\\)"[ \t]*')
_WORD = re.compile(r"[^ \t]+")
_WORD_BEFORE_OBJECTS = re.compile(r'[^ \t"{}]+')
_GAP = re.compile(r"[ \t]*")


def field_at(line: str, position: int, word: re.Pattern[str] = _WORD) -> tuple[str, int]:
    """The field that starts at ``position`` (no blank) and where it ends. Raises :class:`FieldError`."""
    if line[position] == '"':
        match = _QUOTED.match(line, position)
        if match:
            return match[1].replace('\\"', '"'), match.end()
        if closed := _CLOSED_BY_BACKSLASH.fullmatch(line, position):
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
