"""Forecasts of approved follow-ups in finished years, against what the years came to (followup.accuracy)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Max, Q, QuerySet

from followup import actuals, budgets
from followup.accuracy import Observation
from followup.classify import Kind, Place, Placed
from followup.in_force import rows_at
from followup.models import FollowUp, Forecast, Measure
from sydit.kept import kept
from sydit.periods import Month

Budgets = Mapping[tuple[int, str], int]  # öre, by year and the subject's key


def observations(outcomes: Mapping[int, Placed]) -> tuple[Observation, ...]:
    """Of each category in each follow-up, oldest first; ``outcomes`` are those of ``actuals.outcomes``."""
    return observed(
        Forecast.objects.order_by("category__position", "category_id"),
        outcomes,
        kind=Kind.CATEGORY,
        key="category__key",
        label="category__name",
        budgets=budgets.of_category_years(outcomes),
    )


@kept
def of_categories() -> tuple[Observation, ...]:
    """The observations of every finished year."""
    return observations(actuals.outcomes())


def observed(
    forecasts: QuerySet[Any], outcomes: Mapping[int, Placed], *, kind: Kind, key: str, label: str, budgets: Budgets
) -> tuple[Observation, ...]:
    """The observations that ``forecasts`` (of any model of forecasts, in the subjects' order) give, oldest first.

    ``key`` and ``label`` name the subject's fields; a subject's place among the outcomes is ``kind`` and its key.
    """
    occasion = ("follow_up__fiscal_year__year", "follow_up__month")
    rows = [
        row
        for given in _in_force(forecasts.model, forecasts, outcomes)
        for row in given.filter(amount__isnull=False)
        .order_by(*occasion, *forecasts.query.order_by)
        .values_list(*occasion, key, label, "amount")
    ]
    return tuple(
        Observation(
            key=of,
            label=name,
            follow_up=Month(year, month),
            budget=budgets.get((year, of)),
            forecast=amount,
            outcome=outcomes[year].amounts.get(Place(kind, of), 0),
        )
        for year, month, of, name, amount in sorted(rows, key=lambda row: row[:2])
    )


def _in_force(model: type[Any], rows: QuerySet[Any], years: Iterable[int]) -> Iterator[QuerySet[Any]]:
    """The rows of the years that were approved: those that stand, and of a follow-up that is being corrected those that
    stood when the publication in force was approved."""
    of_years = Q(follow_up__fiscal_year__year__in=years)
    yield rows.filter(of_years, follow_up__state=FollowUp.State.APPROVED)
    corrected = FollowUp.objects.filter(corrects__isnull=False, fiscal_year__year__in=years)
    moments = corrected.annotate(approved_at=Max("publications__approved_at")).values_list("pk", "approved_at")
    for pk, approved_at in moments:
        yield rows_at(model, approved_at).filter(follow_up=pk)


def measures_between(years: Mapping[int, object]) -> list[Measure]:
    """The measures that came into the plan in the follow-ups of the years, each as it stood first, oldest first.

    What was decided after a forecast was made is one reason why the year came to something else.
    """
    rows: list[Measure] = [
        row
        for given in _in_force(Measure, Measure.objects.all(), years)
        for row in given.select_related("category", "follow_up__fiscal_year")
    ]
    first: dict[Any, Measure] = {}
    for row in sorted(rows, key=lambda row: (row.follow_up.fiscal_year.year, row.follow_up.month, row.pk)):
        first.setdefault((row.follow_up.fiscal_year_id, row.key), row)
    return list(first.values())
