"""SIE types 2 and 3: a month's changes (``#PSALDO``) become lines, each öre once.

Source: SIE file format 4B, chapter 11; the second dialect is seen in the wild (docs/decisions.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.sie_balances import Balances, MonthRow, kronor, listed, month_line
from followup.ledger.sie_header import PROJECT, Objects
from sydit.money import shown
from sydit.periods import Month


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
    """The rows that split by project, each öre once.

    A line has one project, so the rows of different projects never overlap. Those of one project and month may, where
    they stand in lists of several kinds: then the project alone counts, else its least combination. Rows of a
    dimension below the projects show the projects' öre again, and count where no row is of a project itself.
    """
    of_projects = [row for row in tagged if PROJECT in row.objects.dimensions]
    of_projects = of_projects or [row for row in tagged if row.objects.project]
    chosen: dict[tuple[Month, str], tuple[int, list[str]]] = {}
    for row in of_projects:
        key = row.month, row.objects.project
        chosen[key] = min(chosen.get(key, _size(row)), _size(row))
    return [row for row in of_projects if _size(row) == chosen[row.month, row.objects.project]]


def _size(row: MonthRow) -> tuple[int, list[str]]:
    return len(row.objects.dimensions), sorted(row.objects.dimensions)


def account_lines(account: str, reading: Reading) -> Iterator[LedgerLine]:
    """An account's months as lines: its parts, and what of each month's total is left beside them."""
    rest = dict(reading.totals)
    for row in reading.parts:
        rest[row.month] = rest.get(row.month, 0) - row.amount
        yield month_line(row.row, row.month, account, row.amount, row.objects)
    split = {row.month for row in reading.parts}
    for month, amount in rest.items():
        if amount or month not in split:
            yield month_line(reading.rows[month], month, account, amount, Objects())


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
                yield from account_lines(account, reading)
        self._tell_untried(found)
        self._tell_missing(found)

    def _tell_untried(self, found: Mapping[str, list[Reading]]) -> None:
        """Accounts whose months have no year's balance to be tried against, in a file that has it for others."""
        untried = [
            shown(account) for account, ways in found.items() if ways[0].year and not self.balances.year_change(account)
        ]
        if untried and len(untried) < len(found):
            self.findings.notices.append(
                f"Periodsaldona (#PSALDO) för konto {listed(untried)} har inget årssaldo i filen att prövas mot."
            )

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
