"""What the start page and the page of a report show, without the frame around it: kept until something is written.

Nobody's own things stand in it. What a role may see is told by the arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse

from followup.models import FollowUp
from sydit.kept import kept
from sydit.navigation import Entry
from sydit.report import municipality, opening, overview, publish
from sydit.report.document import Report
from sydit.report.forms import OpenFollowUpForm


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    html: str


@kept
def report(follow_up: FollowUp) -> Content:
    """The report and its list of contents."""
    month, document = follow_up.period, publish.report_of(follow_up)
    context = {
        "report": document,
        "published": publish.latest(follow_up),
        "links": _links(document),
        "downloads": [
            Entry("Excel", reverse("report-xlsx", kwargs={"month": month})),
            Entry("JSON", reverse("report-json", kwargs={"month": month})),
        ],
    }
    return Content(document.title, render_to_string("report/_page.html", context))


def _links(document: Report) -> dict[str, str]:
    """The address of the ledger lines behind each row that has any."""
    return {
        f"{table.key}/{row.key}": reverse(
            "ledger-lines", kwargs={"month": document.follow_up, "table": table.key, "row": row.key}
        )
        for table in document.tables.values()
        for row in table.rows
        if row.lines
    }


@kept
def start(roles: tuple[str, ...], reads_drafts: bool) -> str:
    """The newest follow-up at a glance, and all that somebody with these roles may read."""
    follow_ups = list(overview.readable(reads_drafts))
    context = {
        "follow_ups": follow_ups,
        "overview": overview.read(follow_ups[0], roles=roles) if follow_ups else None,
        "municipalities": municipality.links(),
    }
    return render_to_string("report/_start.html", context)


@kept
def empty_open_form() -> str:
    """The fields with which a follow-up is opened, its month proposed, before anything is typed."""
    return OpenFollowUpForm(initial={"month": opening.proposed_month()}).render()
