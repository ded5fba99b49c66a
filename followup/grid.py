"""The grid in which forecasts are entered: the report's own table, with fields where its forecast column stands.

One mechanism for categories and investment projects. Only rows that the user changed are sent on to the action, each
with the version that was on the screen, so that what others saved meanwhile in other rows stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.http import QueryDict

from followup.forecasts import Conflict, ForecastEntry
from followup.models import ForecastBase
from sydit.forms import AmountField, Form, TextField, VersionField
from sydit.money import Unit, text
from sydit.report.document import Cell, Column, ColumnKind, Difference, Row, RowKind, Table

FORECAST = "forecast"  # the key of the table's column that is typed in


Reasons = Sequence[tuple[str, str]]  # why a forecast may differ from the budget: what is stored, what is shown


class UnitForm(forms.Form):
    """The unit that amounts are shown and typed in: ``?enhet=kr``."""

    enhet = forms.ChoiceField(choices=[(Unit.TKR, "tkr"), (Unit.KR, "kr")], required=False)


class RowForm(Form):
    """What was typed in one row. The hidden initial values tell what the user has changed."""

    amount = AmountField(required=False, show_hidden_initial=True)
    reason = forms.ChoiceField(
        required=False,
        show_hidden_initial=True,
        error_messages={"invalid_choice": "Välj en av orsakerna i listan."},
    )
    comment = TextField(required=False, max_length=4000, show_hidden_initial=True)
    version = VersionField()

    def __init__(self, data: QueryDict, *, pk: int, unit: Unit, reasons: Reasons) -> None:
        super().__init__(data, prefix=prefix_of(pk))
        if reasons:
            self.fields["reason"].choices = [("", ""), *reasons]  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]
        field = self.fields["amount"]
        assert isinstance(field, AmountField)
        field.unit = unit

    @cached_property
    def is_typed(self) -> bool:
        return not {"amount", "reason", "comment"}.isdisjoint(self.changed_data)

    def typed(self, field: str) -> str:
        return str(self[field].data or "") if field in self.fields else ""

    def seen(self, field: str) -> str:
        """What stood in the field before the user typed."""
        return str(self.data.get(self[field].html_initial_name, "")) if field in self.fields else ""

    def errors_of(self, field: str) -> tuple[str, ...]:
        return tuple(str(message) for message in self.errors.get(field, ()))


def prefix_of(pk: int) -> str:
    return f"rad-{pk}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is about, a category or a project, and its stored forecast (None = nobody has entered one)."""

    pk: int
    label: str
    stored: ForecastBase | None

    @property
    def version(self) -> int:
        return self.stored.version if self.stored else 0

    @property
    def comment(self) -> str:
        return self.stored.comment if self.stored else ""

    @property
    def reason(self) -> str:
        return str(getattr(self.stored, "reason", ""))

    def amount_text(self, unit: Unit) -> str:
        """The stored amount as it is typed in ``unit``, to the öre."""
        if self.stored is None or self.stored.amount is None:
            return ""
        return text(self.stored.amount, unit, exact=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a grid is about, read once: its subjects by row key, and its table with other forecasts than the stored.

    A row without a subject (Ej fördelat) cannot be typed in. Without ``reasons`` the grid asks for none.
    """

    subjects: Mapping[str, Subject]
    table: Callable[[Mapping[str, int | None], Unit], Table]
    reasons: Reasons = ()
    remark: Callable[[Mapping[str, int | None]], str] = lambda _: ""  # what the forecasts mean, in a sentence


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a sheet, by row key; rows that the user left alone are not in it."""

    forms: Mapping[str, RowForm]
    is_valid: bool

    def forecasts(self) -> dict[str, int | None]:
        """Öre by row key; an amount that cannot be read is missing, and so is every sum that it is part of."""
        return {key: form.cleaned_data.get("amount") for key, form in self.forms.items()}

    def entries(self, sheet: Sheet) -> list[ForecastEntry]:
        return [
            ForecastEntry(
                subject_id=sheet.subjects[key].pk,
                label=sheet.subjects[key].label,
                amount=form.cleaned_data["amount"],
                comment=form.cleaned_data["comment"],
                seen_version=form.cleaned_data["version"],
                reason=form.cleaned_data.get("reason", ""),
            )
            for key, form in self.forms.items()
        ]


NOTHING_TYPED = Typed({}, is_valid=True)


def read_typed(sheet: Sheet, data: QueryDict, unit: Unit) -> Typed:
    forms_by_key = {
        key: RowForm(data, pk=subject.pk, unit=unit, reasons=sheet.reasons) for key, subject in sheet.subjects.items()
    }
    typed = {key: form for key, form in forms_by_key.items() if form.is_typed}
    return Typed(typed, is_valid=all([form.is_valid() for form in typed.values()]))  # noqa: C419 - validate every row


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of a row as they are shown: what was typed where something was, else what is stored.

    ``seen_…`` and ``version`` are what the user's changes are measured against when the form comes back.
    """

    name: str
    amount: str
    seen_amount: str
    comment: str
    seen_comment: str
    version: int
    reason: str = ""
    seen_reason: str = ""
    amount_errors: tuple[str, ...] = ()
    reason_errors: tuple[str, ...] = ()
    comment_errors: tuple[str, ...] = ()
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    cell: Cell
    id: str
    is_figure: bool
    is_entry: bool
    is_computed: bool  # follows from what is typed


@dataclass(frozen=True, slots=True)
class GridRow:
    id: str
    label: str
    cells: tuple[GridCell, ...]
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend before the grid can be saved, and the field where. A conflict's sentence names its row."""

    field_id: str
    message: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """All that the page shows."""

    table: Table
    rows: tuple[GridRow, ...]
    totals: tuple[GridRow, ...]
    reasons: Reasons = ()
    remark: str = ""

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows if row.entry for problem in _problems(row.label, row.entry)]


