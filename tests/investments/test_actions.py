"""What may be done to the forecast of an investment project; the rule itself is that of the categories."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from followup.forecasts import ForecastEntry, StaleForecasts
from followup.models import FollowUp
from investments import actions
from investments.models import InvestmentProject, ProjectForecast
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


@pytest.fixture
def project() -> InvestmentProject:
    return factories.project()


def submit(follow_up: FollowUp, project: InvestmentProject, amount: int, *, role: Role = Role.CONTROLLER) -> int:
    entry = ForecastEntry(project.pk, project.name, amount, comment="", seen_version=0)
    return actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=factories.user(role=role)).changed


def test_a_projects_forecast_is_saved_with_its_history(follow_up: FollowUp, project: InvestmentProject) -> None:
    assert submit(follow_up, project, 100) == 1
    row = ProjectForecast.objects.get(project=project)
    assert (row.amount, row.version, row.history.count()) == (100, 1, 1)


def test_a_forecast_that_somebody_else_saved_first_is_not_replaced(
    follow_up: FollowUp, project: InvestmentProject
) -> None:
    submit(follow_up, project, 100)
    with pytest.raises(StaleForecasts, match="IT Invest Lekeberg har ändrats"):
        submit(follow_up, project, 200)
    assert ProjectForecast.objects.get().amount == 100


def test_a_follow_up_that_is_not_open_takes_no_forecast(follow_up: FollowUp, project: InvestmentProject) -> None:
    FollowUp.objects.update(state=FollowUp.State.READY)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        submit(follow_up, project, 100)
    assert not ProjectForecast.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if Permission.ENTER_FORECASTS not in GRANTS[role]])
def test_only_who_enters_forecasts_saves_them(follow_up: FollowUp, project: InvestmentProject, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        submit(follow_up, project, 100, role=role)
    assert not ProjectForecast.objects.exists()
