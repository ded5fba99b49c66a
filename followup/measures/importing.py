"""A list of measures out of a file, into the plan of one follow-up: what each row would do, and doing it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django import forms
from django.db import transaction

from followup.actions import open_for_writing
from followup.measures import actions
from followup.measures.actions import MeasureEntry
from followup.models import CostCategory, FollowUp, Measure
from followup.parts import Part
from sydit.access import Permission, require
from sydit.forms import AmountField, DateField, TextField
from sydit.imports import Effect, ListPlan, Problem, ReadRow, RowForm, Shown, read_list
from sydit.models import User
from sydit.money import Unit, shown, text

LONGEST_OWNER = 100
_STATUS_BY_WORD = {label.casefold(): value for value, label in Measure.Status.choices}
_NEW = MeasureEntry("", None, "", None, None, None, None, Measure.Status.PLANNED)


class MeasureRowForm(RowForm):
    """One row: a measure. Amounts without a unit of their own are kronor, positive = better."""

    what = TextField(label="Åtgärd", max_length=1000, error_messages={"required": "Åtgärden saknas."})
    category = forms.CharField(label="Kostnadskategori", required=False)
    owner = forms.CharField(label="Ansvarig", required=False, max_length=LONGEST_OWNER)
    due_on = DateField(label="Klar senast", required=False)
    status = forms.CharField(label="Status", required=False)
    effect_this_year = AmountField(label="Effekt i år", required=False, any_unit=True)
    effect_full_year = AmountField(label="Effekt på helår", required=False, any_unit=True)
    effect_so_far = AmountField(label="Effekt hittills", required=False, any_unit=True)
    key = forms.UUIDField(
        label="Nyckel",
        required=False,
        error_messages={"invalid": "Nyckeln är ändrad. Låt den stå som i filen som exporterades, eller töm den."},
    )

    also = {
        "what": ("Beskrivning", "Text"),
        "category": ("Kategori", "Post"),
        "due_on": ("Datum", "Förfaller"),
        "effect_this_year": ("I år", "Effekt i år, kr"),
        "effect_full_year": ("På helår", "Effekt på helår, kr"),
        "effect_so_far": ("Hittills", "Effekt hittills, kr"),
    }

    def clean_status(self) -> str:
        word = self.cleaned_data["status"]
        if word and word.casefold() not in _STATUS_BY_WORD:
            raise forms.ValidationError(
                f"”{word}” är ingen status. De som finns är: {', '.join(Measure.Status.labels)}."
            )
        return _STATUS_BY_WORD.get(word.casefold(), "")


@dataclass(frozen=True, slots=True)
class Planned:
    """A row (``PlannedRow``), the measure in the plan that it is about, if any, and what it would save."""

    number: int
    measure: Measure | None
    entry: MeasureEntry
    category: str
    effect: Effect

    @property
    def reference(self) -> str:
        return shown(self.entry.what)

    @property
    def cells(self) -> tuple[Shown, ...]:
        new = _words(self.entry, self.category)
        if self.measure is None:
            return tuple(Shown(word) for word in new)
        before = _words(_entry_of(self.measure), self.measure.category.name if self.measure.category else "")
        return tuple(Shown(word, "" if word == was else was or "tomt") for word, was in zip(new, before, strict=True))

    @property
    def seen(self) -> object:
        return self.measure.version if self.measure else None


def _entry_of(measure: Measure) -> MeasureEntry:
    return MeasureEntry(**{name: getattr(measure, name) for name in asdict(_NEW)})


def _words(entry: MeasureEntry, category: str) -> tuple[str, ...]:
    amounts = (entry.effect_this_year, entry.effect_full_year, entry.effect_so_far)
    return (
        category,
        entry.owner,
        entry.due_on.isoformat() if entry.due_on else "",
        str(Measure.Status(entry.status).label),
        *("" if ore is None else f"{text(ore, Unit.KR)} kr" for ore in amounts),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a file is compared with. Two queries, whatever the file's length."""

    by_key: Mapping[uuid.UUID, Measure]
    by_words: Mapping[str, Measure]
    categories: Mapping[str, CostCategory]  # by name in small letters

    @classmethod
    def of(cls, follow_up: FollowUp) -> _Plan:
        rows = list(Measure.objects.in_plan(follow_up))
        categories = CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id)
        return cls(
            {row.key: row for row in rows},
            {row.what.casefold(): row for row in rows},
            {category.name.casefold(): category for category in categories},
        )

    def find(self, form: MeasureRowForm) -> Measure | None:
        """By its key, or else by exactly its words."""
        key, what = form.cleaned_data["key"], form.cleaned_data["what"]
        return self.by_key.get(key) if key else self.by_words.get(what.casefold())


def plan(content: bytes, follow_up: FollowUp) -> ListPlan[Planned]:
    """What a file would do to the follow-up's plan. Raises ``Refused``, row by row.

    A blank cell leaves what the plan says as it is. A measure that was carried over is confirmed by its row.
    """
    read, stored = read_list(content, MeasureRowForm), _Plan.of(follow_up)
    read.require_sound(_problems(read.rows, stored, follow_up))
    return ListPlan(tuple(_planned(row, stored) for row in read.rows), read.unused)


def _problems(rows: Sequence[ReadRow[MeasureRowForm]], stored: _Plan, follow_up: FollowUp) -> Iterator[Problem]:
    """What a row by itself cannot tell: doubles, and what the plan or its year does not have."""
    first: dict[object, int] = {}
    for row in rows:
        fields, measure = row.form.cleaned_data, stored.find(row.form)
        before = first.setdefault(measure.pk if measure else fields["what"].casefold(), row.number)
        if before != row.number:
            yield row.problem("what", f"Åtgärden står redan på rad {before}.")
        if fields["key"] and measure is None:
            period = follow_up.period.label
            yield row.problem(
                "key",
                f"Åtgärden finns inte i planen för {period}. Ta bort raden eller töm nyckeln.",
            )
        if fields["category"] and fields["category"].casefold() not in stored.categories:
            yield row.problem("category", f"Kategorin finns inte i budgetåret {follow_up.fiscal_year}.")


def _planned(row: ReadRow[MeasureRowForm], stored: _Plan) -> Planned:
    fields, measure = row.form.cleaned_data, stored.find(row.form)
    kept = _entry_of(measure) if measure else _NEW
    category = stored.categories.get(fields["category"].casefold())
    told: dict[str, Any] = {
        name: fields[name] for name in asdict(_NEW) if name in fields and fields[name] not in ("", None)
    }
    if category:
        told["category_id"] = category.pk
    entry = replace(kept, **told)
    name = category.name if category else measure.category.name if measure and measure.category else ""
    effect = Effect.CHANGED
    if measure is None:
        effect = Effect.ADDED
    elif measure.confirmed and entry == kept:
        effect = Effect.SAME
    return Planned(row.number, measure, entry, name, effect)


@transaction.atomic
def save(*, content: bytes, follow_up: FollowUp, seen: str, by: User) -> ListPlan[Planned]:
    """Save a file's rows, all or none; returns what was done.

    ``seen`` is the mark of the plan that somebody looked at. Raises ``Refused`` where it no longer holds, or where the
    follow-up takes no changes.
    """
    require(by, Permission.ENTER_FORECASTS)
    locked = open_for_writing(follow_up, Part.MEASURES)
    done = plan(content, locked)
    done.require_seen(seen)
    for row in done.changing:
        if row.measure is None:
            actions.add(follow_up=locked, entry=row.entry, by=by)
        else:
            version = row.measure.version
            actions.change(follow_up=locked, measure=row.measure, entry=row.entry, seen_version=version, by=by)
    return done
