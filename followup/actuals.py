"""What is booked: the sums of the ledger. Its lines are read in ``lines.py``; nobody else asks the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from followup.classify import AccountMap, AccountSum, Kind, Place, Placed, place_sums
from followup.models import AccountRule, LedgerMonth, MonthlyActual, Project
from sydit.periods import Month
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
