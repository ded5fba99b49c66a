"""Cells of an .xls that hold an error: the spreadsheet library gives them as empty cells.

The file is a compound file ([MS-CFB]) whose stream ``Workbook`` (``Book`` before Excel 97) holds records
([MS-XLS] 2.3): a BOOLERR or a FORMULA says that its value is an error.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from followup.ledger.uncalculated import Uncalculated

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks: free, end of chain, part of a table
_ENTRY = 128  # bytes of a directory entry
_BOUNDSHEET, _BOF, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0205, 0x0006
_ERROR = 2  # the type of a formula's result


class _Record(NamedTuple):
    opcode: int
    data: bytes


def find_in_xls(content: bytes) -> dict[str, Uncalculated]:
    """For each sheet by name. Raises ``ValueError`` where the file is damaged."""
    try:
        book = _workbook_stream(content)
        return {
            _sheet_name(record.data): Uncalculated(_in_sheet(book, struct.unpack_from("<I", record.data)[0]))
            for record in _substream(book, 0)
            if record.opcode == _BOUNDSHEET
        }
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error


def _in_sheet(book: bytes, start: int) -> dict[int, list[int]]:
    by_row: dict[int, list[int]] = {}
    for opcode, data in _substream(book, start):
        if (opcode == _BOOLERR and data[7]) or (
            opcode == _FORMULA and data[6] == _ERROR and data[12:14] == b"\xff\xff"
        ):
            row, column = struct.unpack_from("<HH", data)
            by_row.setdefault(row + 1, []).append(column)
    return by_row


def _substream(book: bytes, at: int) -> Iterator[_Record]:
    """The records from a BOF to its EOF, without those of the charts inside."""
    depth = 0
    while at + 4 <= len(book):
        opcode, length = struct.unpack_from("<HH", book, at)
        depth += (opcode == _BOF) - (opcode == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield _Record(opcode, book[at + 4 : at + 4 + length])
        at += 4 + length


def _sheet_name(data: bytes) -> str:
    length, flags = data[6], data[7]
    if flags & 1:
        return data[8 : 8 + 2 * length].decode("utf-16-le")
    return data[8 : 8 + length].decode("latin-1")


def _workbook_stream(content: bytes) -> bytes:
    sector_size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_directory, smallest, first_mini = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    table = _sector_table(content, sector_size)
    directory = _chain(content[sector_size:], table, first_directory, sector_size)
    root = b""
    for at in range(0, len(directory), _ENTRY):
        entry = directory[at : at + _ENTRY]
        start, size = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:  # the root, whose own stream holds the small ones
            root = _chain(content[sector_size:], table, start, sector_size)
        if entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le") in ("Workbook", "Book"):
            if size >= smallest:
                return _chain(content[sector_size:], table, start, sector_size)[:size]
            mini = _chain(content[sector_size:], table, first_mini, sector_size)
            return _chain(root, struct.unpack(f"<{len(mini) // 4}I", mini), start, 64)[:size]
    raise ValueError("a compound file without a workbook")


def _sector_table(content: bytes, sector_size: int) -> tuple[int, ...]:
    """Which sector follows each; the list of its own sectors stands in the header and goes on in sectors of its own."""
    listed = list(struct.unpack_from("<109I", content, 76))
    following, remaining = struct.unpack_from("<II", content, 68)
    for _ in range(remaining):
        if following >= _FREE:
            break
        *more, following = struct.unpack_from(f"<{sector_size // 4}I", content, (following + 1) * sector_size)
        listed += more
    sectors = [content[(at + 1) * sector_size : (at + 2) * sector_size] for at in listed if at < _FREE]
    table = b"".join(sectors)
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _chain(stream: bytes, table: tuple[int, ...], sector: int, size: int) -> bytes:
    parts: list[bytes] = []
    while sector < _FREE:
        if len(parts) > len(table):
            raise ValueError("the sectors of a compound file follow each other in a ring")
        parts.append(stream[sector * size : (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)
