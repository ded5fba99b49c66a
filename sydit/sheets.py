"""A small table out of an Excel or CSV file: rows of cells as text, with their numbers as the file shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

from followup.ledger.content import Content
from followup.ledger.encoding import find_encoding
from followup.ledger.foreign import COMPOUND, ZIP
from followup.ledger.uncalculated import Uncalculated
from followup.ledger.values import ErrorCell, plain
from followup.ledger.workbook import UNREADABLE, mark, uncalculated_cells
from sydit.errors import Refused

LARGEST = 1 << 20  # bytes; a list of some thousand rows with long texts is less than half of it
_SEPARATORS = ";\t,"
_BROKEN = "Filen är skadad och kan inte läsas. Öppna den i Excel, spara den på nytt och försök igen."


class SheetRow(NamedTuple):
    """One row: its number as a spreadsheet or an editor shows it, and its cells as text (a date as 2024-10-31; an
    :class:`ErrorCell` where a workbook has an error, or a formula that was never calculated)."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def read_rows(content: bytes) -> list[SheetRow]:
    """The rows that hold anything, of the first sheet that does. Raises :class:`Refused` with a Swedish sentence."""
    if not content.strip():
        raise Refused("Filen är tom.")
    if len(content) > LARGEST:
        raise Refused("Filen är större än 1 MB. Dela upp listan på flera filer.")
    rows = _workbook(content) if content.startswith((ZIP, COMPOUND)) else _delimited(content)
    found = [row for row in rows if not row.is_blank]
    if not found:
        raise Refused("Filen har inga rader.")
    return found


def _workbook(content: bytes) -> list[SheetRow]:
    try:
        unknown = uncalculated_cells(Content.of(content))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            if sheet.typ is not SheetTypeEnum.WorkSheet:
                continue
            rows = dict(enumerate(book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), 1))
            for number, columns in unknown.get(sheet.name, Uncalculated()).by_row.items():
                mark(rows.setdefault(number, []), columns, left=0)
            if any(any(map(plain, cells)) for cells in rows.values()):
                return [SheetRow(number, tuple(map(_text, cells))) for number, cells in sorted(rows.items())]
    except PasswordError as error:
        raise Refused("Arbetsboken är skyddad med lösenord. Spara den utan lösenord och försök igen.") from error
    except UNREADABLE as error:
        raise Refused(_BROKEN) from error
    return []


def _text(value: object) -> str:
    """A decimal number as it is typed in Sweden; midnight is what a spreadsheet adds to a date."""
    if isinstance(value, ErrorCell):
        return value
    text = plain(value).removesuffix(" 00:00:00")
    return text.replace(".", ",") if isinstance(value, float) else text


def _delimited(content: bytes) -> list[SheetRow]:
    encoding = find_encoding(content)
    if encoding.error:
        raise Refused(encoding.error)
    try:
        text = content[encoding.start :].decode(encoding.name)
    except UnicodeDecodeError as error:
        raise Refused("Filens tecken kan inte läsas. Spara den som CSV UTF-8 och försök igen.") from error
    return list(_records(text))


def _records(text: str) -> Iterator[SheetRow]:
    head = text.lstrip().split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield SheetRow(begins, tuple(cell.strip() for cell in cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"Rad {begins} kan inte läsas: ett citattecken saknas eller står fel.") from error
