"""Rows of cells under a header → booked lines. What delimited text and workbooks have in common.

Each row ends as a line, as a problem with its place, or as a skipped row that is told: blank, a repeated
header, a total that agrees, an opening balance without amount, a remark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from followup.ledger import values
from followup.ledger.amounts import AmountReader, LineAmount, certain_mark
from followup.ledger.columns import ABSENT, Columns
from followup.ledger.months import MonthReader
from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.rows import OddRows
from followup.ledger.torn import without_loss
from followup.ledger.totals import LABEL_STARTS, RunningTotal, label
from followup.ledger.values import Coded, UnreadableError, plain
from sydit.money import AmountError

_MANY = 20  # rows that make a shorter row stand out
_FEW = 4  # shorter rows that are damage and no habit of the file
_SAMPLE = 200  # rows that show how wide the table is


class Row(NamedTuple):
    """One row of the file: its number as an editor or a spreadsheet shows it, and its cells."""

    number: int
    cells: list[Any]


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
    rows: Iterator[Row],
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
    return table.lines(without_loss(findings, columns, rows))


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
        self._accounts = Cache(values.account)
        self._projects = Cache(values.project)

    def lines(self, rows: Iterator[Row]) -> Iterator[LedgerLine]:
        """Yield each booked line; everything else is noted in the findings."""
        total, odd, named = self._total, self._odd, set[tuple[str, str]]()
        accounts, projects, codes, labels = self._accounts, self._projects, Cache(_code), Cache(_is_label)
        month_of, day_of, amount_of = self._months.month, self._months.day, self._amount.read
        known_months, known_days = self._months.known, self._months.known_days
        # A name costs less than an attribute, and every line of every file passes here.
        at = self._columns
        at_account, at_name, at_project, at_month = at.account, at.account_name, at.project, self._months.column
        at_text, at_voucher, at_date, has_sides = at.text, at.voucher, at.date, at.amount == ABSENT
        at_cost_center, at_activity, at_counterparty = at.cost_center, at.activity, at.counterparty
        new = tuple.__new__  # half the time of LedgerLine(…), a million times
        for number, cells in self._of_width(rows):
            account, project = accounts[cells[at_account]], projects[cells[at_project]]
            month = known_months.get(cells[at_month]) or month_of(number, cells)
            text, voucher = cells[at_text], cells[at_voucher]
            text = text.strip() if type(text) is str else plain(text)
            voucher = voucher.strip() if type(voucher) is str else plain(voucher)
            try:
                amount = amount_of(cells)
            except AmountError:
                month = None
            if (
                not (month and account and project)
                or (text[:1] in LABEL_STARTS and label(text))
                or (voucher[:1] in LABEL_STARTS and label(voucher))
                or labels[account.name]
                or labels[cells[at_name]]
            ) and not odd.is_line(number, cells):
                if self._findings.full:
                    return
                continue
            total.amount += amount
            total.lines += 1
            if (key := (account.code, project.code)) not in named:
                named.add(key)
                self._note_names(account, project, cells)
            if has_sides:
                self._note_sides(cells)
            date = cells[at_date]
            yield new(LedgerLine, (
                number, month, account.code, amount, project.code,
                known_days[date] if date in known_days else day_of(number, cells), voucher, text,
                codes[cells[at_cost_center]], codes[cells[at_activity]], codes[cells[at_counterparty]],
            ))  # fmt: skip
        odd.finish()
        self._months.finish()

    def _of_width(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, each as wide as the header and with one blank cell more, which is what an absent column (−1) reads.

        Rows may end early, or all go on with blank or unnamed columns; one that is longer than the others is a problem.
        """
        named = len(self._columns.header)
        sample = list(islice(rows, _SAMPLE))
        width, named = _widths(sample, named, self._columns.width)
        writes_blanks = _writes_blanks(sample, named)
        if _all_shorter(sample, named):
            self._odd.too_short(sample[0].number, len(sample[0].cells), named)
            return
        for row in chain(sample, rows):
            number, cells = row
            short = named - len(cells)
            if not short:
                cells.append("")
                yield row
                continue
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

    def _note_sides(self, cells: Sequence[Any]) -> None:
        self._odd.sides.amount += sum(self._amount.sides(cells))
        self._odd.sides.lines += 1


def _code(value: object) -> str:
    return values.code(value).code


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
