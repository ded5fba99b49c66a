"""What the budget's pages tell: the year by category, and what has been entered when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db.models import Max, QuerySet, Sum

from followup import budgets
from followup.budget_year import YearBudget
from followup.economy import total
from followup.models import BudgetEntry, CostCategory, FiscalYear, FollowUp
from sydit import alphabet
from sydit.money import MINUS, NO_BREAK_SPACE, Unit, text
from sydit.periods import MONTH_NAMES, MONTHS_A_YEAR, Month

MOST_NAMED = 4  # categories that a change names; one with more is told by their number


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A category's year in öre; all are None where nothing is decided. ``through`` is for the period."""

    category: CostCategory
    original: int | None
    adjusted: int | None
    total: int | None
    through: int | None
    is_by_month: bool


@dataclass(frozen=True, slots=True)
class BudgetTotal:
    original: int | None
    adjusted: int | None
    total: int | None
    through: int | None


@dataclass(frozen=True, slots=True)
class BudgetOfYear:
    year: FiscalYear
    period: Month
    rows: tuple[BudgetRow, ...]

    @property
    def total(self) -> BudgetTotal:
        """Missing as soon as a category has no budget."""
        return BudgetTotal(
            original=total(row.original for row in self.rows),
            adjusted=total(row.adjusted for row in self.rows),
            total=total(row.total for row in self.rows),
            through=total(row.through for row in self.rows),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(row.category.name for row in self.rows if row.total is None)


def categories_of(year: FiscalYear) -> list[CostCategory]:
    return list(CostCategory.objects.filter(fiscal_year=year).order_by("position", "id"))


def entries_of(year: FiscalYear) -> QuerySet[BudgetEntry]:
    return BudgetEntry.objects.filter(category__fiscal_year=year)


def of_year(year: FiscalYear, period: Month) -> BudgetOfYear:
    """Every category of the year, with what it was given first and what has been changed since."""
    original = budgets.read(entries_of(year).filter(kind=BudgetEntry.Kind.ORIGINAL), "category_id")
    whole = budgets.read(entries_of(year), "category_id")
    return BudgetOfYear(
        year, period, tuple(_row(category, original, whole, period) for category in categories_of(year))
    )


def _row(
    category: CostCategory, original: Mapping[int, YearBudget], whole: Mapping[int, YearBudget], period: Month
) -> BudgetRow:
    budget = whole.get(category.pk)
    if budget is None:
        return BudgetRow(category, None, None, None, None, is_by_month=False)
    first = original[category.pk].total if category.pk in original else 0
    return BudgetRow(
        category=category,
        original=first,
        adjusted=budget.total - first,
        total=budget.total,
        through=budget.through(period.month),
        is_by_month=bool(budget.by_month),
    )


def period_of(year: FiscalYear, today: dt.date) -> Month:
    """Through which month the page counts: the year's latest follow-up, else as far as the year has come."""
    latest = FollowUp.objects.filter(fiscal_year=year).order_by("-month").first()
    if latest is not None:
        return Month(year.year, latest.month)
    return Month(year.year, today.month if today.year == year.year else MONTHS_A_YEAR)


# --- what has been entered --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What was entered at once: when, by whom, on which decision, and what it did (öre)."""

    recorded_at: dt.datetime
    recorded_by: str
    kind: str
    decision: str
    what: str
    amount: int
    note: str
    filename: str
    file_entry: int | None  # the entry by which the file is found, where there is one


def changes_of(year: FiscalYear) -> list[Change]:
    """The changes of the year's budget, the newest first."""
    rows = (
        entries_of(year)
        .order_by()
        .values(
            "batch", "kind", "decided_on", "paragraph", "note", "file", "filename", "recorded_by__name",
            "category__name", "category__position",
        )
        .annotate(amount=Sum("amount"), recorded_at=Max("recorded_at"), latest=Max("pk"))
    )  # fmt: skip
    together: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        together.setdefault(row["batch"] or row["latest"], []).append(row)
    newest = sorted(together.values(), key=lambda group: max(row["latest"] for row in group), reverse=True)
    return [_change(group) for group in newest]


def _change(group: Sequence[Mapping[str, Any]]) -> Change:
    first = group[0]
    kinds = list(dict.fromkeys(BudgetEntry.Kind(row["kind"]).label for row in group))
    return Change(
        recorded_at=max(row["recorded_at"] for row in group),
        recorded_by=first["recorded_by__name"],
        kind=" och ".join([kinds[0], *(kind.lower() for kind in kinds[1:])]),
        decision=decision_text(first["decided_on"], first["paragraph"]),
        what=_what(group),
        amount=sum(row["amount"] for row in group),
        note=first["note"],
        filename=first["filename"],
        file_entry=first["latest"] if first["file"] else None,
    )


def _what(group: Sequence[Mapping[str, Any]]) -> str:
    if len(group) == 1:
        return str(group[0]["category__name"])
    names = sorted(group, key=lambda row: (row["category__position"], alphabet.key(row["category__name"])))
    if len(names) > MOST_NAMED:
        return f"{len({row['category__name'] for row in names})} kostnadskategorier"
    return ", ".join(f"{row['category__name']} {_moved(row)}" for row in names)


def _moved(row: Mapping[str, Any]) -> str:
    """What a category's year is changed by; what leaves it as it was has moved between its months."""
    return (
        "mellan månader" if not row["amount"] and row["kind"] == BudgetEntry.Kind.ADJUSTMENT else signed(row["amount"])
    )


def signed(ore: int) -> str:
    """A change with its sign, in kronor: ``+200 kr``."""
    return f"{'+' if ore >= 0 else MINUS}{text(abs(ore), Unit.KR).removesuffix(',00')}{NO_BREAK_SPACE}kr"


def decision_text(decided_on: dt.date | None, paragraph: str) -> str:
    """``2024-11-21 § 12``; empty where nothing is said of it."""
    return " ".join([*([decided_on.isoformat()] if decided_on else []), *([f"§ {paragraph}"] if paragraph else [])])


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of a category's budget, and the year so far (öre)."""

    name: str
    amount: int
    accumulated: int


def months_of(budget: YearBudget | None) -> tuple[MonthRow, ...]:
    """The twelve months of a budget that is decided by month; none otherwise."""
    months = budget.by_month if budget else ()
    return tuple(map(MonthRow, MONTH_NAMES, months, accumulate(months)))


# --- as a file --------------------------------------------------------------------------------------------------------


def file_rows(year: FiscalYear) -> list[dict[str, Any]]:
    """Each category as a row of a file that can be read again: öre, and nothing where nothing is decided."""
    stored = budgets.read(entries_of(year), "category_id")
    return [_file_row(category, stored.get(category.pk)) for category in categories_of(year)]


def _file_row(category: CostCategory, budget: YearBudget | None) -> dict[str, Any]:
    months = budget.months if budget else {}
    return {
        "key": category.key,
        "name": category.name,
        "year": budget.total if budget else None,
        "undated": budget.undated if budget and months else None,
        **{f"m{number}": months.get(number, 0) if months else None for number in range(1, MONTHS_A_YEAR + 1)},
    }
