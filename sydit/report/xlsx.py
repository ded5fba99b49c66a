"""The report as an Excel workbook: a sheet with the texts, then one sheet a table.

A cell of money holds exact kronor and shows them in the table's unit. Totals and derived columns are formulas, which
the document declares (:class:`~sydit.report.document.Difference`, ``Ratio``, ``RowKind.TOTAL``), and carry the
document's own value as their stored result: programs that do not calculate (previews, Excel's protected view, other
readers) show the same figures. Equal reports give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from sydit import money
from sydit.money import Unit
from sydit.report.document import (
    Amount,
    Cell,
    Column,
    ColumnKind,
    Difference,
    Paragraph,
    ParagraphKind,
    Ratio,
    Report,
    Row,
    RowKind,
    Table,
)
from sydit.report.spreadsheet import (
    Look,
    Results,
    SheetNames,
    Stored,
    cell_at,
    clean,
    packed,
    put_text,
    set_height,
    set_up_page,
)

TEXTS = "Texter"
_LOOKS = {ParagraphKind.NOTICE: Look.BOLD, ParagraphKind.HEADING: Look.HEADER}
HEADER_ROW = 4  # of a table's sheet: caption, unit and an empty row stand above it

# For amounts just below zero: see _hide_minus_of_zero.
_ZERO = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=money.SPREADSHEET_ZERO))

_SHOWN_LIMIT = 1_500  # characters of a text that the tallest row Excel has (409 points) still shows
_TEXT_WIDTH = 68  # a line that is easy to read, and no wider than a page that stands up in any font
_PORTRAIT_WIDTH = 90  # in characters; a wider table is printed on a sheet that lies down


def render(report: Report) -> bytes:
    """The workbook (.xlsx). Raises nothing of its own: every report that could be built has a workbook."""
    book = Workbook()
    book.calculation.fullCalcOnLoad = True
    names = SheetNames()
    texts = book.worksheets[0]
    texts.title = names.take(TEXTS)
    tables = {
        key: _TableSheet(book.create_sheet(names.take(table.caption or key)), table)
        for key, table in report.tables.items()
    }
    _write_texts(texts, report, {key: sheet.sheet.title for key, sheet in tables.items()})
    for key, sheet in tables.items():
        sheet.write(report)
        name = f"tabell_{re.sub(r'[^0-9A-Za-z_]', '_', key)}"
        book.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(sheet.sheet.title)}!{sheet.area}")
    _describe(book, report)
    return packed(book, [{}, *(sheet.results for sheet in tables.values())])


def _describe(book: Workbook, report: Report) -> None:
    """Properties of the file. Its time is the last day that the figures count, since equal reports are equal files."""
    book.properties.title = clean(report.title)
    book.properties.creator = clean(report.organisation)
    book.properties.language = "sv-SE"
    book.properties.created = dt.datetime.combine(report.follow_up.last_day, dt.time())
    book.properties.modified = book.properties.created


# --- the texts -------------------------------------------------------------------------------------------------------


def _write_texts(sheet: Worksheet, report: Report, sheet_of: dict[str, str]) -> None:
    """Headings and paragraphs in the report's order, and a link where a table stands."""
    sheet.column_dimensions["A"].width = _TEXT_WIDTH
    lines = _Lines(sheet)
    lines.add(report.title, Look.TITLE)
    lines.add(f"{report.organisation}, {report.follow_up.label}", Look.NOTE)
    if report.registry_number:
        lines.add(f"Diarienummer {report.registry_number}", Look.NOTE)
    if report.meeting_date:
        lines.add(f"Nämndens sammanträde {report.meeting_date}", Look.NOTE)
    for section in report.sections:
        lines.skip()
        lines.add(section.heading, Look.CHAPTER if section.level == 1 else Look.PART)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                lines.add(f"{block.marker} {block.text}".strip(), _LOOKS.get(block.kind, Look.BODY))
            else:
                target = f"{quote_sheetname(sheet_of[block.key])}!A1"
                cell = lines.add(f"Tabell: {block.caption}", Look.LINK)
                cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
    set_up_page(sheet, left=report.organisation, right=report.title, landscape=False)


