"""The forecast grid: enter, compute, save, and lose nothing when it cannot be saved."""

from __future__ import annotations

import pytest
from django.test import Client

from followup import actions
from followup.forecasts import ForecastEntry
from followup.models import CostCategory, FollowUp, Forecast
from sydit.access import Role
from sydit.periods import Month
from tests import factories
from tests.pages import cell_of, form_of, text_of

URL = "/uppfoljning/2024-01/prognos/"
TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def income() -> CostCategory:
    return factories.category(key="intakter", name="Intäkter", prefixes=("3",), budget=-1000 * TKR, position=1)


@pytest.fixture
def premises() -> CostCategory:
    return factories.category(key="lokaler", name="Lokaler", prefixes=("6",), budget=900 * TKR, position=2)


@pytest.fixture
def follow_up(income: CostCategory, premises: CostCategory) -> FollowUp:
    factories.booked_import("2024-01;35110;-80000", "2024-01;60110;75000,50")
    return factories.follow_up(month=Month(2024, 1))


def log_in(client: Client, role: Role = Role.CONTROLLER) -> Client:
    client.force_login(factories.user(role=role))
    return client


def enter(
    follow_up: FollowUp,
    category: CostCategory,
    amount: int,
    comment: str = "",
    *,
    seen: int = 0,
    name: str = "Kollegan",
) -> None:
    """Somebody else saves a forecast."""
    entry = ForecastEntry(category.pk, category.name, amount, comment, seen_version=seen)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=factories.user(role=Role.CONTROLLER, name=name))


def field(category: CostCategory, name: str) -> str:
    return f"rad-{category.pk}-{name}"


def stored(category: CostCategory) -> tuple[int | None, str]:
    row = Forecast.objects.get(category=category)
    return row.amount, row.comment


