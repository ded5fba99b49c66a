"""A file's first rows and the best guess at its columns, for somebody who says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from followup.ledger import delimited, sie, workbook
from followup.ledger.columns import Kind, meaning, recognise
from followup.ledger.content import Content
from followup.ledger.delimited import SEPARATORS
from followup.ledger.encoding import find_encoding
from followup.ledger.foreign import refusal
from followup.ledger.parsed import LedgerLine, ParsedLedger
from followup.ledger.profile import DELIMITED, WORKBOOK, Profile, Shape
from followup.ledger.shapes import shape_of, width_of
from followup.ledger.table import Row
from followup.ledger.values import plain
from sydit.money import Unit

MOST_ROWS = 40  # from the top, among which the header is chosen
_FEWEST_KNOWN = 2  # column names that make a row look like a header


@dataclass(frozen=True, slots=True)
class Table:
    """One way to see the file as rows and columns: parted by a separator, or one of its sheets."""

    format: str
    separator: str
    sheet: str
    rows: tuple[Row, ...]

    @property
    def label(self) -> str:
        return SEPARATORS[self.separator].capitalize() if self.separator else self.sheet

    @property
    def filled(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if any(map(plain, row.cells)))

    def shape(self, header_row: int) -> Shape:
        return shape_of(self.rows, self.format, self.separator, header_row)

    def width(self, header_row: int) -> int:
        """How many columns the header and the rows below it have."""
        return width_of([row for row in self.rows if row.number >= header_row])


@dataclass(frozen=True, slots=True)
class Trial:
    """How a file reads with a profile: the whole of it, and its first lines."""

    parsed: ParsedLedger
    lines: tuple[LedgerLine, ...]


def tables(content: Content) -> tuple[Table, ...]:
    """The ways to see the file as a table, the likeliest first; none where it is no text and no workbook."""
    if refusal(content) or sie.is_sie(content):
        return ()
    if workbook.kind(content):
        heads = workbook.heads(content, MOST_ROWS)
        found = [Table(WORKBOOK, "", head.name, tuple(head.rows)) for head in heads]
    else:
        encoding = find_encoding(content)
        if encoding.error:
            return ()
        found = [
            Table(DELIMITED, mark, "", tuple(delimited.head_rows(content, encoding, mark, MOST_ROWS)))
            for mark in SEPARATORS
        ]
    return tuple(sorted((table for table in found if width_of(table.rows) > 1), key=_likelihood, reverse=True))


def _likelihood(table: Table) -> tuple[int, int]:
    """How many column names are understood; then how many rows have as many cells as most."""
    lengths = [len(row.cells) for row in table.filled]
    usual = max(set(lengths), key=lambda length: (length > 1, lengths.count(length), length), default=0)
    known = max((recognise(row.cells).recognised for row in table.rows), default=0)
    return known, lengths.count(usual) if usual > 1 else 0


def guess_header(table: Table) -> int:
    """The number of the row that looks most like a header, 0 where none does."""
    best = max(table.rows, key=lambda row: recognise(row.cells).recognised, default=None)
    if best and recognise(best.cells).recognised >= _FEWEST_KNOWN:
        return best.number
    width = width_of(table.rows)
    return next((row.number for row in table.filled if _only_names(row, width)), 0)


def _only_names(row: Row, width: int) -> bool:
    """Whether most cells of the row hold something, and no digit begins any of it."""
    names = [name for cell in row.cells if (name := plain(cell))]
    return len(names) * 2 > width and not any(name[0].isdigit() or name[0] in "-\N{MINUS SIGN}" for name in names)


def guess_kinds(table: Table, header_row: int) -> tuple[Kind | None, ...]:
    """What each column is read as, where the header is understood; else what it seems to be by its name.

    ``None`` where that is not known or could be several.
    """
    shape, width = table.shape(header_row), table.width(header_row)
    understood = recognise(shape.header)
    if understood.complete and not understood.questions:
        places = understood.places
        return tuple(places.get(column) for column in range(width))
    names = (*shape.header, *("",) * (width - len(shape.header)))
    meant = [meaning(name) if name else None for name in names]
    kinds: list[Kind | None] = [each.kind if each else None for each in meant]
    return tuple(kind if kind and kinds.count(kind) == 1 else None for kind in kinds)


def guess_unit(table: Table, header_row: int) -> Unit:
    """The unit that the header names."""
    return recognise(table.shape(header_row).header).unit


def cells_text(row: Row, width: int) -> tuple[str, ...]:
    """A row's cells as text, as many as the table has columns."""
    texts = [plain(cell) for cell in row.cells[:width]]
    return (*texts, *("",) * (width - len(texts)))


def columns_of(profile: Profile, column: str) -> Sequence[int]:
    """The places of the used columns that a problem names."""
    columns = profile.columns()
    return [index for index, kind in enumerate(profile.kinds) if kind and columns.name(index) == column]
