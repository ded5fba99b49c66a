"""The investments grid: one row a project."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from followup import actuals
from followup.editing import needed
from followup.grid import Sheet, Subject
from followup.models import FollowUp
from followup.pages import follow_up_for
from followup.views.grid import GridPage, answer
from investments import actions, sections
from investments.economy import with_forecasts
from investments.models import InvestmentProject, ProjectForecast
from sydit.access import Permission
from sydit.money import Unit
from sydit.periods import Month
from sydit.report.document import Table


@require_http_methods(["GET", "HEAD", "POST"])
def investments(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.ENTER_FORECASTS))
    return answer(request, follow_up, PAGE)


def read_sheet(follow_up: FollowUp) -> Sheet:
    lines = sections.lines_of(follow_up, actuals.year_to_date(follow_up.period))
    stored = {row.project_id: row for row in ProjectForecast.objects.filter(follow_up=follow_up)}
    projects = InvestmentProject.objects.filter(code__in=[line.key for line in lines])

    def table(forecasts: Mapping[str, int | None], unit: Unit) -> Table:
        return sections.investments_table(with_forecasts(lines, forecasts), unit)

    def remark(forecasts: Mapping[str, int | None]) -> str:
        return sections.pace_remark(with_forecasts(lines, forecasts), follow_up.period)

    return Sheet(
        {project.code: Subject(project.pk, project.name, stored.get(project.pk)) for project in projects},
        table,
        ProjectForecast.Reason.choices,
        remark,
    )


PAGE = GridPage("investments/investments.html", read_sheet, actions.submit_forecasts)
