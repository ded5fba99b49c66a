"""The plan for a balanced budget: the list of its measures, and one measure's form and history."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followup import actuals, measures, sections
from followup.action_plan import ActionPlan
from followup.economy import total
from followup.editing import NOT_SAVED, UNREADABLE, editing_page, needed, tell_saved
from followup.measures.forms import MeasureForm, RemoveForm
from followup.measures.tables import FileTable, PlanTable
from followup.models import FollowUp, Measure
from followup.pages import follow_up_for
from followup.parts import Part
from sydit.access import Permission, user_of
from sydit.errors import Refused, StaleEdit
from sydit.export import xlsx_response
from sydit.periods import Month
from sydit.tables import paged

EFFECTS = ("effect_this_year", "effect_full_year", "effect_so_far")


@require_safe
def plan(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month)
    rows = Measure.objects.in_plan(follow_up)
    effects = list(rows.in_force().values(*EFFECTS))
    sums = {name: total(row[name] for row in effects) for name in EFFECTS}
    result = sections.result_of(follow_up, actuals.year_to_date(follow_up.period)).total.forecast
    table = PlanTable(rows, today=follow_up.period.last_day, sums=sums)
    return editing_page(
        request,
        "measures/plan.html",
        follow_up,
        part=Part.MEASURES,
        table=paged(table, request),
        sentence=ActionPlan(tuple(row["effect_this_year"] for row in effects), result).sentence,
    )


@require_safe
def export(request: HttpRequest, month: Month) -> HttpResponse:
    """The plan as a workbook that the import can read again."""
    table = FileTable(Measure.objects.in_plan(follow_up_for(request, month)), today=timezone.localdate())
    return xlsx_response(request, table, filename=f"atgarder-{month}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.ENTER_FORECASTS)
    new = Measure(follow_up=follow_up)
    if request.method != "POST":
        return _page(request, follow_up, new, MeasureForm.of(new))
    form = MeasureForm(request.POST, follow_up=follow_up)
    if not form.is_valid():
        return _page(request, follow_up, new, form, status=UNREADABLE)
    try:
        measures.add(follow_up=follow_up, entry=form.entry, by=user_of(request))
    except Refused as refused:
        return _page(request, follow_up, new, form, refusal=str(refused), status=NOT_SAVED)
    tell_saved(request, "Åtgärden är inlagd i planen.")
    return redirect("measures", month=month)


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, month: Month, pk: int) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.ENTER_FORECASTS))
    row = _measure_or_404(follow_up, pk)
    if request.method != "POST":
        return _page(request, follow_up, row, MeasureForm.of(row))
    form = MeasureForm(request.POST, follow_up=follow_up)
    if not form.is_valid():
        return _page(request, follow_up, row, form, status=UNREADABLE)
    try:
        changed = measures.change(
            follow_up=follow_up,
            measure=row,
            entry=form.entry,
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        row = _measure_or_404(follow_up, pk)
        return _page(request, follow_up, row, form.seen_of(row), refusal=str(stale), status=NOT_SAVED, other=row)
    except Refused as refused:
        return _page(request, follow_up, row, form, refusal=str(refused), status=NOT_SAVED)
    if changed:
        tell_saved(request, "Åtgärden är sparad.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
    return redirect("measures", month=month)


@require_POST
def remove(request: HttpRequest, month: Month, pk: int) -> HttpResponse:
    """Take away what came into the plan by mistake."""
    follow_up = follow_up_for(request, month, Permission.ENTER_FORECASTS)
    row = _measure_or_404(follow_up, pk)
    try:
        measures.remove(
            follow_up=follow_up, measure=row, seen_version=RemoveForm.version_of(request.POST), by=user_of(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("measure", month=month, pk=pk)
    messages.success(request, f"Åtgärden ”{row}” är borttagen.")
    return redirect("measures", month=month)


def _measure_or_404(follow_up: FollowUp, pk: int) -> Measure:
    row = Measure.objects.in_plan(follow_up).filter(pk=pk).first()
    if row is None:
        raise Http404("Åtgärden finns inte i uppföljningen.")
    return row


def _page(
    request: HttpRequest,
    follow_up: FollowUp,
    row: Measure,
    form: MeasureForm,
    *,
    refusal: str = "",
    status: int = 200,
    other: Measure | None = None,
) -> HttpResponse:
    earlier = list(Measure.objects.of_same(row).exclude(pk=row.pk)) if row.pk else []
    return editing_page(
        request,
        "measures/measure.html",
        follow_up,
        part=Part.MEASURES,
        refusal=refusal,
        status=status,
        measure=row,
        form=form,
        other=other,
        earlier=earlier,
        may_remove=bool(row.pk) and all(each.is_copy_of(row) for each in earlier),
    )
