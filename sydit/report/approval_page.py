"""From open to approved on one page: the checks part by part, who has marked what, and what the user may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import FollowUp, PartReady
from followup.pages import follow_up_for
from followup.parts import Check, Part, mended_on_pages_open_to
from sydit.access import Permission, allows, require, user_of
from sydit.errors import Refused
from sydit.kept import together
from sydit.models import User
from sydit.periods import Month
from sydit.report import checks, corrections, publish, readiness
from sydit.report.build import read_inputs, report_from
from sydit.report.document import checksum
from sydit.report.forms import CorrectionForm, PartsForm, ReasonsForm, SendBackForm, WhichPartForm


@dataclass(frozen=True, slots=True)
class Remark:
    """A yellow check, and the reason that was given for it when its part was marked ready, if any."""

    check: Check
    reason: str


@dataclass(frozen=True, slots=True)
class PartPanel:
    """A part on the page: what is to be mended, who marked it, and what the user may do. None is the whole report.

    ``form`` asks whoever may mark the part for the reasons; it is None for everyone else and while something stops it.
    """

    part: Part | None
    red: tuple[Check, ...]
    remarks: tuple[Remark, ...]
    ready: PartReady | None = None
    form: ReasonsForm | None = None
    may_open: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """What was sent and not done: the form as it was typed (of ``part``, where a part was to be marked), and why.

    ``seen`` is the checksum of the draft that was to be approved, where nobody has compared it yet.
    """

    status: int = 200
    refusal: str = ""
    form: ReasonsForm | PartsForm | None = None
    part: Part | None = None
    seen: str | None = None

    def left_over(self, data: Mapping[str, str], shown: Iterable[ReasonsForm | PartsForm | None]) -> list[str]:
        """Texts that somebody typed in a field that the page does not have any more: they are not thrown away."""
        fields = {field.html_name for form in shown if form is self.form and form for field in form}
        return [text for name, text in data.items() if name.startswith(TYPED) and name not in fields and text.strip()]


FORMS = ("approving", "returning", "correcting")  # those of the page that are about the whole follow-up
TYPED = (f"{ReasonsForm.PREFIX}-", "comment")  # the names of the fields in which something is written


@require_safe
def approval(request: HttpRequest, month: Month) -> HttpResponse:
    return _page(request, follow_up_for(request, month), Try())


@require_POST
def mark_ready(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.MARK_READY)
    part, user = WhichPartForm.part_of(request.POST), user_of(request)
    require(user, part.permission)
    form = ReasonsForm(request.POST, asked=[check for check in _remarks(follow_up) if check.part is part], given={})
    if not form.is_valid():
        return _page(request, follow_up, Try(UNREADABLE, form=form, part=part))
    try:
        marked = readiness.mark_ready(follow_up=follow_up, part=part, reasons=form.reasons, by=user)
    except Refused as refused:
        return _page(request, follow_up, Try(NOT_SAVED, str(refused), form, part))
    if marked.is_open:
        messages.success(request, f"Delen {part.label} är klarmarkerad.")
    else:
        messages.success(request, "Alla delar är klarmarkerade, och uppföljningen väntar på förvaltningschefen.")
    return redirect("approval", month=month)


@require_POST
def open_part(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.MARK_READY)
    part = WhichPartForm.part_of(request.POST)
    try:
        readiness.open_part(follow_up=follow_up, part=part, by=user_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Delen {part.label} är öppen igen.")
    return redirect("approval", month=month)


@require_POST
def send_back(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.APPROVE)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up, Try(UNREADABLE, form=form))
    try:
        readiness.send_back(
            follow_up=follow_up, parts=form.chosen, comment=form.cleaned_data["comment"], by=user_of(request)
        )
    except Refused as refused:
        return _page(request, follow_up, Try(NOT_SAVED, str(refused), form))
    messages.success(request, f"Uppföljningen är skickad tillbaka: {', '.join(part.label for part in form.chosen)}.")
    return redirect("approval", month=month)


@require_POST
def approve(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.APPROVE)
    is_ready = follow_up.state == FollowUp.State.READY
    form = ReasonsForm(request.POST, asked=_remarks(follow_up) if is_ready else (), given={})
    seen = request.POST.get("seen", "")
    if not form.is_valid():
        return _page(request, follow_up, Try(UNREADABLE, form=form, seen=seen))
    try:
        publish.approve(follow_up=follow_up, by=user_of(request), seen=seen, reasons=form.reasons)
    except Refused as refused:
        return _page(request, follow_up, Try(NOT_SAVED, str(refused), form))
    messages.success(request, "Uppföljningen är godkänd och rapporten publicerad.")
    return redirect("approval", month=month)


@require_POST
def begin_correction(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.APPROVE)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up, Try(UNREADABLE, form=form))
    try:
        corrections.begin(
            follow_up=follow_up,
            parts=form.chosen,
            reason=form.cleaned_data["comment"],
            seen_version=_seen_version(request),
            by=user_of(request),
        )
    except Refused as refused:
        return _page(request, follow_up, Try(NOT_SAVED, str(refused), form))
    messages.success(request, f"Uppföljningen är öppen för rättelse: {', '.join(part.label for part in form.chosen)}.")
    return redirect("approval", month=month)


@require_POST
def abandon_correction(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, Permission.APPROVE)
    try:
        kept = corrections.abandon(follow_up=follow_up, seen_version=_seen_version(request), by=user_of(request))
    except Refused as refused:
        return _page(request, follow_up, Try(NOT_SAVED, str(refused)))
    messages.success(request, f"Rättelsen är avbruten. Version {kept.version} gäller, och uppgifterna är som i den.")
    return redirect("approval", month=month)


def _seen_version(request: HttpRequest) -> int:
    """The version that the page was of; 0, which nothing has, where the form does not say."""
    seen = request.POST.get("version", "")
    return int(seen) if seen.isascii() and seen.isdecimal() else 0


def _remarks(follow_up: FollowUp) -> tuple[Check, ...]:
    return checks.yellow(checks.all_checks(read_inputs(follow_up)))


@together()
def _page(request: HttpRequest, follow_up: FollowUp, this: Try) -> HttpResponse:
    if this.refusal:
        follow_up.refresh_from_db()  # maybe somebody else approved it or sent it back
    published = publish.latest(follow_up)
    may_approve = allows(user_of(request), Permission.APPROVE)
    context: dict[str, Any] = {
        "panels": [],
        "approving": None,
        "returning": None,
        "correcting": None,
        "refusal": this.refusal,
    }
    if follow_up.state != FollowUp.State.APPROVED:
        context |= _before_approval(follow_up, user_of(request), this)
    elif published and may_approve:
        context["correcting"] = this.form if isinstance(this.form, CorrectionForm) else CorrectionForm()
    forms = [*(panel.form for panel in context["panels"]), *(context[name] for name in FORMS)]
    context |= {
        "follow_up": follow_up,
        "published": published,
        "document": publish.document_of(published) if published else None,
        "may_abandon": follow_up.corrects is not None and may_approve,
        "left_over": this.left_over(request.POST, forms),
    }
    return render(request, "report/approval.html", context, status=this.status)


def _before_approval(follow_up: FollowUp, user: User, this: Try) -> dict[str, Any]:
    inputs = read_inputs(follow_up)
    draft = checksum(report_from(inputs).to_json())
    found, given = checks.all_checks(inputs), readiness.reasons_of(follow_up)
    approving = returning = None
    if follow_up.state == FollowUp.State.READY and allows(user, Permission.APPROVE):
        typed = this.form if this.part is None else None
        approving = typed if isinstance(typed, ReasonsForm) else ReasonsForm(asked=checks.yellow(found), given=given)
        returning = typed if isinstance(typed, SendBackForm) else SendBackForm()
    return {
        "panels": list(_panels(follow_up, found, given, user, this)),
        "stopped": bool(checks.red(found)),
        "approving": approving,
        "returning": returning,
        "reachable": mended_on_pages_open_to(user.roles),
        "may_keep_details": allows(user, Permission.KEEP_DETAILS),
        "seen": draft,
        "refusal": this.refusal if this.seen in (None, draft) else publish.ANOTHER_DRAFT,
    }


def _panels(
    follow_up: FollowUp, found: Sequence[Check], given: Mapping[str, str], user: User, this: Try
) -> Iterable[PartPanel]:
    """Each part, and last the report as a whole."""
    marked = PartReady.objects.by_part(follow_up)
    for part in (*Part, None):
        of_part = [check for check in found if check.part is part]
        red, yellow = checks.red(of_part), checks.yellow(of_part)
        remarks = tuple(Remark(check, given.get(check.name, "")) for check in yellow)
        ready = marked.get(part) if part else None
        may_change = part is not None and follow_up.is_open and allows(user, part.permission)
        form = None
        if may_change and not ready and not red:
            form = this.form if part is this.part and isinstance(this.form, ReasonsForm) else None
            form = form or ReasonsForm(asked=yellow, given=given)
        yield PartPanel(part, red, remarks, ready, form, may_open=may_change and ready is not None)
