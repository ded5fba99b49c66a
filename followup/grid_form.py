"""Reading what was typed in a grid, row by row: the amount, the months that remain, the reason and the comment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from followup.forecasts import ForecastEntry
from followup.outlook import remaining_months
from followup.sheet import Reasons, SheetRow
from sydit.forms import AmountField, Form, TextField, VersionField
from sydit.money import Unit
from sydit.periods import MONTH_NAMES, Month

STANDS_OVER_MONTHS = (
    "Prognosen är summan av utfallet och månaderna. Ändra månaderna, "
    "eller kryssa i att årsbeloppet ska gälla i stället för dem."
)


class UnitForm(forms.Form):
    """The unit that amounts are shown and typed in: ``?enhet=kr``."""

    enhet = forms.ChoiceField(choices=[(Unit.TKR, "tkr"), (Unit.KR, "kr")], required=False)


def month_field(number: int) -> str:
    return f"month-{number}"


def month_name(number: int) -> str:
    return MONTH_NAMES[number - 1]


class RowForm(Form):
    """What was typed in one row. The hidden initial values tell what the user has changed.

    The fields of the months are there where the page showed them. Of the boxes, ``replaces`` says that the year's
    amount goes before them, and takes them away; ``confirms`` that last time's comment still holds. ``unconfirms`` is
    said by the script where last time's comment is put back that had been written over.
    """

    amount = AmountField(required=False, show_hidden_initial=True, any_unit=True)
    comment = TextField(required=False, max_length=4000, show_hidden_initial=True)
    version = VersionField()

    def __init__(self, data: QueryDict, *, row: SheetRow, unit: Unit, reasons: Reasons, period: Month) -> None:
        super().__init__(data, prefix=row.name)
        self.row = row
        # A box is sent where it is ticked.
        self.replaces, self.confirms = (self.add_prefix(box) in data for box in ("replace", "confirm"))
        self.unconfirms = bool(data.get(self.add_prefix("unconfirm")))
        if reasons:
            self.fields["reason"] = forms.ChoiceField(
                required=False,
                show_hidden_initial=True,
                choices=[("", ""), *reasons],
                error_messages={"invalid_choice": "Välj en av orsakerna i listan."},
            )
        field = self.fields["amount"]
        assert isinstance(field, AmountField)
        field.unit = unit
        self.months = [
            number for number in remaining_months(period.month) if self.add_prefix(month_field(number)) in data
        ]
        for number in self.months:
            self.fields[month_field(number)] = AmountField(
                required=False, show_hidden_initial=True, any_unit=True, unit=unit
            )

    @cached_property
    def is_typed(self) -> bool:
        return self.replaces or self.confirms or bool(self.changed_data)

    @property
    def forecast(self) -> int | None:
        """The year in öre; None also where it cannot be read."""
        return self.cleaned_data.get("amount") if self.errors is not None else None

    @property
    def says_year(self) -> bool:
        """Whether the user changed the year or a month."""
        return self.replaces or not {"amount", *map(month_field, self.months)}.isdisjoint(self.changed_data)

    @property
    def makes_year(self) -> bool:
        """Whether the year is the sum of the months that were typed."""
        return self.errors is not None and bool(self.cleaned_data.get("months"))

    def clean(self) -> dict[str, Any]:
        """Months are given for all that remain or for none, and the year is then what is booked and they."""
        values: dict[str, Any] = super().clean() or {}
        values["months"] = None
        given = {number: values.get(month_field(number)) for number in self.months}
        if self.errors or self.replaces or all(ore is None for ore in given.values()):
            return values
        for number, ore in given.items():
            if ore is None:
                self.add_error(month_field(number), f"Fyll i {month_name(number)}, eller töm alla månader.")
        months = [ore for ore in given.values() if ore is not None]
        actual = self.row.known.actual
        if actual is None:
            self.add_error("amount", "Utfallet saknas, så månaderna kan inte summeras till ett år.")
            return values
        year = actual + sum(months)
        if "amount" in self.changed_data and values.get("amount") != year:
            self.add_error("amount", STANDS_OVER_MONTHS)
        if not self.errors:
            values |= {"amount": year, "months": months}
        return values

    def typed(self, field: str) -> str:
        return str(self[field].data or "") if field in self.fields else ""

    def seen(self, field: str) -> str:
        """What stood in the field before the user typed."""
        return str(self.data.get(self[field].html_initial_name, "")) if field in self.fields else ""

    def errors_of(self, field: str) -> tuple[str, ...]:
        return tuple(str(message) for message in self.errors.get(field, ()))

    def entry(self) -> ForecastEntry:
        """What is sent on to the action."""
        values = self.cleaned_data
        assert self.row.subject_id is not None
        return ForecastEntry(
            subject_id=self.row.subject_id,
            label=self.row.label,
            amount=values["amount"],
            comment=values["comment"],
            seen_version=values["version"],
            reason=values.get("reason", ""),
            months=values["months"],
            keeps_months=not self.months and not self.replaces,
            confirms=self.confirms,
            unconfirms=self.unconfirms,
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a grid, by subject; rows that the user left alone are not in it."""

    forms: Mapping[int, RowForm]

    @property
    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms.values()])  # noqa: C419 - validate every row

    def forecasts(self, *, overtaken: Collection[int] = ()) -> dict[int, int | None]:
        """Öre by subject; an amount that cannot be read is missing, and so is every sum that it is part of. Of the rows
        that somebody else has saved meanwhile (``overtaken``), only those in which the user said another year."""
        return {pk: form.forecast for pk, form in self.forms.items() if form.says_year or pk not in overtaken}

    def entries(self) -> list[ForecastEntry]:
        return [form.entry() for form in self.forms.values()]


NOTHING_TYPED = Typed({})


def read_typed(rows: tuple[SheetRow, ...], data: QueryDict, *, unit: Unit, reasons: Reasons, period: Month) -> Typed:
    """The rows of the data in which something was typed. A row that is not in the data is left alone."""
    found = {}
    for row in rows:
        name = row.name
        if any(f"{name}-{field}" in data for field in ("amount", "comment", "version")):
            form = RowForm(data, row=row, unit=unit, reasons=reasons, period=period)
            if row.subject_id is not None and form.is_typed:
                found[row.subject_id] = form
    return Typed(found)


def typed_in_rows_that_are_gone(rows: Iterable[SheetRow], data: QueryDict) -> list[str]:
    """What was typed in rows of the page that are not there any more, as it was typed."""
    there = {row.name for row in rows}
    seen = {
        name.removeprefix("initial-"): str(value) for name, value in data.items() if name.startswith("initial-rad-")
    }
    gone = (name for name in seen if "-".join(name.split("-", 2)[:2]) not in there)
    return [typed for name in gone if (typed := str(data.get(name, "")).strip()) and typed != seen[name].strip()]
