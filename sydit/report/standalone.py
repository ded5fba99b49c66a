"""The report as one HTML file without navigation, with its style sheets inside: to send, keep and print."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from sydit.models import Publication
from sydit.report.document import Report

STYLE_SHEETS = ("tokens", "base", "layout", "badge", "notice", "table", "report", "print")


def render(report: Report, published: Publication | None) -> str:
    """The page of a report; ``published`` is its publication, if it is no draft."""
    context = {"report": report, "published": published, "styles": _styles()}
    return render_to_string("report/standalone.html", context)


def _styles() -> SafeString:
    """The application's own files, so nothing in them needs escaping."""
    files = (Path(str(finders.find(f"css/{name}.css"))) for name in STYLE_SHEETS)
    return mark_safe("\n".join(file.read_text(encoding="utf-8") for file in files))  # noqa: S308
