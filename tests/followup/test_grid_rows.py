"""What the grid's script is answered, row by row: saved or computed, cheaply, and nothing is overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from followup import actions
from followup.forecasts import ForecastEntry
from followup.models import AccountRule, BudgetEntry, CostCategory, FollowUp, Forecast
from sydit.access import Role
from sydit.periods import Month
from tests import factories
from tests.pages import form_of

URL = "/uppfoljning/2024-10/prognos/"
TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def premises() -> CostCategory:
    return factories.category(key="lokaler", name="Lokaler", prefixes=("6",), budget=900 * TKR, position=2)


@pytest.fixture
def follow_up(premises: CostCategory) -> FollowUp:
    factories.category(key="intakter", name="Intäkter", prefixes=("3",), budget=-1000 * TKR, position=1)
    factories.booked_import(*(f"2024-{month:02d};60110;75000,50" for month in range(1, 11)))
    return factories.follow_up(month=Month(2024, 10))


@pytest.fixture
def controller(client: Client) -> Client:
    client.force_login(factories.user(role=Role.CONTROLLER))
    return client


def ask(client: Client, data: dict[str, str]) -> Any:
    return client.post(URL, data, headers={"X-Grid": "1"})


def sent(client: Client, category: CostCategory, **fields: str) -> dict[str, str]:
    """What the script sends of one row."""
    row = f"rad-{category.pk}-"
    form = form_of(client.get(URL))
    kept = {name: value for name, value in form.items() if row in name or name == "underlag"}
    return kept | {f"{row}{name}": value for name, value in fields.items()}


def test_a_row_is_saved_with_its_version_and_told_with_the_sums(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    answer = ask(controller, sent(controller, premises, amount="950") | {"spara": str(premises.pk)})
    told = answer.json()
    assert answer.status_code == 200
    assert told["rows"][f"rad-{premises.pk}"]["version"] == 1
    assert told["rows"][f"rad-{premises.pk}"]["cells"][f"rad-{premises.pk}-left"] == "200"
    assert told["cells"]["rad-total-forecast"] == '<span class="missing">saknas</span>'
    assert Forecast.objects.get().amount == 950 * TKR


def test_what_is_only_computed_is_not_saved(controller: Client, follow_up: FollowUp, premises: CostCategory) -> None:
    told = ask(controller, sent(controller, premises, amount="1 100")).json()["rows"][f"rad-{premises.pk}"]
    assert "−200" in told["cells"][f"rad-{premises.pk}-variance"]
    assert told["owed"].startswith("Kommentar krävs")
    assert not Forecast.objects.exists()


def test_a_row_in_which_all_is_taken_back_is_told_as_it_is_stored(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    saved = sent(controller, premises, amount="950") | {"spara": str(premises.pk)}
    assert ask(controller, saved).status_code == 200
    told = ask(controller, sent(controller, premises)).json()["rows"][f"rad-{premises.pk}"]
    assert told["errors"] == {f"rad-{premises.pk}-{name}": [] for name in ("amount", "reason", "comment")}
    assert told["cells"][f"rad-{premises.pk}-left"] == "200"


@pytest.mark.parametrize("fields", [{"comment": "Så är det."}, {"amount": "411"}])
def test_months_that_a_page_did_not_show_are_neither_taken_away_nor_overridden(
    controller: Client, follow_up: FollowUp, premises: CostCategory, fields: dict[str, str]
) -> None:
    row = f"rad-{premises.pk}-"
    seen = sent(controller, premises)
    by_month = sent(controller, premises, **{"month-11": "30", "month-12": "31"}) | {"spara": str(premises.pk)}
    version = ask(controller, by_month).json()["rows"][row[:-1]]["version"]
    stored = Forecast.objects.get()
    # The page has been told of the year and the version by another row's save, and has no fields for the months.
    year = {f"{row}amount": "811,005", f"initial-{row}amount": "811,005", f"{row}version": str(version)}
    typed = {f"{row}{name}": value for name, value in fields.items()}
    answer = ask(controller, seen | year | typed | {"spara": str(premises.pk)})
    now = Forecast.objects.get()
    assert (now.amount, now.months) == (stored.amount, [30 * TKR, 31 * TKR])
    if "comment" in fields:
        assert (answer.status_code, now.comment) == (200, "Så är det.")
    else:
        assert answer.status_code == 409
        assert answer.json()["refusal"].startswith("Lokaler: prognosen är summan av utfallet och månaderna.")


def test_after_a_conflict_sums_stand_on_the_other_s_amount_where_it_was_left_alone(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    row = f"rad-{premises.pk}"
    income = CostCategory.objects.get(key="intakter")
    for category, amount in ((income, "-1000"), (premises, "900")):
        ask(controller, sent(controller, category, amount=amount) | {"spara": str(category.pk)})
    late = sent(controller, premises, comment="Högre hyra") | {"spara": str(premises.pk)}
    entry = ForecastEntry(premises.pk, premises.name, 600 * TKR, "", seen_version=1)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=factories.user(role=Role.CONTROLLER))
    told = ask(controller, late)
    assert told.status_code == 409
    assert told.json()["rows"][row]["values"][f"{row}-amount"] == "600"
    assert told.json()["rows"][row]["cells"][f"{row}-left"] == "−150"
    assert told.json()["cells"]["rad-total-forecast"] == "−400"
    typed = ask(controller, late | {f"{row}-amount": "950"}).json()
    assert typed["cells"]["rad-total-forecast"] == "−50"


@pytest.mark.counts_queries
@pytest.mark.parametrize("stored", ["a forecast", "nothing", "last time's comment"])
def test_saving_a_row_does_not_ask_the_ledger(
    controller: Client, follow_up: FollowUp, premises: CostCategory, django_assert_num_queries: Any, stored: str
) -> None:
    if stored != "nothing":
        ask(controller, sent(controller, premises, amount="940") | {"spara": str(premises.pk)})
        Forecast.objects.update(confirmed=stored == "a forecast")
    data = sent(controller, premises, amount="950") | {"spara": str(premises.pk)}
    # Session, user; all of the save in one message, or savepoint, follow-up, part, rows, row, history, release.
    with django_assert_num_queries(3 if connection.vendor == "postgresql" else 9):
        assert ask(controller, data).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_category_that_is_gone_is_told_and_nothing_is_saved(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    number = premises.pk
    alone, both = sent(controller, premises, amount="950"), form_of(controller.get(URL))
    income = CostCategory.objects.get(key="intakter")
    for rows in (AccountRule.objects, BudgetEntry.objects):
        rows.filter(category=premises).delete()
    premises.delete()
    sentence = "Lokaler finns inte längre. Inget har sparats. Kopiera det du har skrivit där, och läs in sidan på nytt."
    told = ask(controller, alone | {"spara": str(number)})
    assert (told.status_code, told.json()["refusal"]) == (409, sentence)
    typed = {f"rad-{pk}-amount": "950" for pk in (income.pk, number)} | {f"rad-{number}-comment": "Ny hyra"}
    page = controller.post(URL, both | typed)
    assert page.status_code == 409
    assert "Det finns inte längre någon rad för ”950”, ”Ny hyra”. Inget har sparats." in page.content.decode()
    assert not Forecast.objects.exists()
    assert controller.post(URL, form_of(page)).status_code == 302
    assert [(row.category, row.amount) for row in Forecast.objects.all()] == [(income, 950 * TKR)]


def test_without_the_sealed_figures_or_with_others_they_are_read_again(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    data = sent(controller, premises, amount="950") | {"spara": str(premises.pk), "underlag": "påhittat"}
    assert ask(controller, data).status_code == 200
    assert Forecast.objects.get().amount == 950 * TKR


def test_the_sealed_figures_of_another_month_are_not_taken(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    other = factories.follow_up(month=Month(2024, 8))
    august = form_of(controller.get(reverse("forecast", args=[other.period])))
    data = sent(controller, premises, amount="950") | {"spara": str(premises.pk), "underlag": august["underlag"]}
    assert ask(controller, data).status_code == 200
    assert Forecast.objects.get().follow_up == follow_up


def test_a_page_that_has_outlived_its_database_saves_nothing(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    data = sent(controller, premises, amount="950") | {"spara": str(premises.pk)}
    with connection.cursor() as cursor:  # as after a backup was put back
        cursor.execute("UPDATE followup_followup SET month = 9")
    answer = ask(controller, data)
    assert (answer.status_code, answer.json()["refusal"]) == (
        409,
        "Uppföljningen finns inte längre. Inget har sparats.",
    )
    assert not Forecast.objects.exists()


def test_a_stale_row_saves_nothing_and_gives_the_others_version(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    data = sent(controller, premises, amount="950") | {"spara": str(premises.pk)}
    entry = ForecastEntry(premises.pk, "Lokaler", 990 * TKR, "Högre hyra", seen_version=0)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=factories.user(role=Role.CONTROLLER))
    answer = ask(controller, data)
    told = answer.json()["rows"][f"rad-{premises.pk}"]
    assert (answer.status_code, told["version"]) == (409, 1)
    assert "Lokaler har ändrats av" in told["conflict"]
    assert told["values"][f"rad-{premises.pk}-amount"] == "950"
    assert told["values"][f"rad-{premises.pk}-comment"] == "Högre hyra"
    assert Forecast.objects.get().amount == 990 * TKR


def test_a_closed_follow_up_refuses_in_words(controller: Client, follow_up: FollowUp, premises: CostCategory) -> None:
    data = sent(controller, premises, amount="950") | {"spara": str(premises.pk)}
    FollowUp.objects.update(state=FollowUp.State.APPROVED)
    answer = ask(controller, data)
    assert answer.status_code == 409
    assert "är godkänd och tar inte emot ändringar" in answer.json()["refusal"]
    assert not Forecast.objects.exists()


def test_the_wrong_role_saves_nothing(client: Client, follow_up: FollowUp, premises: CostCategory) -> None:
    client.force_login(factories.user(role=Role.HEAD))
    assert ask(client, {"spara": str(premises.pk)}).status_code == 403


def test_a_proposal_stands_in_the_field_and_is_not_saved(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    told = ask(controller, sent(controller, premises) | {"forslag": f"{premises.pk}:r"}).json()
    assert told["rows"][f"rad-{premises.pk}"]["offer"]["amount"] == "900,006"
    page = controller.post(URL, form_of(controller.get(URL)) | {"forslag": f"{premises.pk}:r"})
    assert form_of(page)[f"rad-{premises.pk}-amount"] == "900,006"
    assert not Forecast.objects.exists()


def opened(controller: Client, premises: CostCategory) -> dict[str, str]:
    """The page without scripts, where the row's months have been opened; the box that removes them is not ticked."""
    form = form_of(controller.post(URL, form_of(controller.get(URL)) | {"oppna": str(premises.pk)}))
    del form[f"rad-{premises.pk}-replace"]
    return form


