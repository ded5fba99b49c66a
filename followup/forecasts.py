"""Saving forecasts: one rule for categories and investment projects alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from django.db import IntegrityError
from django.db.models import QuerySet, Subquery

from followup import in_force
from followup.carrying import copy_rows
from followup.models import FollowUp, ForecastBase
from sydit import plain
from sydit.at_once import at_once, takes_messages
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.plain import Columns, Held, Wanted
from sydit.versions import Adding, Marked, Rewriting, require_fresh

ForecastT = TypeVar("ForecastT", bound=ForecastBase)

_SEEN = range(2**31)  # versions: what a database's integer holds; none is the first time


@dataclass(frozen=True, slots=True)
class ForecastEntry:
    """What a user entered for one subject (category or project), and the version that was on the screen.

    ``amount`` is öre with the ledger's sign; None = no forecast. ``reason`` is why it differs from the budget, where
    the subject's forecasts have one. ``months`` are the öre of each month that remains: the year is then what is
    booked and those, whatever ``amount`` says. With ``keeps_months`` nothing was said of them and they stay: whoever
    did not see a row's months neither changes them nor puts a year in their place.
    """

    subject_id: int
    label: str
    amount: int | None
    comment: str
    seen_version: int
    reason: str = ""
    months: list[int] | None = None
    keeps_months: bool = False
    confirms: bool = False  # that last time's comment, which nobody has changed, still holds
    unconfirms: bool = False  # last time's comment is put back, and nobody has said that it holds


class Stored(NamedTuple):
    """What is stored of a subject's forecast, as the grid shows it; see ``ForecastBase``. ``reason`` where there is
    such a field."""

    subject_id: int
    version: int
    confirmed: bool
    amount: int | None
    comment: str
    months: list[int] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """How many rows a save changed, and every row of the follow-up as it stands now, by subject."""

    changed: int
    rows: Mapping[int, Stored]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that somebody else saved meanwhile; ``version`` is theirs, ``message`` says what they entered."""

    subject_id: int
    version: int
    message: str


class StaleForecasts(StaleEdit):
    """At least one row was changed by somebody else; no row has been saved."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(" ".join(conflict.message for conflict in conflicts))
        self.conflicts = conflicts


def with_sums(
    entries: Iterable[ForecastEntry], *, months_left: int, booked: Callable[[], Mapping[int, int | None]]
) -> Iterator[ForecastEntry]:
    """The entries, those given by month with the year that follows, to the öre. ``booked`` is asked only for those.

    ``booked`` gives öre through the follow-up's month by subject. Raises :class:`Refused` where it is missing.
    """
    for entry in entries:
        if entry.months is None:
            yield entry
            continue
        actual = booked().get(entry.subject_id)
        if actual is None:
            raise Refused(f"{entry.label}: utfallet saknas, så månaderna kan inte summeras till ett år.")
        if len(entry.months) != months_left:
            raise Refused(f"{entry.label}: månaderna är inte de som återstår av året. Läs in sidan på nytt.")
        yield replace(entry, amount=actual + sum(entry.months))


def store(
    rows: Iterable[ForecastBase],
    model: type[ForecastBase],
    subject: str,
    *,
    follow_up: FollowUp,
    entries: Iterable[ForecastEntry],
    by: User,
) -> Saved:
    """Save the entries that differ from ``rows``, which are what is stored. The caller holds the follow-up's lock.

    ``subject`` names the model's foreign key. Raises :class:`StaleForecasts`, or :class:`Refused` where a year would
    stand in the place of months that nobody saw, and has then saved nothing.
    """
    of = {getattr(row, f"{subject}_id"): row for row in rows}
    changed: list[ForecastBase] = []
    conflicts: list[Conflict] = []
    over_months: list[str] = []
    for entry in entries:
        row = of.get(entry.subject_id) or model(follow_up=follow_up, **{f"{subject}_id": entry.subject_id})  # type: ignore[misc]
        entered = _entered(entry, model)
        if entry.keeps_months:
            entered["months"] = row.months
        is_rewritten = row.comment != entry.comment
        confirmed = entry.confirms or (not entry.unconfirms if is_rewritten else row.confirmed)
        if row.confirmed == confirmed and all(getattr(row, name) == value for name, value in entered.items()):
            continue
        try:
            require_fresh(row, seen_version=entry.seen_version, called=entry.label, changes=row.contents())
        except StaleEdit as stale:
            conflicts.append(Conflict(entry.subject_id, row.version, str(stale)))
        if entry.keeps_months and row.months and entry.amount != row.amount:
            over_months.append(entry.label)
        for name, value in entered.items():
            setattr(row, name, value)
        row.confirmed = confirmed
        changed.append(row)
    if conflicts:
        raise StaleForecasts(tuple(conflicts))
    if over_months:
        raise Refused(
            f"{', '.join(over_months)}: prognosen är summan av utfallet och månaderna. "
            "Öppna raden med Förslag, och ändra månaderna eller låt årsbeloppet gälla i stället."
        )
    for row in changed:
        row.save_version(by=by)
        of[getattr(row, f"{subject}_id")] = row
    names = _names(model, subject)
    return Saved(len(changed), {pk: Stored(*(getattr(row, name) for name in names)) for pk, row in of.items()})


def store_at_once(
    model: type[ForecastBase],
    subject: str,
    *,
    follow_up: FollowUp,
    entries: Sequence[ForecastEntry],
    during: Wanted[FollowUp],
    unless: Wanted[Any],
    by: User,
) -> Saved | None:
    """Save a single entry with one message to the database. The message is a transaction in which the follow-up is
    held, the entry written (where ``during`` is found, that it is open, and ``unless`` is not, that its part is ready),
    and what is then stored read.

    Returns None where nothing was written, which :func:`store` then does or refuses under the same lock. The message
    writes a year's amount that differs, into a row that is as it was seen and has no months; and it needs a database
    that takes messages.
    """
    if len(entries) != 1 or not takes_messages():
        return None
    (entry,) = entries
    if not entry.keeps_months or entry.unconfirms or entry.seen_version not in _SEEN:
        return None
    now = _stored(model, subject, follow_up)
    of = {**now.rows.columns, f"{subject}_id": entry.subject_id}
    entered = {name: value for name, value in _entered(entry, model).items() if name != "months"}
    writing: Adding | Rewriting
    if entry.seen_version:
        seen = {**of, "version": entry.seen_version, "months": None}
        marked = Marked("confirmed", when="comment", anyway=entry.confirms)
        writing = Rewriting(model, seen, entered, marked, by, during=during, unless=unless)
    elif any(value not in (None, "") for value in entered.values()):
        writing = Adding(model(**of, **entered), by, during=during, unless=unless)
    else:
        return None
    _, is_written, rows = at_once(Held(Wanted(FollowUp, {"id": follow_up.pk})), writing, now)
    return Saved(1, _by_subject(rows)) if is_written else None


@contextmanager
def told_whose_subject_is_gone(
    model: type[ForecastBase], subject: str, entries: Iterable[ForecastEntry]
) -> Iterator[None]:
    """A save that fails as a category or project is no longer there is :class:`Refused`, with the labels of those."""
    try:
        yield
    except IntegrityError as error:
        labels = {entry.subject_id: entry.label for entry in entries}
        subjects: QuerySet[Any] = QuerySet(model._meta.get_field(subject).related_model).filter(pk__in=labels)
        there = set(subjects.values_list("pk", flat=True))
        if labels.keys() <= there:
            raise
        raise Refused(
            f"{', '.join(label for pk, label in labels.items() if pk not in there)} finns inte längre. "
            "Inget har sparats. Kopiera det du har skrivit där, och läs in sidan på nytt."
        ) from error


def _entered(entry: ForecastEntry, model: type[ForecastBase]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in model.ENTERED}


def all_of(model: type[ForecastT], follow_up: FollowUp) -> Wanted[ForecastT]:
    """A follow-up's forecasts of one kind, to be read."""
    return Wanted(model, {"follow_up_id": follow_up.pk})


