"""An existing list of projects: choose the file, look at what it would do, save it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from followup import file_imports
from followup.budget_preview import Reach
from followup.list_files import ListImport
from investments import importing
from investments.importing import Planned, ProjectRowForm
from sydit.access import Permission
from sydit.imports import Effect, ListPlan
from sydit.money import grouped


class ProjectImport(ListImport):
    """The preview of projects tells where the budgets that the file changes will show."""

    def preview(self, plan: ListPlan[Planned], fields: Mapping[str, Any]) -> dict[str, Any]:
        years = importing.budget_years(plan.rows)
        return {**super().preview(plan, fields), "reach": Reach.of(*years) if years else None}


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form, and after it what the file would do. Nothing is saved here."""
    return file_imports.upload(request, _page())


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what was looked at."""
    return file_imports.save(request, _page())


def _page() -> ProjectImport:
    return ProjectImport(
        permission=Permission.KEEP_MASTER_DATA,
        title="Läs in investeringsprojekt",
        lead="En lista i Excel eller CSV, till exempel registrets egen Excelfil. Ett projekt känns igen på "
        "projektkoden; en tom cell ändrar inget. Budget är vad årets budget ska vara: skillnaden läggs till.",
        heading="Projektkod",
        columns=("Projekt", "Kommun", "Ansvarig", "År", "Total ram", "Budget"),
        row_form=ProjectRowForm,
        plan=importing.plan,
        save=importing.save,
        done=_done,
        upload_url=reverse("project-import"),
        save_url=reverse("project-import-save"),
        own_file_url=reverse("projects-xlsx"),
        list_url=reverse("projects"),
        list_label="Alla projekt",
    )


def _done(plan: ListPlan[Planned]) -> str:
    added, changed = plan.count(Effect.ADDED), plan.count(Effect.CHANGED)
    return f"Listan är sparad: {grouped(added)} nya projekt och {grouped(changed)} ändrade."
