"""The sums of a SIE file: a year's balances, a month's changes, and the lines they make where there are no vouchers.

Source: SIE file format 4B, chapter 11 (``#IB``, ``#UB``, ``#RES``, ``#PSALDO``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.sie_header import PROJECT, Dimensions, Objects, Period, SieError, amount_of, is_this_year
from followup.ledger.sie_lexer import fields, split_at_objects
from sydit import money
from sydit.money import Unit, shown
from sydit.periods import Month

MOST_NAMED = 5  # accounts in one sentence


class YearRow(NamedTuple):
    """An account's balance: at the year's start or end, or the year's result."""

    row: int
    amount: int


class MonthRow(NamedTuple):
    """An account's change in one month, in all or on some objects (``#PSALDO``)."""

    row: int
    month: Month
    objects: Objects
    amount: int


def month_of(value: str, period: Period | None) -> Month:
    """The month written ``202410``. Raises :class:`SieError`, also where it is outside the fiscal year."""
    try:
        if len(value) != len("ÅÅÅÅMM") or not (value.isascii() and value.isdigit()):
            raise ValueError
        month = Month(int(value[:4]), int(value[4:]))
    except ValueError:
        raise SieError(f"”{shown(value)}” är ingen månad (ÅÅÅÅMM).", "Period", value) from None
    if period and not period.holds_month(month):
        raise SieError(f"Månaden {month} ligger utanför räkenskapsåret {period.label}.", "Period", value)
    return month


@dataclass(slots=True)
class Balances:
    """Collects the rows of year 0 and says what they amount to."""

    findings: Findings
    period: Period | None
    dimensions: Dimensions
    years: dict[str, dict[str, YearRow]] = field(default_factory=lambda: {"IB": {}, "UB": {}, "RES": {}})
    months: defaultdict[str, list[MonthRow]] = field(default_factory=lambda: defaultdict(list))

    def take(self, row: int, label: str, line: str, position: int) -> None:
        """Read one row. Raises :class:`FieldError` or :class:`SieError`."""
        if label == "PSALDO":
            self._take_month(row, line, position)
            return
        number, account, written = [*fields(line, position), "", "", ""][:3]
        if not is_this_year(number):
            return
        if not account.strip():
            raise SieError("Raden har inget konto.", "Konto", "")
        year_row = YearRow(row, amount_of(written))
        if account in self.years[label]:
            raise SieError(f"Konto {shown(account)} har två saldon (#{label} 0).", "Konto", account)
        self.years[label][account.strip()] = year_row

    def _take_month(self, row: int, line: str, position: int) -> None:
        before, tags, after = split_at_objects(line, position, 3)
        number, month, account = [*before, "", "", ""][:3]
        amount = amount_of([*after, ""][0])
        if not is_this_year(number):
            self.findings.skip("periodsaldo (#PSALDO) för ett annat räkenskapsår", amount=amount)
            return
        if not account.strip():
            raise SieError("Raden har inget konto.", "Konto", "")
        month_row = MonthRow(row, month_of(month, self.period), self.dimensions.read(tags), amount)
        self.months[account.strip()].append(month_row)

    def year_change(self, account: str) -> YearRow | None:
        """What the account's year amounts to: ``#RES``, or ``#UB`` less ``#IB``; ``None`` where neither tells."""
        if result := self.years["RES"].get(account):
            return result
        opening, closing = self.years["IB"].get(account), self.years["UB"].get(account)
        if not self.years["UB"] or not (told := closing or opening):
            return None
        return YearRow(told.row, (closing.amount if closing else 0) - (opening.amount if opening else 0))

    def year_changes(self) -> Iterator[tuple[str, YearRow]]:
        """Every account's, in the order of the file."""
        accounts = {account for rows in self.years.values() for account in rows}
        found = [(account, change) for account in accounts if (change := self.year_change(account))]
        return iter(sorted(found, key=lambda each: each[1].row))

    def compare(self, booked: Mapping[str, int]) -> None:
        """Tell where the vouchers' sums differ from the file's own balances.

        Not a problem: an export of some months, series or a selection carries the whole year's balances.
        """
        differing = []
        for account, change in self.year_changes():
            if booked.get(account, 0) != change.amount:
                differing.append(f"{shown(account)} ({kronor(booked.get(account, 0))} mot {kronor(change.amount)})")
        if differing:
            self.findings.notices.append(
                "Verifikationerna i filen ger inte samma summor som filens egna saldon, vilket är väntat om filen "
                f"är ett urval: konto {listed(differing)}."
            )


