"""What a file would book, and what would change: read before anything is confirmed, and the receipt afterwards."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from followup import actuals
from followup.classify import AccountMap, AccountSum, Kind, Place, Placed, place_sums
from followup.ledger.parsed import ParsedLedger
from followup.models import Account, CostCategory, FollowUp, LedgerImport, LedgerMonth, Project
from sydit import alphabet
from sydit.periods import Month

Sums = Mapping[tuple[Month, str, str], int]  # öre per month, account and project; a parsed file's cells are such keys

INCOME, COSTS = ("3",), ("4", "5", "6", "7")  # classes of accounts


class MonthState(enum.StrEnum):
    """What becomes of a month; the value is a badge of the stylesheet."""

    NEW = "info"
    CHANGED = "changed"
    SAME = "neutral"
    UNTOUCHED = "open"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]

    @property
    def past_label(self) -> str:
        """The same on a receipt."""
        return "Ändrades" if self is MonthState.CHANGED else self.label


_STATE_LABELS = {
    MonthState.NEW: "Ny",
    MonthState.CHANGED: "Ändras",
    MonthState.SAME: "Oförändrad",
    MonthState.UNTOUCHED: "Rörs inte",
    MonthState.MISSING: "Saknas",
}


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month of the year, in öre that are part of the economy.

    ``booked`` is None where nothing is booked for the month, ``new`` where the file does not report it.
    ``is_emptied`` says that the file covers the month without a line where amounts are booked, on any account.
    """

    month: Month
    booked: int | None
    new: int | None
    state: MonthState
    is_published: bool  # counted in a report that the committee has been given
    is_emptied: bool = False

    @property
    def difference(self) -> int | None:
        return None if self.new is None else self.new - (self.booked or 0)


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account of a month whose sum changes, in öre. ``place`` is where it counts, in Swedish, if it does."""

    month: Month
    account: str
    name: str
    project: str
    place: str
    counts: bool  # whether it is part of the economy
    booked: int
    new: int

    @property
    def difference(self) -> int:
        return self.new - self.booked

    @property
    def place_key(self) -> str:
        """What the place is sorted by."""
        return alphabet.key(self.place)


@dataclass(frozen=True, slots=True)
class PlaceTotal:
    """A category or a project by name, and its öre."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class AccountTotal:
    """An account and its öre; ``reason`` says why it is left out, where a rule does."""

    account: str
    name: str
    amount: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Where each öre of a file goes. ``replaced`` are the ledger months that it replaces."""

    placed: Placed
    categories: tuple[PlaceTotal, ...]
    projects: tuple[PlaceTotal, ...]
    unassigned: tuple[AccountTotal, ...]
    left_out_accounts: tuple[AccountTotal, ...]  # balance accounts, and those that a rule sets aside
    months: tuple[MonthChange, ...]
    changes: tuple[AccountChange, ...]
    replaced: tuple[int, ...]
    rows_outside: int  # lines of another year, which are not booked
    disagreement: str  # how the lines differ from the file's own sums of them, a Swedish sentence
    joined: str  # the sheets of a workbook that are read as one ledger, a Swedish sentence
    current_month: Month
    is_turned: bool = False  # income on the debit side and costs on the credit side: the sign may be the other

    @property
    def booked(self) -> int:
        """What is part of the economy, in öre."""
        return self.operations + self.investments

    @property
    def operations(self) -> int:
        """The categories and what no category takes, in öre."""
        return self.placed.total(Kind.CATEGORY, Kind.UNASSIGNED)

    @property
    def investments(self) -> int:
        return self.placed.total(Kind.PROJECT)

    @property
    def unassigned_total(self) -> int:
        return self.placed.total(Kind.UNASSIGNED)

    @property
    def left_out(self) -> int:
        """What is not: balance accounts, and accounts that a rule sets aside."""
        return self.balance + self.set_aside

    @property
    def read(self) -> int:
        """Every öre of the file's lines: what is booked and what is left out."""
        return self.booked + self.left_out

    @property
    def balance(self) -> int:
        return self.placed.total(Kind.BALANCE)

    @property
    def set_aside(self) -> int:
        return self.placed.total(Kind.SET_ASIDE)

    @property
    def is_year_to_date(self) -> bool:
        """Whether the file reports January and more, and so is expected to hold every month after it."""
        reported = self._reported
        return len(reported) > 1 and reported[0].month == 1

    @property
    def vanishing(self) -> tuple[Month, ...]:
        """The booked months that a file of several months does not hold: any of a year-to-date one, else those before
        its last. A file of one month is a correction of that month and says nothing of the others.
        """
        if len(self._reported) < 2:
            return ()
        if not self.is_year_to_date:
            return self.untouched
        return tuple(change.month for change in self.months if change.state is MonthState.UNTOUCHED)

    @property
    def emptied(self) -> tuple[Month, ...]:
        """The booked months that the file says it covers and has no line for."""
        return tuple(change.month for change in self.months if change.is_emptied)

    @property
    def _reported(self) -> list[Month]:
        return [change.month for change in self.months if change.new is not None]

    @property
    def future(self) -> tuple[Month, ...]:
        """The file's months that have not begun."""
        return tuple(
            change.month for change in self.months if change.new is not None and change.month > self.current_month
        )

    @property
    def missing(self) -> tuple[Month, ...]:
        """The months up to the file's last that no import reports, this one included."""
        return tuple(change.month for change in self.months if change.state is MonthState.MISSING)

    @property
    def untouched(self) -> tuple[Month, ...]:
        """The booked months that the file does not report though it goes further."""
        last = max(self._reported, default=None)
        return tuple(
            change.month
            for change in self.months
            if change.state is MonthState.UNTOUCHED and last and change.month < last
        )

    @property
    def changed_published(self) -> tuple[Month, ...]:
        """The months of published reports that would no longer be what was reported."""
        changing = (MonthState.CHANGED, MonthState.NEW)
        return tuple(change.month for change in self.months if change.is_published and change.state in changing)


