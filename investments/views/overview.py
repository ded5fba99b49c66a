"""The investments as a whole, one project with everything about it, and registering a project code."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from followup import actuals
from followup.actuals import YearToDate
from followup.models import FollowUp
from followup.pages import follow_up_for
from investments import actions, overview, sections
from investments.actions import Content
from investments.forms import RegisterForm
from investments.models import SHARED, InvestmentProject, Municipality
from sydit.access import Permission, allows, user_of
from sydit.errors import Refused
from sydit.leaves import ADDRESS, leaf
from sydit.periods import Month


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A project code on booked lines that no project has; ``form`` for whoever may register it. Öre."""

    code: str
    amount: int
    form: RegisterForm | None


@require_safe
def investments_overview(request: HttpRequest, month: Month) -> HttpResponse:
    """Totals per municipality, the projects over the years, their pace, and codes without a project."""
    return _page(request, follow_up_for(request, month))


def _page(request: HttpRequest, follow_up: FollowUp, typed: RegisterForm | None = None) -> HttpResponse:
    period = follow_up.period
    booked = actuals.year_to_date(period)
    lines = sections.lines_of(follow_up)
    history = overview.history_of(follow_up)
    projects = InvestmentProject.objects.select_related("municipality").order_by("position", "code")
    shown = leaf(projects, request.GET.get(ADDRESS, ""), caption="Projekten över åren")
    frames = overview.frames_table(shown.rows, history)
    owners = sections.owners_table(lines)
    links = {f"frames/{row.key}": reverse("project", kwargs={"month": period, "pk": row.key}) for row in frames.rows}
    links |= {
        f"owners/{row.key}": reverse("municipality", kwargs={"slug": row.key})
        for row in owners.rows
        if row.key != "total"
    }
    return render(
        request,
        "investments/overview.html",
        {
            "follow_up": follow_up,
            "remark": sections.pace_remark(lines, period),
            "paces": overview.first_paces(overview.paces(lines, period)),
            "owners": owners if lines else None,
            "chart": overview.owners_chart(lines, period) if lines else None,
            "frames": frames,
            "leaf": shown,
            "spent_note": overview.spent_note(history),
            "links": links,
            "unregistered": _unregistered(request, booked, typed),
        },
        status=422 if typed else 200,
    )


def _unregistered(request: HttpRequest, booked: YearToDate, typed: RegisterForm | None) -> list[Unregistered]:
    found = actuals.unregistered_projects(booked)
    if not found or not allows(user_of(request), Permission.KEEP_MASTER_DATA):
        return [Unregistered(code, amount, None) for code, amount in found]
    owners = [("", SHARED), *((one.pk, one.name) for one in Municipality.objects.all())]
    return [
        Unregistered(code, amount, typed if typed and typed.project_code == code else RegisterForm.of(code, owners))
        for code, amount in found
    ]


@require_POST
def register(request: HttpRequest, month: Month) -> HttpResponse:
    """Make a project code an investment project."""
    follow_up = follow_up_for(request, month, Permission.KEEP_MASTER_DATA)
    form = RegisterForm(request.POST, code=request.POST.get("code", ""))
    if not form.is_valid():
        return _page(request, follow_up, form)
    fields = form.cleaned_data
    try:
        project = actions.register_project(
            code=fields["code"],
            content=Content(fields["name"], fields["municipality"].pk if fields["municipality"] else None),
            by=user_of(request),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Projektet {project.code} {project.name} är registrerat. Lägg in dess budget.")
    return redirect("investments-overview", month=month)


@require_safe
def project(request: HttpRequest, month: Month, pk: int) -> HttpResponse:
    """Everything about one project: its budget and who decided it, what is booked, and its forecasts."""
    follow_up = follow_up_for(request, month)
    subject = get_object_or_404(InvestmentProject.objects.select_related("municipality"), pk=pk)
    return render(
        request,
        "investments/project.html",
        {
            **overview.project_page(subject, overview.history_of(follow_up)),
            "follow_up": follow_up,
            "forecasts": overview.forecasts_of(subject, follow_up),
            "may_budget": allows(user_of(request), Permission.KEEP_BUDGET),
        },
    )
