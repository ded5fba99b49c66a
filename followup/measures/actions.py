"""What may be done to measures: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from copy import copy
from dataclasses import asdict, dataclass, fields

from django.db import transaction

from followup import in_force
from followup.actions import open_for_writing
from followup.carrying import bring_along, copies_in, copy_rows, followers
from followup.models import CostCategory, FollowUp, Measure
from followup.parts import Part
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.money import shown, text
from sydit.versions import require_fresh

CARRIED = (
    "key",
    "what",
    "category_id",
    "owner",
    "due_on",
    "effect_this_year",
    "effect_full_year",
    "effect_so_far",
    "status",
)


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """What a user entered about a measure. Effects are öre, positive = better; None = not estimated."""

    what: str
    category_id: int | None
    owner: str
    due_on: dt.date | None
    effect_this_year: int | None
    effect_full_year: int | None
    effect_so_far: int | None
    status: str


@transaction.atomic
def add(*, follow_up: FollowUp, entry: MeasureEntry, by: User) -> Measure:
    """A new measure in the plan. Later follow-ups that are open already have it too, as if they began with it.

    Raises :class:`Refused` where the follow-up is closed.
    """
    require(by, Part.MEASURES.permission)
    row = Measure(follow_up=open_for_writing(follow_up, Part.MEASURES))
    _fill(row, entry)
    row.save_version(by=by)
    _carry_on(row, by=by)
    return row


@transaction.atomic
def change(*, follow_up: FollowUp, measure: Measure, entry: MeasureEntry, seen_version: int, by: User) -> bool:
    """Save a measure as it stands in this follow-up; returns whether anything changed.

    What was carried from last time is confirmed by it, rewritten or not, and what has been carried on from here
    within the year, and not been confirmed there, says the same.
    Raises :class:`Refused` where the follow-up is closed and ``StaleEdit`` where somebody else saved it meanwhile.
    """
    require(by, Part.MEASURES.permission)
    row = _row(open_for_writing(follow_up, Part.MEASURES), measure)
    if row.confirmed and all(getattr(row, name) == value for name, value in asdict(entry).items()):
        return False
    require_fresh(row, seen_version=seen_version, called=f"Åtgärden ”{shown(row.what)}”", changes=_contents(row))
    _fill(row, entry)
    row.save_version(by=by)
    bring_along(row, followers(Measure.objects.later_in_year(row)), fields=asdict(entry), by=by)
    return True


@transaction.atomic
def remove(*, follow_up: FollowUp, measure: Measure, seen_version: int, by: User) -> None:
    """Take away a measure that came into the plan by mistake in this follow-up; its history stays.

    Copies of it that nobody has confirmed in later follow-ups go with it. Raises :class:`Refused` where another
    follow-up has it too: it is then broken off (Avbruten), not forgotten.
    """
    require(by, Part.MEASURES.permission)
    row = _row(open_for_writing(follow_up, Part.MEASURES), measure)
    require_fresh(row, seen_version=seen_version, called=f"Åtgärden ”{shown(row.what)}”", changes=_contents(row))
    copies = followers(Measure.objects.later(row))
    if Measure.objects.filter(key=row.key).exclude(pk__in=[row.pk, *(each.pk for each in copies)]).exists():
        raise Refused("Åtgärden finns i en annan uppföljning och kan inte tas bort. Sätt dess status till Avbruten.")
    for each in (row, *copies):
        each._history_user = by  # noqa: SLF001 - what django-simple-history reads
        each.delete()


@transaction.atomic
def carry_forward(*, to: FollowUp, by: User) -> int:
    """Begin a new follow-up with the plan of the one before, to be confirmed or rewritten; returns how many measures.

    What was broken off stays behind, and what was carried out stays with its year. In a new year the effects of that
    year are unknown until somebody estimates them, and a category is the one with the same key.
    """
    require(by, Permission.OPEN_FOLLOW_UP)
    locked = open_for_writing(to, Part.MEASURES)
    previous = FollowUp.objects.before(locked).first()
    if previous is None:
        return 0
    rows = [row for row in Measure.objects.in_plan(previous) if row.is_in_force]
    if previous.fiscal_year_id != locked.fiscal_year_id:
        rows = _into_year(rows, locked)
    return copy_rows(rows, fields=CARRIED, to=locked, by=by)


def _carry_on(row: Measure, *, by: User) -> None:
    """Give the measure to the later follow-ups that take changes in their plan, unconfirmed there."""
    if not row.is_in_force:
        return
    later = FollowUp.objects.after(row.follow_up).select_related("fiscal_year")
    for begun in copies_in(later, {}, Part.MEASURES, new=lambda follow_up: Measure(follow_up=follow_up, key=row.key)):
        if begun.follow_up.fiscal_year_id == row.follow_up.fiscal_year_id:
            bring_along(row, [begun], fields=CARRIED, by=by)
        else:
            for of_year in _into_year([copy(row)], begun.follow_up):
                bring_along(of_year, [begun], fields=CARRIED, by=by)


def put_back(*, follow_up: FollowUp, moment: dt.datetime, by: User) -> None:
    """The plan as it was at a moment; see ``occasions.put_back``."""
    require(by, Permission.APPROVE)
    entered = tuple(each.name for each in fields(MeasureEntry))
    for row in in_force.put_back(Measure, follow_up, moment=moment, by=by):
        bring_along(row, followers(Measure.objects.later_in_year(row)), fields=entered, by=by)


def _into_year(rows: list[Measure], follow_up: FollowUp) -> list[Measure]:
    """The rows as they begin a new year; not saved."""
    categories = dict(CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id).values_list("key", "pk"))
    kept = [row for row in rows if row.status != Measure.Status.DONE]
    for row in kept:
        row.category_id = categories.get(row.category.key) if row.category else None
        row.effect_this_year = row.effect_so_far = None
    return kept


def _row(follow_up: FollowUp, measure: Measure) -> Measure:
    row = Measure.objects.filter(follow_up=follow_up, pk=measure.pk).first()
    if row is None:
        raise Refused("Åtgärden finns inte längre i uppföljningen: någon annan har tagit bort den.")
    return row


def _fill(row: Measure, entry: MeasureEntry) -> None:
    category = CostCategory.objects.filter(pk=entry.category_id).first() if entry.category_id else None
    if category and category.fiscal_year_id != row.follow_up.fiscal_year_id:
        raise Refused("Kostnadskategorin hör till ett annat budgetår än uppföljningen.")
    for name, value in asdict(entry).items():
        setattr(row, name, value)
    row.confirmed = True


def _contents(row: Measure) -> Iterator[str]:
    yield f"åtgärden är nu ”{shown(row.what, 80)}”"
    yield f"status {row.get_status_display().lower()}"
    yield f"ansvarig {row.owner}" if row.owner else "ingen ansvarig"
    yield f"klar senast {row.due_on}" if row.due_on else "inget datum"
    amounts = ((row.effect_this_year, "i år"), (row.effect_full_year, "på helår"), (row.effect_so_far, "hittills"))
    for amount, when in amounts:
        yield f"effekt {when} {'saknas' if amount is None else f'{text(amount, exact=True)} tkr'}"