class _Lines:
    def __init__(self, sheet: Worksheet) -> None:
        self._sheet, self._row = sheet, 1

    def skip(self) -> None:
        self._row += 1

    def add(self, text: str, font: Font) -> SheetCell:
        """The first cell of the text, which goes on in the rows below where it is too long for one."""
        first = self._row
        for part in _parts(text):
            cell = cell_at(self._sheet, self._row, 1)
            put_text(cell, part)
            cell.font = font
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            set_height(self._sheet, self._row, [(part, _TEXT_WIDTH)], points=font.size)
            self._row += 1
        return cell_at(self._sheet, first, 1)


def _parts(text: str) -> Iterator[str]:
    """The text as it is, or cut between words into parts that a row shows whole."""
    if len(text) <= _SHOWN_LIMIT:
        yield text
        return
    for line in text.splitlines():
        yield from textwrap.wrap(line, _SHOWN_LIMIT, break_on_hyphens=False) or [""]


# --- a table ---------------------------------------------------------------------------------------------------------


class _TableSheet:
    """One table on its sheet: labels in column A, the table's columns from B, a row each from below the header."""

    def __init__(self, sheet: Worksheet, table: Table) -> None:
        self.sheet = sheet
        self.table = table
        self.results: Results = {}
        self._index = {column.key: index for index, column in enumerate(table.columns)}

    @property
    def area(self) -> str:
        """Header, lines and totals."""
        return f"$A${HEADER_ROW}:${get_column_letter(1 + len(self.table.columns))}${HEADER_ROW + len(self.table.rows)}"

    def write(self, report: Report) -> None:
        self._write_heading()
        for offset, row in enumerate(self.table.rows, start=1):
            self._write_row(HEADER_ROW + offset, row)
        self._hide_minus_of_zero()
        width = self._set_sizes()
        self.sheet.freeze_panes = f"B{HEADER_ROW + 1}"
        self.sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        landscape = width > _PORTRAIT_WIDTH
        set_up_page(self.sheet, left=report.organisation, right=report.title, landscape=landscape)

    def _write_heading(self) -> None:
        caption, note = cell_at(self.sheet, 1, 1), cell_at(self.sheet, 2, 1)
        put_text(caption, self.table.caption)
        caption.font = Look.TITLE
        if self.table.unit:
            put_text(note, f"Beloppen visas i {self.table.unit}. Cellerna innehåller exakta kronor.")
            note.font = Look.NOTE
        labels = [(self.table.label_heading, False), *((c.label, _is_number(c)) for c in self.table.columns)]
        for number, (label, right) in enumerate(labels, start=1):
            cell = cell_at(self.sheet, HEADER_ROW, number)
            put_text(cell, label)
            cell.font, cell.fill, cell.border = Look.HEADER, Look.HEADER_FILL, Look.UNDER_HEADER
            cell.alignment = Alignment(horizontal="right" if right else "left", vertical="bottom", wrap_text=True)

    def _write_row(self, number: int, row: Row) -> None:
        total = row.kind is RowKind.TOTAL
        level = "center" if all(map(_is_number, self.table.columns)) else "top"
        put_text(cell_at(self.sheet, number, 1), row.label)
        for column, cell in zip(self.table.columns, row.cells, strict=True):
            self._write_cell(number, row, column, cell)
        for place in range(1, 2 + len(row.cells)):
            written = cell_at(self.sheet, number, place)
            right = place > 1 and _is_number(self.table.columns[place - 2])
            missing = right and isinstance(written.value, str) and written.data_type == "s"
            written.font = Look.MISSING if missing else Look.BOLD if total else Look.BODY
            written.border = Look.TOTAL if total else Look.UNDERLINED
            written.alignment = Alignment(horizontal="right" if right else "left", vertical=level, wrap_text=not right)

    def _write_cell(self, number: int, row: Row, column: Column, cell: Cell) -> None:
        written = cell_at(self.sheet, number, 2 + self._index[column.key])
        stored = _stored(cell)
        formula = self._formula(number, row, column, cell)
        if formula:
            written.value = formula
            self.results[written.coordinate] = stored
        elif isinstance(stored, str):
            put_text(written, stored)
        else:
            written.value = stored
        if column.kind is ColumnKind.PERCENT:
            written.number_format = money.SPREADSHEET_PERCENT
        elif isinstance(cell, Amount):
            written.number_format = money.SPREADSHEET_FORMATS[self.table.unit or Unit.KR]

    def _formula(self, number: int, row: Row, column: Column, cell: Cell) -> str | None:
        """None where the value follows from nothing, or from something that is missing: absent is not zero."""
        match column.formula:
            case Difference(minuend, subtrahend) if _is_there(cell) and self._are_there(row, minuend, subtrahend):
                left, right = self._place(minuend, number), self._place(subtrahend, number)
                return f"=ROUND({left}-{right},{money.SPREADSHEET_DECIMALS})"
            case Ratio(part, whole) if self._are_there(row, part, whole):
                top, bottom = self._place(part, number), self._place(whole, number)
                used = f"ROUND({top}*{money.PER_CENT}/{bottom},0)"
                return f'=IF({bottom}=0,"{money.EN_DASH}",{used})'
            case None if row.kind is RowKind.TOTAL and isinstance(cell, Amount) and _is_there(cell):
                areas = ",".join(self._lines_above(column.key, number))
                return f"=ROUND(SUM({areas}),{money.SPREADSHEET_DECIMALS})" if areas else None
        return None

    def _are_there(self, row: Row, *keys: str) -> bool:
        return all(_is_there(row.cells[self._index[key]]) for key in keys)

    def _place(self, key: str, number: int) -> str:
        return f"{get_column_letter(2 + self._index[key])}{number}"

    def _lines_above(self, key: str, number: int) -> Iterator[str]:
        """The lines' cells, without any total that stands between them."""
        numbers = [
            HEADER_ROW + offset
            for offset, row in enumerate(self.table.rows, start=1)
            if row.kind is RowKind.LINE and HEADER_ROW + offset < number
        ]
        for first, last in _runs(numbers):
            yield f"{self._place(key, first)}:{self._place(key, last)}"

    def _hide_minus_of_zero(self) -> None:
        """An amount just below zero prints as 0, as on the page, and not with the minus of its number format."""
        if self.table.unit is not Unit.TKR or not self.table.rows:
            return
        lowest = money.to_kronor(1 - Unit.TKR.ore // 2)
        rule = Rule("cellIs", operator="between", formula=[str(lowest), str(money.to_kronor(-1))], dxf=_ZERO)
        for column in self.table.columns:
            if column.kind in (ColumnKind.AMOUNT, ColumnKind.VARIANCE):
                last = HEADER_ROW + len(self.table.rows)
                area = f"{self._place(column.key, HEADER_ROW + 1)}:{self._place(column.key, last)}"
                self.sheet.conditional_formatting.add(area, rule)

    def _widths(self) -> list[int]:
        """Room for the longest text of each column, within limits, in characters."""
        widths = [_width([self.table.label_heading, *(row.label for row in self.table.rows)], 14, 44)]
        for index, column in enumerate(self.table.columns):
            texts = [*(row.cells[index].text for row in self.table.rows), *column.label.split()]
            widths.append(_width(texts, 15, 22) if _is_number(column) else _width(texts, 15, 60))
        return widths

    def _set_sizes(self) -> int:
        """Widths, and the heights that the wrapped texts then need; the sum of the widths, in characters."""
        widths = self._widths()
        for number, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        labels = [self.table.label_heading, *(column.label for column in self.table.columns)]
        set_height(self.sheet, HEADER_ROW, zip(labels, widths, strict=True))
        for number, row in enumerate(self.table.rows, start=HEADER_ROW + 1):
            texts = [row.label, *(cell.text for cell in row.cells)]
            set_height(self.sheet, number, zip(texts, widths, strict=True))
        set_height(self.sheet, 1, [(self.table.caption, sum(widths))], points=Look.TITLE.size)
        return sum(widths)


def _is_number(column: Column) -> bool:
    return column.kind is not ColumnKind.TEXT


def _is_there(cell: Cell) -> bool:
    return isinstance(cell, Amount) and cell.ore is not None


def _stored(cell: Cell) -> Stored:
    """What a cell holds: exact kronor, a number, or the printed text where there is no number."""
    if isinstance(cell, Amount):
        return cell.text if cell.ore is None else money.to_kronor(cell.ore)
    return cell.value if isinstance(cell.value, int) else cell.text


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of every unbroken run of ascending numbers."""
    first = 0
    for index, number in enumerate(numbers):
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            yield numbers[first], number
            first = index + 1


def _width(texts: Iterable[str], least: int, most: int) -> int:
    return min(most, max([least, *(len(text) + 3 for text in texts)]))
