"""A year's budget as a file: out to Excel, and in from Excel or CSV, looked at before anything is saved."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followup import budget_file, budget_page
from followup.budget_actions import AlreadyEntered
from followup.budget_file import BudgetRowForm
from followup.budget_forms import GroundFields
from followup.budget_tables import FileTable
from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import FiscalYear
from followup.views.year_budget import year_for
from sydit.access import Permission, user_of
from sydit.errors import Refused
from sydit.export import xlsx_response
from sydit.imports import ListFileForm, Problem, RefusedRows, SeenFileForm
from sydit.money import Unit, text

MOST_SHOWN = 200  # problems on a page
LONGEST_FILENAME = 200
UNITS = [(Unit.KR.value, "Kronor"), (Unit.TKR.value, "Tusental kronor (tkr)")]


class BudgetFileForm(ListFileForm, GroundFields):
    unit = forms.ChoiceField(label="Beloppen i filen är", choices=UNITS, initial=Unit.KR.value)

    field_order = ("file", "unit")


class SeenBudgetFileForm(SeenFileForm, GroundFields):
    unit = forms.ChoiceField(choices=UNITS)
    filename = forms.CharField(max_length=LONGEST_FILENAME, required=False)


@require_safe
def export(request: HttpRequest, year: int) -> HttpResponse:
    """The budget as a workbook that can be changed and read in again."""
    of = year_for(request, year)
    table = FileTable(budget_page.file_rows(of), caption=f"Budget {of}")
    return xlsx_response(request, table, filename=f"budget-{of}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, year: int) -> HttpResponse:
    """The form, and after it what the file would change. Nothing is saved here."""
    of = year_for(request, year, Permission.KEEP_BUDGET)
    if request.method != "POST":
        return _form_page(request, of, BudgetFileForm(initial=BudgetFileForm.fresh()))
    form = BudgetFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, of, form, status=UNREADABLE)
    file = form.cleaned_data["file"]
    return _preview_page(request, of, form, file.read(), str(file.name)[-LONGEST_FILENAME:])


@require_POST
def save(request: HttpRequest, year: int) -> HttpResponse:
    """Save what was looked at."""
    of = year_for(request, year, Permission.KEEP_BUDGET)
    form = SeenBudgetFileForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Filen kom inte fram hel. Välj den igen. Inget har sparats.")
        return redirect("budget-import", year=year)
    fields = form.cleaned_data
    try:
        done = budget_file.save(
            content=fields["content"],
            filename=fields["filename"],
            year=of,
            unit=fields["unit"],
            ground=form.ground,
            batch=fields["batch"],
            seen=fields["seen"],
            by=user_of(request),
        )
    except AlreadyEntered as entered:
        messages.info(request, str(entered))
    except Refused as refused:
        return _preview_page(request, of, form, fields["content"], fields["filename"], refusal=str(refused))
    else:
        total = text(done.total, Unit.KR)
        messages.success(request, f"Budgeten ur {fields['filename']} är inläst. Filens summa är {total} kr.")
    return redirect("budget-year", year=year)


def _form_page(
    request: HttpRequest,
    year: FiscalYear,
    form: forms.Form,
    *,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "year": year,
        "form": form,
        "headings": [str(field.label) for field in BudgetRowForm.base_fields.values()],
        "problems": problems[:MOST_SHOWN],
        "more_problems": max(len(problems) - MOST_SHOWN, 0),
    }
    return render(request, "followup/budget_import.html", context, status=status)


def _preview_page(
    request: HttpRequest,
    year: FiscalYear,
    form: BudgetFileForm | SeenBudgetFileForm,
    content: bytes,
    filename: str,
    *,
    refusal: str = "",
) -> HttpResponse:
    fields = form.cleaned_data
    kept = {name: fields[name] for name in ("unit", "decided_on", "paragraph", "note", "batch")}
    try:
        plan = budget_file.plan(content, year, fields["unit"])
    except Refused as refused:
        problems = refused.problems if isinstance(refused, RefusedRows) else (Problem(None, "", "", str(refused)),)
        again = BudgetFileForm(initial=kept)
        return _form_page(request, year, again, problems=problems, status=UNREADABLE)
    seen = {**SeenFileForm.initial_of(content, plan.mark), **kept, "filename": filename}
    context = {
        "year": year,
        "plan": plan,
        "form": SeenBudgetFileForm(initial=seen),
        "filename": filename,
        "ground": form.ground,
        "decision": budget_page.decision_text(form.ground.decided_on, form.ground.paragraph),
        "preview": budget_page.preview(year, plan.amounts),
        "refusal": refusal,
    }
    return render(request, "followup/budget_import_preview.html", context, status=NOT_SAVED if refusal else 200)
