"""The sums of a SIE file: a year's balances and a month's changes.

Source: SIE file format 4B, chapter 11 (``#IB``, ``#UB``, ``#RES``, ``#PSALDO``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.sie_header import (
    Dimensions,
    Objects,
    Period,
    SieError,
    account_of,
    amount_of,
    is_this_year,
)
from followup.ledger.sie_lexer import fields, split_at_objects
from sydit import money
from sydit.money import Unit, shown
from sydit.periods import Month

MOST_NAMED = 5  # accounts in one sentence
MOST_ASKED = 3  # accounts with both their sums, in what somebody must confirm


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
    with_vouchers: bool = False
    years: dict[str, dict[str, YearRow]] = field(default_factory=lambda: {"IB": {}, "UB": {}, "RES": {}})
    months: defaultdict[str, list[MonthRow]] = field(default_factory=lambda: defaultdict(list))

    def take(self, row: int, label: str, line: str, position: int) -> None:
        """Read one row. Raises :class:`FieldError` or :class:`SieError`."""
        if label in ("PSALDO", "PBUDGET"):
            self._take_month(row, label, line, position)
            return
        number, account, written = [*fields(line, position), "", "", ""][:3]
        if not is_this_year(number):
            return
        account = account_of(account, self.findings.account_names)
        year_row = YearRow(row, amount_of(written))
        if account in self.years[label]:
            raise SieError(f"Konto {shown(account)} har två saldon (#{label} 0).", "Konto", account)
        self.years[label][account] = year_row

    def _take_month(self, row: int, label: str, line: str, position: int) -> None:
        before, tags, after = split_at_objects(line, position, 3)
        number, month, account = [*before, "", "", ""][:3]
        amount = amount_of([*after, ""][0])
        if not is_this_year(number):
            self.findings.skip(f"månadsbelopp (#{label}) för ett annat räkenskapsår", amount=amount)
            return
        account = account_of(account, self.findings.account_names)
        if self.with_vouchers:  # nothing of it is booked: a month that is none, such as period 13, does no harm
            return
        month_row = MonthRow(row, month_of(month, self.period), self.dimensions.read(tags), amount)
        self.months[account].append(month_row)

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

        Not a problem: an export of some months, series or a selection carries the whole year's balances. Where result
        accounts (``#RES``) differ it may as well be a file that was cut off: then somebody must say that it is meant.
        """
        differing = {
            account: f"{shown(account)} ({kronor(booked.get(account, 0))} mot {kronor(change.amount)})"
            for account, change in self.year_changes()
            if booked.get(account, 0) != change.amount
        }
        if results := [text for account, text in differing.items() if account in self.years["RES"]]:
            self.findings.disagreement = (
                "Verifikationerna i filen ger inte samma summor som filens egna saldon (#RES) för konto "
                f"{listed(results, MOST_ASKED)}. Filen är ett urval, eller avhuggen."
            )
        if differing:
            self.findings.notices.append(
                "Verifikationerna i filen ger inte samma summor som filens egna saldon, vilket är väntat om filen "
                f"är ett urval: konto {listed([*differing.values()])}."
            )


def kronor(ore: int) -> str:
    return f"{money.text(ore, Unit.KR)} kr"


def listed(items: list[str], most: int = MOST_NAMED) -> str:
    """``a, b, c`` and how many more."""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" och {more} till" if more > 0 else "")


def month_line(row: int, month: Month, account: str, amount: int, objects: Objects) -> LedgerLine:
    """A sum as a line: it has no day, voucher or text."""
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
    if balances.years["UB"] and total and not balances.years["IB"]:
        findings.notices.append("Filen saknar ingående balanser (#IB): balanskontonas förändring är inte med.")
        changes = [(account, change) for account, change in changes if account in balances.years["RES"]]
    elif balances.years["UB"] and total:
        message = (
            "Filens saldon balanserar inte: årets förändringar (#RES, och #UB minus #IB) summerar till "
            f"{kronor(total)} i stället för noll. Filen är ofullständig eller skadad."
        )
        findings.problem(message, column="Belopp", value=kronor(total))
        return
    for account, change in changes:
        yield month_line(change.row, last, account, change.amount, Objects())
