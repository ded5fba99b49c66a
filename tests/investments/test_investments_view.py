"""The investments grid; what it shares with the forecast grid is tested there."""

from __future__ import annotations

import pytest
from django.test import Client

from followup.forecasts import ForecastEntry
from followup.models import FollowUp
from investments import actions
from investments.models import InvestmentProject, ProjectForecast
from sydit.access import Role
from sydit.periods import Month
from tests import factories
from tests.pages import cell_of, form_of, text_of

URL = "/uppfoljning/2024-01/investeringar/"
TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> InvestmentProject:
    return factories.project(code="91002", name="IT Invest Lekeberg", budget=3000 * TKR)


@pytest.fixture
def follow_up(project: InvestmentProject) -> FollowUp:
    factories.booked_import("2024-01;74500;1213500;91002")
    return factories.follow_up(month=Month(2024, 1))


def log_in(client: Client, role: Role = Role.CONTROLLER) -> Client:
    client.force_login(factories.user(role=role))
    return client


def enter(follow_up: FollowUp, project: InvestmentProject, amount: int, comment: str = "") -> None:
    entry = ForecastEntry(project.pk, project.name, amount, comment, seen_version=0)
    by = factories.user(role=Role.CONTROLLER, name="Karin Kollega")
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=by)


def field(project: InvestmentProject, name: str) -> str:
    return f"rad-{project.pk}-{name}"


def test_the_controller_saves_a_projects_forecast(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL))
    form |= {field(project, "amount"): "3 100", field(project, "comment"): "Dyrare servrar"}
    assert client.post(URL, form).status_code == 302
    saved = ProjectForecast.objects.get(project=project)
    assert (saved.amount, saved.comment) == (3100 * TKR, "Dyrare servrar")


def test_booked_remaining_and_used_are_those_of_the_report(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    page = log_in(client).get(URL)
    shown = [cell_of(page, field(project, column)) for column in ("budget", "booked", "remaining", "used")]
    assert shown == ["3 000", "1 214", "1 787", "40"]


def test_computing_shows_the_variance_of_what_is_typed_and_saves_nothing(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(project, "amount"): "3 100", "rakna-om": "1"}
    response = client.post(URL, form)
    assert cell_of(response, field(project, "variance")) == "underskott −100"
    assert cell_of(response, "rad-total-variance") == "underskott −100"
    assert not ProjectForecast.objects.exists()


def test_a_bad_amount_saves_nothing_and_is_still_there(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(project, "amount"): "mycket"}
    response = client.post(URL, form)
    assert response.status_code == 422
    assert "”mycket” går inte att läsa som ett belopp." in text_of(response)
    assert form_of(response)[field(project, "amount")] == "mycket"
    assert not ProjectForecast.objects.exists()


def test_the_reason_for_a_variance_is_chosen_and_stands_in_the_report(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL))
    form |= {field(project, "amount"): "3 100", field(project, "reason"): "cost"}
    client.post(URL, form)
    assert ProjectForecast.objects.get().reason == ProjectForecast.Reason.COST
    assert form_of(client.get(URL))[field(project, "reason")] == "cost"
    assert "IT Invest Lekeberg: ett underskott om 100 tkr, fördyring." in text_of(client.get("/uppfoljning/2024-01/"))


def test_a_reason_alone_is_a_change(client: Client, follow_up: FollowUp, project: InvestmentProject) -> None:
    enter(follow_up, project, 3000 * TKR)
    form = form_of(log_in(client).get(URL)) | {field(project, "reason"): "scope"}
    client.post(URL, form)
    saved = ProjectForecast.objects.get()
    assert (saved.amount, saved.reason, saved.version) == (3000 * TKR, "scope", 2)


def test_a_reason_outside_the_list_saves_nothing(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(project, "amount"): "3 100", field(project, "reason"): "otur"}
    response = client.post(URL, form)
    assert response.status_code == 422
    assert "Välj en av orsakerna i listan." in text_of(response)
    assert form_of(response)[field(project, "amount")] == "3 100"
    assert not ProjectForecast.objects.exists()


def test_a_stale_row_tells_the_others_reason_and_keeps_the_one_that_was_chosen(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(project, "reason"): "cost"}
    other = ForecastEntry(project.pk, project.name, 2900 * TKR, "", seen_version=0, reason="delay")
    actions.submit_forecasts(follow_up=follow_up, entries=[other], by=factories.user(role=Role.CONTROLLER))
    response = client.post(URL, form)
    assert response.status_code == 409
    assert "orsaken är nu tidsförskjutning" in text_of(response)
    again = form_of(response)
    assert (again[field(project, "amount")], again[field(project, "reason")]) == ("2 900".replace(" ", "\xa0"), "cost")
    client.post(URL, again)
    assert (ProjectForecast.objects.get().amount, ProjectForecast.objects.get().reason) == (2900 * TKR, "cost")


def test_a_stale_row_saves_nothing_and_tells_what_the_other_entered(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(project, "amount"): "3 100"}
    enter(follow_up, project, 2900 * TKR)
    response = client.post(URL, form)
    assert response.status_code == 409
    assert "IT Invest Lekeberg har ändrats av Karin Kollega" in text_of(response)
    assert form_of(response)[field(project, "amount")] == "3 100"
    assert ProjectForecast.objects.get().amount == 2900 * TKR


def test_a_follow_up_closed_meanwhile_saves_nothing_and_keeps_what_was_typed(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(project, "amount"): "3 100"}
    FollowUp.objects.update(state=FollowUp.State.READY)
    response = client.post(URL, form)
    assert response.status_code == 409
    assert form_of(response)[field(project, "amount")] == "3 100"
    assert not ProjectForecast.objects.exists()


def test_other_staff_read_the_grid_and_cannot_save(
    client: Client, follow_up: FollowUp, project: InvestmentProject
) -> None:
    page = log_in(client, Role.HEAD).get(URL)
    assert b"data-unsaved" not in page.content
    assert client.post(URL, {field(project, "amount"): "1"}).status_code == 403
    assert not ProjectForecast.objects.exists()


def test_a_reader_sees_nothing_of_a_draft(client: Client, follow_up: FollowUp) -> None:
    assert log_in(client, Role.READER).get(URL).status_code == 403


@pytest.mark.counts_queries
def test_the_page_costs_the_same_number_of_queries_whatever_the_number_of_rows(
    client: Client, follow_up: FollowUp, django_assert_num_queries: object
) -> None:
    log_in(client).get(URL)
    with django_assert_num_queries(4):  # session, user; of follow-up and page, whether anything was written since
        client.get(URL)
    for number in range(5):
        factories.project(code=f"9200{number}", name=f"Projekt {number}", budget=TKR)
    with django_assert_num_queries(16):
        client.get(URL)
