"""Laying out the next budget year: from which year, what it will begin with, and then it is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import FiscalYear
from sydit import occasions
from sydit.access import Permission, require, user_of
from sydit.errors import Refused
from sydit.forms import Form

FIRST, LAST = 2000, 2100


class NewYearForm(Form):
    source = forms.ModelChoiceField(
        label="Utgå från budgetåret",
        queryset=FiscalYear.objects.order_by("-year"),
        empty_label=None,
        error_messages={
            "required": "Välj budgetår.",
            "invalid_choice": "Budgetåret finns inte längre. Välj ett annat.",
        },
    )
    year = forms.IntegerField(
        label="Nytt budgetår",
        min_value=FIRST,
        max_value=LAST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Skriv vilket år som ska läggas upp.",
            "invalid": "Skriv året med fyra siffror, till exempel 2025.",
            "min_value": f"Året är minst {FIRST}.",
            "max_value": f"Året är högst {LAST}.",
        },
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.plan = occasions.plan_year(source=cleaned["source"], year=cleaned["year"])
            except Refused as refused:
                self.add_error("year", str(refused))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def new_year(request: HttpRequest) -> HttpResponse:
    """The form; what would be made; and the year itself."""
    user = user_of(request)
    require(user, Permission.KEEP_MASTER_DATA)
    if request.method != "POST":
        latest = FiscalYear.objects.order_by("-year").first()
        initial = {"source": latest, "year": latest.year + 1 if latest else None}
        return _form_page(request, NewYearForm(initial=initial), status=200)
    form = NewYearForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=UNREADABLE)
    if request.POST.get("step") != "save":
        return _preview_page(request, form)
    source, year = form.cleaned_data["source"], form.cleaned_data["year"]
    try:
        made = occasions.begin_year(source=source, year=year, seen=request.POST.get("seen", ""), by=user)
    except Refused as refused:
        return _preview_page(request, form, refusal=str(refused), status=NOT_SAVED)
    messages.success(request, f"Budgetåret {made} är upplagt. Läs in eller lägg in dess budget.")
    return redirect("budget-year", year=made.year)


def _form_page(request: HttpRequest, form: NewYearForm, *, status: int) -> HttpResponse:
    return render(
        request, "report/new_year.html", {"form": form, "has_year": FiscalYear.objects.exists()}, status=status
    )


def _preview_page(request: HttpRequest, form: NewYearForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "plan": form.plan.economy, "projects": form.plan.projects, "refusal": refusal}
    return render(request, "report/new_year_preview.html", context, status=status)
