"""The register of the measures: the list, and one measure with its whole history."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.history import versions_of
from followup.measures.forms import RegisterFilter
from followup.measures.tables import FileTable, MeasureHistoryTable, RegisterTable
from followup.models import FollowUp, Measure
from sydit.access import Permission, allows, require, user_of
from sydit.export import xlsx_response
from sydit.filters import list_context


def _may_write(request: HttpRequest) -> bool:
    return allows(request.user, Permission.ENTER_FORECASTS)


def _filtered(request: HttpRequest, table: type[RegisterTable] = RegisterTable) -> tuple[RegisterFilter, RegisterTable]:
    require(user_of(request), Permission.READ_DRAFTS)
    chosen, today = RegisterFilter(request.GET), timezone.localdate()
    return chosen, table(chosen.apply(Measure.objects.in_register(), today=today), today=today)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The measures, those that were spoken of last first, as the address asks for them."""
    chosen, table = _filtered(request)
    context = list_context(request, chosen, table, export="measure-register-xlsx")
    latest = FollowUp.objects.filter(state=FollowUp.State.OPEN).select_related("fiscal_year").first()
    return render(request, "measures/register.html", {**context, "may_write": _may_write(request), "latest": latest})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same measures, all pages, as a workbook."""
    _, table = _filtered(request, FileTable)
    return xlsx_response(request, table, filename=f"atgarder-{timezone.localdate()}.xlsx")


@require_safe
def page(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A measure as it stood last, and everything that was said of it."""
    require(user_of(request), Permission.READ_DRAFTS)
    measure = Measure.objects.in_register().filter(key=key).first()
    if measure is None:
        raise Http404("Åtgärden finns inte.")
    context = {
        "measure": measure,
        "is_past_due": measure.is_past_due(timezone.localdate()),
        "history": MeasureHistoryTable(versions_of(Measure, key=key)),
        "may_write": _may_write(request) and measure.follow_up.is_open,
    }
    return render(request, "measures/page.html", context)
