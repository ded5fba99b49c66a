"""The forms of the decisions: what the register says, how a decision stands, and which meeting closed it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Self

from django import forms
from django.db.models import Exists, OuterRef, Q

from decisions.actions import Content
from decisions.models import Decision, DecisionQuerySet, ReportDecision, StatusUpdate
from followup.editing import VersionedForm
from followup.models import FollowUp
from sydit.filters import FilterForm, SearchField, spellings
from sydit.forms import DateField, ParagraphField, TextField

LONGEST_TEXT = 4000
LONGEST_NAME = 150
_DIGITS = 4  # of the largest paragraph
_PARAGRAPH = re.compile(r"§\s*([0-9]+)")
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


class StatusForm(VersionedForm):
    """How a decision stands in a follow-up."""

    status = forms.ChoiceField(
        label="Status",
        show_hidden_initial=True,
        choices=[("", "Välj status"), *StatusUpdate.Status.choices],
        error_messages={"required": "Välj beslutets status."},
    )
    comment = TextField(label="Kommentar", required=False, show_hidden_initial=True, rows=6, max_length=LONGEST_TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].widget.attrs["autofocus"] = True  # one decision after the other, by keyboard

    @classmethod
    def of(cls, row: StatusUpdate) -> Self:
        """The form with the status as it is stored."""
        return cls(initial={"status": row.status, "comment": row.comment, "version": row.version})


class DecisionForm(VersionedForm):
    """What the register says of a decision."""

    decided_on = DateField(
        label="Beslutsdatum",
        show_hidden_initial=True,
        error_messages={"required": "Skriv dagen då nämnden fattade beslutet."},
    )
    paragraph = ParagraphField(label="Paragraf", show_hidden_initial=True, help_text="Bara numret, utan §.")
    text = TextField(
        label="Vad nämnden beslutade",
        show_hidden_initial=True,
        max_length=LONGEST_TEXT,
        error_messages={"required": "Skriv vad nämnden beslutade."},
    )
    responsible = forms.CharField(
        label="Ansvarig",
        required=False,
        show_hidden_initial=True,
        max_length=LONGEST_NAME,
        help_text="Den i förvaltningen som ser till att beslutet genomförs.",
    )
    due_on = DateField(label="Förfaller", required=False, show_hidden_initial=True)

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The form with the decision as it is stored."""
        return cls(initial={**cls.stored(decision), "version": decision.version})

    @staticmethod
    def stored(decision: Decision) -> dict[str, str]:
        """The fields' text for what is stored."""
        return {
            "decided_on": decision.decided_on.isoformat(),
            "paragraph": str(decision.paragraph),
            "text": decision.text,
            "responsible": decision.responsible,
            "due_on": decision.due_on.isoformat() if decision.due_on else "",
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and (problem := self.content.problem):
            self.add_error("due_on", problem)
        return cleaned

    @property
    def content(self) -> Content:
        """What was entered, of a form that is valid."""
        return Content(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class CloseForm(VersionedForm):
    """The meeting at which the committee closed a decision."""

    closed_on = DateField(
        label="Nämndens sammanträde", error_messages={"required": "Skriv dagen för det sammanträde som avslutade."}
    )
    paragraph = ParagraphField(label="Paragraf", help_text="Bara numret, utan §.")


class RegisterFilter(FilterForm):
    """What to show of the register."""

    OPEN, CLOSED, ALL = "oppna", "avslutade", "alla"
    UNTOUCHED, PAST_DUE = "ororda", "forfallna"

    q = SearchField()
    visa = forms.ChoiceField(
        label="Visa",
        required=False,
        initial=OPEN,
        choices=[(OPEN, "Öppna"), (CLOSED, "Avslutade"), (ALL, "Alla")],
    )
    status = forms.ChoiceField(
        label="Senaste status", required=False, choices=[("", "Alla"), *StatusUpdate.Status.choices]
    )
    urval = forms.ChoiceField(
        label="Urval",
        required=False,
        choices=[("", "Alla"), (UNTOUCHED, "Orörda sedan förra uppföljningen"), (PAST_DUE, "Förfallna")],
    )

    def apply(self, decisions: DecisionQuerySet, *, latest: FollowUp | None, today: dt.date) -> DecisionQuerySet:
        """The decisions that the filter lets through, of those with their latest status.

        Untouched are the open ones that nobody has given a status in ``latest``, the newest follow-up.
        """
        shown = {self.OPEN: decisions.open, self.CLOSED: decisions.closed}.get(self.chosen("visa"), decisions.all)()
        if status := self.chosen("status"):
            shown = shown.filter(Q(latest_status=status))
        if self.chosen("urval") == self.PAST_DUE:
            shown = shown.past_due(today)
        elif self.chosen("urval") == self.UNTOUCHED:
            shown = shown.untouched_in(latest) if latest else shown.open()
        asked = self.chosen("q") or ""
        for number in _PARAGRAPH.findall(asked):
            shown = shown.filter(paragraph=int(number)) if len(number) <= _DIGITS else shown.none()
        for word in _PARAGRAPH.sub(" ", asked).split():
            shown = shown.filter(_contains(word))
        return shown


def _contains(word: str) -> Q:
    """Whether a word stands anywhere in a decision or in what has been said of it; a date may be its day."""
    found = Q(decided_on__startswith=word) if _DAY.fullmatch(word) else Q()
    in_comments = Q()
    for spelling in spellings(word):
        found |= Q(text__icontains=spelling) | Q(responsible__icontains=spelling)
        in_comments |= Q(comment__icontains=spelling)
    updates = StatusUpdate.objects.filter(in_comments, decision=OuterRef("pk"))
    return found | Q(Exists(updates))


class ReportDecisionForm(VersionedForm):
    """What the committee decided on a report."""

    decided_on = DateField(
        label="Nämndens sammanträde",
        show_hidden_initial=True,
        error_messages={"required": "Skriv dagen då nämnden beslutade om rapporten."},
    )
    paragraph = ParagraphField(label="Paragraf", show_hidden_initial=True, help_text="Bara numret, utan §.")
    wording = TextField(
        label="Beslutets lydelse",
        show_hidden_initial=True,
        rows=4,
        max_length=LONGEST_TEXT,
        error_messages={"required": "Skriv vad nämnden beslutade."},
    )

    @classmethod
    def of(cls, row: ReportDecision) -> Self:
        """The form with what is noted, or empty where nothing is."""
        return cls(initial={**(cls.stored(row) if row.pk else {}), "version": row.version})

    @staticmethod
    def stored(row: ReportDecision) -> dict[str, str]:
        """The fields' text for what is stored."""
        return {
            "decided_on": row.decided_on.isoformat(),
            "paragraph": str(row.paragraph),
            "wording": row.wording,
        }
