"""Workbooks (.xlsx, .xlsb, .xls, .ods): the sheet that holds a ledger, or the sheets, are found among the others."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from followup.ledger.columns import Columns, recognise
from followup.ledger.content import Content
from followup.ledger.foreign import COMPOUND, ZIP, archive_kind
from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.preamble import explain_missing, note_preamble
from followup.ledger.profile import NO_PROFILES, WORKBOOK, Profile, Profiles, unfit
from followup.ledger.shapes import find_profile
from followup.ledger.table import BLOCK, Block, Row, read_table, rows_of
from followup.ledger.together import Part, read_together
from followup.ledger.uncalculated import Uncalculated, find_uncalculated
from followup.ledger.uncalculated_ods import find_in_ods
from followup.ledger.uncalculated_xls import find_in_xls
from followup.ledger.values import ErrorCell, plain
from sydit.money import shown

HEADER_WITHIN = 200  # rows from the top in which the header must stand
UNREADABLE = (CalamineError, OSError, ValueError, OverflowError, zipfile.BadZipFile)
_CORRUPT = "Arbetsboken är skadad och kan inte läsas. Öppna den i Excel, spara den på nytt och försök igen."
_ENCRYPTED = "Arbetsboken är skyddad med lösenord. Spara den utan lösenord och försök igen."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that may hold a ledger: where its header stands, and what it says."""

    data: CalamineSheet
    header_row: int
    columns: Columns
    uncalculated: Uncalculated
    profile: Profile | None = None  # that decided the columns


_FINDERS = {"xlsx": find_uncalculated, "xls": find_in_xls, "ods": find_in_ods}


def kind(content: Content) -> str:
    """``xlsx``, ``xlsb``, ``xls`` or ``ods``, else ``""``."""
    head = content.head(len(COMPOUND))
    if head.startswith(COMPOUND):
        return "xls"
    if not head.startswith(ZIP):
        return ""
    try:
        return archive_kind(content)
    except zipfile.BadZipFile:
        return ""


def read(
    content: Content,
    findings: Findings,
    year: int | None = None,
    *,
    broken: bool = False,
    profiles: Profiles = NO_PROFILES,
) -> Iterator[LedgerLine]:
    """Yield the booked lines of a workbook; what is wrong, skipped or remarkable is noted in ``findings``.

    ``year`` and ``broken`` are those of :class:`followup.ledger.months.MonthReader`. A profile of a sheet's shape
    decides what its columns are.
    """
    try:
        sheets = _sheets(content)
        ledgers = _ledgers(sheets, findings, profiles)
    except PasswordError:
        findings.problem(_ENCRYPTED)
        return
    except UNREADABLE:
        findings.problem(_CORRUPT)
        return
    if len(ledgers) < 2:
        for sheet in ledgers:
            yield from _lines(sheet, findings, year=year, broken=broken)
        return
    parts = [Part(sheet.data.name, partial(_lines, sheet, year=year, broken=broken)) for sheet in ledgers]
    yield from read_together(parts, findings, year, others=_unread(sheets, ledgers))


def _lines(sheet: Sheet, findings: Findings, *, year: int | None, broken: bool) -> Iterator[LedgerLine]:
    """The booked lines of one sheet."""
    findings.profile = sheet.profile
    for question in sheet.columns.questions:
        findings.is_askable = True
        findings.problem(question, row=sheet.header_row)
    above = [row for row in islice(_rows(sheet), max(sheet.header_row - 1, 0)) if any(map(plain, row.cells))]
    note_preamble(findings, above, sheet.columns)
    if findings.problems:
        return
    yield from read_table(
        _blocks(sheet, sheet.header_row),
        lambda: rows_of(_blocks(sheet, sheet.header_row)),
        sheet.columns,
        findings,
        year,
        broken=broken,
    )


def _ledgers(sheets: list[Sheet], findings: Findings, profiles: Profiles) -> list[Sheet]:
    """The sheet with a ledger's header and rows below it, or several with the same one; else there is a problem."""
    ledgers = _told(sheets, profiles)
    if profiles.is_forced and not ledgers:
        findings.problem(unfit(profiles.known[0]))
        return []
    is_told = bool(ledgers)
    if not ledgers:
        ledgers = [
            sheet
            for sheet in sheets
            if sheet.columns.complete and _is_filled(rows_of(_blocks(sheet, sheet.header_row)))
        ]
    ledgers = ledgers or [sheet for sheet in sheets if sheet.columns.complete]
    if len(ledgers) > 1 and not is_told and len({sheet.columns.header for sheet in ledgers}) == 1:
        return ledgers
    if len(ledgers) > 1:
        findings.is_askable = True
        listed = ", ".join(f"”{shown(sheet.data.name)}”" for sheet in ledgers)
        findings.problem(
            f"Flera blad kan vara huvudboken: {listed}. Spara arbetsboken med bara det blad som ska läsas in."
        )
        return []
    if ledgers:
        if len(sheets) > 1:
            findings.notices.append(
                f"Bladet ”{shown(ledgers[0].data.name)}” är läst; arbetsboken har {len(sheets)} blad."
            )
        return ledgers
    best = max(sheets, key=lambda sheet: sheet.columns.recognised, default=None)
    explain_missing(
        findings, best.columns if best else recognise([]), best.header_row if best and best.header_row else None
    )
    return []


