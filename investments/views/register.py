"""The register of the investment projects: the list, and the same as a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.models import FollowUp
from investments.forms import ProjectFilter
from investments.models import InvestmentProject
from investments.tables import ProjectTable
from sydit.access import Permission, require, user_of
from sydit.export import xlsx_response
from sydit.filters import list_context


def _filtered(request: HttpRequest) -> tuple[ProjectFilter, ProjectTable]:
    require(user_of(request), Permission.READ_DRAFTS)
    chosen = ProjectFilter(request.GET)
    latest = FollowUp.objects.select_related("fiscal_year").first()
    return chosen, ProjectTable(chosen.apply(InvestmentProject.objects.in_register()), latest=latest)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The projects by municipality, as the address asks for them."""
    chosen, table = _filtered(request)
    return render(request, "investments/register.html", list_context(request, chosen, table, export="projects-xlsx"))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same projects, all pages, as a workbook."""
    _, table = _filtered(request)
    return xlsx_response(request, table, filename=f"investeringsprojekt-{timezone.localdate()}.xlsx")
