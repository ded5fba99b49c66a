"""What every workbook of ours shares: safe cells, sheet names, the look, the page set-up and the file's bytes."""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from sydit.money import shown

Stored = Decimal | int | str
Results = dict[str, Stored]  # cell → the result of its formula

_CELL_LIMIT = 32_767  # characters that a cell can hold
_TALLEST = 409.0  # points that a row can have
_FACE = "Calibri"  # its figures are all of one width
_BLUE, _GREY, _LINE = "1F3A5F", "EEF1F5", "C5CCD6"


class Look:
    """Calm, and the application's own colours: dark blue headings, light grey headers, thin lines."""

    TITLE = Font(_FACE, 16, bold=True, color=_BLUE)
    CHAPTER = Font(_FACE, 14, bold=True, color=_BLUE)
    PART = Font(_FACE, 12, bold=True, color=_BLUE)
    NOTE = Font(_FACE, 10, color="55606E")
    LINK = Font(_FACE, 11, color=_BLUE, underline="single")
    BODY = Font(_FACE, 11)
    BOLD = Font(_FACE, 11, bold=True)
    HEADER = Font(_FACE, 11, bold=True, color=_BLUE)
    MISSING = Font(_FACE, 11, italic=True, color="55606E")
    HEADER_FILL = PatternFill("solid", fgColor=_GREY)
    UNDERLINED = Border(bottom=Side("thin", color=_LINE))
    UNDER_HEADER = Border(bottom=Side("medium", color=_BLUE))
    TOTAL = Border(top=Side("medium", color=_BLUE), bottom=Side("thin", color=_LINE))


class SheetNames:
    """Valid sheet names, each given once: at most 31 characters, none of ``[]:*?/\\``, regardless of case."""

    def __init__(self) -> None:
        self._taken = {"history"}  # Excel keeps this one for itself

    def take(self, wanted: str) -> str:
        """A free name as near to ``wanted`` as can be."""
        plain = re.sub(r"[\[\]:*?/\\]", "-", " ".join(clean(wanted).split())).strip("' ") or "Tabell"
        name, number = _cut(plain, 31), 1
        while name.casefold() in self._taken:
            number += 1
            name = _cut(plain, 31 - len(f" ({number})")) + f" ({number})"
        self._taken.add(name.casefold())
        return name


def _cut(name: str, length: int) -> str:
    """Excel counts UTF-16 units, and refuses a name that ends with an apostrophe."""
    return name.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").rstrip("' ")


def clean(text: str) -> str:
    """The text as a cell can hold it: XML has no place for most control characters."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\N{REPLACEMENT CHARACTER}", unix)


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, which is part of no merged area: this project merges none."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def put_text(cell: Cell, text: str) -> None:
    """The text as text, whatever it begins with: nothing that a user typed is ever run as a formula."""
    kept = clean(text)
    if len(kept) > _CELL_LIMIT:
        kept = f"{kept[: _CELL_LIMIT - 60]} … (texten är avkortad här)"
    # The format writes a character by its number as "_x0041_", so a text that looks like one has its underscore so.
    cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", kept)
    cell.data_type = "s"
    if kept.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True  # stays a text also when it is edited in Excel


def set_height(sheet: Worksheet, row: int, cells: Iterable[tuple[str, float]], *, points: float = 11) -> None:
    """Room for a row's wrapped texts, each given with the width of its column in characters.

    Excel would find the height itself, LibreOffice does not. Somewhat generous, since fonts differ.
    """
    lines = max(
        sum(len(textwrap.wrap(line, max(1, int(width * 1.05)))) or 1 for line in clean(text).split("\n"))
        for text, width in cells
    )
    sheet.row_dimensions[row].height = min(_TALLEST, round(lines * points * 1.37 + 3, 1))


def set_up_page(sheet: Worksheet, *, left: str, right: str, landscape: bool) -> None:
    """A4 as wide as the sheet; ``left`` and ``right`` stand at the top of every page, its number at the bottom."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None
    assert footer is not None
    header.left.text = _header(left)
    header.right.text = _header(right)
    footer.left.text = "&A"
    footer.right.text = "Sida &P av &N"


def _header(text: str) -> str:
    """An ampersand begins a code there, and the whole line holds 255 characters."""
    return shown(clean(text), 100).replace("&", "&&")


# --- the file --------------------------------------------------------------------------------------------------------

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def packed(book: Workbook, results: Sequence[Results]) -> bytes:
    """The file's bytes, with the stored result of every formula and without the time of its writing.

    ``results`` has one entry a sheet, in their order. openpyxl writes formulas without results, and the clock's time
    into properties and archive. Set the book's ``created`` and ``modified`` before.
    """
    written, sealed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    of_sheet = {f"xl/worksheets/sheet{number}.xml": result for number, result in enumerate(results, start=1)}
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(sealed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if of_sheet.get(name):
                content = _with_results(content, of_sheet[name])
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return sealed.getvalue()


def _with_results(sheet_xml: bytes, results: Results) -> bytes:
    root = etree.fromstring(sheet_xml)
    for cell in root.iter(f"{_MAIN}c"):
        result = results.get(cell.get("r", ""))
        stored = cell.find(f"{_MAIN}v")
        if result is not None and stored is not None:
            stored.text = str(result)
            if isinstance(result, str):
                cell.set("t", "str")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
