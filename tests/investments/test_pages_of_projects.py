"""Many projects are shown a page at a time; what is summed is all of them, and nothing that was typed falls between."""

from __future__ import annotations

import pytest
from django.test import Client

from followup.models import FollowUp
from investments.models import InvestmentProject, ProjectForecast
from sydit.access import Role
from sydit.periods import Month
from sydit.tables import PER_PAGE
from tests import factories
from tests.pages import cell_of, form_of, text_of

GRID = "/uppfoljning/2024-01/investeringar/"
OVERVIEW, MUNICIPALITY = f"{GRID}oversikt/", "/kommun/lekeberg/"
TKR = 100_000  # öre
COUNT = PER_PAGE + 2

pytestmark = pytest.mark.django_db


@pytest.fixture
def projects() -> list[InvestmentProject]:
    """More than a page holds: each has a budget of 100 tkr, and 10 tkr is booked."""
    owner = factories.municipality()
    made = [
        factories.project(
            code=f"9{number:04}", name=f"Nät {number:04}", municipality=owner, budget=100 * TKR, position=number
        )
        for number in range(COUNT)
    ]
    factories.booked_import(*(f"2024-01;74500;10000;{project.code}" for project in made))
    return made


@pytest.fixture
def follow_up(projects: list[InvestmentProject]) -> FollowUp:
    return factories.follow_up(month=Month(2024, 1))


@pytest.fixture
def controller(client: Client, follow_up: FollowUp) -> Client:
    client.force_login(factories.user(role=Role.CONTROLLER))
    return client


@pytest.mark.parametrize("address", [GRID, OVERVIEW, MUNICIPALITY])
def test_each_page_has_its_projects_and_says_how_many_there_are(
    controller: Client, projects: list[InvestmentProject], address: str
) -> None:
    first, last = (text_of(controller.get(address, {"page": page})) for page in (1, 2))
    for page, shown in ((first, projects[:PER_PAGE]), (last, projects[PER_PAGE:])):
        assert [project for project in projects if project.name in page] == shown
        assert f"av {COUNT}" in page


@pytest.mark.parametrize("page", [1, 2])
def test_the_sums_are_of_all_projects_on_every_page(controller: Client, page: int) -> None:
    """32 budgets of 100 tkr, of which 10 tkr are booked of each."""
    assert cell_of(controller.get(GRID, {"page": page}), "rad-total-budget") == "3 200"
    assert "Totalt 3 200 320 " in text_of(controller.get(MUNICIPALITY, {"page": page}))


def test_what_is_typed_on_the_second_page_is_saved_there_and_changes_nothing_on_the_first(
    controller: Client, projects: list[InvestmentProject]
) -> None:
    address, last = f"{GRID}?page=2", projects[-1]
    form = form_of(controller.get(address)) | {f"rad-{last.pk}-amount": "90"}
    assert controller.post(address, form).headers["Location"] == address
    assert ProjectForecast.objects.get().project == last
    assert 'value="90"' in controller.get(address).content.decode()


def test_the_script_of_a_page_is_told_of_its_own_rows_alone(
    controller: Client, projects: list[InvestmentProject], follow_up: FollowUp
) -> None:
    first, last = projects[0], projects[-1]
    form = form_of(controller.get(f"{GRID}?page=2")) | {f"rad-{last.pk}-amount": "90", "spara": str(last.pk)}
    ProjectForecast.objects.create(
        follow_up=follow_up, project=first, amount=TKR, version=3, changed_by=factories.user()
    )
    answer = controller.post(f"{GRID}?page=2", form | {"versioner": f"{last.pk}:0"}, headers={"X-Grid": "1"}).json()
    assert [*answer["rows"]] == [f"rad-{project.pk}" for project in projects[PER_PAGE:]]
    assert answer["rows"][f"rad-{last.pk}"]["version"] == 1


def test_a_row_that_has_come_to_another_page_meanwhile_is_shown_with_what_was_typed_in_it(
    controller: Client, projects: list[InvestmentProject]
) -> None:
    moved = projects[PER_PAGE - 1]
    form = form_of(controller.get(GRID)) | {f"rad-{moved.pk}-amount": "nittio"}
    factories.project(code="80000", name="Det nya", budget=100 * TKR)
    answer = controller.post(GRID, form)
    assert answer.status_code == 422
    assert 'value="nittio"' in answer.content.decode()


def test_a_page_that_is_not_there_is_the_nearest_and_the_unit_keeps_it(controller: Client) -> None:
    page = controller.get(GRID, {"page": "99"}).content.decode()
    assert "?enhet=kr&amp;page=2" in page
    assert controller.get(GRID, {"page": "sju"}).status_code == 200
