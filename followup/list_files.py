"""A register's list as a file: what each row of it would do, in words that every register takes alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from followup.file_imports import MOST_SHOWN, FileImport
from followup.models import FollowUp
from sydit.imports import Effect, ListPlan
from sydit.money import grouped


class OpenFollowUpField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The follow-up that a file's rows belong to; ``required`` is what is told where none is chosen, if one must be."""

    def __init__(self, *, empty_label: str, help_text: str, required: str = "") -> None:
        super().__init__(
            FollowUp.objects.filter(state=FollowUp.State.OPEN).select_related("fiscal_year"),
            label="Uppföljning",
            required=bool(required),
            empty_label=empty_label,
            help_text=help_text,
            error_messages={"invalid_choice": "Uppföljningen är inte öppen. Välj en annan.", "required": required},
        )


@dataclass(frozen=True, kw_only=True)
class ListImport(FileImport):
    """One register's import. Its plan is a ``ListPlan``."""

    heading: str  # of the preview's first column: what a row is about
    columns: tuple[str, ...]  # of the preview's other columns, as ``PlannedRow.cells``
    done: Callable[[ListPlan[Any]], str]  # what is told when it is saved
    note: Callable[[Mapping[str, Any]], str] = lambda fields: ""  # noqa: ARG005 - what the preview says of the fields

    preview_template: ClassVar[str] = "followup/list_import_preview.html"

    def preview(self, plan: ListPlan[Any], fields: Mapping[str, Any]) -> dict[str, Any]:
        rows = plan.changing
        return {
            "heading": "Granska listan",
            "note": self.note(fields),
            "figures": [(effect.value, grouped(plan.count(effect))) for effect in Effect],
            "rows": rows[:MOST_SHOWN],
            "more_rows": max(len(rows) - MOST_SHOWN, 0),
            "save_label": "Spara listan",
            "nothing": "Allt i filen finns redan i registret. Det finns inget att spara.",
        }

    def told(self, plan: ListPlan[Any], fields: Mapping[str, Any]) -> str:  # noqa: ARG002 - the list's own words
        return self.done(plan)
