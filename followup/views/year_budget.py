"""The budget of a year: by category, a category's entries, and a change with what it would do before it is done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup import budget_actions, budget_change, budget_page, budget_preview, budgets
from followup.budget_change import BudgetChange
from followup.budget_forms import AdjustForm, TransferForm
from followup.budget_tables import ChangeTable, EntryTable
from followup.models import BudgetEntry, CostCategory, FiscalYear, FollowUp
from sydit.access import Permission, allows, require, user_of
from sydit.models import User
from sydit.tables import paged


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The year that is followed up now."""
    require(user_of(request), Permission.READ_DRAFTS)
    follow_up = FollowUp.objects.select_related("fiscal_year").first()
    year = follow_up.fiscal_year if follow_up else FiscalYear.objects.first()
    if year is None:
        return render(request, "followup/budget_none.html", {"may_begin": _may_begin(request)})
    return _page(request, year)


@require_safe
def of_year(request: HttpRequest, year: int) -> HttpResponse:
    return _page(request, year_for(request, year))


def year_for(request: HttpRequest, year: int, permission: Permission = Permission.READ_DRAFTS) -> FiscalYear:
    """The budget year, for a user who may; the wrong role learns nothing of which years exist."""
    require(user_of(request), permission)
    return get_object_or_404(FiscalYear, year=year)


def _may_begin(request: HttpRequest) -> bool:
    return allows(user_of(request), Permission.KEEP_MASTER_DATA)


def _page(request: HttpRequest, year: FiscalYear) -> HttpResponse:
    period = budget_page.period_of(year, timezone.localdate())
    return render(
        request,
        "followup/budget.html",
        {
            "budget": budget_page.of_year(year, period),
            "years": FiscalYear.objects.order_by("year"),
            "changes": paged(ChangeTable(budget_page.changes_of(year), year=year.year), request),
            "may_write": allows(user_of(request), Permission.KEEP_BUDGET),
            "may_begin": _may_begin(request),
        },
    )


@require_safe
def category(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """One category: what it has been given, month by month, and every entry with the decision behind it."""
    of = year_for(request, year)
    shown = get_object_or_404(CostCategory, fiscal_year=of, key=key)
    entries = BudgetEntry.objects.filter(category=shown).select_related("recorded_by")
    budget = budgets.read(entries, "category_id").get(shown.pk)
    return render(
        request,
        "followup/budget_category.html",
        {
            "year": of,
            "category": shown,
            "budget": budget,
            "total": budget.total if budget else None,
            "months": budget_page.months_of(budget),
            "entries": paged(EntryTable(entries, year=year), request),
            "may_write": allows(user_of(request), Permission.KEEP_BUDGET),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def adjust(request: HttpRequest, year: int) -> HttpResponse:
    """More or less for one category."""
    of = year_for(request, year, Permission.KEEP_BUDGET)
    chosen = _chosen(request, of)
    page = _change(
        of,
        title=f"Ändra budgeten {of}",
        review=f"Granska ändringen av budgeten {of}",
        blank=lambda: AdjustForm.blank(of, category=chosen),
        read=lambda data: AdjustForm(data, year=of),
        # the first that a category is given is its original budget, however it is entered
        enter=lambda form, seen, by: _enter(of, form, None, seen, by),
    )
    return budget_change.change(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, year: int) -> HttpResponse:
    """From one category to another."""
    of = year_for(request, year, Permission.KEEP_BUDGET)
    chosen = _chosen(request, of)
    page = _change(
        of,
        title=f"Omfördela budgeten {of}",
        review=f"Granska omfördelningen av budgeten {of}",
        blank=lambda: TransferForm.blank(of, source=chosen),
        read=lambda data: TransferForm(data, year=of),
        enter=lambda form, seen, by: _enter(of, form, BudgetEntry.Kind.TRANSFER, seen, by),
    )
    return budget_change.change(request, page)


def _chosen(request: HttpRequest, year: FiscalYear) -> CostCategory | None:
    return CostCategory.objects.filter(fiscal_year=year, key=request.GET.get("post", "")).first()


def _change(year: FiscalYear, **differing: Any) -> BudgetChange:
    return BudgetChange(
        lead="En ändring läggs till det som redan är beslutat; inget skrivs över. Blev det fel läggs en ny ändring in.",
        back_url=reverse("budget-year", args=[year.year]),
        back_label=f"Budget {year}",
        preview=lambda form: budget_preview.preview(year, form.budgeted),
        **differing,
    )


def _enter(
    year: FiscalYear, form: AdjustForm | TransferForm, kind: BudgetEntry.Kind | None, seen: str, by: User
) -> list[BudgetEntry]:
    return budget_actions.enter(
        year=year,
        batch=form.cleaned_data["batch"],
        kind=kind,
        amounts=form.budgeted,
        ground=form.ground,
        seen=seen,
        by=by,
    )