def test_months_and_actual_are_the_year_to_the_ore(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    row = f"rad-{premises.pk}-"
    months = {f"{row}month-11": "80,00001", f"{row}month-12": "90"}
    assert controller.post(URL, opened(controller, premises) | months).status_code == 302
    saved = Forecast.objects.get()
    assert (saved.amount, saved.months) == (75_000_500 + 8_000_001 + 9_000_000, [8_000_001, 9_000_000])
    assert saved.history.get().months == saved.months


def test_the_year_that_typed_months_make_is_told_to_the_ore_and_not_saved(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    row = f"rad-{premises.pk}"
    form = {**opened(controller, premises), f"{row}-month-11": "80,00001", f"{row}-month-12": "90"}
    told = ask(controller, form).json()["rows"][row]
    assert (told["year"], told["byMonth"]) == ("920,00501", True)
    for unfinished in ({f"{row}-month-12": ""}, {f"{row}-replace": "1"}, {f"{row}-amount": "1"}):
        told = ask(controller, form | unfinished).json()["rows"][row]
        assert "year" not in told
        assert not told["byMonth"]
    assert not Forecast.objects.exists()


def test_months_are_given_for_all_that_remain_or_none(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    answer = controller.post(URL, opened(controller, premises) | {f"rad-{premises.pk}-month-11": "80"})
    assert answer.status_code == 422
    assert "Fyll i december, eller töm alla månader." in answer.content.decode()
    assert not Forecast.objects.exists()


def test_a_year_typed_over_its_months_asks_and_takes_them_away_knowingly(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    row = f"rad-{premises.pk}-"
    controller.post(URL, opened(controller, premises) | {f"{row}month-11": "80", f"{row}month-12": "90"})
    form = form_of(controller.get(URL)) | {f"{row}amount": "1 000"}
    del form[f"{row}replace"]  # not ticked
    assert controller.post(URL, form).status_code == 422
    assert Forecast.objects.get().months == [80 * TKR, 90 * TKR]
    assert controller.post(URL, form | {f"{row}replace": "1"}).status_code == 302
    assert (Forecast.objects.get().amount, Forecast.objects.get().months) == (1000 * TKR, None)


def test_last_year_and_the_previous_forecast_stand_beside(
    controller: Client, follow_up: FollowUp, premises: CostCategory
) -> None:
    last = factories.fiscal_year(year=2023)
    factories.category(key="lokaler", name="Lokaler", prefixes=("6",), year=last)
    factories.booked_import(*(f"2023-{month:02d};60110;50000" for month in range(1, 13)), year=last)
    earlier = factories.follow_up(month=Month(2024, 8))
    entry = ForecastEntry(premises.pk, "Lokaler", 880 * TKR, "", seen_version=0)
    actions.submit_forecasts(follow_up=earlier, entries=[entry], by=factories.user(role=Role.CONTROLLER))
    page = controller.get(URL).content.decode()
    told = {key: page.split(f'id="rad-{premises.pk}-{key}">')[1].split("<")[0] for key in ("last-year", "previous")}
    assert told == {"last-year": "500", "previous": "880"}
