"""The register of the investment projects: the list, one project with its whole history, and changing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup.editing import NOT_SAVED, UNREADABLE
from followup.history import versions_of
from followup.models import FollowUp
from investments import actions, overview
from investments.events import events_of
from investments.forms import NewProjectForm, ProjectFilter, ProjectForm
from investments.models import InvestmentProject, ProjectForecast
from investments.tables import ForecastHistoryTable, ProjectFileTable, ProjectTable
from sydit.access import Permission, allows, require, user_of
from sydit.errors import Refused, StaleEdit
from sydit.export import xlsx_response
from sydit.filters import list_context


def _may_write(request: HttpRequest) -> bool:
    return allows(request.user, Permission.KEEP_MASTER_DATA)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The projects by municipality, as the address asks for them."""
    require(user_of(request), Permission.READ_DRAFTS)
    chosen = ProjectFilter(request.GET)
    table = ProjectTable(chosen.apply(InvestmentProject.objects.in_register()))
    context = list_context(request, chosen, table, export="projects-xlsx")
    return render(request, "investments/register.html", {**context, "may_write": _may_write(request)})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same projects, all pages, as a workbook that the import can read again."""
    require(user_of(request), Permission.READ_DRAFTS)
    shown = ProjectFilter(request.GET).apply(InvestmentProject.objects.in_register().with_latest_budget())
    return xlsx_response(request, ProjectFileTable(shown), filename=f"investeringsprojekt-{timezone.localdate()}.xlsx")


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one project, as things stand now."""
    require(user_of(request), Permission.READ_DRAFTS)
    project = get_object_or_404(InvestmentProject.objects.select_related("municipality"), pk=pk)
    context = {
        **overview.project_page(project, overview.latest_history()),
        "history": ForecastHistoryTable(versions_of(ProjectForecast, project=project)),
        "events": events_of(project),
        "latest": FollowUp.objects.select_related("fiscal_year").first(),
        "may_write": _may_write(request),
        "may_budget": allows(request.user, Permission.KEEP_BUDGET),
    }
    return render(request, "investments/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register a project."""
    require(user_of(request), Permission.KEEP_MASTER_DATA)
    if request.method != "POST":
        return _form_page(request, NewProjectForm(initial={"version": 0}))
    form = NewProjectForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=UNREADABLE)
    try:
        project = actions.register_project(code=form.cleaned_data["code"], content=form.content, by=user_of(request))
    except Refused as refused:
        return _form_page(request, form, refusal=str(refused), status=NOT_SAVED)
    messages.success(request, f"Projektet {project.code} {project.name} är registrerat. Lägg in dess budget.")
    return redirect("project-page", pk=project.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the register says of a project."""
    require(user_of(request), Permission.KEEP_MASTER_DATA)
    project = get_object_or_404(InvestmentProject, pk=pk)
    if request.method != "POST":
        return _form_page(request, ProjectForm.of(project), project)
    form = ProjectForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, project, status=UNREADABLE)
    try:
        changed = actions.edit_project(
            project=project,
            content=form.content,
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        stored = InvestmentProject.objects.get(pk=pk)
        renewed = form.seen(stored.version, **ProjectForm.stored(stored))
        return _form_page(request, renewed, stored, refusal=str(stale), status=NOT_SAVED)
    except Refused as refused:
        return _form_page(request, form, project, refusal=str(refused), status=NOT_SAVED)
    if changed:
        messages.success(request, "Projektet är sparat.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
    return redirect("project-page", pk=pk)


def _form_page(
    request: HttpRequest,
    form: ProjectForm,
    project: InvestmentProject | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "project": project, "refusal": refusal, "is_answer": request.method == "POST"}
    context["draft_key"] = f"{user_of(request).pk}:{request.get_full_path()}"
    return render(request, "investments/form.html", context, status=status)
