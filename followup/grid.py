"""The grid in which forecasts are entered, as it is shown: fields, figures that follow from them, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from followup import grid_columns
from followup.accuracy import Observation, remarks
from followup.forecasts import Conflict, Stored
from followup.grid_columns import explained, owed_comment
from followup.grid_form import NOTHING_TYPED, RowForm, Typed, month_field, month_name
from followup.outlook import Outlook, proposals, remaining_months, whole
from followup.pace import MONTHS
from followup.sheet import FORECAST, Design, GridColumn, Reasons, Sheet, SheetRow, amount_text
from followup.thresholds import Threshold
from sydit.leaves import Leaf, leaf
from sydit.money import Unit
from sydit.report import cells
from sydit.report.document import Cell

TOTAL = "rad-total"  # the sum, among the rows' names


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is shown: its value, what the user's changes are measured against, and what is wrong with it."""

    name: str
    value: str
    seen: str
    label: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal in words. ``amount`` is empty where there is none, and ``how`` then says why."""

    key: str
    label: str
    amount: str
    how: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of a row: what was typed where something was, else what is stored."""

    name: str
    version: int
    amount: Field
    comment: Field
    reason: Field
    months: tuple[Field, ...] = ()
    offers: tuple[Offer, ...] = ()
    earlier: tuple[str, ...] = ()  # how earlier forecasts of the row came true, in sentences
    history_url: str = ""  # what has been changed in the row
    is_open: bool = False  # whether months and proposals are shown
    by_month: bool = False  # whether the year is the sum of its months
    owed: str = ""  # that a comment is required
    drift: str = ""  # that the stored year is no longer what is booked and its months
    conflict: str = ""
    is_carried: bool = False  # the comment is last time's, and nobody has said that it holds

    @property
    def subject_id(self) -> str:
        return self.name.removeprefix("rad-")

    def fields(self) -> Iterator[Field]:
        yield from (self.amount, self.reason, self.comment, *self.months)


@dataclass(frozen=True, slots=True)
class GridCell:
    column: GridColumn
    cell: Cell
    id: str
    is_entry: bool


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

    design: Design
    unit: Unit
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    total: GridRow
    remark: str
    width: int
    leaf: Leaf[SheetRow]

    @property
    def reasons(self) -> Reasons:
        return self.design.reasons

    @property
    def groups(self) -> list[tuple[str, str]]:
        return list(grid_columns.hidden_together(self.columns))

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows if row.entry for problem in _problems(row.label, row.entry)]


def _problems(label: str, entry: Entry) -> Iterator[Problem]:
    if entry.conflict:
        yield Problem(entry.amount.name, entry.conflict)
    for field in entry.fields():
        for message in field.errors:
            yield Problem(field.name, message, label)