def kronor(ore: int) -> str:
    return f"{money.text(ore, Unit.KR)} kr"


def listed(items: list[str]) -> str:
    """``a, b, c`` and how many more."""
    more = len(items) - MOST_NAMED
    return ", ".join(items[:MOST_NAMED]) + (f" och {more} till" if more > 0 else "")


class Reading(NamedTuple):
    """One way to understand an account's rows: its total per month, and the rows that split it."""

    dialect: str
    totals: dict[Month, int]
    rows: dict[Month, int]  # the row in the file that a month's remainder is shown with
    parts: list[MonthRow]  # rows that are part of the totals, and lines of their own

    @property
    def year(self) -> int:
        return sum(self.totals.values())


TOTAL, REMAINDER = "{} = allt", "{} = det som inte ligger på objekt"


def readings(rows: list[MonthRow]) -> list[Reading]:
    """The ways an account's rows can be meant, the standard's first.

    By the standard the row with ``{}`` is the account's total, and rows with objects show the same öre again, once for
    each dimension. In another dialect it is only what lies on no object: every row counts, or, where the rows of
    several dimensions overlap, those of one dimension beside it.
    """
    plain = [row for row in rows if not row.objects.dimensions]
    tagged = [row for row in rows if row.objects.dimensions]
    found = [_reading(TOTAL, plain, _project_rows(tagged))]
    if tagged:
        found.append(_reading(REMAINDER, rows, rows))
    families = dict.fromkeys(row.objects.dimensions for row in tagged)
    if len(families) > 1:
        for family in families:
            counted = [*plain, *(row for row in tagged if row.objects.dimensions == family)]
            found.append(_reading(f"{REMAINDER} {sorted(family)}", counted, _project_rows(tagged)))
    return found


def _reading(dialect: str, counted: list[MonthRow], parts: list[MonthRow]) -> Reading:
    totals: dict[Month, int] = {}
    for row in counted:
        totals[row.month] = totals.get(row.month, 0) + row.amount
    shown_with = {row.month: row.row for row in reversed([*parts, *counted])}
    shown_with |= {row.month: row.row for row in reversed(counted)}
    return Reading(dialect, totals, shown_with, parts)


def _project_rows(tagged: list[MonthRow]) -> list[MonthRow]:
    """The rows that split by project, each öre once: those of the project alone, else of its least combination."""
    families = Counter(row.objects.dimensions for row in tagged if PROJECT in row.objects.dimensions)
    if not families:
        return []
    chosen = min(families, key=lambda family: (len(family), sorted(family)))
    return [row for row in tagged if row.objects.dimensions == chosen]


