"""The investments grid: one row a project."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from followup import beside, grid_columns
from followup.classify import Kind
from followup.forecasts import previous_amounts
from followup.models import FollowUp
from followup.parts import Part
from followup.sheet import Design, SheetRow
from followup.views.grid import GridPage, answer
from followup.views.grid_rows import HEADER, answer_script
from investments import actions, sections, track_record
from investments.models import InvestmentProject, ProjectForecast
from sydit.periods import Month


@require_http_methods(["GET", "HEAD", "POST"])
def investments(request: HttpRequest, month: Month) -> HttpResponse:
    return (answer_script if HEADER in request.META else answer)(request, month, PAGE)


def read_rows(follow_up: FollowUp) -> tuple[SheetRow, ...]:
    lines = sections.lines_of(follow_up)
    return beside.rows(
        [_Line(line.key, line.label, line.budget, line.booked, line.budget_by_month) for line in lines],
        subjects=dict(
            InvestmentProject.objects.filter(code__in=[line.key for line in lines]).values_list("code", "pk")
        ),
        month=follow_up.month,
        last_year=beside.last_year(follow_up.period, Kind.PROJECT),
        previous=previous_amounts(ProjectForecast, "project", follow_up),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    label: str
    budget: int | None
    actual: int | None
    budget_by_month: tuple[int, ...]


PAGE = GridPage(
    template="investments/investments.html",
    model=ProjectForecast,
    subject="project",
    read=read_rows,
    submit=actions.submit_forecasts,
    design=Design(
        part=Part.INVESTMENTS,
        caption="Investeringar",
        label_heading="Projekt",
        total_label="Totalt",
        columns=grid_columns.project_columns,
        remark=grid_columns.pace_remark,
        earlier=track_record.of_projects,
        reasons=tuple(ProjectForecast.Reason.choices),
    ),
)
