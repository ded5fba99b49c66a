"""The pages of the report: the start page, read it, take it with you."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sydit import occasions
from sydit.access import Permission, allows, require, user_of
from sydit.errors import Refused
from sydit.export import XLSX_TYPE, download
from sydit.periods import Month
from sydit.report import content, editions, xlsx
from sydit.report.forms import OpenFollowUpForm


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The current follow-up at a glance, and all that the user may read, newest first."""
    require(user_of(request), Permission.READ_PUBLISHED)
    return _start_page(request, None)


def _start_page(request: HttpRequest, tried: OpenFollowUpForm | None, status: int = 200) -> HttpResponse:
    user = user_of(request)
    may_open = allows(user, Permission.OPEN_FOLLOW_UP)
    return render(
        request,
        "report/start.html",
        {
            "content": content.start(tuple(user.roles), allows(user, Permission.READ_DRAFTS)),
            "open_form": (tried or content.empty_open_form()) if may_open else None,
        },
        status=status,
    )


@require_POST
def open_follow_up(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    require(user, Permission.OPEN_FOLLOW_UP)
    form = OpenFollowUpForm(request.POST)
    if form.is_valid():
        try:
            opened = occasions.open_follow_up(
                month=form.cleaned_data["month"], meeting_date=form.cleaned_data["meeting_date"], by=user
            )
        except Refused as refused:
            form.add_error("month", str(refused))
        else:
            messages.success(request, f"Uppföljningen {opened} är öppen.")
            return redirect("opened", month=opened.period)
    return _start_page(request, form, status=422)


@require_safe
def report(request: HttpRequest, month: Month, edition: str = editions.IN_FORCE) -> HttpResponse:
    this = editions.edition_for(request, month, edition, is_kept=True)
    context = {
        "follow_up": this.follow_up,
        "edition": this,
        "content": content.report(this.follow_up, edition),
        "may_note": this.publication and allows(user_of(request), Permission.UPDATE_DECISIONS),
        "reads_drafts": allows(user_of(request), Permission.READ_DRAFTS),
    }
    return render(request, "report/page.html", context)


@require_safe
def report_xlsx(request: HttpRequest, month: Month, edition: str = editions.IN_FORCE) -> HttpResponse:
    this = editions.edition_for(request, month, edition)
    return download(xlsx.render(this.report), XLSX_TYPE, f"{this.file_stem}.xlsx")


@require_safe
def report_json(request: HttpRequest, month: Month, edition: str = editions.IN_FORCE) -> HttpResponse:
    this = editions.edition_for(request, month, edition)
    return download(this.json.encode(), "application/json", f"{this.file_stem}.json")
