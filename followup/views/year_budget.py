"""The budget of a year: by category, a category's entries, and a change with what it would do before it is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup import budget_actions, budget_page, budget_preview, budgets
from followup.budget_actions import AlreadyEntered
from followup.budget_forms import AdjustForm, AmountsForm, TransferForm
from followup.budget_tables import ChangeTable, EntryTable
from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import BudgetEntry, CostCategory, FiscalYear, FollowUp
from sydit.access import Permission, allows, require, user_of
from sydit.errors import Refused
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
            "months": budget_page.months_of(budget),
            "entries": paged(EntryTable(entries, year=year), request),
            "may_write": allows(user_of(request), Permission.KEEP_BUDGET),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def adjust(request: HttpRequest, year: int) -> HttpResponse:
    """More or less for one category."""
    return _change(request, year_for(request, year, Permission.KEEP_BUDGET), AdjustForm, BudgetEntry.Kind.ADJUSTMENT)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, year: int) -> HttpResponse:
    """From one category to another."""
    return _change(request, year_for(request, year, Permission.KEEP_BUDGET), TransferForm, BudgetEntry.Kind.TRANSFER)


def _change(
    request: HttpRequest, year: FiscalYear, form_class: type[AdjustForm | TransferForm], kind: BudgetEntry.Kind
) -> HttpResponse:
    if request.method != "POST":
        chosen = CostCategory.objects.filter(fiscal_year=year, key=request.GET.get("post", "")).first()
        return _form_page(request, year, form_class.blank(year, category=chosen, source=chosen), kind)
    form = form_class(request.POST, year=year)
    if not form.is_valid():
        return _form_page(request, year, form, kind, status=UNREADABLE)
    step = request.POST.get("step")
    if step == "edit":
        return _form_page(request, year, form, kind)
    if step != "save":
        return _preview(request, year, form, kind)
    try:
        budget_actions.enter(
            year=year,
            batch=form.cleaned_data["batch"],
            # the first that a category is given is its original budget, however it is entered
            kind=kind if kind is BudgetEntry.Kind.TRANSFER else None,
            amounts=form.budgeted,
            ground=form.ground,
            seen=request.POST.get("seen", ""),
            by=user_of(request),
        )
    except AlreadyEntered as done:
        messages.info(request, str(done))
    except Refused as refused:
        return _preview(request, year, form, kind, refusal=str(refused), status=NOT_SAVED)
    else:
        messages.success(request, "Budgeten är ändrad.")
    return redirect("budget-year", year=year.year)


def _form_page(
    request: HttpRequest, year: FiscalYear, form: AmountsForm, kind: BudgetEntry.Kind, status: int = 200
) -> HttpResponse:
    context = {"year": year, "form": form, "is_transfer": kind is BudgetEntry.Kind.TRANSFER}
    return render(request, "followup/budget_change.html", context, status=status)


def _preview(
    request: HttpRequest,
    year: FiscalYear,
    form: AdjustForm | TransferForm,
    kind: BudgetEntry.Kind,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "year": year,
        "form": form,
        "decision": budget_page.decision_text(form.ground.decided_on, form.ground.paragraph),
        "preview": budget_preview.preview(year, form.budgeted),
        "seen": budget_actions.mark_of(year),
        "is_transfer": kind is BudgetEntry.Kind.TRANSFER,
        "refusal": refusal,
    }
    return render(request, "followup/budget_change_preview.html", context, status=status)
