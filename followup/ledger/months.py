"""The month of a row: its period where the file has that column, else its booking date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from followup.ledger import styles, values
from followup.ledger.columns import ABSENT, Columns
from followup.ledger.parsed import Findings
from followup.ledger.values import AmbiguousDateError, UnreadableError, plain
from sydit.periods import Month

if TYPE_CHECKING:
    from followup.ledger.table import Block

LONGEST_YEAR = 12  # months a file may span


class MonthReader:
    """Reads the months of one file and remembers where it first met each.

    ``year`` is the year that every line must lie in; with ``broken`` it is the year in which a fiscal
    year of twelve months begins: the file may hold any of them. Without it the file may hold any twelve in a row.
    """

    def __init__(self, columns: Columns, findings: Findings, year: int | None, *, broken: bool = False) -> None:
        self._columns, self._findings, self._year, self._broken = columns, findings, year, broken
        self._by_period = columns.period != ABSENT
        self.column = columns.period if self._by_period else columns.date
        self._months: dict[Any, Month | None] = {}
        self._known: dict[Any, Month] = {}
        self._known_days: dict[Any, dt.date | None] = {}
        self._first: dict[Month, tuple[int, str]] = {}
        self._compares_dates = not self._by_period and bool(columns.other_dates)
        # Whether a cell says its month by itself: then the same cell need not be asked again.
        self.tells_by_itself = columns.year == ABSENT and not self._compares_dates

    def month(self, row: int, cells: Sequence[Any]) -> Month | None:
        """The month of the row, ``None`` where it has none that can be read: :meth:`explain` tells why."""
        value = cells[self.column]
        key = value if self._columns.year == ABSENT else (value, cells[self._columns.year])
        try:
            month = self._months[key]
        except KeyError:
            try:
                month = self._read(cells)
            except UnreadableError:
                month = None
            if not (self._by_period and values.is_bare(value)):
                self._months[key] = month
                if month and self.tells_by_itself:
                    self._known[value] = month
            if month:
                self._first.setdefault(month, (row, plain(value)))
        if self._compares_dates and month:
            self._compare_dates(row, cells, month)
        return month

    def months(self, block: Block, column: Sequence[Any]) -> list[Month] | None:
        """The months of rows whose cells tell them by themselves; ``None`` where one of them does not.

        ``column`` are the cells that tell them.
        """
        if not self._known.keys() >= set(column):
            for number, cells in zip(*block, strict=True):
                self.month(number, cells)
        try:
            return [self._known[cell] for cell in column]
        except KeyError:
            return None

    def days(self, block: Block, column: Sequence[Any]) -> list[dt.date | None]:
        """The booking dates of rows, as :meth:`day` has them; ``column`` are their cells."""
        if not self._known_days.keys() >= set(column):
            for number, cells in zip(*block, strict=True):
                self.day(number, cells)
        return [self._known_days[cell] for cell in column]

    def explain(self, cells: Sequence[Any]) -> str:
        """Why the row has no month, as a Swedish sentence."""
        try:
            self._read(cells)
        except UnreadableError as unreadable:
            self._findings.is_askable |= isinstance(unreadable, AmbiguousDateError)
            return str(unreadable)
        return f"{self._columns.name(self.column)} saknas på raden."

    def day(self, row: int, cells: Sequence[Any]) -> dt.date | None:
        """The booking date of the row, for information where the period gives its month."""
        value = cells[self._columns.date]
        try:
            return self._known_days[value]
        except KeyError:
            self._known_days[value] = day = self._read_day(row, value)
            return day

    def finish(self) -> None:
        """Note the months that lie outside the year the file is imported for, or further apart than a year."""
        if not self._first:
            return
        first, last = min(self._first), max(self._first)
        within_a_year = last < first.shifted(LONGEST_YEAR)
        if self._year is None:
            if not within_a_year:
                self._outside(
                    f"Filen sträcker sig över mer än tolv månader, från {first.label} till {last.label}.", last
                )
        elif not (self._broken and within_a_year and self._may_begin_in(self._year, first, last)):
            self._refuse_other_years()

    @staticmethod
    def _may_begin_in(year: int, first: Month, last: Month) -> bool:
        """Whether twelve months that begin in ``year`` hold the months: the file may be one of the later months."""
        return Month(year, 1) <= first and last < Month(year, 12).shifted(LONGEST_YEAR)

    def _refuse_other_years(self) -> None:
        if not self._findings.accepts_other_years:
            for month in sorted(self._first):
                if month.year != self._year:
                    self._outside(f"Okänd månad: {month.label} ligger utanför år {self._year}.", month)

    def _outside(self, message: str, month: Month) -> None:
        row, value = self._first[month]
        self._findings.problem(message, row=row, column=self._columns.name(self.column), value=value)

    def _read(self, cells: Sequence[Any]) -> Month | None:
        value = cells[self.column]
        if not self._by_period:
            day = styles.date(value, self._columns.date_style)
            return Month.of(day) if isinstance(day, dt.date) else day
        year = self._year
        if self._columns.year != ABSENT:
            year = _year(cells[self._columns.year])
        elif self._is_dated_only(value, year):
            return _nearest(value, styles.date(cells[self._columns.date], self._columns.date_style))
        month = styles.period(value, self._columns.period_style, year)
        if month and self._columns.year != ABSENT and month.year != year:
            raise UnreadableError(
                f"Perioden ”{plain(value)}” och året ”{plain(cells[self._columns.year])}” säger emot varandra."
            )
        return month

    def _is_dated_only(self, value: Any, year: int | None) -> bool:
        """Whether the period is a month whose year only the row's date can tell."""
        columns = self._columns
        return (
            year is None
            and columns.date != ABSENT
            and columns.period_style is styles.Style.FOUND
            and values.is_bare(value)
        )

    def _read_day(self, row: int, value: Any) -> dt.date | None:
        try:
            day = styles.date(value, self._columns.date_style)
        except AmbiguousDateError:
            notice = (
                "Datumen i filen är skrivna så att de kan läsas på flera sätt. De tas inte med; perioden avgör månaden."
            )
            if notice not in self._findings.notices:
                self._findings.notices.append(notice)
            return None
        except UnreadableError as unreadable:
            self._findings.problem(
                str(unreadable), row=row, column=self._columns.name(self._columns.date), value=plain(value)
            )
            return None
        return day if isinstance(day, dt.date) else None

    def _compare_dates(self, row: int, cells: Sequence[Any], month: Month) -> None:
        for index in self._columns.other_dates:
            try:
                day = values.date(cells[index])
            except UnreadableError:
                continue
            other = Month.of(day) if isinstance(day, dt.date) else day
            if other and other != month:
                self._findings.problem(
                    "Filen har ingen period, och datumen säger olika: "
                    f"{self._columns.name(self.column)} ligger i {month.label}, "
                    f"{self._columns.name(index)} i {other.label}. "
                    "Ta bort den kolumn som inte gäller, eller exportera med period.",
                    row=row, column=self._columns.name(index), value=plain(cells[index]),
                )  # fmt: skip


def _year(value: Any) -> int:
    text = plain(value)
    if len(text) != 4 or not (text.isascii() and text.isdigit()) or not 1900 <= int(text) < 2100:
        raise UnreadableError(f"”{text}” är inget år.")
    return int(text)


def _nearest(value: Any, day: dt.date | Month | None) -> Month | None:
    """A bare month takes its year from the row's date, if they agree on the month."""
    if day is None:
        return values.period(value)
    month = values.period(value, day.year)
    if month and month.month != day.month:
        raise UnreadableError(f"Perioden ”{plain(value)}” saknar år, och datumet ligger i en annan månad.")
    return month
