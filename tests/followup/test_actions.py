"""What may be done to a follow-up: by whom, when, and what is left as it was when it may not."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from followup import actions
from followup.forecasts import ForecastEntry, StaleForecasts
from followup.models import CostCategory, FiscalYear, FollowUp, Forecast, ReportText
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.periods import Month
from tests import factories

ANALYSIS = ReportText.Key.ANALYSIS

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


@pytest.fixture
def category() -> CostCategory:
    return factories.category(name="Lokaler")


@pytest.fixture
def controller() -> User:
    return factories.user(role=Role.CONTROLLER, name="Karin Controller")


def entry(category: CostCategory, amount: int | None, *, comment: str = "", seen: int = 0) -> ForecastEntry:
    return ForecastEntry(category.pk, category.name, amount, comment, seen_version=seen)


def without(permission: Permission) -> list[Role]:
    return [role for role in Role if permission not in GRANTS[role]]


def test_saving_a_forecast_makes_a_version_and_a_history_of_who_and_what(
    follow_up: FollowUp, category: CostCategory, controller: User
) -> None:
    for seen, amount in enumerate((100, 200)):
        assert (
            actions.submit_forecasts(
                follow_up=follow_up, entries=[entry(category, amount, seen=seen)], by=controller
            ).changed
            == 1
        )
    row = Forecast.objects.get()
    assert (row.amount, row.version, row.changed_by) == (200, 2, controller)
    assert [(old.amount, old.history_user) for old in row.history.order_by("history_id")] == [
        (100, controller),
        (200, controller),
    ]


def test_a_forecast_that_is_already_so_is_no_new_version_whatever_version_was_seen(
    follow_up: FollowUp, category: CostCategory, controller: User
) -> None:
    for _ in range(2):
        saved = actions.submit_forecasts(follow_up=follow_up, entries=[entry(category, 100)], by=controller)
    assert saved.changed == 0
    assert Forecast.objects.get().version == 1


def test_one_stale_row_saves_no_row_at_all_and_every_stale_row_is_told(
    follow_up: FollowUp, category: CostCategory, controller: User
) -> None:
    other, fresh = factories.category(key="b", name="Resor"), factories.category(key="c", name="Räntor")
    first = [entry(category, 100_000), entry(other, None, comment="Oklart")]
    actions.submit_forecasts(follow_up=follow_up, entries=first, by=controller)
    late = [entry(fresh, 1), entry(category, 2), entry(other, 3)]
    with pytest.raises(StaleForecasts) as stale:
        actions.submit_forecasts(follow_up=follow_up, entries=late, by=factories.user(role=Role.CONTROLLER))
    assert [(conflict.subject_id, conflict.version) for conflict in stale.value.conflicts] == [
        (category.pk, 1),
        (other.pk, 1),
    ]
    assert "Lokaler har ändrats av Karin Controller" in str(stale.value)
    assert "prognosen är nu 1 tkr" in str(stale.value)
    assert "ingen prognos, kommentaren är nu ”Oklart”" in str(stale.value)
    assert dict(Forecast.objects.values_list("category", "amount")) == {category.pk: 100_000, other.pk: None}


@pytest.mark.parametrize("role", without(Permission.ENTER_FORECASTS))
def test_only_who_enters_forecasts_saves_them(follow_up: FollowUp, category: CostCategory, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        actions.submit_forecasts(follow_up=follow_up, entries=[entry(category, 1)], by=factories.user(role=role))
    assert not Forecast.objects.exists()


@pytest.mark.parametrize("state", [FollowUp.State.READY, FollowUp.State.APPROVED])
def test_a_follow_up_that_is_not_open_takes_no_forecast_and_no_text(
    category: CostCategory, controller: User, state: FollowUp.State
) -> None:
    stale_copy = factories.follow_up()
    FollowUp.objects.update(state=state)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        actions.submit_forecasts(follow_up=stale_copy, entries=[entry(category, 1)], by=controller)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        actions.write_text(follow_up=stale_copy, key=ANALYSIS, body="Ny", seen_version=0, by=controller)
    assert not Forecast.objects.exists()
    assert not ReportText.objects.exists()


def test_a_text_that_somebody_else_saved_first_is_not_replaced(follow_up: FollowUp, controller: User) -> None:
    actions.write_text(follow_up=follow_up, key=ANALYSIS, body="Först", seen_version=0, by=controller)
    with pytest.raises(StaleEdit, match=r"har ändrats av Karin Controller .*: den börjar nu ”Först”"):
        actions.write_text(follow_up=follow_up, key=ANALYSIS, body="Sist", seen_version=0, by=controller)
    assert ReportText.objects.get().body == "Först"


def test_a_text_that_is_already_so_is_no_new_version(follow_up: FollowUp, controller: User) -> None:
    changes = [
        actions.write_text(follow_up=follow_up, key=ANALYSIS, body="Samma", seen_version=0, by=controller)
        for _ in range(2)
    ]
    assert changes == [True, False]
    assert ReportText.objects.get().version == 1


@pytest.mark.parametrize("role", without(Permission.WRITE_TEXTS))
def test_only_who_writes_texts_saves_them(follow_up: FollowUp, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        actions.write_text(follow_up=follow_up, key=ANALYSIS, body="Ny", seen_version=0, by=factories.user(role=role))
    assert not ReportText.objects.exists()


def test_a_follow_up_is_opened_once_a_month(follow_up: FollowUp, controller: User) -> None:
    with pytest.raises(Refused, match="Uppföljningen oktober 2024 finns redan"):
        actions.open_follow_up(month=follow_up.period, by=controller)
    assert FollowUp.objects.count() == 1


def test_a_follow_up_needs_a_year_that_is_set_up(controller: User) -> None:
    assert not FiscalYear.objects.filter(year=2031).exists()
    with pytest.raises(Refused, match="Budgetåret 2031 är inte upplagt"):
        actions.open_follow_up(month=Month(2031, 4), by=controller)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("role", without(Permission.OPEN_FOLLOW_UP))
def test_only_who_may_opens_a_follow_up(role: Role) -> None:
    factories.fiscal_year()
    with pytest.raises(PermissionDenied):
        actions.open_follow_up(month=Month(2024, 10), by=factories.user(role=role))
    assert not FollowUp.objects.exists()
