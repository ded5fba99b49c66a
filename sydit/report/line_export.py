"""Booked lines as a file: CSV for any number of them, Excel for as many as one looks at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.utils import get_column_letter

from followup.models import LedgerEntry
from sydit import money
from sydit.money import Unit
from sydit.periods import Month
from sydit.report.spreadsheet import Look, put_text

MOST_ROWS = 50_000  # of a workbook: it is made in memory, some seconds for as many
BOM = "\N{BYTE ORDER MARK}"  # Excel takes a CSV without it for the computer's own encoding
COLUMNS = (  # heading and width in characters
    ("Månad", 10),
    ("Datum", 12),
    ("Verifikation", 14),
    ("Konto", 10),
    ("Benämning", 30),
    ("Projekt", 10),
    ("Ansvar", 10),
    ("Verksamhet", 12),
    ("Motpart", 12),
    ("Text", 40),
    ("Belopp, kr", 16),
    ("Rad i filen", 11),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Values = tuple[str | Decimal | int, ...]


def values(entries: Iterable[LedgerEntry], months: Mapping[int, Month], names: Mapping[str, str]) -> Iterator[Values]:
    """What the columns hold, a line each; ``months`` by ledger month, ``names`` by account."""
    for entry in entries:
        yield (
            str(months[entry.ledger_month_id]),
            entry.booked_on.isoformat() if entry.booked_on else "",
            entry.voucher,
            entry.account,
            names.get(entry.account, ""),
            entry.project,
            entry.cost_center,
            entry.activity,
            entry.counterparty,
            entry.text,
            money.to_kronor(entry.amount),
            entry.row,
        )


def csv_lines(rows: Iterable[Values]) -> Iterator[str]:
    """Semicolons, decimal commas and UTF-8 with BOM, as a Swedish Excel opens it. No text is taken for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([heading for heading, _ in COLUMNS])
    yield BOM + buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_csv_cell(value) for value in row])
        yield buffer.getvalue()


def _csv_cell(value: str | Decimal | int) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value).replace(".", ",")


def workbook(rows: Iterable[Values], facts: Sequence[tuple[str, str]]) -> bytes:
    """A sheet with the lines, and one with ``facts``: what they are a selection of."""
    book = Workbook(write_only=True)
    lines: Any = book.create_sheet("Konteringar")  # the library's types know no columns of a sheet that is only written
    about: Any = book.create_sheet("Urval")
    for number, (_, width) in enumerate(COLUMNS, start=1):
        lines.column_dimensions[get_column_letter(number)].width = width
    lines.freeze_panes = "A2"
    lines.append([_heading(lines, heading) for heading, _ in COLUMNS])
    for row in rows:
        lines.append([_cell(lines, value) for value in row])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 80
    for label, fact in facts:
        about.append([_heading(about, label), _cell(about, fact)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(sheet: Any, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill = Look.HEADER, Look.HEADER_FILL
    return cell


def _cell(sheet: Any, value: str | Decimal | int) -> Cell | str | int:
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = money.SPREADSHEET_FORMATS[Unit.KR]
        return cell
    if isinstance(value, str) and not value.isalnum():  # nothing but letters and digits needs no care
        cell = WriteOnlyCell(sheet)
        put_text(cell, value)
        return cell
    return value