def rows_of(model: type[ForecastBase], subject: str, follow_up: FollowUp) -> dict[int, Stored]:
    """What is stored of a follow-up, by subject (the model's foreign key)."""
    (rows,) = plain.read(_stored(model, subject, follow_up))
    return _by_subject(rows)


def _stored(model: type[ForecastBase], subject: str, follow_up: FollowUp) -> Columns[Stored]:
    return Columns(all_of(model, follow_up), _names(model, subject), Stored)


def _names(model: type[ForecastBase], subject: str) -> tuple[str, ...]:
    """The columns that :class:`Stored` is made of, in its order."""
    return (f"{subject}_id", "version", "confirmed", *model.ENTERED)


def _by_subject(rows: Iterable[Stored]) -> dict[int, Stored]:
    return {row.subject_id: row for row in rows}


def carry_comments(
    model: type[ForecastBase], subject: str, *, to: FollowUp, subjects: Mapping[int, int] | None = None, by: User
) -> int:
    """Begin a new follow-up with the comments of the one before, to be confirmed or rewritten; returns how many.

    ``subjects`` names the subjects of the new year by those of the old, where they are others. Amounts are not carried.
    """
    before = FollowUp.objects.before(to).first()
    if before is None:
        return 0
    rows = [row for row in plain.read(all_of(model, before))[0] if row.comment]
    field = f"{subject}_id"
    if subjects is not None:
        rows = [row for row in rows if getattr(row, field) in subjects]
        for row in rows:
            setattr(row, field, subjects[getattr(row, field)])
    return copy_rows(rows, fields=(field, "comment"), to=to, by=by)


def previous_amounts(model: type[ForecastBase], subject: str, follow_up: FollowUp) -> dict[int, int | None]:
    """The forecasts of the follow-up before this one in the same year, in öre by subject; empty where there is none.

    While that one is being corrected, they are those of its version in force.
    """
    before = FollowUp.objects.before(follow_up).filter(fiscal_year=follow_up.fiscal_year_id).values("pk")[:1]
    rows: QuerySet[Any] = QuerySet(model).filter(follow_up=Subquery(before))
    found = list(rows.values_list(f"{subject}_id", "amount", "follow_up", "follow_up__corrects"))
    corrected = next((pk for *_, pk, corrects in found if corrects is not None), None)
    if corrected is not None and (moment := in_force.approved_at(corrected)):
        then = in_force.rows_at(model, moment).filter(follow_up=corrected)
        return dict(then.values_list(f"{subject}_id", "amount"))
    return {of: amount for of, amount, *_ in found}