def _problems(label: str, entry: Entry) -> Iterator[Problem]:
    if entry.conflict:
        yield Problem(f"{entry.name}-amount", entry.conflict)
    for message in entry.amount_errors:
        yield Problem(f"{entry.name}-amount", message, label)
    for message in entry.reason_errors:
        yield Problem(f"{entry.name}-reason", message, label)
    for message in entry.comment_errors:
        yield Problem(f"{entry.name}-comment", message, label)


def build_grid(sheet: Sheet, *, unit: Unit, typed: Typed = NOTHING_TYPED, conflicts: Iterable[Conflict] = ()) -> Grid:
    """The grid with what was typed in it, computed anew. After ``conflicts`` the fields are measured against what the
    others saved, so that saving again is a knowing choice."""
    table = sheet.table(typed.forecasts(), unit)
    conflict_of = {conflict.subject_id: conflict for conflict in conflicts}
    entries = {
        key: _entry(subject, typed.forms.get(key), conflict_of.get(subject.pk), unit)
        for key, subject in sheet.subjects.items()
    }
    rows = [(row.kind, _row(table.columns, row, entries.get(row.key))) for row in table.rows]
    return Grid(
        table,
        rows=tuple(row for kind, row in rows if kind is RowKind.LINE),
        totals=tuple(row for kind, row in rows if kind is RowKind.TOTAL),
        reasons=sheet.reasons,
        remark=sheet.remark(typed.forecasts()),
    )


def _entry(subject: Subject, form: RowForm | None, conflict: Conflict | None, unit: Unit) -> Entry:
    name, stored_amount = prefix_of(subject.pk), subject.amount_text(unit)
    if form is None:
        return Entry(
            name=name,
            amount=stored_amount,
            seen_amount=stored_amount,
            comment=subject.comment,
            seen_comment=subject.comment,
            version=subject.version,
            reason=subject.reason,
            seen_reason=subject.reason,
        )
    if conflict:  # what the user left alone in the row is the other's now
        return Entry(
            name=name,
            amount=form.typed("amount") if "amount" in form.changed_data else stored_amount,
            seen_amount=stored_amount,
            comment=form.typed("comment") if "comment" in form.changed_data else subject.comment,
            seen_comment=subject.comment,
            version=conflict.version,
            reason=form.typed("reason") if "reason" in form.changed_data else subject.reason,
            seen_reason=subject.reason,
            conflict=conflict.message,
        )
    return Entry(
        name=name,
        amount=form.typed("amount"),
        seen_amount=form.seen("amount"),
        comment=form.typed("comment"),
        seen_comment=form.seen("comment"),
        version=form.cleaned_data.get("version", 0),
        reason=form.typed("reason"),
        seen_reason=form.seen("reason"),
        amount_errors=(*form.errors_of("amount"), *form.errors_of("version")),
        reason_errors=form.errors_of("reason"),
        comment_errors=form.errors_of("comment"),
    )


def _row(columns: tuple[Column, ...], row: Row, entry: Entry | None) -> GridRow:
    name = entry.name if entry else f"rad-{row.key}"
    return GridRow(
        id=name,
        label=row.label,
        cells=tuple(
            GridCell(
                cell=cell,
                id=f"{name}-{column.key}",
                is_figure=column.kind is not ColumnKind.TEXT,
                is_entry=column.key == FORECAST and entry is not None,
                is_computed=_follows_from_forecast(column),
            )
            for column, cell in zip(columns, row.cells, strict=True)
        ),
        entry=entry,
    )


def _follows_from_forecast(column: Column) -> bool:
    return isinstance(column.formula, Difference) and column.formula.subtrahend == FORECAST
