"""Delimited text from municipal ledger systems: separator, header and columns are found by looking at the file."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from followup.ledger.columns import Columns, recognise
from followup.ledger.content import Content
from followup.ledger.encoding import Encoding, find_encoding
from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.preamble import explain_missing, note_preamble
from followup.ledger.profile import DELIMITED, NO_PROFILES, Profile, Profiles, unfit
from followup.ledger.shapes import find_profile
from followup.ledger.table import BLOCK, Block, Row, in_blocks, read_table, rows_of
from followup.ledger.torn import note_torn
from followup.ledger.values import REPLACEMENT
from sydit.money import shown

SEPARATORS = {";": "semikolon", "\t": "tabb", ",": "komma", "|": "lodstreck"}
_LOST = REPLACEMENT.encode()
HEADER_WITHIN = 200  # rows from the top in which the header must stand
_END = "\x03end of file\x03"  # a last line of our own: a quote that is never closed swallows it
_DOS_END = "\x1a"  # the one that DOS put after the last line
_ENDS = ([_END], [_DOS_END])


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found by looking: the separator, the header and where it stands."""

    separator: str
    header_row: int  # the physical line at which the header begins, 0 where there is none
    columns: Columns
    quoted: bool = False  # every field stands in quotes: then a quote that is out of place is damage
    profile: Profile | None = None  # that decided the columns


def read(
    content: Content,
    findings: Findings,
    year: int | None = None,
    *,
    encoding: Encoding | None = None,
    broken: bool = False,
    profiles: Profiles = NO_PROFILES,
) -> Iterator[LedgerLine]:
    """Yield the booked lines of a delimited file; what is wrong, skipped or remarkable is noted in ``findings``.

    ``encoding`` is found by looking where it is not given. ``year`` and ``broken`` are those of
    :class:`followup.ledger.months.MonthReader`. A profile of the file's shape decides what its columns are.
    """
    encoding = encoding or find_encoding(content)
    if encoding.error:
        findings.problem(encoding.error, row=encoding.row, value=encoding.value)
        return
    if encoding.notice:
        findings.notices.append(encoding.notice)
    if encoding.name.startswith("utf-8") and (lost := content.count(_LOST)):
        findings.notices.append(
            f"{lost} tecken i filen har gått förlorade i en tidigare omvandling och visas som {REPLACEMENT}."
        )
    layout = find_layout(content, encoding, profiles)
    findings.profile = layout.profile
    if profiles.is_forced and not layout.profile:
        findings.problem(unfit(profiles.known[0]))
        return
    if not layout.columns.complete:
        explain_missing(findings, layout.columns, layout.header_row or None)
        return

    def again() -> Iterator[Row]:
        return rows_of(_body(content, encoding, layout, Findings()))

    _note_doubts(content, findings, encoding, layout)
    if layout.separator == ",":
        note_torn(findings, layout.columns, again())
    if findings.problems:
        return

    yield from read_table(
        _body(content, encoding, layout, findings), again, layout.columns, findings, year, broken=broken
    )


def _note_doubts(content: Content, findings: Findings, encoding: Encoding, layout: Layout) -> None:
    """Note what the header, and what stands above it, leaves in doubt."""
    if layout.header_row and _header_swallows(content, encoding, layout):
        findings.problem(_UNCLOSED, row=layout.header_row)
    for question in layout.columns.questions:
        findings.is_askable = True
        findings.problem(question, row=layout.header_row)
    note_preamble(findings, _preamble(content, encoding, layout), layout.columns)


def find_layout(content: Content, encoding: Encoding, profiles: Profiles = NO_PROFILES) -> Layout:
    """That of a profile, else the separator under which a row near the top names most of a ledger's columns."""
    head = list(islice(_text(content, encoding), HEADER_WITHIN))
    layouts = _layouts(head)
    best = max(
        layouts, key=lambda layout: (layout.columns.complete, layout.columns.recognised, -len(layout.columns.questions))
    )
    return _told_layout(head, profiles, has_header=best.columns.complete) or best


def _told_layout(head: list[str], profiles: Profiles, *, has_header: bool) -> Layout | None:
    separators = {profile.shape.separator for profile in profiles.known}
    for separator in (known for known in SEPARATORS if known in separators):
        rows = list(_records(head, separator))
        if found := find_profile(rows, DELIMITED, separator, profiles, has_header=has_header):
            profile, header_row = found
            cells = next((row.cells for row in rows if row.number == header_row), [])
            quoted = bool(cells) and _is_quoted(head[header_row - 1], cells)
            return Layout(separator, header_row, profile.columns(), quoted, profile)
    return None


def _is_quoted(line: str, cells: Sequence[str]) -> bool:
    return line.count('"') >= 2 * len(cells)


def head_rows(content: Content, encoding: Encoding, separator: str, most: int) -> list[Row]:
    """The file's first rows as the separator parts them."""
    return list(islice(_records(list(islice(_text(content, encoding), HEADER_WITHIN)), separator), most))


def _layouts(head: list[str]) -> list[Layout]:
    """What each separator makes of the file's head, without those that part it into too few cells to be the best."""
    cells = {separator: max((line.count(separator) for line in head), default=0) + 1 for separator in SEPARATORS}
    found: dict[str, Layout] = {}
    enough = 0
    for separator in sorted(SEPARATORS, key=lambda each: -cells[each]):
        if cells[separator] >= enough:
            found[separator] = layout = _layout(head, separator)
            if layout.columns.complete:
                enough = max(enough, layout.columns.recognised)
    return [found[separator] for separator in SEPARATORS if separator in found]


