"""A list as a workbook: what the table shows, all its pages, with dates and amounts as Excel's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

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
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


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
    _put_heading(sheet, [str(column.header) for column in columns])
    for number, row in enumerate(table.rows, start=2):
        for position, column in enumerate(columns, start=1):
            cell = cell_at(sheet, number, position)
            width = _put(cell, row.get_cell_value(column.name), getattr(column.column, "spreadsheet_format", ""))
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


def _put(cell: Cell, value: Any, number_format: str) -> int:
    """Store a value as what it is; returns about how many characters it takes."""
    cell.font, cell.alignment = Look.BODY, Alignment(vertical="top", wrap_text=isinstance(value, str))
    if value is None:
        return 0
    if isinstance(value, bool):
        value = "Ja" if value else "Nej"
    if isinstance(value, dt.datetime):
        cell.value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        cell.number_format = _MOMENT
        return len(_MOMENT)
    if isinstance(value, dt.date):
        cell.value, cell.number_format = value, _DAY
        return len(_DAY)
    if isinstance(value, int | Decimal):
        cell.value = value
        cell.number_format = number_format or "General"
        return len(str(value)) + 2
    put_text(cell, str(value))
    return max((len(line) for line in str(value).split("\n")), default=0)
