"""Several sheets of a workbook that are one ledger: a sheet a month, or a municipality, under the same header.

Each is read as if it stood alone, with its own totals checked. No line may stand in two of them: no month is in two
sheets, or every line of such a month has a voucher that is in one sheet only. That they are one ledger is asked about
all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

from followup.ledger.labels import listed, months_text, rows_text
from followup.ledger.months import LONGEST_YEAR
from followup.ledger.parsed import Findings, LedgerLine
from sydit.money import Unit, shown, text
from sydit.periods import Month


class Part(NamedTuple):
    """A sheet by name, and how its lines are read."""

    name: str
    lines: Callable[[Findings], Iterator[LedgerLine]]


@dataclass(slots=True)
class _Seen:
    """What a sheet turned out to hold; ``vouchers`` of each month, with a blank one where a line has none."""

    name: str
    vouchers: defaultdict[Month, set[str]] = field(default_factory=lambda: defaultdict(set))
    rows: int = 0
    total: int = 0

    def note(self, line: LedgerLine) -> None:
        self.vouchers[line.month].add(line.voucher)
        self.rows += 1
        self.total += line.amount

    def shared_with(self, other: _Seen) -> list[Month]:
        """The months of which both may hold the same lines."""
        both = self.vouchers.keys() & other.vouchers.keys()
        return sorted(month for month in both if _may_share(self.vouchers[month], other.vouchers[month]))

    def __str__(self) -> str:
        held = f"{months_text(self.vouchers)}, " if self.vouchers else ""
        return f"{_quoted(self.name)} ({held}{rows_text(self.rows)}, {text(self.total, Unit.KR)} kr)"


def _may_share(some: set[str], others: set[str]) -> bool:
    return "" in some or "" in others or not some.isdisjoint(others)


def read_together(
    parts: Sequence[Part], findings: Findings, year: int | None, *, others: Sequence[str] = ()
) -> Iterator[LedgerLine]:
    """The lines of every sheet; what is wrong, skipped or remarkable is noted with the sheet's name.

    ``others`` are the sheets that are not read.
    """
    seen = []
    for part in parts:
        found = Findings(accepts_other_years=findings.accepts_other_years)
        seen.append(sheet := _Seen(part.name))
        for line in part.lines(found):
            sheet.note(line)
            yield line
        _take(findings, found, part.name)
        if findings.full:
            return
    names = listed([_quoted(sheet.name) for sheet in seen])
    findings.notices.insert(0, f"Bladen {names} är lästa tillsammans, som en huvudbok.")
    unread = f" Läses inte: {listed([_quoted(name) for name in others])}." if others else ""
    findings.joined = f"Huvudboken står på flera blad: {listed(list(map(str, seen)))}.{unread}"
    _refuse_shared(findings, seen)
    if year is None:
        _refuse_years(findings, {month for sheet in seen for month in sheet.vouchers})


def _take(findings: Findings, found: Findings, name: str) -> None:
    """Add what was noted of one sheet to what is noted of the file."""
    for problem in found.problems:
        findings.problem(
            f"Bladet {_quoted(name)}: {problem.message}", row=problem.row, column=problem.column, value=problem.value
        )
    findings.notices += [f"Bladet {_quoted(name)}: {notice}" for notice in found.notices]
    findings.account_names = found.account_names | findings.account_names
    findings.project_names = found.project_names | findings.project_names
    findings.is_askable |= found.is_askable
    for reason, rows in found.skipped.items():
        if earlier := findings.skipped.get(reason):
            totals = [total for total in (earlier.total, rows.total) if total is not None]
            rows = replace(rows, rows=rows.rows + earlier.rows, total=sum(totals) if totals else None)
        findings.skipped[reason] = rows


def _refuse_shared(findings: Findings, seen: Sequence[_Seen]) -> None:
    for one, other in combinations(seen, 2):
        if months := one.shared_with(other):
            findings.is_askable = True
            findings.problem(
                f"Flera blad kan vara huvudboken: {', '.join(_quoted(sheet.name) for sheet in seen)}. De läses inte "
                f"tillsammans, för {months_text(months)} står både på {_quoted(one.name)} och på "
                f"{_quoted(other.name)}, och inget säger att det är olika konteringar: bladen har inte "
                "verifikationsnummer som står på bara ett av dem. Spara arbetsboken med bara det blad som ska läsas in."
            )
            return


def _refuse_years(findings: Findings, months: set[Month]) -> None:
    if months and max(months) >= min(months).shifted(LONGEST_YEAR):
        findings.problem(
            f"Bladen sträcker sig tillsammans över mer än tolv månader, från {min(months).label} till "
            f"{max(months).label}."
        )


def _quoted(name: str) -> str:
    return f"”{shown(name)}”"
