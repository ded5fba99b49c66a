"""The form above the lines of a figure: what to look for among them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from followup.lines import LineFilter
from sydit.forms import Form
from sydit.money import shown
from sydit.periods import Month

LONGEST = 100
_ACCOUNT = re.compile(r"[0-9A-Za-zÅÄÖåäö]*")
_TOO_LONG = {"max_length": f"Skriv högst {LONGEST} tecken."}


class LineFilterForm(Form):
    """Every field may be left empty. A field that cannot be read is told of and lets everything through."""

    month = forms.ChoiceField(
        label="Månad",
        required=False,
        error_messages={"invalid_choice": "Underlaget har ingen sådan månad. Välj en månad i listan."},
    )
    account = forms.CharField(
        label="Konto",
        required=False,
        max_length=LONGEST,
        error_messages=_TOO_LONG,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "Första siffrorna"}),
    )
    project = forms.CharField(label="Projekt", required=False, max_length=LONGEST, error_messages=_TOO_LONG)
    voucher = forms.CharField(label="Verifikation", required=False, max_length=LONGEST, error_messages=_TOO_LONG)
    text = forms.CharField(
        label="Text eller motpart",
        required=False,
        max_length=LONGEST,
        error_messages=_TOO_LONG,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, data: QueryDict, *, months: Sequence[Month]) -> None:
        super().__init__(data)
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Alla månader"), *((str(month), month.label) for month in months)]

    def clean_month(self) -> Month | None:
        chosen = self.cleaned_data["month"]
        return Month.parse(chosen) if chosen else None

    def clean_account(self) -> str:
        typed: str = self.cleaned_data["account"]
        if not _ACCOUNT.fullmatch(typed):
            raise ValidationError(f"”{shown(typed)}” är inget konto. Skriv kontots första siffror, till exempel 502.")
        return typed

    @property
    def chosen(self) -> LineFilter:
        """What was asked for, without the fields that cannot be read."""
        self.full_clean()
        return LineFilter(**{name: value for name, value in self.cleaned_data.items() if value})
