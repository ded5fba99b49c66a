"""The forms around a follow-up as a whole: open one, mark its parts ready, send one back, approve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.http import QueryDict
from django.utils.html import format_html

from followup.parts import Check, Part
from sydit.forms import DateField, Form, TextField
from sydit.periods import Month


class MonthField(forms.CharField):
    """A month written 2024-10; cleans to a ``Month``."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2024-10", "pattern": "[0-9]{4}-[0-9]{2}"})

    def clean(self, value: object) -> Month:
        typed = super().clean(value)
        try:
            return Month.parse(typed)
        except ValueError as error:
            raise ValidationError(f"”{typed}” är ingen månad. Skriv år och månad så här: 2024-10.") from error


class OpenFollowUpForm(Form):
    month = MonthField(label="Till och med månad")
    meeting_date = DateField(label="Nämndens sammanträde", required=False)


class WhichPartForm(forms.Form):
    """Which part of the follow-up a form was sent for."""

    part = forms.ChoiceField(choices=Part)

    @classmethod
    def part_of(cls, data: QueryDict) -> Part:
        """Raises ``BadRequest`` where the page's own forms did not send it."""
        form = cls(data)
        if not form.is_valid():
            raise BadRequest("Formuläret säger inte vilken del det gäller.")
        return Part(form.cleaned_data["part"])


class ReasonsForm(Form):
    """A field for each yellow check: why the part is ready, or the report published, all the same."""

    PREFIX = "skal"

    def __init__(
        self, data: QueryDict | None = None, *, asked: Iterable[Check], given: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, prefix=self.PREFIX, initial=dict(given), **kwargs)
        for check in asked:
            self.fields[check.name] = TextField(
                label=check.message,
                rows=2,
                max_length=1000,
                help_text=format_html('Skriv varför det får stå så, eller <a href="{}">rätta det</a>.', check.url),
                error_messages={"required": "Skriv ett skäl, eller rätta det som står här."},
            )

    @property
    def reasons(self) -> dict[str, str]:
        """By the name of the check."""
        return {name: str(reason) for name, reason in self.cleaned_data.items()}


class PartsForm(Form):
    """Which parts are opened again, and a comment that says why."""

    parts = forms.MultipleChoiceField(
        label="Delar som ska ändras",
        choices=Part,
        widget=forms.CheckboxSelectMultiple,
        help_text="De öppnas igen. De andra förblir klarmarkerade.",
        error_messages={"required": "Välj minst en del."},
    )

    @property
    def chosen(self) -> list[Part]:
        return [Part(part) for part in self.cleaned_data["parts"]]


class SendBackForm(PartsForm):
    comment = TextField(
        label="Vad ska ändras?", rows=4, max_length=4000, error_messages={"required": "Skriv vad som ska ändras."}
    )


class CorrectionForm(PartsForm):
    comment = TextField(
        label="Varför rättas rapporten?",
        rows=3,
        max_length=4000,
        help_text="Skälet står vid den nya versionen, för alla som läser den.",
        error_messages={"required": "Skriv varför rapporten rättas."},
    )
