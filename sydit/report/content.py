"""What the start page and the page of a report show, without the frame around it: kept until something is written.

Nobody's own things stand in it. What a role may see is told by the arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string

from followup.models import FollowUp
from sydit.kept import kept
from sydit.navigation import Entry
from sydit.report import archive, editions, municipality, opening, overview
from sydit.report.document import Report
from sydit.report.editions import Edition
from sydit.report.first_steps import first_steps
from sydit.report.forms import OpenFollowUpForm


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    html: str


@kept
def report(follow_up: FollowUp, address: str = editions.IN_FORCE) -> Content:
    """A report, its list of contents and, beneath, all that was published of the follow-up."""
    edition = editions.find(follow_up, address)
    document, versions = edition.report, archive.versions(follow_up) if follow_up.is_published else []
    context = {
        "report": document,
        "follow_up": follow_up,
        "published": edition.publication,
        "in_force": versions[0] if versions else None,
        "versions": versions,
        "links": _links(edition, document),
        "downloads": [Entry("Excel", edition.url("report-xlsx")), Entry("JSON", edition.url("report-json"))],
    }
    return Content(document.title, render_to_string("report/_page.html", context))


def _links(edition: Edition, document: Report) -> dict[str, str]:
    """The address of the ledger lines behind each row that has any."""
    return {
        f"{table.key}/{row.key}": edition.url("ledger-lines", table=table.key, row=row.key)
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
        "overview": overview.read(follow_ups[0], roles=roles, reads_drafts=reads_drafts) if follow_ups else None,
        "municipalities": municipality.links(),
        "steps": first_steps(roles) if reads_drafts and not follow_ups else (),
    }
    return render_to_string("report/_start.html", context)


@kept
def empty_open_form() -> str:
    """The fields with which a follow-up is opened, its month proposed, before anything is typed."""
    return OpenFollowUpForm(initial={"month": opening.proposed_month()}).render()
