"""The register of the investment projects: the list, one project with its whole history, and changing it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup import register_forms
from followup.history import versions_of
from followup.models import FollowUp
from followup.register_forms import RegisterForm
from investments import actions, overview
from investments.events import events_of
from investments.forms import NewProjectForm, ProjectFilter, ProjectForm
from investments.models import InvestmentProject, ProjectForecast
from investments.tables import ForecastHistoryTable, ProjectFileTable, ProjectTable
from sydit.access import Permission, allows, require, user_of
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


FORM = RegisterForm(
    permission=Permission.KEEP_MASTER_DATA,
    form=ProjectForm,
    new_form=NewProjectForm,
    new_title="Nytt projekt",
    title=lambda project: f"Ändra projekt {project.code}",
    add=lambda form, by: actions.register_project(code=form.cleaned_data["code"], content=form.content, by=by),
    edit=lambda project, **entered: actions.edit_project(project=project, **entered),
    added=lambda project: f"Projektet {project.code} {project.name} är registrerat. Lägg in dess budget.",
    saved="Projektet är sparat.",
    row_url="project-page",
    list_url="projects",
)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register a project."""
    return register_forms.add(request, FORM)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the register says of a project."""
    require(user_of(request), FORM.permission)
    return register_forms.edit(request, FORM, get_object_or_404(InvestmentProject, pk=pk))
