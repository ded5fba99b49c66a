"""The page of what tells a version of a report from the one before, and a draft from what is in force."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