def preview(ledger_import: LedgerImport, *, today: dt.date | None = None) -> Preview:
    """An import against what it replaces: what is booked now, or was when it was booked itself.

    ``today`` decides which months lie ahead.
    """
    months = list(ledger_import.months.select_related("replaces"))
    others: list[LedgerMonth] | None
    if ledger_import.is_booked:
        before = [month.replaces for month in months if month.replaces]
        others = None
    else:
        before = ledger_import.months_to_replace()
        others = list(LedgerMonth.objects.current(ledger_import.fiscal_year.year))
    return _Comparison(
        ledger_import.fiscal_year.year,
        new=actuals.sums_by_month(month.pk for month in months),
        months=[month.period for month in months],
        before=before,
        others=others,
        account_names=ledger_import.account_names,
    ).preview(ledger_import, today=today)


def preview_of_file(parsed: ParsedLedger, year: int, *, today: dt.date | None = None) -> Preview:
    """The same for a file that is not stored."""
    current = list(LedgerMonth.objects.current(year))
    return _Comparison(
        year,
        new={(cell.month, cell.account, cell.project): ore for cell, ore in parsed.sums.items()},
        months=parsed.months,
        before=[month for month in current if month.period in parsed.months],
        others=current,
        account_names=parsed.account_names,
    ).preview(parsed, today=today)


