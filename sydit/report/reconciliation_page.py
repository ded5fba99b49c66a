"""The page that shows, month by month, that the report and the imported files agree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followup import basis
from followup.ledger.labels import months_text
from sydit.access import Permission, allows, user_of
from sydit.periods import Month
from sydit.report import editions
from sydit.report.document import Report, Table
from sydit.report.editions import Edition
from sydit.report.figure import EVERYTHING, LEDGER
from sydit.report.reconciliation import reconcile


@require_safe
def reconciliation(request: HttpRequest, month: Month, edition: str = editions.IN_FORCE) -> HttpResponse:
    """Of a draft as it stands now; of a published report as it was published."""
    this = editions.edition_for(request, month, edition)
    report = this.report
    reconciled = reconcile(report)
    sees_ledger = allows(user_of(request), Permission.READ_DRAFTS)
    return render(
        request,
        "report/reconciliation.html",
        {
            "follow_up": this.follow_up,
            "published": this.publication,
            "reconciled": reconciled,
            "missing": months_text(reconciled.missing),
            "links": _links(this, report, reconciled.table, with_ledger=sees_ledger),
            "files": basis.sources_table(report.basis.sources),
            "checksums": basis.checksums(report.basis.sources),
            "everything": _address(this, f"{LEDGER}/{EVERYTHING}") if sees_ledger else "",
        },
    )


def _links(edition: Edition, report: Report, table: Table, *, with_ledger: bool) -> dict[str, str]:
    """The lines behind each row; what is left out of the report opens for those who may read drafts."""
    opened = {f"{key}/{row.key}" for key, of_report in report.tables.items() for row in of_report.rows if row.lines}
    return {
        f"{table.key}/{row.key}": _address(edition, row.key)
        for row in table.rows
        if row.key in opened or (with_ledger and row.key.startswith(f"{LEDGER}/"))
    }


def _address(edition: Edition, key: str) -> str:
    table, row = key.split("/")
    return edition.url("ledger-lines", table=table, row=row)
