"""Rows of cells under a header → booked lines. What delimited text and workbooks have in common.

Each row ends as a line, as a problem with its place, or as a skipped row that is told: blank, a repeated
header, a total that agrees, an opening balance without amount, a remark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

from followup.ledger import values
from followup.ledger.amounts import AmountReader, LineAmount, certain_mark
from followup.ledger.columns import ABSENT, Columns
from followup.ledger.months import MonthReader
from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.rows import OddRows
from followup.ledger.torn import may_lose, without_loss
from followup.ledger.totals import RunningTotal, has_label, label
from followup.ledger.unread import note_unread
from followup.ledger.values import Coded, UnreadableError, plain
from sydit.money import AmountError

_MANY = 20  # rows that make a shorter row stand out
_FEW = 4  # shorter rows that are damage and no habit of the file
BLOCK = 100  # rows read together where all of them are plain lines
_SAMPLE = 200  # rows that show how wide the table is


class Row(NamedTuple):
    """One row of the file: its number as an editor or a spreadsheet shows it, and its cells."""

    number: int
    cells: list[Any]


class Block(NamedTuple):
    """Rows that are read together: their numbers and their cells."""

    numbers: Sequence[int]
    rows: Sequence[list[Any]]


def in_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """The rows, :data:`BLOCK` at a time."""
    rows = iter(rows)
    while block := list(islice(rows, BLOCK)):
        yield Block(*zip(*block, strict=True))


def rows_of(blocks: Iterable[Block]) -> Iterator[Row]:
    """Each row of the blocks."""
    return (row for block in blocks for row in map(Row, *block))


class Cache(dict[Any, Any]):
    """What a cell's value was read as: a ledger repeats its accounts, periods and projects on every line."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, value: Any) -> Any:
        try:
            result = self._read(value)
        except UnreadableError:
            result = None
        if len(self) < _CACHED:
            self[value] = result
        return result


_CACHED = 100_000


def read_table(
    blocks: Iterator[Block],
    again: Callable[[], Iterator[Row]],
    columns: Columns,
    findings: Findings,
    year: int | None,
    *,
    broken: bool = False,
) -> Iterator[LedgerLine]:
    """The booked lines of the rows below the header.

    ``again`` starts the same rows anew: they are read a second time where only the rest of the column
    can tell how an amount is to be read. ``year`` and ``broken`` are those of :class:`MonthReader`.
    """

    def find_mark() -> str | None:
        marks = (
            certain_mark(row.cells[at], columns.unit)
            for row in again()
            for at in columns.amounts
            if at < len(row.cells)
        )
        return next((mark for mark in marks if mark), None)

    months = MonthReader(columns, findings, year, broken=broken)
    table = _Table(columns, findings, AmountReader(columns.unit, find_mark, columns.decimal), months, again)
    if may_lose(columns):
        blocks = in_blocks(without_loss(findings, columns, rows_of(blocks)))
    return table.lines(blocks)


