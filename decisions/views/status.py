"""The decisions in a follow-up: the list, one decision's status, and what has changed since last time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from decisions import actions
from decisions.forms import StatusForm
from decisions.models import Decision, DecisionQuerySet, StatusUpdate
from decisions.tables import ChangeTable, DecisionTable
from followup.editing import NOT_SAVED, UNREADABLE, editing_page, needed, tell_saved
from followup.models import FollowUp
from followup.pages import follow_up_for
from followup.parts import Part
from sydit.access import Permission, user_of
from sydit.errors import Refused, StaleEdit
from sydit.periods import Month
from sydit.tables import paged

SAVE_AND_NEXT = "nasta"  # the names of the buttons that go on to the next decision
CONFIRM = "bekrafta"


@require_safe
def decisions(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.READ_DRAFTS)
    here = Decision.objects.in_follow_up(follow_up)
    return editing_page(
        request,
        "decisions/decisions.html",
        follow_up,
        part=Part.DECISIONS,
        table=paged(DecisionTable(here.with_status_in(follow_up), month=month), request),
        progress=Decision.objects.progress_in(follow_up),
        first=here.untouched_in(follow_up).order_by("decided_on", "paragraph").first(),
    )


@require_safe
def changes(request: HttpRequest, month: Month) -> HttpResponse:
    """Each decision's status and comment against last time's: what somebody who has gone through the list has done."""
    follow_up = follow_up_for(request, month, Permission.READ_DRAFTS)
    here = Decision.objects.in_follow_up(follow_up).with_change_in(follow_up)
    return editing_page(
        request,
        "decisions/changes.html",
        follow_up,
        part=Part.DECISIONS,
        table=paged(ChangeTable(here, month=month), request),
        counts=[(change.label, count) for change, count in here.count_changes().items()],
        progress=Decision.objects.progress_in(follow_up),
        first=here.untouched_in(follow_up).order_by("decided_on", "paragraph").first(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, month: Month, pk: int) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.UPDATE_DECISIONS))
    subject = get_object_or_404(Decision, pk=pk)
    if request.method != "POST":
        return _page(request, follow_up, subject)
    form = StatusForm(request.POST)
    if form.is_valid() and CONFIRM in request.POST and form.has_changed():
        form.add_error(None, "Du har ändrat status eller kommentar. Tryck på Spara i stället för att bekräfta.")
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
    return _saved(request, follow_up, subject, changed)


def _saved(request: HttpRequest, follow_up: FollowUp, subject: Decision, changed: bool) -> HttpResponse:
    """On to the next decision where that was asked for; after the last to what has changed."""
    if not changed:
        messages.info(request, f"Inget var ändrat i beslutet {subject.reference}, så inget har sparats.")
    elif CONFIRM in request.POST:
        tell_saved(request, f"Beslutet {subject.reference} är bekräftat oförändrat.")
    else:
        tell_saved(request, f"Beslutet {subject.reference} är sparat.")
    month = follow_up.period
    if not {SAVE_AND_NEXT, CONFIRM} & set(request.POST):
        return redirect("decisions", month=month)
    following = subject.following(_in(follow_up))
    return (
        redirect("decision", month=month, pk=following.pk) if following else redirect("decision-changes", month=month)
    )


def _in(follow_up: FollowUp) -> DecisionQuerySet:
    return Decision.objects.in_follow_up(follow_up)


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
        part=Part.DECISIONS,
        refusal=refusal,
        status=status,
        decision=subject,
        takes_status=subject.is_open,
        stored=row,
        form=form.seen(row.version, status=row.status, comment=row.comment) if is_stale else form,
        other=row if is_stale else None,
        previous=StatusUpdate.objects.before(follow_up).filter(decision=subject).first(),
        progress=Decision.objects.progress_in(follow_up),
        following=subject.following(_in(follow_up)),
        preceding=subject.preceding(_in(follow_up)),
        save_and_next=SAVE_AND_NEXT,
        confirm=CONFIRM,
    )
