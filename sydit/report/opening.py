"""The next follow-up: which month it is for, and what it begins with once it is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from decisions.models import StatusUpdate
from followup.ledger.labels import listed
from followup.models import FollowUp, Forecast, LedgerMonth, Measure
from followup.pages import follow_up_for
from followup.parts import Part
from investments.models import ProjectForecast
from sydit.periods import Month


def proposed_month() -> Month | None:
    """The latest month that is booked and not followed up, else the one after the latest follow-up.

    None where nothing is booked and nothing followed up.
    """
    latest = FollowUp.objects.select_related("fiscal_year").order_by("-fiscal_year__year", "-month").first()
    booked = LedgerMonth.objects.filter(is_current=True).order_by("-year", "-month").first()
    if latest is None:
        return booked.period if booked else None
    if booked is not None and booked.period > latest.period:
        return booked.period
    return latest.period.shifted(1)


@dataclass(frozen=True, slots=True)
class Carried:
    """What one part of a follow-up holds from last time and nobody has confirmed; ``url`` is where that is done."""

    part: Part
    names: tuple[str, ...]
    url: str


def carried_into(follow_up: FollowUp) -> tuple[Carried, ...]:
    """By part, in the follow-up's order; none of a part that has nothing left to confirm."""
    categories = Forecast.objects.carried(follow_up).order_by("category__position", "category_id")
    projects = ProjectForecast.objects.carried(follow_up).order_by("project__position", "project__code")
    updates = StatusUpdate.objects.filter(follow_up=follow_up, confirmed=False, decision__closed_on=None)
    measures = Measure.objects.in_plan(follow_up).filter(confirmed=False)
    found = (
        _carried(follow_up, Part.ECONOMY, "forecast", categories.values_list("category__name", flat=True)),
        _carried(follow_up, Part.INVESTMENTS, "investments", projects.values_list("project__name", flat=True)),
        _carried(
            follow_up, Part.DECISIONS, "decisions", (str(each.decision) for each in updates.select_related("decision"))
        ),
        _carried(follow_up, Part.MEASURES, "measures", (each.what for each in measures)),
    )
    return tuple(each for each in found if each.names)


def _carried(follow_up: FollowUp, part: Part, page: str, names: Iterable[str]) -> Carried:
    return Carried(part, tuple(names), reverse(page, kwargs={"month": follow_up.period}))


@require_safe
def opened(request: HttpRequest, month: Month) -> HttpResponse:
    """What the follow-up begins with: carried from last time and not confirmed, and the months that are not booked."""
    follow_up = follow_up_for(request, month)
    booked = set(LedgerMonth.objects.current(month.year).values_list("month", flat=True))
    missing = [each.name for each in month.year_to_date() if each.month not in booked]
    return render(
        request,
        "report/opened.html",
        {
            "follow_up": follow_up,
            "previous": FollowUp.objects.before(follow_up).select_related("fiscal_year").first(),
            "carried": carried_into(follow_up),
            "missing": listed(missing) if missing else "",
        },
    )
