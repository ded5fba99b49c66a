"""What concerns every app at once: beginning a year or a follow-up with what is carried over from the one before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

import decisions.actions
import followup.actions
import followup.measures
import investments.actions
import investments.overview
from followup import new_year
from followup.models import FiscalYear, FollowUp
from sydit.models import User
from sydit.periods import Month


@transaction.atomic
def open_follow_up(*, month: Month, meeting_date: dt.date | None = None, by: User) -> FollowUp:
    """Begin the follow-up through ``month``, each app carrying forward what it said last time, unconfirmed.

    Raises :class:`sydit.errors.Refused` where the year is not set up or the follow-up exists.
    """
    new = followup.actions.open_follow_up(month=month, meeting_date=meeting_date, by=by)
    followup.actions.carry_forward(to=new, by=by)
    investments.actions.carry_forward(to=new, by=by)
    decisions.actions.carry_forward(to=new, by=by)
    followup.measures.carry_forward(to=new, by=by)
    return new


@transaction.atomic
def put_back(*, follow_up: FollowUp, moment: dt.datetime, by: User) -> None:
    """Let everything entered in a follow-up say what it said at a moment. The caller holds the follow-up's lock.

    What was carried on from it to a later follow-up, and not been confirmed there, says the same.
    """
    followup.actions.put_back(follow_up=follow_up, moment=moment, by=by)
    investments.actions.put_back(follow_up=follow_up, moment=moment, by=by)
    decisions.actions.put_back(follow_up=follow_up, moment=moment, by=by)
    followup.measures.put_back(follow_up=follow_up, moment=moment, by=by)


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What a new budget year begins with. Projects live over the years: they come along, without an amount."""

    economy: new_year.Plan
    projects: tuple[str, ...]


def plan_year(*, source: FiscalYear, year: int) -> YearPlan:
    """What :func:`begin_year` would make. Raises :class:`sydit.errors.Refused` where the year exists."""
    return YearPlan(new_year.plan(source, year), investments.overview.budgeted_in(source))


def begin_year(*, source: FiscalYear, year: int, seen: str, by: User) -> FiscalYear:
    """Lay out a budget year with another's categories and account rules, and no amounts.

    ``seen`` is the mark of the plan that was looked at. Raises :class:`sydit.errors.Refused`.
    """
    return new_year.create(source=source, year=year, seen=seen, by=by)
