"""The registry number and the meeting of a follow-up's report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followup.details import change_details
from followup.editing import NOT_SAVED, UNREADABLE, draft_key, tell_saved
from followup.forms import DetailsForm
from followup.models import FollowUp
from followup.pages import follow_up_for
from sydit.access import Permission, user_of
from sydit.errors import Refused, StaleEdit
from sydit.periods import Month


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.KEEP_DETAILS)
    if request.method != "POST":
        return _page(request, follow_up, DetailsForm.of(follow_up))
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up, form, status=UNREADABLE)
    try:
        changed = change_details(
            follow_up=follow_up,
            registry_number=form.cleaned_data["registry_number"],
            meeting_date=form.cleaned_data["meeting_date"],
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        follow_up.refresh_from_db()
        form = form.seen(follow_up.version)
        return _page(request, follow_up, form, refusal=str(stale), status=NOT_SAVED, other=follow_up)
    except Refused as refused:
        return _page(request, follow_up, form, refusal=str(refused), status=NOT_SAVED)
    if changed:
        tell_saved(request, "Diarienummer och sammanträde är sparade.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
    return redirect("approval", month=month)


def _page(
    request: HttpRequest,
    follow_up: FollowUp,
    form: DetailsForm,
    *,
    refusal: str = "",
    status: int = 200,
    other: FollowUp | None = None,
) -> HttpResponse:
    is_closed = follow_up.state == FollowUp.State.APPROVED
    context = {
        "draft_key": draft_key(request),
        "is_answer": request.method == "POST",
        "follow_up": follow_up,
        "form": form,
        "has_fields": request.method == "POST" or not is_closed,
        "refusal": refusal,
        "closed": "Uppföljningen är godkänd och tar inte emot ändringar." if is_closed and not refusal else "",
        "other": other,
    }
    return render(request, "followup/details.html", context, status=status)
