"""The pages of a version: what tells it from the one before, and what the committee decided on it."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from decisions import report_decisions
from decisions.forms import ReportDecisionForm
from decisions.models import ReportDecision
from followup.editing import NOT_SAVED, UNREADABLE
from sydit.access import Permission, require, user_of
from sydit.errors import Refused, StaleEdit
from sydit.export import download
from sydit.models import Publication
from sydit.periods import Month
from sydit.report import archive, editions
from sydit.report.difference import ReportDifference, difference
from sydit.report.editions import Edition


@require_safe
def page(request: HttpRequest, month: Month, edition: str) -> HttpResponse:
    this = editions.edition_for(request, month, edition)
    base = _before(this)
    context = {
        "follow_up": this.follow_up,
        "edition": this,
        "base": base,
        "difference": _difference(this, base) if base else None,
        "json_url": this.url("difference-json"),
    }
    return render(request, "report/difference.html", context)


@require_safe
def as_json(request: HttpRequest, month: Month, edition: str) -> HttpResponse:
    """``{"follow_up", "before", "after", "facts", "tables", "texts"}``; null for a draft and for none."""
    this = editions.edition_for(request, month, edition)
    base = _before(this)
    told = {
        "follow_up": str(month),
        "before": base.version if base else None,
        "after": this.publication.version if this.publication else None,
        **(asdict(_difference(this, base)) if base else {"facts": [], "tables": [], "texts": []}),
    }
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return download(content, "application/json", f"{this.file_stem}-skillnad.json")


def _before(edition: Edition) -> Publication | None:
    """What an edition is compared with: the version before it, and of a draft the one in force."""
    version = edition.publication.version if edition.publication else None
    earlier = [each for each in archive.versions(edition.follow_up) if version is None or each.version < version]
    return earlier[0] if earlier else None


def _difference(edition: Edition, base: Publication) -> ReportDifference:
    return difference(archive.document_of(base), edition.report)


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, month: Month, edition: str) -> HttpResponse:
    """Note what the committee decided on a version."""
    require(user_of(request), Permission.UPDATE_DECISIONS)
    this = editions.edition_for(request, month, edition)
    form = ReportDecisionForm(request.POST) if request.method == "POST" else ReportDecisionForm.of(_noted(this))
    if request.method != "POST" or this.publication is None:
        return _decision_page(request, this, form)
    if not form.is_valid():
        return _decision_page(request, this, form, status=UNREADABLE)
    told = form.cleaned_data
    try:
        changed = report_decisions.note(
            publication=this.publication,
            decided_on=told["decided_on"],
            paragraph=told["paragraph"],
            wording=told["wording"],
            seen_version=told["version"],
            by=user_of(request),
        )
    except StaleEdit as stale:
        row = _noted(this)
        again = form.seen(row.version, **ReportDecisionForm.stored(row))
        return _decision_page(request, this, again, refusal=str(stale), status=NOT_SAVED)
    except Refused as refused:
        return _decision_page(request, this, form, refusal=str(refused), status=NOT_SAVED)
    messages.success(request, "Nämndens beslut är noterat." if changed else "Inget var ändrat.")
    return redirect(this.url("report"))


def _noted(edition: Edition) -> ReportDecision:
    """What is noted of a version, otherwise an empty row."""
    row = ReportDecision.objects.filter(publication=edition.publication).first() if edition.publication else None
    return row or ReportDecision()


def _decision_page(
    request: HttpRequest, edition: Edition, form: ReportDecisionForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "follow_up": edition.follow_up,
        "edition": edition,
        "form": form if edition.publication else None,
        "refusal": refusal,
        "back": edition.url("report"),
    }
    return render(request, "report/decision.html", context, status=status)