def test_the_controller_saves_what_was_changed_and_nothing_else(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    enter(follow_up, premises, 900 * TKR, "Oförändrat")
    form = form_of(log_in(client).get(URL))
    form |= {field(income, "amount"): "−1 050,5", field(income, "comment"): "Fler kunder"}
    response = client.post(URL, form, follow=True)
    assert response.redirect_chain == [(URL, 302)]
    assert "Prognosen är sparad: 1 rad ändrades." in text_of(response)
    assert stored(income) == (-105_050_000, "Fler kunder")
    assert Forecast.objects.get(category=premises).version == 1


def test_a_page_sent_back_untouched_saves_nothing(client: Client, follow_up: FollowUp, income: CostCategory) -> None:
    enter(follow_up, income, -1 * TKR - 1, "Två\nrader")
    response = client.post(URL, form_of(log_in(client).get(URL)), follow=True)
    assert "Inget var ändrat" in text_of(response)
    assert Forecast.objects.get(category=income).version == 1


def test_what_others_save_in_other_rows_meanwhile_stays(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    enter(follow_up, premises, 950 * TKR, "Hyran höjs")
    client.post(URL, form | {field(income, "amount"): "-1000"})
    assert stored(income) == (-1000 * TKR, "")
    assert stored(premises) == (950 * TKR, "Hyran höjs")


def test_computing_shows_variances_and_sums_of_what_is_typed_and_saves_nothing(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    form |= {field(income, "amount"): "-1 000", field(premises, "amount"): "1 013", "rakna-om": "1"}
    response = client.post(URL, form)
    assert response.status_code == 200
    assert cell_of(response, field(premises, "variance")) == "underskott −113"
    assert cell_of(response, "rad-total-forecast") == "13"
    assert form_of(response)[field(premises, "amount")] == "1 013"
    assert not Forecast.objects.exists()


def test_a_missing_forecast_makes_the_sum_missing_and_not_zero(
    client: Client, follow_up: FollowUp, income: CostCategory
) -> None:
    enter(follow_up, income, 0)
    assert cell_of(log_in(client).get(URL), "rad-total-forecast") == "saknas"


def test_an_emptied_field_takes_the_forecast_away(client: Client, follow_up: FollowUp, income: CostCategory) -> None:
    enter(follow_up, income, 0)
    form = form_of(log_in(client).get(URL))
    client.post(URL, form | {field(income, "amount"): " "})
    assert stored(income) == (None, "")


def test_amounts_are_shown_and_typed_in_kronor_where_that_is_chosen(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    enter(follow_up, income, -123_456_789)
    url = f"{URL}?enhet=kr"
    page = log_in(client).get(url)
    assert form_of(page)[field(income, "amount")] == "−1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89"
    assert cell_of(page, field(premises, "actual")) == "75 000,50"
    response = client.post(url, form_of(page) | {field(premises, "amount"): "850000,25"})
    assert response["Location"] == url
    assert stored(premises) == (85_000_025, "")
    assert Forecast.objects.get(category=income).version == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_unit_is_refused_and_never_guessed(client: Client, follow_up: FollowUp, method: str) -> None:
    assert getattr(log_in(client), method)(f"{URL}?enhet=mkr").status_code == 400


def test_a_bad_amount_gets_its_sentence_and_everything_typed_is_still_there(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    typed = {
        field(income, "amount"): "1.234",
        field(income, "comment"): "Min kommentar",
        field(premises, "amount"): "tolv",
    }
    response = client.post(URL, form | typed)
    assert response.status_code == 422
    assert "”1.234” kan läsas på två sätt" in text_of(response)
    assert "”tolv” går inte att läsa som ett belopp." in text_of(response)
    assert typed.items() <= form_of(response).items()
    assert not Forecast.objects.exists()


def test_one_bad_row_saves_no_other(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    client.post(URL, form | {field(income, "amount"): "-1000", field(premises, "amount"): "12 kronor"})
    assert not Forecast.objects.exists()


def test_a_stale_row_saves_nothing_tells_what_the_other_entered_and_keeps_what_was_typed(
    client: Client, follow_up: FollowUp, income: CostCategory, premises: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    enter(follow_up, income, -990 * TKR, "Färre kunder", name="Karin Kollega")
    typed = {field(income, "amount"): "-1 100", field(premises, "amount"): "900"}
    response = client.post(URL, form | typed)
    assert response.status_code == 409
    assert "Intäkter har ändrats av Karin Kollega" in text_of(response)
    assert "prognosen är nu −990 tkr, kommentaren är nu ”Färre kunder”" in text_of(response)
    assert typed.items() <= form_of(response).items()
    assert stored(income) == (-990 * TKR, "Färre kunder")
    assert not Forecast.objects.filter(category=premises).exists()


def test_saving_again_after_a_stale_row_replaces_what_was_typed_and_keeps_the_others_comment(
    client: Client, follow_up: FollowUp, income: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    enter(follow_up, income, -990 * TKR, "Färre kunder")
    stale = client.post(URL, form | {field(income, "amount"): "-1 100"})
    assert client.post(URL, form_of(stale)).status_code == 302
    assert stored(income) == (-1100 * TKR, "Färre kunder")


def test_saving_again_is_stale_again_where_somebody_saved_in_between(
    client: Client, follow_up: FollowUp, income: CostCategory
) -> None:
    form = form_of(log_in(client).get(URL))
    enter(follow_up, income, -990 * TKR)
    stale = client.post(URL, form | {field(income, "amount"): "-1 100"})
    enter(follow_up, income, -980 * TKR, seen=1)
    assert client.post(URL, form_of(stale)).status_code == 409
    assert stored(income) == (-980 * TKR, "")


def test_the_same_form_sent_twice_saves_once(client: Client, follow_up: FollowUp, income: CostCategory) -> None:
    form = form_of(log_in(client).get(URL)) | {field(income, "amount"): "-1000"}
    assert [client.post(URL, form).status_code for _ in range(2)] == [302, 302]
    assert Forecast.objects.get(category=income).version == 1


@pytest.mark.parametrize("state", [FollowUp.State.READY, FollowUp.State.APPROVED])
def test_a_follow_up_closed_meanwhile_saves_nothing_and_keeps_what_was_typed(
    client: Client, follow_up: FollowUp, income: CostCategory, state: FollowUp.State
) -> None:
    form = form_of(log_in(client).get(URL)) | {field(income, "amount"): "-1 100"}
    FollowUp.objects.update(state=state)
    response = client.post(URL, form)
    assert response.status_code == 409
    assert "tar inte emot ändringar. Inget har sparats." in text_of(response)
    assert form_of(response)[field(income, "amount")] == "-1 100"
    assert not Forecast.objects.exists()


def test_a_closed_follow_up_is_shown_without_fields(client: Client, follow_up: FollowUp, income: CostCategory) -> None:
    enter(follow_up, income, -1100 * TKR, "Fler kunder")
    FollowUp.objects.update(state=FollowUp.State.READY)
    page = log_in(client).get(URL)
    assert b"data-unsaved" not in page.content
    assert cell_of(page, field(income, "forecast")) == "−1 100"
    assert "Uppföljningen är klarmarkerad och tar inte emot ändringar." in text_of(page)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR, Role.HEAD])
def test_other_staff_read_the_grid_and_cannot_save(
    client: Client, follow_up: FollowUp, income: CostCategory, role: Role
) -> None:
    enter(follow_up, income, -1100 * TKR, "Fler kunder")
    page = log_in(client, role).get(URL)
    assert b"data-unsaved" not in page.content
    assert "Fler kunder" in text_of(page)
    assert client.post(URL, {field(income, "amount"): "1"}).status_code == 403
    assert stored(income) == (-1100 * TKR, "Fler kunder")


def test_a_reader_sees_nothing_of_a_draft(client: Client, follow_up: FollowUp) -> None:
    assert log_in(client, Role.READER).get(URL).status_code == 403


def test_lines_without_a_category_are_a_row_that_cannot_be_typed_in(client: Client, follow_up: FollowUp) -> None:
    factories.booked_import("2024-01;35110;-80000", "2024-01;45000;100")
    page = log_in(client).get(URL)
    assert cell_of(page, "rad-ej-fordelat-actual") == "0"
    assert "rad-ej-fordelat-amount" not in form_of(page)


def test_whoever_is_logged_out_comes_back_to_the_page_after_login(client: Client, follow_up: FollowUp) -> None:
    response = client.post(f"{URL}?enhet=kr", {})
    assert response["Location"] == f"/logga-in/?next={URL}%3Fenhet%3Dkr"


@pytest.mark.counts_queries
def test_the_page_costs_the_same_number_of_queries_whatever_the_number_of_rows(
    client: Client, follow_up: FollowUp, income: CostCategory, django_assert_num_queries: object
) -> None:
    log_in(client).get(URL)
    with django_assert_num_queries(4):  # session, user; of follow-up and page, whether anything was written since
        client.get(URL)
    for number in range(5):
        enter(follow_up, factories.category(key=f"post-{number}", budget=0), 0)
    with django_assert_num_queries(16):
        client.get(URL)
