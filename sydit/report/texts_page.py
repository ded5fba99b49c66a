"""The report's written texts: each with its own version and button, what stands in the report, marks and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from followup import actions
from followup.editing import NOT_SAVED, UNREADABLE, editing_page, needed, writes_in
from followup.forms import ReportTextForm, WhichTextForm
from followup.models import FollowUp, ReportText
from followup.pages import follow_up_for
from followup.parts import Part
from sydit.access import Permission, user_of
from sydit.errors import Refused, StaleEdit
from sydit.periods import Month
from sydit.report import text_review
from sydit.report.document import Block
from sydit.report.figure_list import FORM_LABELS, listed
from sydit.report.text_review import Desk, Review
from sydit.report.text_sources import Source, draft

SCRIPT = "X-Text"  # a header of requests by js/text-*.js, which put the answer into the page


@dataclass(frozen=True, slots=True)
class TextPanel:
    """One text: its form, what is stored, and how it reads.

    ``other`` is what somebody else saved while this user was typing; ``draft`` stands beside what the user had typed.
    """

    key: ReportText.Key
    stored: ReportText
    form: ReportTextForm
    blocks: tuple[Block, ...] = ()
    review: Review | None = None
    other: ReportText | None = None
    draft: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """The one text that was sent, and what became of it."""

    form: ReportTextForm
    refusal: str = ""
    notice: str = ""
    draft: str = ""
    is_stale: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month, needed(request, Permission.WRITE_TEXTS))
    if request.method != "POST":
        return _page(request, follow_up)
    key = WhichTextForm.key_of(request.POST)
    form = ReportTextForm(request.POST, key=key)
    if not form.is_valid():
        return _refused(request, follow_up, Typed(form), UNREADABLE)
    try:
        changed = actions.write_text(
            follow_up=follow_up,
            key=key,
            body=form.cleaned_data["body"],
            seen_version=form.cleaned_data["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        return _refused(request, follow_up, Typed(form, refusal=str(stale), is_stale=True), NOT_SAVED)
    except Refused as refused:
        return _refused(request, follow_up, Typed(form, refusal=str(refused)), NOT_SAVED)
    if SCRIPT in request.headers:
        return _saved(request, follow_up, key)
    if changed:
        messages.success(request, f"Texten ”{key.label}” är sparad.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
    return HttpResponseRedirect(f"{request.path}#{key}")


def _refused(request: HttpRequest, follow_up: FollowUp, typed: Typed, status: int) -> HttpResponse:
    """The page with what was typed. A script is told only that much, and sends the form for the page."""
    if SCRIPT in request.headers:
        return JsonResponse({"refused": True}, status=status)
    return _page(request, follow_up, typed, status=status)


def _saved(request: HttpRequest, follow_up: FollowUp, key: ReportText.Key) -> HttpResponse:
    """What a page that stays open must know: the version it now shows, and who saved it when."""
    row = ReportText.objects.filter(follow_up=follow_up, key=key).select_related("changed_by").first()
    saved = {"version": 0, "body": "", "changed": ""}
    if row:
        changed = _html(request, "_parts/last_changed.html", {"row": row})
        saved = {"version": row.version, "body": row.body, "changed": changed}
    return JsonResponse(saved | {"at": f"{timezone.localtime():%H:%M}"})


@require_POST
def review_text(request: HttpRequest, month: Month) -> HttpResponse:
    """The texts as they would stand in the report, and their marks: of what is typed, saved or not. Saves nothing."""
    follow_up = follow_up_for(request, month, Permission.WRITE_TEXTS)
    if SCRIPT in request.headers:
        found = text_review.reviews(text_review.desk(follow_up), _bodies(request))
        answer = {key: _html(request, "report/_text_review.html", {"review": review}) for key, review in found.items()}
        return JsonResponse({"reviews": answer})
    form = ReportTextForm(request.POST, key=WhichTextForm.key_of(request.POST))
    return _page(request, follow_up, Typed(form, notice="Inget är sparat än: läs igenom texten och spara den sedan."))


@require_POST
def draft_text(request: HttpRequest, month: Month) -> HttpResponse:
    """A draft of one text: it takes an empty field, and stands beside what is typed already. Saves nothing."""
    follow_up = follow_up_for(request, month, Permission.WRITE_TEXTS)
    key = WhichTextForm.key_of(request.POST)
    try:
        source = Source(request.POST.get("source", ""))
    except ValueError as error:
        raise BadRequest("Formuläret säger inte vad utkastet ska göras av.") from error
    body = draft(key, source, text_review.desk(follow_up))
    if SCRIPT in request.headers:
        return JsonResponse({"body": body})
    form = ReportTextForm(request.POST, key=key)
    if not body:
        return _page(request, follow_up, Typed(form, notice="Det finns inget att göra ett utkast av."))
    if not (form["body"].value() or "").strip():
        return _page(
            request, follow_up, Typed(form.with_body(body), notice="Utkastet står i fältet och är inte sparat.")
        )
    notice = "Fältet är inte tomt, så utkastet står under det. Inget är ändrat."
    return _page(request, follow_up, Typed(form, notice=notice, draft=body))


def _html(request: HttpRequest, template: str, context: dict[str, object]) -> str:
    return render_to_string(template, context, request)


def _bodies(request: HttpRequest) -> dict[str, str]:
    """What is typed in each of the texts that were sent, with line ends as the browser's script counts them."""
    sent = {key.value: request.POST.get(f"{key}-body") for key in ReportText.Key}
    return {
        key: body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
        for key, body in sent.items()
        if body is not None
    }


