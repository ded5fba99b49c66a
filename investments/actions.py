"""What may be done to investments: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max

from followup import actuals, forecasts, in_force
from followup.actions import open_for_writing
from followup.classify import Kind
from followup.forecasts import ForecastEntry, Saved
from followup.models import FollowUp
from followup.parts import Part
from investments.models import InvestmentProject, Municipality, ProjectForecast
from sydit import master_data
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User


@transaction.atomic
def submit_forecasts(*, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> Saved:
    """Save project forecasts and comments.

    Raises ``Refused`` where the follow-up is closed and ``StaleForecasts`` where somebody else saved a row
    meanwhile; nothing is saved then.
    """
    require(by, Part.INVESTMENTS.permission)
    locked = open_for_writing(follow_up, Part.INVESTMENTS)
    summed = forecasts.with_sums(entries, months_left=locked.months_left, booked=lambda: _booked_by_project(locked))
    return forecasts.store(ProjectForecast, "project", follow_up=locked, entries=summed, by=by)


@transaction.atomic
def carry_forward(*, to: FollowUp, by: User) -> int:
    """Begin a new follow-up with last time's comments on the projects, to be confirmed or rewritten."""
    require(by, Permission.OPEN_FOLLOW_UP)
    return forecasts.carry_comments(ProjectForecast, "project", to=open_for_writing(to, Part.INVESTMENTS), by=by)


def put_back(*, follow_up: FollowUp, moment: dt.datetime, by: User) -> None:
    """The projects' forecasts as they were at a moment; see ``occasions.put_back``."""
    require(by, Permission.APPROVE)
    in_force.put_back(ProjectForecast, follow_up, moment=moment, by=by)


def _booked_by_project(follow_up: FollowUp) -> dict[int, int | None]:
    booked = actuals.year_to_date(follow_up.period)
    amounts = {place.key: ore for place, ore in booked.placed.of(Kind.PROJECT).items()}
    projects = InvestmentProject.objects.values_list("pk", "code")
    return {pk: None if booked.missing else amounts.get(code, 0) for pk, code in projects}


@transaction.atomic
def register_project(*, code: str, name: str, municipality: Municipality | None, by: User) -> InvestmentProject:
    """Make a project code an investment: its booked lines leave the categories wherever no report is published yet.

    Raises ``Refused`` where the code is registered already.
    """
    require(by, Permission.KEEP_MASTER_DATA)
    last = InvestmentProject.objects.aggregate(last=Max("position", default=0))["last"]
    project = InvestmentProject(code=code, name=name, municipality=municipality, position=last + 1)
    try:
        with transaction.atomic():
            master_data.save(project, by=by)
    except IntegrityError as error:
        raise Refused(f"Projektkoden {code} är redan registrerad.") from error
    return project
