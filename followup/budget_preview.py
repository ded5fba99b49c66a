"""What a change of a budget would do, told before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from followup import budget_actions, budgets
from followup.budget_actions import YEAR, Budgeted, Ground
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
class Reach:
    """The follow-ups of the years that show a new budget, and those whose published reports stay as they are."""

    shown_in: tuple[str, ...]
    published: tuple[str, ...]

    @classmethod
    def of(cls, *years: FiscalYear) -> Reach:
        follow_ups = FollowUp.objects.filter(fiscal_year__in=years).select_related("fiscal_year")
        named = [
            (each, each.period.name if len(years) == 1 else each.period.label)
            for each in follow_ups.order_by("fiscal_year__year", "month")
        ]
        return cls(
            shown_in=tuple(name for each, name in named if each.state != FollowUp.State.APPROVED),
            published=tuple(name for each, name in named if each.is_published),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A change before it is made; ``before`` and ``after`` are of ``total_label``, in öre."""

    mark: str  # of the budget and the reports that it was made on (``budget_seen``)
    period: Month
    heading: str = "Post"  # of what the rows are about
    rows: tuple[BeforeAndAfter, ...]
    total_label: str = "Hela budgeten"
    before: int | None
    after: int | None
    remark: str = ""  # what to look at before it is saved
    reach: Reach

    @property
    def change(self) -> int:
        return sum(row.change for row in self.rows)


def preview(year: FiscalYear, amounts: Iterable[Budgeted], *, today: dt.date | None = None) -> Preview:
    """What appending the amounts would do to the year's budget."""
    period = period_of(year, today or timezone.localdate())
    stored = budgets.read(entries_of(year), "category_id")
    adding = {each.category_id: year_of(each.amounts) for each in amounts}
    categories = categories_of(year)
    after = {pk: stored.get(pk, YearBudget()).plus(adding[pk]) for pk in adding}
    return Preview(
        mark=budget_actions.mark_of(year),
        period=period,
        rows=tuple(
            before_and_after(category.name, stored.get(category.pk), adding[category.pk], period)
            for category in categories
            if category.pk in adding
        ),
        before=_sum(categories, stored),
        after=_sum(categories, {**stored, **after}),
        reach=Reach.of(year),
    )


def before_and_after(name: str, stored: YearBudget | None, adding: YearBudget, period: Month) -> BeforeAndAfter:
    """A year that ``adding`` is added to; nothing is ``stored`` where nothing is decided."""
    after = (stored or YearBudget()).plus(adding)
    return BeforeAndAfter(
        name=name,
        by_month=_by_month(adding),
        before=stored.total if stored else None,
        change=adding.total,
        after=after.total,
        through_before=stored.through(period.month) if stored else None,
        through_after=after.through(period.month),
    )


def year_of(amounts: Mapping[int | None, int] | Mapping[int, int] | Mapping[None, int]) -> YearBudget:
    """What is added, by the number of the month or for the year as a whole (None), as a year."""
    by_key: dict[int | None, int] = dict(amounts)  # type: ignore[arg-type]
    undated = by_key.pop(YEAR, 0)
    return YearBudget(undated, {month: ore for month, ore in by_key.items() if month is not None})


def _by_month(change: YearBudget) -> str:
    months = [f"{MONTH_NAMES[number - 1]} {signed(ore)}" for number, ore in sorted(change.months.items()) if ore]
    undated = [f"utan månad {signed(change.undated)}"] if months and change.undated else []
    return ", ".join([*months, *undated])


def _sum(categories: Iterable[CostCategory], budget: Mapping[int, YearBudget]) -> int | None:
    return total(budget[category.pk].total if category.pk in budget else None for category in categories)