def _unread(sheets: list[Sheet], ledgers: list[Sheet]) -> list[str]:
    """The names of the sheets that hold something and are not read."""
    read = {sheet.data.name for sheet in ledgers}
    return [sheet.data.name for sheet in sheets if sheet.data.name not in read and _is_filled(_rows(sheet))]


def _is_filled(rows: Iterable[Row]) -> bool:
    return any(any(map(plain, row.cells)) for row in rows)


def uncalculated_cells(content: Content) -> Mapping[str, Uncalculated]:
    """For each sheet by name. Raises one of ``UNREADABLE`` where the workbook is damaged."""
    find = _FINDERS.get(kind(content))
    return find(content.whole()) if find else {}  # an .xlsb tells its error cells and formulas apart by itself


def _sheets(content: Content) -> list[Sheet]:
    # The library reads the sheets without the interpreter, and so on another core than the search.
    with ThreadPoolExecutor(max_workers=1) as pool:
        found = pool.submit(uncalculated_cells, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content.whole()))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = [book.get_sheet_by_name(name) for name in names]
        cells = found.result()
    return [_look(sheet, cells.get(name, Uncalculated())) for name, sheet in zip(names, sheets, strict=True)]


def _told(sheets: list[Sheet], profiles: Profiles) -> list[Sheet]:
    """The sheets that have a profile's shape; the one it names where several do."""
    has_header = any(sheet.columns.complete for sheet in sheets)
    told: list[Sheet] = []
    if not profiles.known:
        return told
    for sheet in sheets:
        rows = list(islice(_rows(sheet), HEADER_WITHIN))
        if found := find_profile(rows, WORKBOOK, "", profiles, has_header=has_header):
            profile, header_row = found
            told.append(replace(sheet, header_row=header_row, columns=profile.columns(), profile=profile))
    named = [sheet for sheet in told if sheet.profile and sheet.profile.sheet == sheet.data.name]
    return named if len(told) > 1 and named else told


class SheetHead(NamedTuple):
    """A sheet's name and its first rows."""

    name: str
    rows: list[Row]


def heads(content: Content, most: int) -> list[SheetHead]:
    """The first rows of each sheet that has any; none where the workbook cannot be read."""
    try:
        sheets = _sheets(content)
    except UNREADABLE:
        return []
    found = [SheetHead(sheet.data.name, list(islice(_rows(sheet), most))) for sheet in sheets]
    return [head for head in found if _is_filled(head.rows)]


def _look(data: CalamineSheet, uncalculated: Uncalculated) -> Sheet:
    best = Sheet(data, 0, recognise([]), uncalculated)
    for row in islice(_rows(best), HEADER_WITHIN):
        columns = recognise(row.cells)
        if columns.complete:
            return Sheet(data, row.number, columns, uncalculated)
        if columns.recognised > best.columns.recognised:
            best = Sheet(data, row.number, columns, uncalculated)
    return best


def _rows(sheet: Sheet) -> Iterator[Row]:
    return rows_of(_blocks(sheet))


def _blocks(sheet: Sheet, above: int = 0) -> Iterator[Block]:
    """The rows from the sheet's first but for those ``above``, numbered as the spreadsheet shows them.

    Cells begin at the first used column.
    """
    wrong, left = sheet.uncalculated.by_row, (sheet.data.start or (0, 0))[1]
    every = islice(sheet.data.iter_rows(), above, None)
    first = above + 1
    while rows := list(islice(every, BLOCK)):
        if not _REWRITTEN.isdisjoint(map(type, chain.from_iterable(rows))):
            rows = [[_cell(cell) for cell in cells] for cells in rows]
        numbers = range(first, first + len(rows))
        for number in wrong.keys() & set(numbers) if wrong else ():
            mark(rows[number - first], wrong[number], left)
        yield Block(numbers, rows)
        first += len(rows)
    for beyond in sorted(row for row in wrong if row >= first):
        cells: list[Any] = []
        mark(cells, wrong[beyond], left)
        yield Block([beyond], [cells])


def mark(cells: list[Any], columns: list[int], left: int) -> None:
    """Put what can't be used where the library gives an empty cell."""
    for column in columns:
        index = column - left
        if index < 0:
            continue
        while len(cells) <= index:
            cells.append("")
        if cells[index] == "":
            cells[index] = ErrorCell("#VÄRDE SAKNAS")


_REWRITTEN = frozenset((bool, dt.time, dt.timedelta))  # what no ledger's cell holds: asked once for many rows


def _cell(value: Any) -> Any:
    if type(value) is bool:
        return "SANT" if value else "FALSKT"
    return str(value) if type(value) in _REWRITTEN else value
