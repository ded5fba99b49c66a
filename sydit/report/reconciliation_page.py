"""The page that shows, month by month, that the report and the imported files agree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from followup import basis
from followup.ledger.labels import months_text
from followup.pages import follow_up_for
from sydit.access import Permission, allows, user_of
from sydit.periods import Month
from sydit.report import publish
from sydit.report.document import Report, Table
from sydit.report.figure import EVERYTHING, LEDGER
from sydit.report.reconciliation import reconcile


@require_safe
def reconciliation(request: HttpRequest, month: Month) -> HttpResponse:
    """Of a draft as it stands now; of a published report as it was published."""
    follow_up = follow_up_for(request, month, Permission.READ_PUBLISHED)
    report = publish.report_of(follow_up)
    reconciled = reconcile(report)
    sees_ledger = allows(user_of(request), Permission.READ_DRAFTS)
    return render(
        request,
        "report/reconciliation.html",
        {
            "follow_up": follow_up,
            "published": publish.latest(follow_up),
            "reconciled": reconciled,
            "missing": months_text(reconciled.missing),
            "links": _links(report, reconciled.table, with_ledger=sees_ledger),
            "files": basis.sources_table(report.basis.sources),
            "checksums": basis.checksums(report.basis.sources),
            "everything": _address(report, f"{LEDGER}/{EVERYTHING}") if sees_ledger else "",
        },
    )


def _links(report: Report, table: Table, *, with_ledger: bool) -> dict[str, str]:
    """The lines behind each row; what is left out of the report opens for those who may read drafts."""
    opened = {f"{key}/{row.key}" for key, of_report in report.tables.items() for row in of_report.rows if row.lines}
    return {
        f"{table.key}/{row.key}": _address(report, row.key)
        for row in table.rows
        if row.key in opened or (with_ledger and row.key.startswith(f"{LEDGER}/"))
    }


def _address(report: Report, key: str) -> str:
    table, row = key.split("/")
    return reverse("ledger-lines", kwargs={"month": report.follow_up, "table": table, "row": row})
