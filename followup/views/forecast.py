"""The forecast grid: one row a cost category."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from followup import actions, actuals, beside, grid_columns, sections, track_record
from followup.classify import Kind
from followup.forecasts import previous_amounts
from followup.models import CostCategory, FollowUp, Forecast
from followup.parts import Part
from followup.sheet import Design, SheetRow
from followup.views.grid import GridPage, answer
from followup.views.grid_rows import HEADER, answer_script
from sydit.periods import Month


@require_http_methods(["GET", "HEAD", "POST"])
def forecast(request: HttpRequest, month: Month) -> HttpResponse:
    return (answer_script if HEADER in request.META else answer)(request, month, PAGE)


def read_rows(follow_up: FollowUp) -> tuple[SheetRow, ...]:
    result = sections.result_of(follow_up, actuals.year_to_date(follow_up.period))
    subjects = dict(CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id).values_list("key", "pk"))
    return beside.rows(
        result.lines,
        subjects=subjects,
        month=follow_up.month,
        last_year=beside.last_year(follow_up.period, Kind.CATEGORY),
        previous=previous_amounts(Forecast, "category", follow_up),
    )


PAGE = GridPage(
    template="followup/forecast.html",
    model=Forecast,
    subject="category",
    read=read_rows,
    submit=actions.submit_forecasts,
    design=Design(
        part=Part.ECONOMY,
        caption="Ekonomiskt resultat",
        label_heading="Post",
        total_label="Summa",
        columns=grid_columns.result_columns,
        remark=grid_columns.straight_sentence,
        earlier=track_record.of_categories,
    ),
)
