"""What is budgeted: the one reading of budget entries, whether they are of cost categories or of anything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet, Sum

from followup.budget_year import YearBudget
from followup.models import BudgetEntry, FiscalYear


def of_categories(year: FiscalYear | int) -> dict[str, YearBudget]:
    """The budget of each category of a year (the year or its primary key), by key; none where nothing is decided."""
    return read(BudgetEntry.objects.filter(category__fiscal_year=year), "category__key")


def read(entries: QuerySet[Any], subject: str) -> dict[Any, YearBudget]:
    """The entries (of any model of budget entries, in one year) summed by the field ``subject``."""
    undated: dict[Any, int] = defaultdict(int)
    months: dict[Any, dict[int, int]] = defaultdict(dict)
    for key, month, amount in entries.order_by().values_list(subject, "month").annotate(Sum("amount")):
        undated[key] += 0
        if month is None:
            undated[key] = int(amount)
        else:
            months[key][month] = int(amount)
    return {key: YearBudget(ore, dict(sorted(months[key].items()))) for key, ore in undated.items()}


def totals(entries: QuerySet[Any], *fields: str) -> dict[Any, int]:
    """The whole budget in öre by some fields (a single one by itself, several as a tuple)."""
    rows = entries.order_by().values_list(*fields).annotate(Sum("amount"))
    return {(row[0] if len(fields) == 1 else tuple(row[:-1])): int(row[-1]) for row in rows}


def of_category_years(years: Collection[int]) -> dict[tuple[int, str], int]:
    """The whole budget in öre of each category in some years, by year and key."""
    entries = BudgetEntry.objects.filter(category__fiscal_year__year__in=years)
    return totals(entries, "category__fiscal_year__year", "category__key")
