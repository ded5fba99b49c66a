"""The form in which the secretary says how a decision stands."""

from __future__ import annotations

from typing import Self

from django import forms

from decisions.models import StatusUpdate
from followup.editing import VersionedForm
from sydit.forms import TextField


class StatusForm(VersionedForm):
    status = forms.ChoiceField(
        label="Status",
        show_hidden_initial=True,
        choices=[("", "Välj status"), *StatusUpdate.Status.choices],
        error_messages={"required": "Välj beslutets status."},
    )
    comment = TextField(label="Kommentar", required=False, show_hidden_initial=True, rows=8, max_length=4000)

    @classmethod
    def of(cls, row: StatusUpdate) -> Self:
        """The form with the status as it is stored."""
        return cls(initial={"status": row.status, "comment": row.comment, "version": row.version})