@dataclass(frozen=True)
class Builder:
    """Makes the parts of a grid from its sheet and what was typed in it. After ``conflicts`` the fields are measured
    against what the others saved, so that saving again is a knowing choice.

    A long sheet is shown a page at a time: the total and the remark are of all its rows, and a row that belongs to
    another page by now is shown all the same if somebody typed in it.
    """

    sheet: Sheet
    design: Design
    unit: Unit
    typed: Typed = NOTHING_TYPED
    conflicts: Collection[Conflict] = ()
    opened: Collection[int] = ()
    page: str = ""  # the number of the page, as it was asked for

    def grid(self) -> Grid:
        return Grid(
            self.design,
            self.unit,
            self.columns,
            rows=tuple(self.row(row, outlook) for row, outlook in self._shown()),
            total=self.total(),
            remark=self.remark(),
            width=self.width,
            leaf=self._leaf,
        )

    def _shown(self) -> Iterator[tuple[SheetRow, Outlook]]:
        here = {row.name for row in self._leaf.rows}
        for row, outlook in self.outlooks:
            if row.name in here or row.subject_id in self.typed.forms:
                yield row, outlook

    @cached_property
    def _leaf(self) -> Leaf[SheetRow]:
        return leaf(self.sheet.rows, self.page, caption=self.design.caption)

    @cached_property
    def outlooks(self) -> list[tuple[SheetRow, Outlook]]:
        """Every row of the sheet with what is stored, or typed instead of it."""
        overtaken = {one.subject_id for one in self.conflicts}
        typed = self.typed.forecasts(overtaken=overtaken)
        return list(zip(self.sheet.rows, self.sheet.outlooks(typed), strict=True))

    @cached_property
    def _whole(self) -> Outlook:
        return whole((outlook for _, outlook in self.outlooks), self.sheet.period.month)

    @cached_property
    def columns(self) -> tuple[GridColumn, ...]:
        return self.design.columns(self.sheet.period)

    @property
    def width(self) -> int:
        """How many columns the table has, the row's name and the comment among them."""
        return len(self.columns) + (3 if self.design.reasons else 2)

    def remark(self) -> str:
        return self.design.remark(self._whole)

    def total(self) -> GridRow:
        return GridRow(TOTAL, self.design.total_label, tuple(self._cells(TOTAL, self._whole, self.columns)), None)

    def row(self, row: SheetRow, outlook: Outlook) -> GridRow:
        entry = self.entry(row, outlook)
        return GridRow(row.name, row.label, tuple(self._cells(row.name, outlook, self.columns, entry)), entry)

    def following(self, row: SheetRow, outlook: Outlook) -> Iterator[GridCell]:
        """The cells of a row that follow from what is typed, without the field."""
        fields = (FORECAST,) if row.subject_id is not None else ()
        columns = [column for column in self.columns if column.follows and column.key not in fields]
        return self._cells(row.name, outlook, columns)

    def following_total(self) -> Iterator[GridCell]:
        return self._cells(TOTAL, self._whole, [column for column in self.columns if column.follows])

    def _cells(
        self, name: str, outlook: Outlook, columns: Iterable[GridColumn], entry: Entry | None = None
    ) -> Iterator[GridCell]:
        for column in columns:
            is_entry = column.key == FORECAST and entry is not None
            is_told = column.in_total or name != TOTAL
            shown = column.cell(outlook, self.unit) if is_told else cells.words("")
            yield GridCell(column, shown, f"{name}-{column.key}", is_entry)

    def entry(self, row: SheetRow, outlook: Outlook, *, tells_months: bool = False) -> Entry | None:
        """The row's fields. With ``tells_months`` its months are among them whether they are shown or not."""
        if row.subject_id is None:
            return None
        stored = self.sheet.stored.get(row.subject_id)
        form = self.typed.forms.get(row.subject_id)
        conflict = next((one for one in self.conflicts if one.subject_id == row.subject_id), None)
        fields = _Fields(row, stored, form, self.unit, has_conflict=conflict is not None)
        by_month = form.makes_year if form and form.months else bool(stored and stored.months)
        is_open = by_month or row.subject_id in self.opened or bool(form and form.months)
        comment = fields.of("comment")
        return Entry(
            name=row.name,
            version=_version(stored, form, conflict),
            amount=fields.of("amount", also="version"),
            comment=comment,
            reason=fields.of("reason"),
            months=tuple(self._months(fields)) if is_open or tells_months else (),
            offers=tuple(self._offers(row)) if is_open else (),
            earlier=remarks(self._earlier.get(row.key, ()), self.sheet.period.month) if is_open else (),
            history_url=self._history_of(row) if is_open else "",
            is_open=is_open,
            by_month=by_month,
            owed=owed_comment(comment_threshold(), row.known, outlook.variance, comment.value),
            drift=_drift(row, stored),
            conflict=conflict.message if conflict else "",
            is_carried=bool(stored and stored.comment and not stored.confirmed),
        )

    @cached_property
    def _earlier(self) -> dict[str, list[Observation]]:
        found: dict[str, list[Observation]] = {}
        for one in self.design.earlier():
            found.setdefault(one.key, []).append(one)
        return found

    def _history_of(self, row: SheetRow) -> str:
        asked = urlencode({"omrade": self.design.part.value, "q": row.label})
        return f"{reverse('history', kwargs={'month': self.sheet.period})}?{asked}"

    def _months(self, fields: _Fields) -> Iterator[Field]:
        for number in remaining_months(self.sheet.period.month):
            yield fields.of(month_field(number), label=month_name(number).capitalize())

    def _offers(self, row: SheetRow) -> Iterator[Offer]:
        for one in proposals(row.known, self.sheet.period.month):
            yield Offer(one.kind, one.kind.label, amount_text(one.amount, self.unit), explained(one, self.unit))


def comment_threshold() -> Threshold:
    """From which variance a comment is required (settings)."""
    return Threshold(settings.COMMENT_FROM_TKR, settings.COMMENT_FROM_PERCENT)


def _version(stored: Stored | None, form: RowForm | None, conflict: Conflict | None) -> int:
    if conflict:
        return conflict.version
    if form:
        return int(form.cleaned_data.get("version", 0)) if form.errors is not None else 0
    return stored.version if stored else 0


def _drift(row: SheetRow, stored: Stored | None) -> str:
    if stored is None or not stored.months or row.known.actual is None:
        return ""
    if stored.amount == row.known.actual + sum(stored.months):
        return ""
    return "Utfallet har ändrats sedan månaderna skrevs in: spara raden igen, så räknas årsprognosen om."


@dataclass(frozen=True, slots=True)
class _Fields:
    """A row's fields, each from what was typed or else what is stored."""

    row: SheetRow
    stored: Stored | None
    form: RowForm | None
    unit: Unit
    has_conflict: bool

    def of(self, field: str, *, label: str = "", also: str = "") -> Field:
        """The field; ``also`` names a hidden one whose errors are told here."""
        name, stored = f"{self.row.name}-{field}", self._stored(field)
        if self.form is None or field not in self.form.fields:
            return Field(name, stored, stored, label)
        if self.has_conflict:  # what the user left alone in the row is the other's now
            value = self.form.typed(field) if field in self.form.changed_data else stored
            return Field(name, value, stored, label)
        errors = (*self.form.errors_of(field), *(self.form.errors_of(also) if also else ()))
        return Field(name, self.form.typed(field), self.form.seen(field), label, errors)

    def _stored(self, field: str) -> str:
        if self.stored is None:
            return ""
        if field == "amount":
            return amount_text(self.stored.amount, self.unit)
        if field in ("comment", "reason"):
            return str(getattr(self.stored, field, ""))
        months = self.stored.months or []
        by_field = {month_field(MONTHS - back): ore for back, ore in enumerate(reversed(months))}  # the last: December
        return amount_text(by_field.get(field), self.unit)
