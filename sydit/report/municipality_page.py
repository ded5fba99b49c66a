"""The page of one member municipality, and the same as a workbook to send on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followup.models import FollowUp
from investments.overview import first_paces
from sydit.access import Permission, allows, require, user_of
from sydit.export import XLSX_TYPE, download
from sydit.leaves import ADDRESS, leaf
from sydit.report import municipality, xlsx
from sydit.report.municipality import Statement


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """All its tables show the same projects, a page of them at a time."""
    statement = _statement(request, slug)
    shown = leaf(list(statement.labels), request.GET.get(ADDRESS, ""), caption="Projekt")
    return render(
        request,
        "report/municipality.html",
        {
            "statement": statement,
            "slug": slug,
            "leaf": shown,
            "frames": statement.frame_table(shown.rows),
            "over_years": statement.over_years(shown.rows),
            "years": [(year.follow_up, year.table(shown.rows)) for year in statement.years],
            "paces": first_paces(statement.paces),
        },
    )


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    statement = _statement(request, slug)
    if not statement.years:
        require(user_of(request), Permission.READ_DRAFTS)
        raise Http404("Det finns inga projekt att visa.")
    return download(xlsx.render(statement.report), XLSX_TYPE, f"investeringar-{slug}.xlsx")


def _statement(request: HttpRequest, slug: str) -> Statement:
    """What the user may read of it."""
    user = user_of(request)
    require(user, Permission.READ_PUBLISHED)
    follow_ups = FollowUp.objects.all()
    return municipality.read(slug, follow_ups if allows(user, Permission.READ_DRAFTS) else follow_ups.published())
