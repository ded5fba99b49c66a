"""What an uploaded file would book, and what would change: read before anything is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from followup import actuals
from followup.classify import UNASSIGNED, AccountMap, AccountSum, Kind, Placed, place_sums
from followup.ledger.load import replaced_months
from followup.ledger.parsed import ParsedLedger
from followup.models import LedgerImport, LedgerMonth
from sydit.periods import Month


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month of the import, in öre; ``booked`` is None where nothing is booked for it yet."""

    month: Month
    booked: int | None
    new: int

    @property
    def difference(self) -> int:
        return self.new - (self.booked or 0)


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account of a month whose sum would change, in öre."""

    month: Month
    account: str
    project: str
    booked: int
    new: int

    @property
    def difference(self) -> int:
        return self.new - self.booked


@dataclass(frozen=True, slots=True)
class Preview:
    """``placed`` is where the file's lines go, ``replaced`` the ledger months they would replace."""

    placed: Placed
    months: tuple[MonthChange, ...]
    accounts: tuple[AccountChange, ...]
    replaced: tuple[int, ...]

    @property
    def booked(self) -> int:
        """What is part of the economy, in öre."""
        return self.placed.total(Kind.CATEGORY, Kind.PROJECT, Kind.UNASSIGNED)

    @property
    def left_out(self) -> int:
        """What is not: balance accounts, and accounts that a rule sets aside."""
        return self.placed.total(Kind.BALANCE, Kind.SET_ASIDE)

    @property
    def unassigned_accounts(self) -> tuple[str, ...]:
        return self.placed.accounts.get(UNASSIGNED, ())


def preview(ledger_import: LedgerImport) -> Preview:
    """The preview of an uploaded import against what is booked now."""
    year = ledger_import.fiscal_year.year
    months = list(ledger_import.months.all())
    replaced = replaced_months(ledger_import)
    new = actuals.sums_by_month(month.pk for month in months)
    booked = actuals.sums_by_month(month.pk for month in replaced)
    return Preview(
        placed=place_sums(_without_month(new), actuals.account_map(year)),
        months=tuple(_month_changes(months, replaced)),
        accounts=tuple(_account_changes(new, booked)),
        replaced=tuple(sorted(month.pk for month in replaced)),
    )


def placed(parsed: ParsedLedger, account_map: AccountMap) -> Placed:
    """Where the lines of a file go, without the database holding it."""
    return place_sums(
        (AccountSum(cell.account, cell.project, ore) for cell, ore in parsed.sums.items()), account_map
    )


def _without_month(sums: Mapping[tuple[Month, str, str], int]) -> Iterable[AccountSum]:
    return (AccountSum(account, project, ore) for (_, account, project), ore in sums.items())


def _month_changes(months: Iterable[LedgerMonth], replaced: Iterable[LedgerMonth]) -> Iterable[MonthChange]:
    booked = {month.period: month.total for month in replaced}
    return (MonthChange(month.period, booked.get(month.period), month.total) for month in months)


def _account_changes(
    new: Mapping[tuple[Month, str, str], int], booked: Mapping[tuple[Month, str, str], int]
) -> Iterable[AccountChange]:
    """Only what differs from a booked month: in a month that is new, everything is new."""
    replaced = {month for month, _, _ in booked}
    for key in sorted({*new, *booked}):
        month, account, project = key
        if month in replaced and new.get(key, 0) != booked.get(key, 0):
            yield AccountChange(month, account, project, booked.get(key, 0), new.get(key, 0))
