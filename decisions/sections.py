"""The decisions' section of the report."""

from __future__ import annotations

from decisions.models import StatusUpdate
from followup.models import FollowUp
from sydit.kept import kept
from sydit.report import cells
from sydit.report.document import Column, ColumnKind, Row, Section, Table, Value

COLUMNS = (
    Column("text", "Beslut", ColumnKind.TEXT),
    Column("status", "Status", ColumnKind.TEXT),
    Column("comment", "Kommentar", ColumnKind.TEXT),
)


@kept
def decisions(follow_up: FollowUp) -> Section:
    """The politically taken decisions, oldest first, with their status in this follow-up."""
    updates = (
        StatusUpdate.objects.reported_in(follow_up)
        .select_related("decision")
        .order_by("decision__decided_on", "decision__paragraph")
    )
    table = Table(
        key="decisions",
        caption="Fattade politiska beslut",
        label_heading="Datum och paragraf",
        unit=None,
        columns=COLUMNS,
        rows=tuple(_row(update) for update in updates),
    )
    return Section("decisions", "1.1", "Politiskt fattade beslut", 2, (table,))


def _row(update: StatusUpdate) -> Row:
    return Row(
        key=str(update.decision_id),
        label=update.decision.reference,
        cells=(
            cells.words(update.decision.text),
            Value(update.status, update.get_status_display()),
            cells.words(update.comment),
        ),
    )
