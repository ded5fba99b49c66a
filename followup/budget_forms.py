"""The forms of the budget: a change of one category, a transfer between two, and the decision behind them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils import timezone

from followup.budget_actions import Budgeted, Ground
from followup.measures.forms import CategoryField
from followup.models import CostCategory, FiscalYear
from sydit.forms import AmountField, DateField, Form, ParagraphField
from sydit.money import Unit, text
from sydit.periods import MONTH_NAMES

LONGEST_NOTE = 200
FIRST_DAY = dt.date(2000, 1, 1)  # of the earliest budget year; an earlier decision is a slip of the finger


def month_name(month: int) -> str:
    """The name of a month's field."""
    return f"m{month}"


def ground_of(fields: Mapping[str, Any]) -> Ground:
    """The decision out of what a form with ``GroundFields`` was cleaned to."""
    return Ground(fields["decided_on"], str(fields["paragraph"]), fields["note"])


class GroundFields(Form):
    """The decision behind a change, and what marks the form as one, so that it is saved once."""

    decided_on = DateField(
        label="Beslutsdatum", error_messages={"required": "Skriv dagen då budgeten eller ändringen beslutades."}
    )
    paragraph = ParagraphField(label="Paragraf", help_text="Bara numret, utan §.")
    note = forms.CharField(
        label="Anteckning",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="Till exempel diarienummer eller vad ändringen beror på.",
    )
    batch = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Formuläret är inte helt. Läs in sidan på nytt.",
            "invalid": "Formuläret är inte helt. Läs in sidan på nytt.",
        },
    )

    def clean_decided_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["decided_on"]
        if day < FIRST_DAY:
            raise forms.ValidationError("Beslutsdatumet ligger före år 2000. Kontrollera året.")
        if day > timezone.localdate():
            raise forms.ValidationError(
                "Beslutsdatumet ligger framåt i tiden. En budget ändras när beslutet är fattat."
            )
        return day

    @classmethod
    def fresh(cls, **initial: Any) -> dict[str, Any]:
        return {"batch": uuid.uuid4(), **initial}

    @property
    def ground(self) -> Ground:
        return ground_of(self.cleaned_data)


class AmountsForm(GroundFields):
    """An amount for the year as a whole, or one a month."""

    is_positive = False

    amount = AmountField(label="Belopp för hela året", required=False)

    field_order: Any = ("amount",)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for number, name in enumerate(MONTH_NAMES, start=1):
            self.fields[month_name(number)] = AmountField(label=name.capitalize(), required=False)

    @property
    def what_fields(self) -> list[Any]:
        """What is changed, without the months."""
        return [self[name] for name in self.field_order if name in self.fields]

    @property
    def ground_fields(self) -> list[Any]:
        return [self[name] for name in ("decided_on", "paragraph", "note")]

    @property
    def month_fields(self) -> list[Any]:
        return [self[month_name(number)] for number in range(1, len(MONTH_NAMES) + 1)]

    @property
    def has_months(self) -> bool:
        """Whether the months are to be open: something stands there, right or wrong."""
        return any(field.value() for field in self.month_fields)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        months = self._months
        if cleaned["amount"] is None and not months:
            self.add_error("amount", "Skriv ett belopp för hela året, eller för minst en månad.")
        elif cleaned["amount"] is not None and months and cleaned["amount"] != sum(months.values()):
            summed = text(sum(months.values()), Unit.KR)
            self.add_error(
                "amount", f"Månaderna blir tillsammans {summed} kr. Ändra dem, eller lämna årets belopp tomt."
            )
        elif not any(self.amounts.values()):
            self.add_error("amount", "Beloppet är noll och ändrar ingenting.")
        elif self.is_positive and min(self.amounts.values()) < 0:
            self.add_error(
                "amount", "Skriv det som flyttas utan minus, och byt plats på kategorierna om det ska andra vägen."
            )
        return cleaned

    @property
    def _months(self) -> dict[int, int]:
        amounts = {number: self.cleaned_data.get(month_name(number)) for number in range(1, len(MONTH_NAMES) + 1)}
        return {number: ore for number, ore in amounts.items() if ore is not None}

    @property
    def amounts(self) -> dict[int | None, int]:
        """What was typed: by month, else for the year as a whole; öre."""
        months: dict[int | None, int] = {number: ore for number, ore in self._months.items()}  # noqa: C416 - a wider key
        return months or {None: self.cleaned_data["amount"] or 0}


class CategoryAmountsForm(AmountsForm):
    """Of categories of a year."""

    field_order: Any = ("category", "source", "target", "amount")

    def __init__(self, data: QueryDict | None = None, *, year: FiscalYear, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            if isinstance(field, CategoryField):
                field.queryset = CostCategory.objects.filter(fiscal_year=year).order_by("position", "id")

    @classmethod
    def blank(cls, year: FiscalYear, **initial: Any) -> Self:
        return cls(year=year, initial=cls.fresh(**initial))


class AdjustForm(CategoryAmountsForm):
    """A category gets more or less. Ledger signs: income negative, cost positive."""

    category = CategoryField(
        label="Kostnadskategori",
        queryset=CostCategory.objects.none(),
        empty_label="Välj kategori",
        error_messages={"required": "Välj kostnadskategori.", "invalid_choice": "Kategorin finns inte i budgetåret."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "amount"
        ].help_text = (
            "Det som läggs till budgeten. Huvudbokens tecken: en höjd kostnad utan minus, en höjd intäkt med minus."
        )

    @property
    def budgeted(self) -> list[Budgeted]:
        return [Budgeted(self.cleaned_data["category"].pk, self.amounts)]


class TransferForm(CategoryAmountsForm):
    """Budget moves from one category to another; the year's sum stands."""

    is_positive = True

    source = CategoryField(
        label="Från",
        queryset=CostCategory.objects.none(),
        empty_label="Välj kategori",
        error_messages={
            "required": "Välj vilken kategori det tas från.",
            "invalid_choice": "Kategorin finns inte i budgetåret.",
        },
    )
    target = CategoryField(
        label="Till",
        queryset=CostCategory.objects.none(),
        empty_label="Välj kategori",
        error_messages={
            "required": "Välj vilken kategori det läggs på.",
            "invalid_choice": "Kategorin finns inte i budgetåret.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = "Det som flyttas, utan minus. Årets summa ändras inte."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("source") and cleaned.get("source") == cleaned.get("target"):
            self.add_error("target", "Välj en annan kategori än den det tas från.")
        return cleaned

    @property
    def budgeted(self) -> list[Budgeted]:
        taken = {month: -ore for month, ore in self.amounts.items()}
        return [
            Budgeted(self.cleaned_data["source"].pk, taken),
            Budgeted(self.cleaned_data["target"].pk, self.amounts),
        ]
