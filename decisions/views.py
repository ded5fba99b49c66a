"""The register of the decisions in a follow-up: the list, and one decision's status."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from decisions import actions
from decisions.forms import StatusForm
from decisions.models import Decision, StatusUpdate
from decisions.tables import DecisionTable
from followup.editing import NOT_SAVED, UNREADABLE, editing_page, needed
from followup.models import FollowUp
from followup.pages import follow_up_for
from sydit.access import Permission, user_of
from sydit.errors import Refused, StaleEdit
from sydit.periods import Month
from sydit.tables import paged

SAVE_AND_NEXT = "nasta"  # the name of the button that goes on to the next decision


@require_safe
def decisions(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.READ_DRAFTS)
    table = DecisionTable(Decision.objects.with_status_in(follow_up), month=month)
    return editing_page(
        request,
        "decisions/decisions.html",
        follow_up,
        to_write=Permission.UPDATE_DECISIONS,
        table=paged(table, request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, month: Month, pk: int) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.UPDATE_DECISIONS))
    subject = get_object_or_404(Decision, pk=pk)
    if request.method != "POST":
        return _page(request, follow_up, subject)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up, subject, form, status=UNREADABLE)
    try:
        changed = actions.update_status(
            follow_up=follow_up,
            decision=subject,
            status=form.cleaned_data["status"],
            comment=form.cleaned_data["comment"],
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        return _page(request, follow_up, subject, form, refusal=str(stale), status=NOT_SAVED, is_stale=True)
    except Refused as refused:
        return _page(request, follow_up, subject, form, refusal=str(refused), status=NOT_SAVED)
    return _saved(request, month, subject, changed)


def _saved(request: HttpRequest, month: Month, subject: Decision, changed: bool) -> HttpResponse:
    if changed:
        messages.success(request, f"Beslutet {subject.reference} är sparat.")
    else:
        messages.info(request, f"Inget var ändrat i beslutet {subject.reference}, så inget har sparats.")
    following = subject.following() if SAVE_AND_NEXT in request.POST else None
    return redirect("decision", month=month, pk=following.pk) if following else redirect("decisions", month=month)


def _page(
    request: HttpRequest,
    follow_up: FollowUp,
    subject: Decision,
    form: StatusForm | None = None,
    *,
    refusal: str = "",
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    updates = StatusUpdate.objects.select_related("changed_by")
    row = updates.filter(follow_up=follow_up, decision=subject).first()
    row = row or StatusUpdate(follow_up=follow_up, decision=subject)
    form = form or StatusForm.of(row)
    return editing_page(
        request,
        "decisions/decision.html",
        follow_up,
        to_write=Permission.UPDATE_DECISIONS,
        refusal=refusal,
        status=status,
        decision=subject,
        stored=row,
        form=form.seen(row.version, status=row.status, comment=row.comment) if is_stale else form,
        other=row if is_stale else None,
        previous=StatusUpdate.objects.before(follow_up).filter(decision=subject).first(),
        following=subject.following(),
        save_and_next=SAVE_AND_NEXT,
    )
