"""What a change of a project's budget would do, told before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from followup import budgets
from followup.budget_page import period_of
from followup.budget_preview import Preview, Reach, before_and_after, year_of
from followup.models import FiscalYear
from investments import actions
from investments.models import InvestmentProject
from sydit.money import Unit, text


def preview(
    project: InvestmentProject, year: FiscalYear, amounts: Mapping[int | None, int], *, today: dt.date | None = None
) -> Preview:
    """The project's year before and after, and all of its years together."""
    period = period_of(year, today or timezone.localdate())
    stored = budgets.read(project.budget_entries.filter(fiscal_year=year), "project_id").get(project.pk)
    adding = year_of(amounts)
    before = budgets.totals(project.budget_entries.all(), "project").get(project.pk)
    after = (before or 0) + adding.total
    return Preview(
        mark=actions.budget_mark(project, year),
        period=period,
        heading="Budgetår",
        rows=(before_and_after(str(year), stored, adding, period),),
        total_label="Alla år",
        before=before,
        after=after,
        remark=_above_frame(project, after),
        reach=Reach.of(year),
    )


def _above_frame(project: InvestmentProject, after: int) -> str:
    """That the years together come to more than was decided for them; empty where they do not."""
    if project.frame is None or after <= project.frame:
        return ""
    return (
        f"Årens budgetar blir tillsammans {text(after, Unit.KR)} kr. Det är {text(after - project.frame, Unit.KR)} kr "
        f"mer än projektets totala ram, {text(project.frame, Unit.KR)} kr."
    )
