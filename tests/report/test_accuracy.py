"""The page that tells how earlier forecasts came true."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from followup.models import CostCategory, FollowUp, Forecast, Measure
from investments.models import InvestmentProject, ProjectForecast
from sydit.access import Role
from sydit.money import Unit
from sydit.periods import Month
from sydit.report import accuracy
from sydit.report.document import Amount
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db
TKR = Unit.TKR.ore
AUGUST, DECEMBER = Month(2023, 8), Month(2023, 12)


def finished_year(*, year: int = 2023, rent: int = 1_250, months: int = 12) -> CostCategory:
    """A year with ``rent`` tkr booked on a category with a budget of 1 000 tkr, in as many months."""
    fiscal_year = factories.fiscal_year(year=year)
    category = factories.category(
        key="lokalhyror", name="Lokalhyror", prefixes=("60",), budget=1_000 * TKR, year=fiscal_year
    )
    lines = [f"{year}-{month:02d};60110;0" for month in range(2, months + 1)]
    factories.booked_import(f"{year}-01;60110;{rent}000", *lines, year=fiscal_year, filename=f"{year}.csv")
    return category


def forecast(
    category: CostCategory, month: Month, tkr: int | None, *, state: FollowUp.State = FollowUp.State.APPROVED
) -> FollowUp:
    follow_up = FollowUp.objects.of(month).first() or factories.follow_up(month=month, state=state)
    amount = None if tkr is None else tkr * TKR
    Forecast.objects.create(follow_up=follow_up, category=category, amount=amount, changed_by=factories.user())
    return follow_up


def shown(record: accuracy.TrackRecord, row: str, *, in_percent: bool = False, kind: int = 0) -> list[str]:
    table = accuracy.table(record.kinds[kind], in_percent=in_percent)
    return [
        f"{cell.word} {cell.text}".strip() if isinstance(cell, Amount) else cell.text for cell in table.row(row).cells
    ]


def test_each_forecast_of_a_finished_year_is_set_against_what_the_year_came_to() -> None:
    category = finished_year()
    forecast(category, AUGUST, 1_100)
    forecast(category, DECEMBER, 1_240)
    record = accuracy.read()
    assert shown(record, "lokalhyror") == ["sämre −150", "sämre −10", "sämre −80", "70"]
    assert shown(record, "lokalhyror", in_percent=True) == ["−15", "−1", "−8", "7"]
    assert shown(record, "total") == shown(record, "lokalhyror")


def test_a_year_that_is_not_over_tells_nothing() -> None:
    category = finished_year(months=11)
    forecast(category, AUGUST, 1_100)
    record = accuracy.read()
    assert record.years == ()
    assert not any(kind.observations for kind in record.kinds)


@pytest.mark.parametrize("state", [FollowUp.State.OPEN, FollowUp.State.READY])
def test_what_was_never_approved_is_no_forecast_that_anybody_was_given(state: FollowUp.State) -> None:
    forecast(finished_year(), AUGUST, 1_100, state=state)
    assert not accuracy.read().kinds[0].observations


def test_years_are_compared_by_the_key_of_the_category_under_its_latest_name() -> None:
    forecast(finished_year(year=2022), Month(2022, 8), 1_250)
    later = finished_year(year=2023)
    later.name = "Hyror"
    later.save()
    forecast(later, AUGUST, 1_300)
    (one,) = accuracy.read().kinds[0].each()
    assert [of.deviation for of in one.observations] == [0, 50 * TKR]
    assert one.observations[-1].label == "Hyror"
    assert shown(accuracy.read(2023), "lokalhyror") == ["50", "50", "0"]


def test_projects_are_told_apart_from_categories() -> None:
    category = finished_year()
    follow_up = forecast(category, AUGUST, 1_250)
    factories.project(budget=500 * TKR, year=category.fiscal_year)
    lines = [f"2023-{month:02d};60110;0" for month in range(2, 13)]
    factories.booked_import(
        "2023-01;60110;1250000", "2023-01;74500;400000;91002", *lines, year=category.fiscal_year, filename="ny.csv"
    )
    ProjectForecast.objects.create(
        follow_up=follow_up, project=InvestmentProject.objects.get(), amount=500 * TKR, changed_by=factories.user()
    )
    record = accuracy.read()
    assert shown(record, "91002", kind=1) == ["100", "100", "0"]
    assert shown(record, "91002", kind=1, in_percent=True) == ["20", "20", "0"]
    assert shown(record, "lokalhyror") == ["0", "0", "0"]


def test_a_measure_is_shown_with_the_follow_up_in_which_it_came_into_the_plan() -> None:
    category = finished_year()
    first = forecast(category, AUGUST, 1_100)
    then = factories.follow_up(month=DECEMBER, state=FollowUp.State.APPROVED)
    measure = Measure.objects.create(
        follow_up=first,
        what="Säga upp lokal",
        category=category,
        effect_this_year=40 * TKR,
        changed_by=first.changed_by,
    )
    Measure.objects.create(follow_up=then, key=measure.key, what="Säga upp lokal", changed_by=first.changed_by)
    table = accuracy.measures_table(accuracy.read().measures)
    assert [[row.label, *(cell.text for cell in row.cells)] for row in table.rows] == [
        ["Säga upp lokal", "augusti 2023", "Lokalhyror", "40"]
    ]


def test_the_page_shows_both_units_and_survives_an_odd_year(client: Client) -> None:
    forecast(finished_year(), AUGUST, 1_100)
    client.force_login(factories.user(role=Role.CONTROLLER))
    page = text_of(client.get("/prognossakerhet/"))
    assert "Lokalhyror sämre −150 sämre −150 0" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Lokalhyror −15 −15 0" in text_of(client.get("/prognossakerhet/?visa=procent"))
    assert "Skriv ett år med fyra siffror." in text_of(client.get("/prognossakerhet/?fran=i+fjol"))
    assert "Inga prognoser att jämföra" in text_of(client.get("/prognossakerhet/?fran=2024"))


def test_the_chart_tells_what_repeats_itself_from_what_varies() -> None:
    category = finished_year()
    forecast(category, AUGUST, 1_100)
    forecast(category, DECEMBER, 1_240)
    made = accuracy.chart(accuracy.read().kinds[0])
    assert [(row.label, [cell.text for cell in row.cells]) for row in made.rows] == [
        ("Lokalhyror", ["−80", "70"]),
        ("Summa", ["−80", "70"]),
    ]
    assert made.description.endswith("i genomsnitt blivit 80 tkr sämre än prognosen.")


def test_the_grid_s_open_row_says_how_its_earlier_forecasts_came_true_and_leads_to_its_history(client: Client) -> None:
    category = finished_year()
    forecast(category, AUGUST, 1_100)
    now = factories.category(key="lokalhyror", name="Hyror & el", year=factories.fiscal_year(year=2024))
    factories.follow_up(month=Month(2024, 8))
    client.force_login(factories.user(role=Role.CONTROLLER))
    address = "/uppfoljning/2024-08/prognos/"
    assert "Tidigare prognoser" not in text_of(client.get(address))
    page = client.post(address, {"oppna": str(now.pk)})
    assert "Utfallet blev 150 tkr sämre än prognosen i augusti 2023 (15 % av budgeten)." in text_of(page).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "/uppfoljning/2024-08/historik/?omrade=economy&amp;q=Hyror+%26+el" in page.content.decode()


def test_without_a_finished_year_the_page_says_so(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    assert "Inget år är avslutat än" in text_of(log_in("chef").get("/prognossakerhet/"))


def test_the_page_takes_as_many_queries_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    category = finished_year()
    for month in (4, 8, 10, 12):
        forecast(category, Month(2023, month), 1_100)
    client.force_login(factories.user(role=Role.CONTROLLER))
    with django_assert_num_queries(14):
        client.get("/prognossakerhet/")
