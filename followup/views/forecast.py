"""The forecast grid: one row a cost category."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from followup import actions, actuals, sections
from followup.editing import needed
from followup.grid import Sheet, Subject
from followup.models import CostCategory, FollowUp, Forecast
from followup.pages import follow_up_for
from followup.views.grid import GridPage, answer
from sydit.access import Permission
from sydit.money import Unit
from sydit.periods import Month
from sydit.report.document import Table


@require_http_methods(["GET", "HEAD", "POST"])
def forecast(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.ENTER_FORECASTS))
    return answer(request, follow_up, PAGE)


def read_sheet(follow_up: FollowUp) -> Sheet:
    booked = actuals.year_to_date(follow_up.period)
    result = sections.result_of(follow_up, booked)
    stored = {row.category_id: row for row in Forecast.objects.filter(follow_up=follow_up)}
    categories = CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id).values_list("pk", "key", "name")

    def table(forecasts: Mapping[str, int | None], unit: Unit) -> Table:
        return sections.result_table(result.with_forecasts(forecasts), booked.placed, unit)

    return Sheet({key: Subject(pk, name, stored.get(pk)) for pk, key, name in categories}, table)


PAGE = GridPage("followup/forecast.html", read_sheet, actions.submit_forecasts)
