"""The projects' forecasts of finished years, against what was booked on them (followup.accuracy)."""

from __future__ import annotations

from collections.abc import Mapping

from followup import actuals, budgets
from followup.accuracy import Observation
from followup.classify import Kind, Placed
from followup.track_record import observed
from investments.models import ProjectBudgetEntry, ProjectForecast
from sydit.kept import kept


@kept
def of_projects() -> tuple[Observation, ...]:
    """The observations of every finished year."""
    return observations(actuals.outcomes())


def observations(outcomes: Mapping[int, Placed]) -> tuple[Observation, ...]:
    """Of each project in each follow-up, oldest first; ``outcomes`` are those of ``actuals.outcomes``."""
    entries = ProjectBudgetEntry.objects.filter(fiscal_year__year__in=outcomes)
    return observed(
        ProjectForecast.objects.order_by("project__position", "project__code"),
        outcomes,
        kind=Kind.PROJECT,
        key="project__code",
        label="project__name",
        budgets=budgets.totals(entries, "fiscal_year__year", "project__code"),
    )
