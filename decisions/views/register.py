"""The register of the decisions: the list, one decision with its whole history, and what the secretary does there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from decisions import actions
from decisions.events import events_of
from decisions.forms import CloseForm, DecisionForm, RegisterFilter
from decisions.models import Decision, StatusUpdate
from decisions.tables import RegisterFileTable, RegisterTable, StatusHistoryTable
from followup import register_forms
from followup.editing import NOT_SAVED, UNREADABLE
from followup.history import versions_of
from followup.models import FollowUp
from followup.register_forms import RegisterForm
from sydit.access import Permission, allows, require, user_of
from sydit.errors import Refused, StaleEdit
from sydit.export import xlsx_response
from sydit.filters import list_context

PROPOSALS = (StatusUpdate.Status.DONE, StatusUpdate.Status.DROPPED)  # what the administration proposes to close


def _require(request: HttpRequest, permission: Permission) -> None:
    require(user_of(request), permission)


def _may_write(request: HttpRequest) -> bool:
    return allows(request.user, Permission.UPDATE_DECISIONS)


# --- the list ---------------------------------------------------------------------------------------------------------


def _filtered(request: HttpRequest, table: type[RegisterTable] = RegisterTable) -> tuple[RegisterFilter, RegisterTable]:
    _require(request, Permission.READ_DRAFTS)
    chosen, today = RegisterFilter(request.GET), timezone.localdate()
    shown = chosen.apply(
        Decision.objects.with_latest_status(),
        latest=FollowUp.objects.select_related("fiscal_year").first(),
        today=today,
    )
    return chosen, table(shown, today=today)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The decisions by age, the oldest first, as the address asks for them."""
    chosen, table = _filtered(request)
    context = list_context(request, chosen, table, export="decision-register-xlsx")
    return render(request, "decisions/register.html", {**context, "may_write": _may_write(request)})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same decisions, all pages, as a workbook that the import can read again."""
    _, table = _filtered(request, RegisterFileTable)
    return xlsx_response(request, table, filename=f"beslut-{timezone.localdate()}.xlsx")


# --- one decision -----------------------------------------------------------------------------------------------------


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    _require(request, Permission.READ_DRAFTS)
    decision = get_object_or_404(Decision.objects.select_related("changed_by"), pk=pk)
    return _page(request, decision, CloseForm(initial={"version": decision.version}))


def _page(
    request: HttpRequest, decision: Decision, form: CloseForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    said = list(versions_of(StatusUpdate, decision=decision))
    given = [version.status for version in said if version.confirmed]
    context: dict[str, Any] = {
        "decision": decision,
        "is_past_due": decision.is_past_due(timezone.localdate()),
        "history": StatusHistoryTable(said),
        "events": events_of(decision),
        "may_write": _may_write(request),
        "form": form,
        "is_proposed": bool(given) and given[0] in PROPOSALS,
        "refusal": refusal,
    }
    return render(request, "decisions/page.html", context, status=status)


FORM = RegisterForm(
    permission=Permission.UPDATE_DECISIONS,
    form=DecisionForm,
    new_form=DecisionForm,
    new_title="Nytt beslut",
    title=lambda decision: f"Ändra beslut {decision.reference}",
    add=lambda form, by: actions.add_decision(content=form.content, by=by),
    edit=lambda decision, **entered: actions.edit_decision(decision=decision, **entered),
    added=lambda decision: f"Beslutet {decision.reference} är registrerat.",
    saved="Beslutet är sparat.",
    row_url="decision-page",
    list_url="decision-register",
)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register a decision."""
    return register_forms.add(request, FORM)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the register says of a decision."""
    _require(request, FORM.permission)
    return register_forms.edit(request, FORM, get_object_or_404(Decision, pk=pk))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the meeting and paragraph in which the committee closed the decision."""
    _require(request, Permission.UPDATE_DECISIONS)
    decision = get_object_or_404(Decision.objects.select_related("changed_by"), pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, decision, form, status=UNREADABLE)
    try:
        closed = actions.close_decision(
            decision=decision,
            closed_on=form.cleaned_data["closed_on"],
            paragraph=form.cleaned_data["paragraph"],
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        stored = Decision.objects.select_related("changed_by").get(pk=pk)
        return _page(request, stored, form.seen(stored.version), refusal=str(stale), status=NOT_SAVED)
    except Refused as refused:
        return _page(request, decision, form, refusal=str(refused), status=NOT_SAVED)
    messages.success(request, f"Beslutet är avslutat, {closed.closed_reference}.")
    return redirect("decision-page", pk=pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a closing."""
    _require(request, Permission.UPDATE_DECISIONS)
    decision = get_object_or_404(Decision, pk=pk)
    seen = request.POST.get("version", "")
    try:
        actions.reopen_decision(
            decision=decision, seen_version=int(seen) if seen.isdecimal() else 0, by=user_of(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Beslutet {decision.reference} är öppet igen.")
    return redirect("decision-page", pk=pk)
