"""What may be done to investments: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max

from followup import forecasts
from followup.actions import open_for_writing
from followup.forecasts import ForecastEntry
from followup.models import FollowUp
from investments.models import InvestmentProject, Municipality, ProjectForecast
from sydit import master_data
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User


@transaction.atomic
def submit_forecasts(*, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> int:
    """Save project forecasts and comments; returns how many rows changed.

    Raises ``Refused`` where the follow-up is closed and ``StaleForecasts`` where somebody else saved a row
    meanwhile; nothing is saved then.
    """
    require(by, Permission.ENTER_FORECASTS)
    return forecasts.store(ProjectForecast, "project", follow_up=open_for_writing(follow_up), entries=entries, by=by)


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
