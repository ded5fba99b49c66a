"""What is booked: the sums of the ledger. Its lines are read in ``lines.py``; nobody else asks the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, Sum

from followup.classify import AccountMap, AccountSum, Kind, Place, Placed, place_sums
from followup.models import AccountRule, LedgerMonth, MonthlyActual, Project
from sydit.kept import kept
from sydit.periods import MONTHS_A_YEAR, Month, months_between
from sydit.report.document import LedgerSource


@dataclass(frozen=True, slots=True)
class YearToDate:
    """January through ``period``, as booked now. ``missing`` are the months that no import reports."""

    period: Month
    sources: tuple[LedgerSource, ...]
    missing: tuple[Month, ...]
    placed: Placed
    account_map: AccountMap


def account_map(year: int) -> AccountMap:
    """The account rules of a year and the registered projects; empty where the year is not set up."""
    rules = AccountRule.objects.filter(fiscal_year__year=year).values_list("prefix", "category__key", "reason")
    return AccountMap(
        rules={
            prefix: Place(Kind.CATEGORY, key) if key else Place(Kind.SET_ASIDE, prefix, reason)
            for prefix, key, reason in rules
        },
        projects=frozenset(Project.objects.values_list("code", flat=True)),
    )


@kept
def year_to_date(period: Month) -> YearToDate:
    """What is booked through ``period``, and where it comes from. Four queries, whatever the ledger's size."""
    sources = ledger_sources(period)
    booked = {source.month for source in sources}
    mapping = account_map(period.year)
    return YearToDate(
        period=period,
        sources=sources,
        missing=tuple(month for month in period.year_to_date() if month not in booked),
        placed=place_sums(account_sums(source.ledger_month for source in sources), mapping),
        account_map=mapping,
    )


def outcomes() -> dict[int, Placed]:
    """What each finished year came to, by year. A year is finished when all its twelve months are booked.

    Three queries, and two for each such year.
    """
    months: dict[int, int] = {}
    for year in LedgerMonth.objects.filter(is_current=True).values_list("year", flat=True):
        months[year] = months.get(year, 0) + 1
    finished = [year for year, count in months.items() if count == MONTHS_A_YEAR]
    sums: dict[int, list[AccountSum]] = {year: [] for year in finished}
    rows = (
        MonthlyActual.objects.filter(ledger_month__is_current=True, ledger_month__year__in=finished)
        .values_list("ledger_month__year", "account", "project")
        .annotate(Sum("amount"))
        .order_by()
    )
    for year, account, project, amount in rows:
        sums[year].append(AccountSum(account, project, int(amount)))
    return {year: place_sums(sums[year], account_map(year)) for year in finished}


@dataclass(frozen=True, slots=True)
class SplitYear:
    """A whole year in two: through a month, and after it. None where a month of that part has no import."""

    through: Placed | None
    rest: Placed | None


def split_year(period: Month) -> SplitYear:
    """What is booked in the year of ``period``, through it and after it. One query where nothing is, else four."""
    months = dict(
        LedgerMonth.objects.filter(is_current=True, year=period.year).values_list("month", "pk").order_by("month")
    )
    if not months:
        return SplitYear(None, None)
    parts: dict[bool, list[AccountSum]] = {True: [], False: []}
    for (month, account, project), ore in sums_by_month(months.values()).items():
        parts[month <= period].append(AccountSum(account, project, ore))
    mapping = account_map(period.year)
    through, rest = (
        place_sums(parts[is_through], mapping) if set(numbers) <= set(months) else None
        for is_through, numbers in ((True, range(1, period.month + 1)), (False, range(period.month + 1, 13)))
    )
    return SplitYear(through, rest)


def ledger_sources(period: Month) -> tuple[LedgerSource, ...]:
    """The months that are booked, January through ``period``, and the file that each comes from."""
    months = (
        LedgerMonth.objects.filter(is_current=True, year=period.year, month__lte=period.month)
        .select_related("ledger_import__booked_by")
        .order_by("month")
    )
    return tuple(_source(month) for month in months)


