"""What may be done to investments: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from followup import forecasts
from followup.actions import open_for_writing
from followup.forecasts import ForecastEntry
from followup.models import FollowUp
from investments.models import ProjectForecast
from sydit.access import Permission, require
from sydit.models import User


@transaction.atomic
def submit_forecasts(*, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> int:
    """Save project forecasts and comments; returns how many rows changed.

    Raises ``Refused`` where the follow-up is closed and ``StaleForecasts`` where somebody else saved a row
    meanwhile; nothing is saved then.
    """
    require(by, Permission.ENTER_FORECASTS)
    return forecasts.store(ProjectForecast, "project", follow_up=open_for_writing(follow_up), entries=entries, by=by)
