"""What a change of a budget would do, told before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from followup import budgets
from followup.budget_actions import Budgeted, Ground
from followup.budget_page import categories_of, decision_text, entries_of, period_of, signed
from followup.budget_year import YearBudget
from followup.economy import total
from followup.models import CostCategory, FiscalYear, FollowUp
from sydit.periods import MONTH_NAMES, Month


def ground_text(ground: Ground) -> str:
    """The decision behind a change, and what was noted of it: ``Beslut: 2024-11-21 § 12. Dnr 2024/17``."""
    return f"Beslut: {decision_text(ground.decided_on, ground.paragraph)}. {ground.note}".strip()


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """A category's year before and after a change, in öre. ``through`` are for the period.

    ``by_month`` says what each month is changed by, where any is.
    """

    name: str
    by_month: str
    before: int | None
    change: int
    after: int
    through_before: int | None
    through_after: int


@dataclass(frozen=True, slots=True)
class Preview:
    period: Month
    rows: tuple[BeforeAndAfter, ...]
    before: int | None
    after: int | None
    open_follow_ups: tuple[str, ...]  # that will show the new budget
    published: tuple[str, ...]  # whose reports stay as they are

    @property
    def change(self) -> int:
        return sum(row.change for row in self.rows)


def preview(year: FiscalYear, amounts: Iterable[Budgeted], *, today: dt.date | None = None) -> Preview:
    """What appending the amounts would do to the year's budget."""
    period = period_of(year, today or timezone.localdate())
    stored = budgets.read(entries_of(year), "category_id")
    adding = {each.category_id: _year_of(each) for each in amounts}
    categories = categories_of(year)
    after = {pk: stored.get(pk, YearBudget()).plus(adding[pk]) for pk in adding}
    rows = tuple(
        BeforeAndAfter(
            name=category.name,
            by_month=_by_month(adding[category.pk]),
            before=stored[category.pk].total if category.pk in stored else None,
            change=adding[category.pk].total,
            after=after[category.pk].total,
            through_before=stored[category.pk].through(period.month) if category.pk in stored else None,
            through_after=after[category.pk].through(period.month),
        )
        for category in categories
        if category.pk in adding
    )
    follow_ups = FollowUp.objects.filter(fiscal_year=year).select_related("fiscal_year").order_by("month")
    return Preview(
        period=period,
        rows=rows,
        before=_sum(categories, stored),
        after=_sum(categories, {**stored, **after}),
        open_follow_ups=tuple(each.period.name for each in follow_ups if each.state != FollowUp.State.APPROVED),
        published=tuple(each.period.name for each in follow_ups if each.is_published),
    )


def _year_of(each: Budgeted) -> YearBudget:
    amounts = dict(each.amounts)
    undated = amounts.pop(None, 0)  # type: ignore[call-overload]
    return YearBudget(undated, {month: ore for month, ore in amounts.items() if month is not None})


def _by_month(change: YearBudget) -> str:
    months = [f"{MONTH_NAMES[number - 1]} {signed(ore)}" for number, ore in sorted(change.months.items()) if ore]
    undated = [f"utan månad {signed(change.undated)}"] if months and change.undated else []
    return ", ".join([*months, *undated])


def _sum(categories: Iterable[CostCategory], budget: Mapping[int, YearBudget]) -> int | None:
    return total(budget[category.pk].total if category.pk in budget else None for category in categories)
