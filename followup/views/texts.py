"""The report's written texts, each with its own version and its own button."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from followup import actions
from followup.editing import NOT_SAVED, UNREADABLE, editing_page, needed
from followup.forms import ReportTextForm, WhichTextForm
from followup.models import FollowUp, ReportText
from followup.pages import follow_up_for
from sydit.access import Permission, user_of
from sydit.errors import Refused, StaleEdit
from sydit.periods import Month


@dataclass(frozen=True, slots=True)
class TextPanel:
    """One text: its form, and what is stored. ``other`` is what somebody else saved while this user was typing."""

    key: ReportText.Key
    stored: ReportText
    form: ReportTextForm
    other: ReportText | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.WRITE_TEXTS))
    if request.method != "POST":
        return _page(request, follow_up)
    key = WhichTextForm.key_of(request.POST)
    form = ReportTextForm(request.POST, key=key)
    if not form.is_valid():
        return _page(request, follow_up, form, status=UNREADABLE)
    try:
        changed = actions.write_text(
            follow_up=follow_up,
            key=key,
            body=form.cleaned_data["body"],
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        return _page(request, follow_up, form, refusal=str(stale), status=NOT_SAVED, is_stale=True)
    except Refused as refused:
        return _page(request, follow_up, form, refusal=str(refused), status=NOT_SAVED)
    if changed:
        messages.success(request, f"Texten ”{key.label}” är sparad.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
    return HttpResponseRedirect(f"{request.path}#{key}")


def _page(
    request: HttpRequest,
    follow_up: FollowUp,
    typed: ReportTextForm | None = None,
    *,
    refusal: str = "",
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    stored = {row.key: row for row in ReportText.objects.filter(follow_up=follow_up).select_related("changed_by")}
    panels = []
    for key in ReportText.Key:
        row = stored.get(key) or ReportText(follow_up=follow_up, key=key)
        if typed is None or typed.key != key:
            panels.append(TextPanel(key, row, ReportTextForm.of(row)))
        elif is_stale:
            panels.append(TextPanel(key, row, typed.seen(row.version), other=row))
        else:
            panels.append(TextPanel(key, row, typed))
    return editing_page(
        request,
        "followup/texts.html",
        follow_up,
        to_write=Permission.WRITE_TEXTS,
        refusal=refusal,
        status=status,
        panels=panels,
    )