def _page(request: HttpRequest, follow_up: FollowUp, typed: Typed | None = None, *, status: int = 200) -> HttpResponse:
    stored = {row.key: row for row in ReportText.objects.filter(follow_up=follow_up).select_related("changed_by")}
    rows = {key: stored.get(key) or ReportText(follow_up=follow_up, key=key) for key in ReportText.Key}
    return editing_page(
        request,
        "report/texts.html",
        follow_up,
        part=Part.TEXTS,
        refusal=typed.refusal if typed else "",
        status=status,
        notice=typed.notice if typed else "",
        address=reverse("texts", kwargs={"month": follow_up.period}),
        **_contents(request, follow_up, rows, typed),
    )


def _contents(
    request: HttpRequest, follow_up: FollowUp, rows: Mapping[ReportText.Key, ReportText], typed: Typed | None
) -> dict[str, Any]:
    """With fields where something may be typed; otherwise the texts as they read."""
    bodies = {key.value: row.body for key, row in rows.items()}
    if not writes_in(request, follow_up, Part.TEXTS):
        blocks = text_review.blocks_of(follow_up, bodies)
        return {
            "panels": [TextPanel(key, row, ReportTextForm.of(row), blocks[key]) for key, row in rows.items()],
        }
    if typed:
        bodies |= _bodies(request)
        bodies[typed.form.key] = typed.form["body"].value() or ""
    at_hand = text_review.desk(follow_up)
    found = text_review.reviews(at_hand, bodies)
    return {
        "panels": [_panel(key, row, found[key], at_hand, typed) for key, row in rows.items()],
        "figures": listed(at_hand.subject.catalogue),
        "forms": FORM_LABELS,
        "limit": text_review.LIMIT,
    }


def _panel(key: ReportText.Key, row: ReportText, review: Review, at_hand: Desk, typed: Typed | None) -> TextPanel:
    sources = tuple(source for source in Source if source.has(key, at_hand))
    if typed is None or typed.form.key != key:
        return TextPanel(key, row, ReportTextForm.of(row), review.blocks, review, sources=sources)
    form = typed.form.seen(row.version) if typed.is_stale else typed.form
    other = row if typed.is_stale else None
    return TextPanel(key, row, form, review.blocks, review, other, typed.draft, sources)