@dataclass(slots=True)
class Months:
    """Turns ``#PSALDO`` into lines, one for each account, month and project."""

    balances: Balances
    findings: Findings

    def lines(self) -> Iterator[LedgerLine]:
        found = {account: readings(rows) for account, rows in self.balances.months.items()}
        usual = self._usual_dialect(found)
        for account, ways in found.items():
            if reading := self._choose(account, ways, usual):
                yield from self._account_lines(account, reading)
        self._tell_missing(found)

    def _usual_dialect(self, found: dict[str, list[Reading]]) -> str:
        """The dialect of the accounts that can only be meant in one way; "" where none tells."""
        votes: Counter[str] = Counter()
        for account, ways in found.items():
            if change := self.balances.year_change(account):
                fitting = [way.dialect for way in ways if way.year == change.amount]
                if len(fitting) == 1 and len(ways) > 1:
                    votes[fitting[0]] += 1
        return votes.most_common(1)[0][0] if votes else ""

    def _choose(self, account: str, ways: list[Reading], usual: str) -> Reading | None:
        change = self.balances.year_change(account)
        fitting = [way for way in ways if change is None or way.year == change.amount]
        first_row = self.balances.months[account][0].row
        if not fitting and change:
            message = (
                f"Periodsaldona (#PSALDO) för konto {shown(account)} ger {kronor(ways[0].year)}, men årets saldo "
                f"är {kronor(change.amount)}. Filen är ofullständig eller skadad."
            )
            self.findings.problem(message, row=first_row, column="Konto", value=shown(account))
            return None
        same = all(way.totals == fitting[0].totals for way in fitting)
        if change is None and not same and not usual:
            message = (
                f"Periodsaldona (#PSALDO) för konto {shown(account)} kan räknas på flera sätt, och filen har inget "
                "årssaldo (#RES) som visar vilket. Ta ut filen som SIE typ 4."
            )
            self.findings.problem(message, row=first_row, column="Konto", value=shown(account))
            return None
        return next((way for way in fitting if way.dialect == usual), fitting[0])

    def _account_lines(self, account: str, reading: Reading) -> Iterator[LedgerLine]:
        rest = dict(reading.totals)
        for row in reading.parts:
            rest[row.month] = rest.get(row.month, 0) - row.amount
            yield _line(row.row, row.month, account, row.amount, row.objects)
        split = {row.month for row in reading.parts}
        for month, amount in rest.items():
            if amount or month not in split:
                yield _line(reading.rows[month], month, account, amount, Objects())

    def _tell_missing(self, found: Iterable[str]) -> None:
        """Accounts with a balance and no month: their öre can't be placed."""
        known = set(found)
        some_balance_account = any(account not in self.balances.years["RES"] for account in known)
        missing = []
        for account, change in self.balances.year_changes():
            if account in known or not change.amount:
                continue
            if account in self.balances.years["RES"]:
                total = kronor(change.amount)
                message = f"Konto {shown(account)} har ett årssaldo på {total} men inga periodsaldon (#PSALDO)."
                self.findings.problem(message, row=change.row, column="Konto", value=shown(account))
            elif some_balance_account:
                missing.append(shown(account))
        if missing:
            self.findings.notices.append(f"Balanskonton utan periodsaldon (#PSALDO) är inte med: {listed(missing)}.")


def _line(row: int, month: Month, account: str, amount: int, objects: Objects) -> LedgerLine:
    return LedgerLine(
        row, month, account, amount, objects.project,
        cost_center=objects.cost_center, activity=objects.activity, counterparty=objects.counterparty,
    )  # fmt: skip


def year_lines(balances: Balances, last: Month | None, findings: Findings) -> Iterator[LedgerLine]:
    """A file that knows no months (type 1): each account's year as a line in the last month that it covers."""
    changes = list(balances.year_changes())
    if not changes:
        return
    if last is None:
        message = (
            "Filen har bara årets saldon och säger inte vilken tid de gäller (#RAR). De kan inte läggas på en månad."
        )
        findings.problem(message, row=changes[0][1].row, column="Räkenskapsår")
        return
    findings.notices.append(
        f"Filen har bara årets saldon, inga månader och inga verifikationer: allt läggs på {last.label}. "
        "Ta ut filen som SIE typ 4 för att få utfallet månad för månad."
    )
    total = sum(change.amount for _, change in changes)
    if balances.years["UB"] and total:
        findings.notices.append(f"Filens saldon balanserar inte: årets förändringar summerar till {kronor(total)}.")
    for account, change in changes:
        yield _line(change.row, last, account, change.amount, Objects())
