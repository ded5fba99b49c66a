"""The economy's forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, ValidationError
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.html import escape

from followup.editing import VersionedForm
from followup.ledger.cautions import Caution, Concern
from followup.models import FiscalYear, FollowUp, ReportText
from sydit.forms import AmountField, DateField, Form, TextField
from sydit.money import grouped


class UploadForm(Form):
    """A file of the ledger, and the year it belongs to."""

    file = forms.FileField(
        label="Fil ur ekonomisystemet",
        help_text=(
            "SIE (typ 1–4), text med kolumner (.csv, .txt) eller arbetsbok (.xlsx, .xls, .ods). "
            "Inget bokförs förrän du har granskat filen."
        ),
        widget=forms.FileInput,
        error_messages={
            "required": "Välj en fil.",
            "missing": "Filen kom inte fram. Välj den igen.",
            "invalid": "Filen kom inte fram. Välj den igen.",
            "empty": "Filen är tom.",
        },
    )
    fiscal_year = forms.ModelChoiceField(
        label="Budgetår",
        queryset=FiscalYear.objects.all(),
        empty_label=None,
        error_messages={"required": "Välj ett budgetår.", "invalid_choice": "Budgetåret finns inte. Välj ett annat."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.LEDGER_FILE_LIMIT:
            raise ValidationError(
                f"Filen är {filesizeformat(file.size)}, och den största som tas emot är "
                f"{filesizeformat(settings.LEDGER_FILE_LIMIT)}. Ta ut färre månader åt gången."
            )
        return file


class ConfirmForm(Form):
    """A check box for each consequence that somebody must say is meant."""

    def __init__(self, *args: Any, asked: Iterable[Caution] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for caution in asked:
            self.fields[caution.concern.value] = forms.BooleanField(
                label=caution.concern.confirmation,
                help_text=escape(caution.text),  # it names accounts as a file wrote them
                error_messages={"required": "Kryssa i rutan om det är meningen."},
            )
        self.order_fields(list(Concern))

    @property
    def confirmed(self) -> frozenset[Concern]:
        """What was ticked, of what was asked."""
        return frozenset(Concern(name) for name, ticked in self.cleaned_data.items() if ticked is True)


class BookForm(ConfirmForm):
    """What is confirmed, and the ledger's own balance, before a file is booked."""

    control_total = AmountField(
        label="Huvudbokens saldo",
        required=False,
        help_text=(
            "Läs av saldot i ekonomisystemet för filens månader: resultatkonton och investeringsprojekt, utan övriga "
            "balanskonton och utan konton som inte räknas. Stämmer det inte på öret bokförs inget. "
            "Kostnader är positiva, intäkter negativa."
        ),
    )


class DetailsForm(VersionedForm):
    """Under which number and for which meeting the report is kept; both are needed before it is published."""

    registry_number = forms.CharField(
        label="Diarienummer", required=False, max_length=60, help_text="Så som det skrivs i diariet."
    )
    meeting_date = DateField(label="Nämndens sammanträde", required=False)

    @classmethod
    def of(cls, row: FollowUp) -> Self:
        """The form with what is stored."""
        return cls(
            initial={
                "registry_number": row.registry_number,
                "meeting_date": row.meeting_date,
                "version": row.version,
            }
        )


class WhichTextForm(forms.Form):
    """Which of the report's texts a form was sent for."""

    text = forms.ChoiceField(choices=ReportText.Key)

    @classmethod
    def key_of(cls, data: QueryDict) -> ReportText.Key:
        """Raises ``BadRequest`` where the page's own forms did not send it."""
        form = cls(data)
        if not form.is_valid():
            raise BadRequest("Formuläret säger inte vilken text det gäller.")
        return ReportText.Key(form.cleaned_data["text"])


class ReportTextForm(VersionedForm):
    """One text of the report; a blank line begins a new paragraph."""

    body = TextField(required=False, rows=12, widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}))

    def __init__(self, data: QueryDict | None = None, *, key: ReportText.Key, **kwargs: Any) -> None:
        super().__init__(data, prefix=key.value, **kwargs)
        self.key = key
        self.fields["body"].label = key.label

    def clean_body(self) -> str:
        """Bounded here and not by the browser, which would cut off what is pasted."""
        body: str = self.cleaned_data["body"]
        if (over := len(body) - ReportText.MOST_CHARACTERS) > 0:
            raise ValidationError(
                f"Texten är {grouped(over)} tecken för lång: högst {grouped(ReportText.MOST_CHARACTERS)} får plats. "
                "Den är inte sparad, och står kvar här. Korta den, eller flytta en del till en annan av texterna."
            )
        return body

    def with_body(self, body: str) -> Self:
        """The form with another text in its field, and the version that was on the screen."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data[self.add_prefix("body")] = body
        self.data = data
        return self

    @classmethod
    def of(cls, row: ReportText) -> Self:
        """The form with the text as it is stored."""
        return cls(key=ReportText.Key(row.key), initial={"body": row.body, "version": row.version})
