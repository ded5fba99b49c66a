"""An existing list of decisions out of a file: what each row would do, and doing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db import transaction

from decisions import actions
from decisions.actions import Content
from decisions.forms import LONGEST_NAME, LONGEST_TEXT
from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from sydit.access import Permission, require
from sydit.forms import DateField, ParagraphField, TextField
from sydit.imports import Effect, ListPlan, Problem, ReadRow, RowForm, Shown, read_list
from sydit.models import User

_STATUS_BY_WORD = {label.casefold(): value for value, label in StatusUpdate.Status.choices}


class DecisionRowForm(RowForm):
    """One row: a decision, and how it stands if the row says so."""

    decided_on = DateField(label="Datum", error_messages={"required": "Datum saknas."})
    paragraph = ParagraphField(label="Paragraf")
    text = TextField(label="Beslut", max_length=LONGEST_TEXT, error_messages={"required": "Beslutets text saknas."})
    responsible = forms.CharField(label="Ansvarig", required=False, max_length=LONGEST_NAME)
    due_on = DateField(label="Förfallodatum", required=False)
    status = forms.CharField(label="Status", required=False)
    comment = TextField(label="Kommentar", required=False, max_length=LONGEST_TEXT)

    also = {
        "decided_on": ("Beslutsdatum",),
        "paragraph": ("§", "Paragraf §"),
        "text": ("Text", "Vad nämnden beslutade"),
        "due_on": ("Förfaller",),
        "status": ("Senaste status",),
        "comment": ("Senaste kommentar",),
    }

    def clean_status(self) -> str:
        word = self.cleaned_data["status"]
        if word and word.casefold() not in _STATUS_BY_WORD:
            known = ", ".join(StatusUpdate.Status.labels)
            raise forms.ValidationError(f"”{word}” är ingen status. De som finns är: {known}.")
        return _STATUS_BY_WORD.get(word.casefold(), "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and (problem := self.content.problem):
            self.add_error("due_on", problem)
        return cleaned

    @property
    def content(self) -> Content:
        values = self.cleaned_data
        names = ("decided_on", "paragraph", "text", "responsible", "due_on")
        return Content(**{name: values[name] for name in names})


@dataclass(frozen=True, slots=True)
class Planned:
    """A row (``PlannedRow``), the decision it is about if that is registered, and what it would save."""

    number: int
    decision: Decision | None
    content: Content
    status: str  # "" where the row says nothing about it, or nothing new
    comment: str
    update: StatusUpdate | None  # as the follow-up has it
    effect: Effect

    @property
    def reference(self) -> str:
        return str(Decision(decided_on=self.content.decided_on, paragraph=self.content.paragraph))

    @property
    def cells(self) -> tuple[Shown, ...]:
        content = self.content
        status = str(StatusUpdate.Status(self.status).label) if self.status else ""
        due = content.due_on.isoformat() if content.due_on else ""
        return tuple(map(Shown, (content.text, content.responsible, due, status, self.comment)))

    @property
    def seen(self) -> object:
        return (self.decision.version if self.decision else None, self.status, self.comment)


Plan = ListPlan[Planned]


def plan(content: bytes, follow_up: FollowUp | None) -> Plan:
    """What a file would do, ``follow_up`` being where its statuses belong. Raises :class:`Refused`, row by row.

    A blank cell leaves what the register says as it is. A status that says what was said last is nothing new where no
    follow-up takes it, so that the register's own export can be read again.
    """
    read = read_list(content, DecisionRowForm)
    days = {row.form.content.decided_on for row in read.rows}
    stored = {(each.decided_on, each.paragraph): each for each in _registered(days)}
    updates = {}
    if follow_up is not None:
        updates = {update.decision_id: update for update in StatusUpdate.objects.filter(follow_up=follow_up)}
    rows = [_planned(row, stored, updates, follow_up) for row in read.rows]
    read.require_sound(_problems(read.rows, rows, follow_up))
    return ListPlan(tuple(rows), read.unused)


def _registered(days: set[dt.date]) -> Iterable[Any]:
    """The decisions of some days, each with its latest status."""
    return Decision.objects.with_latest_status().filter(decided_on__in=days)


def _is_said(decision: Any, status: str, comment: str) -> bool:
    """Whether that is the decision's latest status, of one from :func:`_registered`."""
    return (status, comment) == (decision.latest_status or "", (decision.latest_comment or "").strip())


def _planned(
    row: ReadRow[DecisionRowForm],
    stored: dict[Any, Decision],
    updates: dict[int, StatusUpdate],
    follow_up: FollowUp | None,
) -> Planned:
    content, values = row.form.content, row.form.cleaned_data
    decision = stored.get((content.decided_on, content.paragraph))
    update = updates.get(decision.pk) if decision else None
    if decision is not None:
        kept = Content.of(decision)
        content = replace(
            content, responsible=content.responsible or kept.responsible, due_on=content.due_on or kept.due_on
        )
    status, comment = values["status"], values["comment"]
    if decision is not None and (follow_up is None or not decision.is_open) and _is_said(decision, status, comment):
        status = comment = ""
    if update is not None and (status or comment):
        status, comment = status or update.status, comment or update.comment
        if update.confirmed and (status, comment) == (update.status, update.comment):
            status = comment = ""
    effect = Effect.CHANGED
    if decision is None:
        effect = Effect.ADDED
    elif Content.of(decision) == content and not (status or comment):
        effect = Effect.SAME
    return Planned(row.number, decision, content, status, comment, update, effect)


def _problems(
    read: Sequence[ReadRow[DecisionRowForm]], rows: Sequence[Planned], follow_up: FollowUp | None
) -> Iterator[Problem]:
    """What a row by itself cannot tell: doubles, statuses without a place, and statuses of what is closed."""
    first: dict[str, int] = {}
    for source, row in zip(read, rows, strict=True):
        before = first.setdefault(row.reference, row.number)
        if before != row.number:
            yield source.problem("paragraph", f"Beslutet {row.reference} står redan på rad {before}.")
        if row.content.problem:
            yield source.problem("due_on", row.content.problem)
        if not (row.status or row.comment):
            continue
        if follow_up is None:
            yield source.problem("status", "Välj vilken uppföljning filens status och kommentarer gäller.")
        elif not row.status:
            yield source.problem("comment", "En kommentar behöver en status.")
        elif row.decision is not None and not row.decision.is_open:
            closed = row.decision.closed_reference
            yield source.problem("status", f"Beslutet är avslutat, {closed}, och tar inte emot någon status.")


@transaction.atomic
def save(*, content: bytes, follow_up: FollowUp | None, seen: str, by: User) -> Plan:
    """Save a file's rows, all or none; returns what was done.

    ``seen`` is the mark of the plan that somebody looked at. Raises :class:`Refused` where it no longer holds.
    """
    require(by, Permission.UPDATE_DECISIONS)
    done = plan(content, follow_up)
    done.require_seen(seen)
    for row in done.rows:
        _save(row, follow_up, by=by)
    return done


def _save(row: Planned, follow_up: FollowUp | None, *, by: User) -> None:
    decision = row.decision
    if decision is None:
        decision = actions.add_decision(content=row.content, by=by)
    elif row.effect is Effect.CHANGED:
        actions.edit_decision(decision=decision, content=row.content, seen_version=decision.version, by=by)
    if row.status and follow_up is not None:
        actions.update_status(
            follow_up=follow_up,
            decision=decision,
            status=row.status,
            comment=row.comment,
            seen_version=row.update.version if row.update else 0,
            by=by,
        )
