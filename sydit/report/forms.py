"""The forms around a follow-up as a whole: open one, send one back."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

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


class SendBackForm(Form):
    comment = TextField(label="Vad ska ändras?", rows=4, max_length=4000)