def _layout(head: list[str], separator: str) -> Layout:
    best = Layout(separator, 0, recognise([]))
    for row in _records(head, separator):
        columns = recognise(row.cells)
        if columns.complete:
            return Layout(separator, row.number, columns, _is_quoted(head[row.number - 1], row.cells))
        if columns.recognised > best.columns.recognised:
            best = Layout(separator, row.number, columns)
    return best


def _text(content: Content, encoding: Encoding) -> Iterator[str]:
    """The physical lines, ends included: LF, CRLF and bare CR may be mixed."""
    return io.TextIOWrapper(content.opened(encoding.start), encoding=encoding.name, newline="")


def _records(lines: Iterable[str], separator: str) -> Iterator[Row]:
    """Each record with the line at which it begins, as far as they can be told apart."""
    reader = csv.reader(lines, delimiter=separator)
    begins = 1
    with contextlib.suppress(csv.Error):  # a field without end: the reading proper tells where
        for cells in reader:
            yield Row(begins, cells)
            begins = reader.line_num + 1


def _preamble(content: Content, encoding: Encoding, layout: Layout) -> list[Row]:
    head = islice(_text(content, encoding), max(layout.header_row - 1, 0))
    return list(_records(head, layout.separator))


def _body(content: Content, encoding: Encoding, layout: Layout, findings: Findings) -> Iterator[Block]:
    """The records below the header."""
    if _has_quotes(content, encoding):
        return in_blocks(_quoted(content, encoding, layout, findings))
    return _unquoted(content, encoding, layout, findings)


def _quoted(content: Content, encoding: Encoding, layout: Layout, findings: Findings) -> Iterator[Row]:
    """The records of any file. A quote that is not closed is noted: it would swallow the lines after it."""
    header_row = layout.header_row
    above = max(header_row - 1, 0)
    lines = chain(islice(_text(content, encoding), above, None), (_END,))
    reader = csv.reader(lines, delimiter=layout.separator, strict=layout.quoted)
    begins = above + 1
    new = tuple.__new__  # half the time of Row(…), a million times
    try:
        for cells in reader:
            ends = reader.line_num + above
            if begins > header_row:
                row = new(Row, (begins, cells))
                if ends != begins and _swallows(row, layout):
                    findings.problem(_UNCLOSED, row=begins, column=_column(row, layout), value=_start_of_quoted(row))
                elif len(cells) != 1 or cells not in _ENDS:
                    yield row
            begins = ends + 1
    except csv.Error:
        findings.problem(_BROKEN, row=begins)


def _has_quotes(content: Content, encoding: Encoding) -> bool:
    return content.find(b'"') >= 0 or encoding.name.startswith(("utf-16", "utf-32"))


def _unquoted(content: Content, encoding: Encoding, layout: Layout, findings: Findings) -> Iterator[Block]:
    """The records of a file without quotes: all that the csv module would do with it, in half the time."""
    separator, most = layout.separator, csv.field_size_limit()
    lines = islice(_text(content, encoding), layout.header_row, None)
    first = layout.header_row + 1
    while some := list(islice(lines, BLOCK)):
        rows = [line.rstrip("\r\n").split(separator) for line in some]
        numbers = range(first, first + len(rows))
        if max(map(len, some)) > most:
            for number, cells in zip(numbers, rows, strict=True):
                if max(map(len, cells)) > most:
                    findings.problem(_BROKEN, row=number)
                    return
        if [_DOS_END] in rows:
            yield from in_blocks(Row(*row) for row in zip(numbers, rows, strict=True) if row[1] != [_DOS_END])
        else:
            yield Block(numbers, rows)
        first += len(rows)


def _swallows(row: Row, layout: Layout) -> bool:
    """Whether a quoted field of the record runs on into the lines after it: it holds a whole row's separators."""
    return any(
        _END in cell
        or (("\n" in cell or "\r" in cell) and cell.count(layout.separator) >= len(layout.columns.header) - 1)
        for cell in row.cells
    )


def _header_swallows(content: Content, encoding: Encoding, layout: Layout) -> bool:
    lines = islice(_text(content, encoding), layout.header_row - 1, layout.header_row + HEADER_WITHIN)
    header = next(_records(lines, layout.separator))
    return any(("\n" in cell or "\r" in cell) and cell.count(layout.separator) > 1 for cell in header.cells)


def _swallowing(row: Row) -> int:
    return max(range(len(row.cells)), key=lambda index: len(row.cells[index]))


def _column(row: Row, layout: Layout) -> str:
    return layout.columns.name(_swallowing(row))


def _start_of_quoted(row: Row) -> str:
    return shown(row.cells[_swallowing(row)].replace(_END, ""))


_BROKEN = (
    f"Raden går inte att dela i fält: ett citattecken står fel eller stängs inte, eller ett fält är längre än "
    f"{csv.field_size_limit()} tecken. Rätta raden och exportera på nytt."
)
_UNCLOSED = (
    "Ett citattecken öppnas men stängs inte på raden, så att rader efter den skulle försvinna i texten. "
    "Rätta raden och exportera på nytt."
)
