"""The investments as a whole: per municipality, over the years, one project, and codes that nobody has registered."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from followup import actuals
from followup.forecasts import ForecastEntry
from followup.models import FollowUp
from investments import actions, overview
from investments.actions import Content
from investments.models import InvestmentProject, ProjectBudgetEntry
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused
from sydit.periods import Month
from tests import factories
from tests.pages import text_of

URL = "/uppfoljning/2024-02/investeringar/oversikt/"
REGISTER = "/uppfoljning/2024-02/investeringar/registrera/"
FEBRUARY = Month(2024, 2)
TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> InvestmentProject:
    return factories.project(
        code="91002", name="Nät Lekeberg", municipality=factories.municipality(), budget=3000 * TKR, position=1
    )


@pytest.fixture
def follow_up(project: InvestmentProject) -> FollowUp:
    """Booked on the project since November of the year before; two lines on codes that are no project."""
    earlier = factories.fiscal_year(year=2023)
    factories.booked_import("2023-11;74500;100000;91002", "2023-12;74500;200000;91002", year=earlier, filename="23.csv")
    factories.booked_import(
        "2024-01;74500;400000;91002", "2024-02;50100;7,50", "2024-02;64500;1500;95001", "2024-01;64500;-500,25;95001"
    )
    return factories.follow_up(month=FEBRUARY)


def log_in(client: Client, role: Role = Role.CONTROLLER) -> Client:
    client.force_login(factories.user(role=role))
    return client


def forecast(follow_up: FollowUp, project: InvestmentProject, amount: int) -> None:
    entry = ForecastEntry(project.pk, project.name, amount, "Nätet dröjer", seen_version=0, reason="delay")
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=factories.user(role=Role.CONTROLLER))


def test_a_project_over_its_years_has_everything_booked_since_the_first_month(
    follow_up: FollowUp, project: InvestmentProject
) -> None:
    ProjectBudgetEntry.objects.create(
        project=project, fiscal_year=factories.fiscal_year(year=2023), amount=1000 * TKR, recorded_by=factories.user()
    )
    (row,) = overview.frames_table([project], overview.history_of(follow_up)).rows
    assert [cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells] == [
        "Lekeberg",
        "4 000",
        "700",
        "3 300",
        "18",
    ]


def test_a_decided_frame_goes_before_the_sum_of_the_budgets(follow_up: FollowUp, project: InvestmentProject) -> None:
    InvestmentProject.objects.update(frame=500 * TKR)
    (row,) = overview.frames_table(InvestmentProject.objects.all(), overview.history_of(follow_up)).rows
    assert (row.cells[1].ore, row.cells[3].ore, row.cells[3].word) == (500 * TKR, -200 * TKR, "över ramen")


def test_a_month_without_an_import_makes_what_is_spent_missing_and_not_less(
    follow_up: FollowUp, project: InvestmentProject
) -> None:
    history = actuals.project_history(Month(2024, 3))
    assert history.spent("91002") is None
    assert overview.spent_note(history).endswith("Huvudboken saknas för mars 2024, så summorna går inte att räkna.")
    assert actuals.project_history(FEBRUARY).spent("91002") == 700 * TKR
    assert actuals.project_history(Month(2023, 12)).spent("91002") == 300 * TKR
    assert actuals.project_history(Month(2020, 1)).spent("91002") is None


def test_a_replaced_month_is_counted_once(follow_up: FollowUp, project: InvestmentProject) -> None:
    factories.booked_import("2024-01;74500;500000;91002", filename="ny.csv")
    assert actuals.project_history(FEBRUARY).spent("91002") == 800 * TKR


def test_the_page_shows_totals_per_municipality_with_a_chart(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    shared = factories.project(code="91001", name="Gemensam server", budget=1000 * TKR)
    forecast(follow_up, project, 3500 * TKR)
    forecast(follow_up, shared, 1000 * TKR)
    answer = log_in(client).get(URL)
    page = text_of(answer)
    assert "Summa per kommun Belopp i tkr" in page
    assert "Lekeberg 3 000 400 2 600 13 3 500 underskott −500".replace(" ", "") in page.replace("\xa0", "").replace(
        " ", ""
    )
    assert b'<svg class="chart-picture ' in answer.content
    assert 'href="/kommun/lekeberg/"' in answer.content.decode()
    assert f'href="/uppfoljning/2024-02/investeringar/{project.pk}/"' in answer.content.decode()
    assert "Gemensam server: På två månader är inget bokfört." in page


def test_codes_without_a_project_are_shown_with_their_sum_to_everybody_on_the_staff(
    client: Client, follow_up: FollowUp
) -> None:
    page = text_of(log_in(client).get(URL))
    assert "95001 999,75 En administratör kan registrera koden." in page
    assert "Projekt 95001" not in page


def test_one_click_registers_a_code_and_its_lines_become_an_investment(client: Client, follow_up: FollowUp) -> None:
    page = log_in(client, Role.ADMINISTRATOR).get(URL)
    assert 'name="name" value="Projekt 95001"' in page.content.decode()
    answer = client.post(REGISTER, {"code": "95001", "name": "Projekt 95001", "municipality": ""}, follow=True)
    assert "Projektet 95001 Projekt 95001 är registrerat." in text_of(answer)
    assert "Projektkoder utan projekt" not in text_of(answer)
    made = InvestmentProject.objects.get(code="95001")
    assert (made.owner, made.position, made.history.count()) == ("Gemensamt", 2, 1)
    assert actuals.project_history(FEBRUARY).spent("95001") == 99_975


def test_a_registration_that_cannot_be_read_changes_nothing_and_keeps_what_was_typed(
    client: Client, follow_up: FollowUp
) -> None:
    lekeberg = factories.municipality()
    answer = log_in(client, Role.ADMINISTRATOR).post(
        REGISTER, {"code": "95001", "name": "", "municipality": str(lekeberg.pk)}
    )
    assert answer.status_code == 422
    assert "Skriv projektets namn." in text_of(answer)
    assert f'<option value="{lekeberg.pk}" selected>' in answer.content.decode()
    assert not InvestmentProject.objects.filter(code="95001").exists()


def test_a_code_is_registered_once(client: Client, follow_up: FollowUp, project: InvestmentProject) -> None:
    by = factories.user(role=Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="Projektkoden 91002 är redan registrerad"):
        actions.register_project(code="91002", content=Content("Igen"), by=by)
    answer = log_in(client, Role.ADMINISTRATOR).post(REGISTER, {"code": "91002", "name": "Igen"}, follow=True)
    assert "är redan registrerad" in text_of(answer)
    assert InvestmentProject.objects.get(code="91002").name == "Nät Lekeberg"


def test_a_code_that_cannot_stand_in_an_address_is_refused(follow_up: FollowUp) -> None:
    with pytest.raises(Refused, match="får inte innehålla /"):
        actions.register_project(code="91/001", content=Content("Nytt"), by=factories.user(role=Role.ADMINISTRATOR))


@pytest.mark.parametrize("role", [role for role in Role if Permission.KEEP_MASTER_DATA not in GRANTS[role]])
def test_only_who_keeps_master_data_registers_projects(client: Client, follow_up: FollowUp, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        actions.register_project(code="95001", content=Content("Nytt"), by=factories.user(role=role))
    assert log_in(client, role).post(REGISTER, {"code": "95001", "name": "Nytt"}).status_code == 403
    assert InvestmentProject.objects.count() == 1


def test_a_projects_page_shows_budget_decisions_months_and_forecasts(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    ProjectBudgetEntry.objects.create(
        project=project,
        fiscal_year=follow_up.fiscal_year,
        amount=50 * TKR,
        decided_on="2024-01-30",
        paragraph="12",
        note="Tilläggsanslag",
        recorded_by=factories.user(),
    )
    forecast(follow_up, project, 3100 * TKR)
    page = text_of(log_in(client).get(f"/uppfoljning/2024-02/investeringar/{project.pk}/")).replace("\xa0", " ")
    for words in (
        "2024 Ursprunglig budget Hela året 50 000,00 2024-01-30 § 12 Tilläggsanslag",
        "2024 Ursprunglig budget Hela året 3 000 000,00 –",
        "februari 2024 3 100 Tidsförskjutning Nätet dröjer",
        "november 2023 100 000,00 100 000,00",
        "december 2023 200 000,00 300 000,00",
        "januari 2024 400 000,00 700 000,00",
        "februari 2024 0,00 700 000,00",
    ):
        assert words in page, words


def test_a_forecast_of_a_later_follow_up_is_not_told_in_an_earlier_one(
    follow_up: FollowUp, project: InvestmentProject
) -> None:
    march = factories.follow_up(month=Month(2024, 3))
    forecast(follow_up, project, 1)
    forecast(march, project, 2)
    assert [row.amount for row in overview.forecasts_of(project, follow_up)] == [1]
    assert [row.amount for row in overview.forecasts_of(project, march)] == [2, 1]


def test_the_pages_cost_the_same_number_of_queries_for_500_projects_as_for_5(
    client: Client, follow_up: FollowUp, project: InvestmentProject, django_assert_max_num_queries: object
) -> None:
    log_in(client).get(URL)
    addresses = (URL, f"/uppfoljning/2024-02/investeringar/{project.pk}/", "/kommun/lekeberg/")
    costs = []
    for count in (5, 495):
        for number in range(count):
            factories.project(code=f"{count}-{number}", name="Ett till", municipality=project.municipality, budget=TKR)
        for address in addresses:
            with django_assert_max_num_queries(45) as queries:
                assert client.get(address).status_code == 200
            costs.append(len(queries))
    assert costs[:3] == costs[3:]