class _Table:
    def __init__(
        self,
        columns: Columns,
        findings: Findings,
        reader: AmountReader,
        months: MonthReader,
        again: Callable[[], Iterator[Row]],
    ) -> None:
        self._again = again
        self._columns, self._findings, self._months = columns, findings, months
        self._amount = LineAmount(columns, reader)
        self._total = RunningTotal()
        self._odd = OddRows(columns, findings, reader, months, self._total)
        self._accounts, self._projects = Cache(values.account), Cache(values.project)
        self._codes, self._labels = Cache(_code), Cache(_is_label)
        self._coded = (columns.cost_center, columns.activity, columns.counterparty)
        self._named = set[tuple[str, str]]()

    def lines(self, blocks: Iterator[Block]) -> Iterator[LedgerLine]:
        """Yield each booked line; everything else is noted in the findings."""
        for block in self._of_width(blocks):
            lines = self._block(block) if self._months.tells_by_itself else None
            if lines is not None:
                yield from lines
                continue
            for number, cells in zip(*block, strict=True):
                if line := self._line(number, cells):
                    yield line
                elif self._findings.full:
                    return
        self._odd.finish()
        self._months.finish()

    def _block(self, block: Block) -> Iterator[LedgerLine] | None:
        """The lines of rows that are booked lines and nothing else; ``None`` where one of them must be looked at.

        What :meth:`_line` asks of each cell is asked here of a column, and of a value that repeats only once.
        """
        at, accounts, projects, labels = self._columns, self._accounts, self._projects, self._labels
        numbers, rows = block
        columns = list(zip(*rows, strict=True))
        if (
            not all(accounts[cell] and not labels[accounts[cell].name] for cell in set(columns[at.account]))
            or not all(map(projects.__getitem__, set(columns[at.project])))
            or any(map(labels.__getitem__, set(columns[at.account_name])))
        ):
            return None
        texts, vouchers = _stripped(columns[at.text]), _stripped(columns[at.voucher])
        if has_label(texts) or has_label(set(vouchers)):
            return None
        months = self._months.months(block, columns[self._months.column])
        try:
            amounts = self._amount.read_all(rows)
        except AmountError:
            return None
        if months is None:
            return None
        account_codes = [accounts[cell].code for cell in columns[at.account]]
        project_codes = [projects[cell].code for cell in columns[at.project]]
        self._count(amounts, rows)
        if not self._named.issuperset(zip(account_codes, project_codes, strict=True)):
            for cells in rows:
                self._note_names(accounts[cells[at.account]], projects[cells[at.project]], cells)
        coded = [map(self._codes.__getitem__, columns[at_code]) for at_code in self._coded]
        days = self._months.days(block, columns[at.date])
        fields = (numbers, months, account_codes, amounts, project_codes, days, vouchers, texts, *coded)
        # Half the time of LedgerLine(…), a million times.
        return map(tuple.__new__, repeat(LedgerLine), zip(*fields, strict=True))

    def _line(self, number: int, cells: Sequence[Any]) -> LedgerLine | None:
        """The line of a row, or ``None`` where it is none: then the findings tell what it is."""
        at, labels, codes = self._columns, self._labels, self._codes
        account, project = self._accounts[cells[at.account]], self._projects[cells[at.project]]
        month = self._months.month(number, cells)
        text, voucher = _stripped([cells[at.text], cells[at.voucher]])
        try:
            amount = self._amount.read(cells)
        except AmountError:
            month = None
        is_odd = (
            not (month and account and project)
            or label(text)
            or label(voucher)
            or labels[account.name]
            or labels[cells[at.account_name]]
        )
        if is_odd and not self._odd.is_line(number, cells):
            return None
        self._count([amount], [cells])
        self._note_names(account, project, cells)
        day, coded = self._months.day(number, cells), (codes[cells[at_code]] for at_code in self._coded)
        return LedgerLine._make((number, month, account.code, amount, project.code, day, voucher, text, *coded))

    def _count(self, amounts: Sequence[int], rows: Sequence[Sequence[Any]]) -> None:
        self._total.amount += sum(amounts)
        self._total.lines += len(amounts)
        if self._columns.amount == ABSENT:
            for cells in rows:
                self._odd.count_sides(*self._amount.sides(cells))

    def _of_width(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """The rows, each as wide as the header and with one blank cell more, which is what an absent column (−1) reads.

        Rows may end early, or all go on with blank or unnamed columns; one that is longer than the others is a problem.
        """
        named = len(self._columns.header)
        first = list(islice(blocks, _SAMPLE // BLOCK))
        sample = list(rows_of(first))
        note_unread(self._findings, self._columns, sample, self._again)
        width, named = _widths(sample, named, self._columns.width)
        writes_blanks = _writes_blanks(sample, named)
        if _all_shorter(sample, named):
            self._odd.too_short(sample[0].number, len(sample[0].cells), named)
            return
        for block in chain(first, blocks):
            if {named}.issuperset(map(len, block.rows)):
                for cells in block.rows:
                    cells.append("")
                yield block
                continue
            yield from in_blocks(self._widened(block, named, width, writes_blanks=writes_blanks))
            if self._findings.full:
                return

    def _widened(self, block: Block, named: int, width: int, *, writes_blanks: bool) -> Iterator[Row]:
        """The rows of a block, each of :meth:`_of_width`'s length, without those that are a problem."""
        for row in map(Row, *block):
            number, cells = row
            short = named - len(cells)
            if short < 0:
                if len(cells) > width or any(map(plain, cells[named:])):
                    self._odd.too_wide(number, cells, named)
                    if self._findings.full:
                        return
                    continue
                del cells[named:]
                short = 0
            cells += [""] * (short + 1)
            if short and writes_blanks and self._is_booked(row) and self._short_lines < _FEW:
                self._odd.too_short(number, named - short, named)
                continue
            yield row

    def _is_booked(self, row: Row) -> bool:
        account = self._columns.account
        return bool(account < len(row.cells) and self._accounts[row.cells[account]] and self._months.month(*row))

    @cached_property
    def _short_lines(self) -> int:
        """How many lines of the whole file end before the header does.

        Excel leaves out the blank cells at the end of some blocks of rows: then there are many.
        """
        named = len(self._columns.header)
        return sum(
            self._columns.account < len(row.cells) < named and self._is_whole_account(row) for row in self._again()
        )

    def _is_whole_account(self, row: Row) -> bool:
        return self._accounts[row.cells[self._columns.account]] is not None

    def _note_names(self, account: Coded, project: Coded, cells: Sequence[Any]) -> None:
        if (key := (account.code, project.code)) in self._named:
            return
        self._named.add(key)
        names = self._findings.account_names
        if account.code not in names and (name := account.name or plain(cells[self._columns.account_name])):
            names[account.code] = name
        names = self._findings.project_names
        if (
            project.code
            and project.code not in names
            and (name := project.name or plain(cells[self._columns.project_name]))
        ):
            names[project.code] = name


def _code(value: object) -> str:
    return values.code(value).code


def _stripped(cells: Sequence[Any]) -> list[str]:
    """The cells as texts: a number or a date among them is written as :func:`plain` has it."""
    try:
        return list(map(str.strip, cells))
    except TypeError:
        return [cell.strip() if isinstance(cell, str) else plain(cell) for cell in cells]


def _is_label(value: object) -> bool:
    return label(plain(value))


def _writes_blanks(sample: Sequence[Row], named: int) -> bool:
    """Whether the file writes blank cells at the end of its lines, or has lines enough to tell that it has none."""
    filled = [row.cells for row in sample if any(map(plain, row.cells))]
    return len(filled) > _MANY or any(len(cells) >= named and not plain(cells[named - 1]) for cells in filled)


def _all_shorter(sample: Sequence[Row], named: int) -> bool:
    """Whether every row has the same number of cells and the header more: a separator too many in the header."""
    lengths = {len(row.cells) for row in sample if any(map(plain, row.cells))}
    return len(sample) > _FEW and len(lengths) == 1 and lengths.pop() < named


def _widths(sample: Sequence[Row], named: int, header: int) -> tuple[int, int]:
    """How many cells a row has at most, and how many of them may hold something, told by most of the rows.

    Only columns under the header's own blank cells may do so without a name.
    """
    lengths = Counter(max(len(row.cells), named) for row in sample if any(map(plain, row.cells)))
    if not lengths:
        return named, named
    width = max(lengths, key=lambda length: (lengths[length], -length))
    filled = sum(any(map(plain, row.cells[named:])) for row in sample)
    return width, max(named, min(width, header)) if filled * 2 > lengths.total() else named
