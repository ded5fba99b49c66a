"""What has happened to a decision in the register, and to the decisions of a follow-up, told from stored history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from decisions.models import Decision, ReportDecision, StatusUpdate, reference
from followup.events import while_worked_on
from followup.history import Event, changed_fields, events_in
from followup.journal import Area, Source, Versions
from followup.models import FollowUp
from sydit.money import shown

_FIELDS = (
    ("decided_on", "beslutsdatum"),
    ("paragraph", "paragraf"),
    ("text", "text"),
    ("responsible", "ansvarig"),
    ("due_on", "förfallodatum"),
)


def sources(follow_up: FollowUp) -> Iterator[Source]:
    """The statuses of the follow-up, and what the register came to say while somebody worked on it."""
    yield Versions(
        name="status",
        area=Area.DECISIONS,
        rows=StatusUpdate.history.filter(follow_up_id=follow_up.pk),
        search=("decision__text", "decision__responsible", "comment"),
        fields=("status", "comment", "confirmed"),
        subject=lambda row: _called(row.decision) if row.decision else "(borttaget)",
        related=("decision",),
        is_carried=True,
    )
    yield Versions(
        name="decision",
        area=Area.DECISIONS,
        rows=Decision.history.filter(while_worked_on(follow_up)),
        search=("text", "responsible"),
        fields=(*(name for name, _ in _FIELDS), "closed_on", "closed_paragraph"),
        subject=lambda row: f"Registret: {_called(row)}",
    )
    yield Versions(
        name="report-decision",
        area=Area.DECISIONS,
        rows=ReportDecision.history.filter(publication__follow_up_id=follow_up.pk),
        search=("wording",),
        fields=("decided_on", "paragraph", "wording"),
        subject=lambda row: f"Nämndens beslut om rapporten, version {row.publication.version}",
        related=("publication",),
    )


def _called(decision: Any) -> str:
    return f"{reference(decision.decided_on, decision.paragraph)} {shown(decision.text, 80)}"


def events_of(decision: Decision) -> tuple[Event, ...]:
    """Registered, changed, closed, opened again: the latest first."""
    return events_in(decision.history, _what)


def _what(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "Registrerat"
        return
    yield from changed_fields(old, new, _FIELDS)
    if old.closed_on is None and new.closed_on is not None:
        yield f"Avslutat av nämnden {reference(new.closed_on, new.closed_paragraph)}"
    if old.closed_on is not None and new.closed_on is None:
        yield "Öppnat igen"