class _Comparison:
    """A file's sums beside those it replaces, with the rules and names of the year.

    ``others`` are the months booked now, also those that the file does not touch; a receipt has none.
    """

    def __init__(
        self,
        year: int,
        *,
        new: Sums,
        months: Collection[Month],
        before: list[LedgerMonth],
        others: list[LedgerMonth] | None,
        account_names: Mapping[str, str],
    ) -> None:
        self._year, self._new, self._months = year, new, sorted(months)
        self._replaced = {month.period: month.pk for month in before}
        self._is_receipt = others is None
        self._others = {month.period: month.pk for month in others or ()}
        self._booked = actuals.sums_by_month({*self._replaced.values(), *self._others.values()})
        self._map: AccountMap = actuals.account_map(year)
        categories = CostCategory.objects.filter(fiscal_year__year=year).order_by("position", "id")
        self._categories = dict(categories.values_list("key", "name"))
        self._projects = dict(Project.objects.values_list("code", "name"))
        self._account_names = {**dict(Account.objects.values_list("number", "name")), **account_names}

    def preview(self, file: LedgerImport | ParsedLedger, *, today: dt.date | None) -> Preview:
        placed = place_sums(self._file_sums(), self._map)
        changes = tuple(self._changes())
        return Preview(
            placed=placed,
            categories=_totals(placed, Kind.CATEGORY, self._categories),
            projects=_totals(placed, Kind.PROJECT, self._projects),
            unassigned=self._accounts(Kind.UNASSIGNED),
            left_out_accounts=self._accounts(Kind.BALANCE, Kind.SET_ASIDE),
            months=tuple(self._month_changes({change.month for change in changes if change.counts})),
            changes=changes,
            replaced=tuple(sorted(self._replaced.values())),
            rows_outside=file.rows_outside,
            disagreement=file.disagreement,
            joined=file.joined,
            current_month=Month.of(today or timezone.localdate()),
            is_turned=self._class_total(INCOME) > 0 > self._class_total(COSTS),
        )

    def _class_total(self, classes: tuple[str, ...]) -> int:
        """The operations of some classes of accounts."""
        kinds = (Kind.CATEGORY, Kind.UNASSIGNED)
        return sum(
            ore
            for account, project, ore in self._file_sums()
            if account.startswith(classes) and self._map.place(account, project).kind in kinds
        )

    def _file_sums(self) -> Iterable[AccountSum]:
        return (AccountSum(account, project, ore) for (_, account, project), ore in self._new.items())

    def _accounts(self, *kinds: Kind) -> tuple[AccountTotal, ...]:
        totals: dict[tuple[str, Place], int] = {}
        for account, project, ore in self._file_sums():
            place = self._map.place(account, project)
            if place.kind in kinds:
                totals[account, place] = totals.get((account, place), 0) + ore
        return tuple(
            AccountTotal(account, self._account_names.get(account, ""), ore, place.reason)
            for (account, place), ore in sorted(totals.items(), key=lambda total: total[0][0])
        )

    def _changes(self) -> Iterator[AccountChange]:
        """Only what differs in a month that was booked before: in a new month, everything is new."""
        for key in sorted({*self._new, *self._booked}) if self._replaced else ():
            month, account, project = key
            booked, new = self._booked.get(key, 0), self._new.get(key, 0)
            if month in self._replaced and booked != new:
                place = self._map.place(account, project)
                name = self._account_names.get(account, "")
                label = self._place_label(place)
                yield AccountChange(month, account, name, project, label, place.is_booked, booked, new)

    def _place_label(self, place: Place) -> str:
        match place.kind:
            case Kind.CATEGORY:
                return self._categories[place.key]
            case Kind.PROJECT:
                return self._projects[place.key]
            case Kind.UNASSIGNED:
                return "Ej fördelat"
            case Kind.SET_ASIDE:
                return "Räknas inte"
            case Kind.BALANCE:
                return "Balanskonto"

    def _month_changes(self, changed: Collection[Month]) -> Iterator[MonthChange]:
        published = self._published_through()
        new, booked = self._by_month(self._new), self._by_month(self._booked)
        with_lines = {month for month, _, _ in self._new}
        with_amounts = {month for (month, _, _), ore in self._booked.items() if ore}
        for month in self._shown_months():
            in_file, is_booked = month in self._months, month in self._replaced or month in self._others
            yield MonthChange(
                month,
                booked=booked.get(month, 0) if is_booked else None,
                new=new.get(month, 0) if in_file else None,
                state=_state(in_file=in_file, is_booked=is_booked, is_changed=month in changed),
                is_published=month.month <= published and month.year == self._year,
                is_emptied=in_file and month in self._replaced and month in with_amounts - with_lines,
            )

    def _shown_months(self) -> list[Month]:
        """The file's months; before it is booked also the others that are, and the gaps between."""
        if self._is_receipt or not self._months:
            return self._months
        return sorted({*max([*self._months, *self._others]).year_to_date(), *self._months})

    def _published_through(self) -> int:
        with_report = FollowUp.objects.published().filter(fiscal_year__year=self._year)
        return max(with_report.values_list("month", flat=True), default=0)

    def _by_month(self, sums: Sums) -> dict[Month, int]:
        """What is part of the economy, per month."""
        totals: dict[Month, int] = {}
        for (month, account, project), ore in sums.items():
            if self._map.place(account, project).is_booked:
                totals[month] = totals.get(month, 0) + ore
        return totals


def _state(*, in_file: bool, is_booked: bool, is_changed: bool) -> MonthState:
    if not in_file:
        return MonthState.UNTOUCHED if is_booked else MonthState.MISSING
    if not is_booked:
        return MonthState.NEW
    return MonthState.CHANGED if is_changed else MonthState.SAME


def _totals(placed: Placed, kind: Kind, names: Mapping[str, str]) -> tuple[PlaceTotal, ...]:
    """The places of a kind that have lines, in the order of ``names``."""
    amounts = {place.key: ore for place, ore in placed.of(kind).items()}
    return tuple(PlaceTotal(name, amounts[key]) for key, name in names.items() if key in amounts)
