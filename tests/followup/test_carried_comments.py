"""A new follow-up begins with last time's comments on categories and projects, to be confirmed or rewritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from followup import actions
from followup.forecasts import ForecastEntry
from followup.models import FollowUp, Forecast
from investments import actions as investment_actions
from investments.models import InvestmentProject, ProjectForecast
from sydit import occasions
from sydit.access import Role
from sydit.models import User
from sydit.periods import Month
from sydit.report import checks
from sydit.report.build import read_inputs
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOVEMBER = Month(2024, 11)
RENT = "Hyran räknades upp mer än budgeterat."


@pytest.fixture
def november(october: FollowUp) -> FollowUp:
    return occasions.open_follow_up(month=NOVEMBER, by=User.objects.get(username="controller"))


def rent(follow_up: FollowUp) -> Forecast:
    return Forecast.objects.get(follow_up=follow_up, category__key="lokalhyror")


def save(follow_up: FollowUp, *, amount: int | None = None, comment: str = RENT, confirms: bool = False) -> Forecast:
    row = rent(follow_up)
    entry = ForecastEntry(row.category_id, "Lokalhyror", amount, comment, row.version, confirms=confirms)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=User.objects.get(username="controller"))
    return rent(follow_up)


def stops(follow_up: FollowUp) -> set[str]:
    return {check.key for check in checks.all_checks(read_inputs(follow_up)) if check.key.startswith("unconfirmed/")}


def test_comments_are_carried_unconfirmed_and_amounts_are_not(november: FollowUp) -> None:
    row = rent(november)
    assert (row.comment, row.amount, row.confirmed) == (RENT, None, False)
    assert not Forecast.objects.filter(follow_up=november, comment="").exists()
    assert row.history.count() == 1


def test_what_is_not_confirmed_stops_publication(november: FollowUp) -> None:
    assert "unconfirmed/lokalhyror" in stops(november)


def test_an_amount_alone_confirms_no_comment(november: FollowUp) -> None:
    assert not save(november, amount=839_00_000).confirmed


@pytest.mark.parametrize(
    ("comment", "confirms"),
    [(RENT, True), ("Ny hyresvärd.", False), ("", False)],
    ids=["said to hold", "rewritten", "taken away"],
)
def test_a_comment_is_confirmed_by_whoever_deals_with_it(november: FollowUp, comment: str, confirms: bool) -> None:
    row = save(november, comment=comment, confirms=confirms)
    assert (row.comment, row.confirmed) == (comment, True)
    assert "unconfirmed/lokalhyror" not in stops(november)


def test_projects_carry_their_comments_too(october: FollowUp) -> None:
    controller = User.objects.get(username="controller")
    project = InvestmentProject.objects.get(code="91002")
    stored = ProjectForecast.objects.get(follow_up=october, project=project)
    entry = ForecastEntry(
        project.pk, project.name, stored.amount, "Levereras i januari.", stored.version, reason="delay"
    )
    investment_actions.submit_forecasts(follow_up=october, entries=[entry], by=controller)
    november = occasions.open_follow_up(month=NOVEMBER, by=controller)
    row = ProjectForecast.objects.get(follow_up=november)
    assert (row.project, row.comment, row.amount, row.reason, row.confirmed) == (
        project,
        "Levereras i januari.",
        None,
        "",
        False,
    )
    assert "unconfirmed/91002" in stops(november)


def test_in_a_new_year_the_comment_follows_the_categorys_key(october: FollowUp) -> None:
    later = factories.category(key="lokalhyror", name="Hyror", year=factories.fiscal_year(year=2025))
    january = occasions.open_follow_up(month=Month(2025, 1), by=User.objects.get(username="controller"))
    (row,) = Forecast.objects.filter(follow_up=january)
    assert (row.category, row.comment) == (later, RENT)


def test_the_grid_asks_and_takes_the_answer(november: FollowUp, log_in: Callable[[str], Client]) -> None:
    client = log_in("controller")
    address = f"/uppfoljning/{NOVEMBER}/prognos/"
    assert "Kommentaren är förra gångens" in text_of(client.get(address))
    row = rent(november)
    name = f"rad-{row.category_id}"
    typed = {f"{name}-{part}": value for part, value in (("amount", ""), ("comment", RENT), ("version", row.version))}
    seen = {f"initial-{name}-amount": "", f"initial-{name}-comment": RENT}
    assert client.post(address, {**typed, **seen, f"{name}-confirm": "1"}).status_code == 302
    assert rent(november).confirmed


def test_only_whoever_opens_follow_ups_carries_forward(october: FollowUp) -> None:
    with pytest.raises(PermissionDenied):
        actions.carry_forward(to=october, by=factories.user(role=Role.READER))
