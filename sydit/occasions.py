"""What concerns every app at once: beginning a follow-up with what is carried over from the one before."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

import decisions.actions
import followup.actions
import followup.measures
import investments.actions
from followup.models import FollowUp
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
