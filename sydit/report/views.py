"""The pages of the report: read it, open its figures, take it with you, approve it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from followup import actions
from followup.models import FollowUp
from followup.pages import follow_up_for
from sydit import occasions
from sydit.access import Permission, allows, require, user_of
from sydit.errors import Refused
from sydit.export import XLSX_TYPE, download
from sydit.periods import Month
from sydit.report import checks, content, publish, xlsx
from sydit.report.build import read_inputs, report_from
from sydit.report.document import checksum
from sydit.report.forms import OpenFollowUpForm, SendBackForm


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
            return redirect("forecast", month=opened.period)
    return _start_page(request, form, status=422)


@require_safe
def report(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.READ_PUBLISHED)
    shown = content.report(follow_up)
    return render(request, "report/page.html", {"follow_up": follow_up, "content": shown})


@require_safe
def report_xlsx(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.READ_PUBLISHED)
    return download(xlsx.render(publish.report_of(follow_up)), XLSX_TYPE, f"budgetuppfoljning-{month}.xlsx")


@require_safe
def report_json(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.READ_PUBLISHED)
    document = publish.json_of(follow_up).encode()
    return download(document, "application/json", f"budgetuppfoljning-{month}.json")


@require_safe
def approval(request: HttpRequest, month: Month) -> HttpResponse:
    """Where the follow-up stands, what stops publication, and what the user may do about it."""
    return _approval_page(request, follow_up_for(request, month), SendBackForm())


def _approval_page(request: HttpRequest, follow_up: FollowUp, form: SendBackForm, status: int = 200) -> HttpResponse:
    user = user_of(request)
    is_approved = follow_up.state == FollowUp.State.APPROVED
    inputs = None if is_approved else read_inputs(follow_up)
    found = checks.all_checks(inputs) if inputs else ()
    return render(
        request,
        "report/approval.html",
        {
            "follow_up": follow_up,
            "published": publish.latest(follow_up),
            "checks": checks.red(found),
            "remarks": checks.yellow(found),
            "may_mark_ready": follow_up.is_open and allows(user, Permission.MARK_READY),
            "may_decide": follow_up.state == FollowUp.State.READY and allows(user, Permission.APPROVE),
            "form": form,
            "seen": checksum(report_from(inputs).to_json()) if inputs else "",
        },
        status=status,
    )


@require_POST
def mark_ready(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.MARK_READY)
    return _answer(
        request,
        month,
        lambda: actions.mark_ready(follow_up=follow_up, by=user_of(request)),
        "Uppföljningen är klarmarkerad och väntar på förvaltningschefen.",
    )


@require_POST
def send_back(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.APPROVE)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _approval_page(request, follow_up, form, status=422)
    return _answer(
        request,
        month,
        lambda: actions.send_back(follow_up=follow_up, comment=form.cleaned_data["comment"], by=user_of(request)),
        "Uppföljningen är skickad tillbaka till controllern.",
    )


@require_POST
def approve(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.APPROVE)
    return _answer(
        request,
        month,
        lambda: publish.approve(follow_up=follow_up, by=user_of(request), seen=request.POST.get("seen", "")),
        "Uppföljningen är godkänd och rapporten publicerad.",
    )


def _answer(request: HttpRequest, month: Month, act: Callable[[], object], done: str) -> HttpResponse:
    """Act, and tell on the approval page what happened or why it was refused."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("approval", month=month)
