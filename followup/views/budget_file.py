"""A year's budget as a file: out to Excel, and in from Excel or CSV, looked at before anything is saved."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followup import budget_file, budget_page, budget_preview, file_imports
from followup.budget_file import BudgetRowForm, Plan
from followup.budget_forms import GroundFields, ground_of
from followup.budget_tables import FileTable
from followup.file_imports import FileImport
from followup.models import FiscalYear
from followup.views.year_budget import year_for
from sydit.access import Permission
from sydit.export import xlsx_response
from sydit.imports import ListFileForm, SeenFileForm
from sydit.models import User
from sydit.money import Unit, grouped, text

LONGEST_FILENAME = 200
UNITS = [(Unit.KR.value, "Kronor"), (Unit.TKR.value, "Tusental kronor (tkr)")]


class BudgetFileForm(ListFileForm, GroundFields):
    unit = forms.ChoiceField(label="Beloppen i filen är", choices=UNITS, initial=Unit.KR.value)

    field_order = ("file", "unit")

    @property
    def others(self) -> dict[str, Any]:
        return {**super().others, "filename": str(self.cleaned_data["file"].name)[-LONGEST_FILENAME:]}


class SeenBudgetFileForm(SeenFileForm, GroundFields):
    unit = forms.ChoiceField(choices=UNITS)
    filename = forms.CharField(max_length=LONGEST_FILENAME, required=False)


@dataclass(frozen=True, kw_only=True)
class BudgetImport(FileImport):
    """The import of one year's budget. Its plan is a ``budget_file.Plan``."""

    year: FiscalYear

    preview_template: ClassVar[str] = "followup/budget_import_preview.html"

    def preview(self, plan: Plan, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "heading": f"Granska budgeten ur {fields['filename']}",
            "note": budget_preview.ground_text(ground_of(fields)),
            "figures": [
                ("Filens summa, kr", text(plan.total, Unit.KR)),
                ("Kategorier som ändras", grouped(len(plan.amounts))),
                ("Oförändrade", grouped(plan.same)),
            ],
            "preview": budget_preview.preview(self.year, plan.amounts),
            "save_label": "Spara budgeten",
            "nothing": "Budgeten är redan som filen säger. Det finns inget att spara.",
        }

    def told(self, plan: Plan, fields: Mapping[str, Any]) -> str:
        total = text(plan.total, Unit.KR)
        return f"Budgeten ur {fields['filename']} är inläst. Filens summa är {total} kr."


@require_safe
def export(request: HttpRequest, year: int) -> HttpResponse:
    """The budget as a workbook that can be changed and read in again."""
    of = year_for(request, year)
    table = FileTable(budget_page.file_rows(of), caption=f"Budget {of}")
    return xlsx_response(request, table, filename=f"budget-{of}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, year: int) -> HttpResponse:
    """The form, and after it what the file would change. Nothing is saved here."""
    return file_imports.upload(request, _page(year_for(request, year, Permission.KEEP_BUDGET)))


@require_POST
def save(request: HttpRequest, year: int) -> HttpResponse:
    """Save what was looked at."""
    return file_imports.save(request, _page(year_for(request, year, Permission.KEEP_BUDGET)))


def _page(year: FiscalYear) -> BudgetImport:
    return BudgetImport(
        year=year,
        permission=Permission.KEEP_BUDGET,
        title=f"Läs in budget {year}",
        lead="Filen säger vad budgeten ska vara för sina kostnadskategorier. Det som skiljer läggs till som en "
        "ändring; kategorier som filen inte nämner ligger kvar.",
        row_form=BudgetRowForm,
        needed="Kostnadskategori måste finnas, och Helår eller alla tolv månader.",
        file_form=BudgetFileForm,
        seen_form=SeenBudgetFileForm,
        initial=BudgetFileForm.fresh(),
        plan=partial(_plan, year),
        save=partial(_save, year),
        upload_url=reverse("budget-import", args=[year.year]),
        save_url=reverse("budget-import-save", args=[year.year]),
        list_url=reverse("budget-year", args=[year.year]),
        list_label=f"Budget {year}",
        own_file_url=reverse("budget-xlsx", args=[year.year]),
        own_file_label="budgeten som Excelfil",
    )


def _plan(year: FiscalYear, *, content: bytes, unit: str, **_decided: Any) -> Plan:
    return budget_file.plan(content, year, unit)


def _save(
    year: FiscalYear,
    *,
    content: bytes,
    filename: str,
    unit: str,
    batch: uuid.UUID,
    seen: str,
    by: User,
    **decided: Any,
) -> Plan:
    return budget_file.save(
        content=content,
        filename=filename,
        year=year,
        unit=unit,
        ground=ground_of(decided),
        batch=batch,
        seen=seen,
        by=by,
    )