def _source(month: LedgerMonth) -> LedgerSource:
    of = month.ledger_import
    return LedgerSource(
        month=month.period,
        ledger_month=month.pk,
        filename=of.filename,
        sha256=of.file_id,
        total=month.total,
        imported_at=of.booked_at,
        imported_by=str(of.booked_by or ""),
        control_total=of.control_total,
    )


def account_sums(ledger_months: Iterable[int]) -> list[AccountSum]:
    """Öre per account and project over the given ledger months."""
    rows = (
        MonthlyActual.objects.filter(ledger_month__in=list(ledger_months))
        .values_list("account", "project")
        .annotate(Sum("amount"))
        .order_by("account", "project")
    )
    return [AccountSum(account, project, int(amount)) for account, project, amount in rows]


def sums_by_month(ledger_months: Iterable[int]) -> dict[tuple[Month, str, str], int]:
    """Öre per month, account and project over the given ledger months."""
    rows = MonthlyActual.objects.filter(ledger_month__in=list(ledger_months)).values_list(
        "ledger_month__year", "ledger_month__month", "account", "project", "amount"
    )
    return {(Month(year, month), account, project): amount for year, month, account, project, amount in rows}


def placed_by_month(ledger_months: Iterable[int], mapping: AccountMap) -> dict[Month, Placed]:
    """What each of the given ledger months holds, placed. One query."""
    by_month: dict[Month, list[AccountSum]] = {}
    for (month, account, project), ore in _kept_sums(tuple(ledger_months)).items():
        by_month.setdefault(month, []).append(AccountSum(account, project, ore))
    return {month: place_sums(sums, mapping) for month, sums in by_month.items()}


_kept_sums = kept(sums_by_month)


@dataclass(frozen=True, slots=True)
class ProjectHistory:
    """What is booked on project codes, month by month over the years, as booked now. Öre.

    ``period`` is the last month that counts, ``first`` the first that any import reports, ``missing`` those since that
    none does.
    """

    period: Month
    first: Month | None
    missing: tuple[Month, ...]
    by_project: Mapping[str, Mapping[Month, int]]

    def spent(self, code: str) -> int | None:
        """Everything that is booked on a code; missing where a month is."""
        if self.first is None or self.missing:
            return None
        return sum(self.by_project.get(code, {}).values())


def latest_month() -> Month | None:
    """The last month that is booked."""
    last = LedgerMonth.objects.filter(is_current=True).order_by("-year", "-month").first()
    return last.period if last else None


def project_history(period: Month) -> ProjectHistory:
    """What is booked on the registered projects through ``period``, since the first imported month. Two queries."""
    through = Q(year__lt=period.year) | Q(year=period.year, month__lte=period.month)
    months = {month.pk: month.period for month in LedgerMonth.objects.filter(through, is_current=True)}
    rows = MonthlyActual.objects.filter(ledger_month__in=months, project__in=Project.objects.values("code"))
    by_project: dict[str, dict[Month, int]] = {}
    for month, code, amount in rows.values_list("ledger_month", "project").annotate(Sum("amount")).order_by():
        by_project.setdefault(code, {})[months[month]] = int(amount)
    first = min(months.values(), default=None)
    booked = set(months.values())
    expected = months_between(first, period) if first else ()
    return ProjectHistory(period, first, tuple(month for month in expected if month not in booked), by_project)


class ProjectSum(NamedTuple):
    """Öre on a project code."""

    code: str
    amount: int


def unregistered_projects(booked: YearToDate) -> list[ProjectSum]:
    """The codes on booked lines of the period that no registered project has, with their sums."""
    rows = (
        MonthlyActual.objects.filter(ledger_month__in=[source.ledger_month for source in booked.sources])
        .exclude(project="")
        .exclude(project__in=Project.objects.values("code"))
        .values_list("project")
        .annotate(Sum("amount"))
        .order_by("project")
    )
    return [ProjectSum(code, int(amount)) for code, amount in rows]
