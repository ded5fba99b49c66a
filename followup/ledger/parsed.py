"""What a ledger file holds, told by the parsers without knowing the database.

A parser is a generator: it yields one :class:`LedgerLine` for each booked line in the file's order and notes in
:class:`Findings` what it met on the way. Nothing holds all lines at once, so memory does not grow with the file;
:func:`read` (in ``detect.py``) consumes the lines once, sums them, and hands them on to a sink, which is how
``load.py`` writes a million lines in one pass.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import NamedTuple, TypeVar

from followup.ledger.profile import Profile
from sydit.periods import Month


class LedgerLine(NamedTuple):
    """One booked line (kontering). ``amount`` is öre, debit +, credit −."""

    row: int  # the line in the file, counted from 1, as a text editor or a spreadsheet shows it
    month: Month
    account: str
    amount: int
    project: str = ""  # "" = none
    booked_on: dt.date | None = None
    voucher: str = ""
    text: str = ""
    cost_center: str = ""  # ansvar
    activity: str = ""  # verksamhet
    counterparty: str = ""  # motpart


Sink = Callable[[Sequence[LedgerLine]], object]  # takes booked lines, some at a time, in the file's order


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file is refused: a Swedish sentence, and the place. ``row`` is None where the whole file is meant."""

    message: str
    row: int | None = None
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows that were read and are no booked lines, and why (a Swedish phrase): nothing is skipped in silence."""

    reason: str
    rows: int
    total: int | None = None  # öre, where the rows carry amounts


Key = TypeVar("Key")

MOST_PROBLEMS = 200
BATCH = 2_000  # lines handed on at a time
_SUMMED = itemgetter(1, 2, 3, 4)  # of a line: month, account, amount, project


@dataclass(slots=True)
class Findings:
    """What a parser notes while it yields lines."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # Swedish sentences that the user should read before confirming
    account_names: dict[str, str] = field(default_factory=dict)
    project_names: dict[str, str] = field(default_factory=dict)
    covers: list[Month] = field(default_factory=list)  # months the file says it covers, also those without lines
    skipped: dict[str, Skipped] = field(default_factory=dict)
    is_askable: bool = False  # what is wrong is answered by saying what the columns are: an import profile
    profile: Profile | None = None  # that decided the columns
    accepts_other_years: bool = False  # lines of another year are not refused: whoever consumes them leaves them out
    rows_outside: int = 0  # left out so
    disagreement: str = ""  # how the lines differ from the file's own sums of them, a Swedish sentence: asked about
    joined: str = ""  # the sheets of a workbook that are read as one ledger, a Swedish sentence: asked about

    def problem(self, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Note a problem. After :data:`MOST_PROBLEMS` the parser may stop: the file is refused anyway."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(message, row, column, value))

    @property
    def full(self) -> bool:
        return len(self.problems) >= MOST_PROBLEMS

    def skip(self, reason: str, *, amount: int | None = None) -> None:
        """Note one row that is read and no booked line."""
        earlier = self.skipped.get(reason, Skipped(reason, 0))
        total = earlier.total if amount is None else (earlier.total or 0) + amount
        self.skipped[reason] = Skipped(reason, earlier.rows + 1, total)


class Cell(NamedTuple):
    """What one sum belongs to."""

    month: Month
    account: str
    project: str


@dataclass(frozen=True, slots=True)
class ParsedLedger:
    """A whole file, read and summed. It may be booked only if ``problems`` is empty."""

    filename: str
    sha256: str
    format: str  # "sie4", "delimited", "xlsx", …
    encoding: str  # "" for a workbook
    rows: int  # booked lines
    sums: Mapping[Cell, int]  # öre per month, account and project
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    account_names: Mapping[str, str] = field(default_factory=dict)
    project_names: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[Month, ...] = ()
    is_askable: bool = False  # see Findings
    profile: Profile | None = None  # that decided the columns
    rows_outside: int = 0  # lines of another year than the one asked for; their sums stand in ``skipped``
    disagreement: str = ""  # see Findings
    joined: str = ""  # see Findings

    @property
    def total(self) -> int:
        """All lines of the file, balance accounts included, in öre."""
        return sum(self.sums.values())

    @property
    def months(self) -> tuple[Month, ...]:
        """The months the file reports, in order: those with lines and those it says that it covers."""
        return tuple(sorted({cell.month for cell in self.sums} | set(self.covers)))

    def by_month(self) -> dict[Month, int]:
        return _summed(self.sums, lambda cell: cell.month)

    def by_account(self) -> dict[str, int]:
        return _summed(self.sums, lambda cell: cell.account)


def tally(
    lines: Iterable[LedgerLine], sink: Sink | None = None, progress: Callable[[int], object] | None = None
) -> tuple[int, dict[Cell, int]]:
    """Count and sum ``lines``, handing them to ``sink`` and their number so far to ``progress``, a batch at a time.

    Returns the number of lines and the öre per cell.
    """
    rows = 0
    months: defaultdict[Month, defaultdict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    month: Month | None = None
    lines = iter(lines)
    while batch := list(islice(lines, BATCH)):
        for line_month, account, amount, project in map(_SUMMED, batch):
            if line_month is not month:  # a month's hash costs as much as the rest: lines of one month are together
                month = line_month
                sums = months[month]
            sums[account, project] += amount
        rows += len(batch)
        if sink is not None:
            sink(batch)
        if progress is not None:
            progress(rows)
    return rows, {Cell(month, *key): ore for month, sums in months.items() for key, ore in sums.items()}


def _summed(sums: Mapping[Cell, int], key: Callable[[Cell], Key]) -> dict[Key, int]:
    totals: dict[Key, int] = {}
    for cell, ore in sums.items():
        totals[key(cell)] = totals.get(key(cell), 0) + ore
    return dict(sorted(totals.items()))
