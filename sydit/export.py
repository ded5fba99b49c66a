"""A list as a workbook: what the table shows, all its pages, with dates and amounts as Excel's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_tables2 import RequestConfig
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sydit.report.spreadsheet import Look, SheetNames, cell_at, packed, put_text, set_up_page
from sydit.tables import Table

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NARROWEST, _WIDEST = 10, 60  # characters
_DAY, _MOMENT, _GENERAL = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "General"


def xlsx_response(request: HttpRequest, table: Table, *, filename: str, note: str = "") -> HttpResponse:
    """The table in the order that the address asks for, to be saved as ``filename`` (with its ``.xlsx``)."""
    RequestConfig(request, paginate=False).configure(table)
    return download(workbook(table, note=note), XLSX_TYPE, filename)


def download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    """A file to be saved."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def workbook(table: Table, *, note: str = "") -> bytes:
    """A sheet with every row of the table. ``note`` says in the page's header what it is a selection of."""
    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the same file each time
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SheetNames().take(table.caption)
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    widths = [len(str(column.header)) for column in columns]
    formats = [getattr(column.column, "spreadsheet_format", "") for column in columns]
    looks: dict[tuple[bool, str], Cell] = {}
    _put_heading(sheet, [str(column.header) for column in columns])
    for number, row in enumerate(table.rows, start=2):
        for position, column in enumerate(columns, start=1):
            cell = cell_at(sheet, number, position)
            width = _put(cell, row.get_cell_value(column.name), formats[position - 1], looks)
            widths[position - 1] = max(widths[position - 1], width)
    for position, width in enumerate(widths, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = min(max(width + 2, _NARROWEST), _WIDEST)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(sheet.max_row, 1)}"
    sheet.print_title_rows = "1:1"
    set_up_page(sheet, left=table.caption, right=note, landscape=True)
    return packed(book, [{}])


def _put_heading(sheet: Worksheet, headings: Sequence[str]) -> None:
    for position, heading in enumerate(headings, start=1):
        cell = cell_at(sheet, 1, position)
        put_text(cell, heading)
        cell.font, cell.fill, cell.border = Look.HEADER, Look.HEADER_FILL, Look.UNDER_HEADER


class _Stored(NamedTuple):
    """What a cell holds, its number format, and about how many characters it takes."""

    value: str | int | Decimal | dt.date | None
    number_format: str
    width: int


def _put(cell: Cell, value: Any, number_format: str, looks: dict[tuple[bool, str], Cell]) -> int:
    """Store a value as what it is; returns about how many characters it takes.

    ``looks`` holds a cell of each look, for the others to look like: to look a font and an alignment up among the
    book's, for every cell, would be most of the work of a long list.
    """
    stored = _stored(value, number_format)
    wraps = isinstance(value, str)
    look = looks.setdefault((wraps, stored.number_format), cell)
    if look is cell:
        cell.font, cell.alignment = Look.BODY, Alignment(vertical="top", wrap_text=wraps)
        cell.number_format = stored.number_format
    else:
        # All of a cell's look has no other name in openpyxl, and its type stubs do not know this one.
        cell._style = copy(look._style)  # type: ignore[attr-defined]  # noqa: SLF001
    if isinstance(stored.value, str):
        put_text(cell, stored.value)
    else:
        cell.value = stored.value
    return stored.width


def _stored(value: Any, number_format: str) -> _Stored:
    if value is None:
        return _Stored(None, _GENERAL, 0)
    if isinstance(value, bool):
        value = "Ja" if value else "Nej"
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        return _Stored(local, _MOMENT, len(_MOMENT))
    if isinstance(value, dt.date):
        return _Stored(value, _DAY, len(_DAY))
    if isinstance(value, int | Decimal):
        return _Stored(value, number_format or _GENERAL, len(str(value)) + 2)
    text = str(value)
    return _Stored(text, _GENERAL, max((len(line) for line in text.split("\n")), default=0))
