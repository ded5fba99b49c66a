"""What may be done to a follow-up: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from followup import actuals, forecasts, in_force
from followup.classify import Kind
from followup.forecasts import ForecastEntry, Saved
from followup.models import CostCategory, FiscalYear, FollowUp, Forecast, ForecastBase, PartReady, ReportText
from followup.parts import Part
from followup.ready import marks_of, why_closed
from sydit import plain
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.money import shown
from sydit.periods import Month
from sydit.plain import Wanted
from sydit.versions import require_fresh


def lock_follow_up(follow_up: FollowUp) -> FollowUp:
    """The follow-up as it stands now, held until the transaction ends, so that approval and a write cannot cross.

    Raises :class:`Refused` where there is none any more: nothing removes one, but a page may outlive its database.
    """
    locked, _ = _lock(follow_up)
    return locked


def open_for_writing(follow_up: FollowUp, part: Part) -> FollowUp:
    """As :func:`lock_follow_up`; raises :class:`Refused` unless the follow-up and the part are open."""
    locked, _ = open_with(follow_up, part)
    return locked


def open_with(follow_up: FollowUp, part: Part, *also: Wanted[Any]) -> tuple[FollowUp, list[list[Any]]]:
    """As :func:`open_for_writing`, with what else is ``wanted`` as it stands while the follow-up is held."""
    locked, (ready, *found) = _lock(follow_up, marks_of(follow_up, part), *also)
    if closed := why_closed(locked, ready):
        raise Refused(f"{closed} Inget har sparats.")
    return locked, found


def _lock(follow_up: FollowUp, *also: Wanted[Any]) -> tuple[FollowUp, list[list[Any]]]:
    """The follow-up, and what is read when it is held."""
    locked, *found = plain.read(_this(follow_up, lock=True), *also)
    if not locked:
        raise Refused("Uppföljningen finns inte längre. Inget har sparats.")
    (now,) = locked
    if now.fiscal_year_id == follow_up.fiscal_year_id:
        now.fiscal_year = follow_up.fiscal_year
    return now, found


def _this(follow_up: FollowUp, *, lock: bool = False, **also: Any) -> Wanted[FollowUp]:
    return Wanted(FollowUp, {"id": follow_up.pk, "month": follow_up.month, **also}, lock=lock)


@transaction.atomic
def open_follow_up(*, month: Month, meeting_date: dt.date | None = None, by: User) -> FollowUp:
    """Begin the follow-up through ``month``. Raises :class:`Refused` where the year is not set up or it exists."""
    require(by, Permission.OPEN_FOLLOW_UP)
    year = FiscalYear.objects.filter(year=month.year).first()
    if year is None:
        raise Refused(f"Budgetåret {month.year} är inte upplagt. Lägg upp det under Grunddata först.")
    follow_up = FollowUp(fiscal_year=year, month=month.month, meeting_date=meeting_date)
    try:
        with transaction.atomic():
            follow_up.save_version(by=by)
    except IntegrityError as error:
        raise Refused(f"Uppföljningen {month.label} finns redan.") from error
    return follow_up


def submit_forecasts(*, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> Saved:
    """Save category forecasts and comments, as :func:`submit_entries` does."""
    return submit_entries(
        Forecast, "category", Part.ECONOMY, follow_up=follow_up, entries=entries, booked=_booked_by_category, by=by
    )


def submit_entries(
    model: type[ForecastBase],
    subject: str,
    part: Part,
    *,
    follow_up: FollowUp,
    entries: Iterable[ForecastEntry],
    booked: Callable[[FollowUp], Mapping[int, int | None]],
    by: User,
) -> Saved:
    """Save forecasts and comments of a part. ``subject`` names the model's foreign key; ``booked`` gives öre through
    the follow-up's month by subject, and is asked only where an entry is given by month.

    Raises :class:`Refused` where the follow-up is closed or a subject is gone, and ``StaleForecasts`` where somebody
    else saved a row meanwhile; nothing is saved then.
    """
    require(by, part.permission)
    entered = list(entries)
    with forecasts.told_whose_subject_is_gone(model, subject, entered):
        if saved := forecasts.store_at_once(
            model,
            subject,
            follow_up=follow_up,
            entries=entered,
            during=_this(follow_up, state=FollowUp.State.OPEN),
            unless=marks_of(follow_up, part),
            by=by,
        ):
            return saved
        with transaction.atomic():
            locked, (rows,) = open_with(follow_up, part, forecasts.all_of(model, follow_up))
            summed = forecasts.with_sums(entered, months_left=locked.months_left, booked=lambda: booked(locked))
            return forecasts.store(rows, model, subject, follow_up=locked, entries=summed, by=by)


@transaction.atomic
def carry_forward(*, to: FollowUp, by: User) -> int:
    """Begin a new follow-up with last time's comments on the categories, to be confirmed or rewritten."""
    require(by, Permission.OPEN_FOLLOW_UP)
    locked = open_for_writing(to, Part.ECONOMY)
    here = dict(CostCategory.objects.filter(fiscal_year=locked.fiscal_year_id).values_list("key", "pk"))
    same = {pk: here[key] for pk, key in CostCategory.objects.values_list("pk", "key") if key in here}
    return forecasts.carry_comments(Forecast, "category", to=locked, subjects=same, by=by)


def _booked_by_category(follow_up: FollowUp) -> dict[int, int | None]:
    booked = actuals.year_to_date(follow_up.period)
    amounts = {place.key: ore for place, ore in booked.placed.of(Kind.CATEGORY).items()}
    categories = CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id).values_list("pk", "key")
    return {pk: None if booked.missing else amounts.get(key, 0) for pk, key in categories}


def put_back(*, follow_up: FollowUp, moment: dt.datetime, by: User) -> None:
    """Forecasts, texts and the marks of the parts as they were at a moment; see ``occasions.put_back``."""
    require(by, Permission.APPROVE)
    for model in (Forecast, ReportText, PartReady):
        in_force.put_back(model, follow_up, moment=moment, by=by)


@transaction.atomic
def write_text(*, follow_up: FollowUp, key: str, body: str, seen_version: int, by: User) -> bool:
    """Save a text of the report; returns whether it changed. Raises :class:`Refused` and ``StaleEdit``."""
    require(by, Part.TEXTS.permission)
    locked = open_for_writing(follow_up, Part.TEXTS)
    row = ReportText.objects.filter(follow_up=locked, key=key).first() or ReportText(follow_up=locked, key=key)
    if row.body == body:
        return False
    require_fresh(
        row,
        seen_version=seen_version,
        called=f"Texten ”{row.get_key_display()}”",
        changes=[f"den börjar nu ”{shown(row.body, 80)}”" if row.body else "den är nu tom"],
    )
    row.body = body
    row.save_version(by=by)
    return True
