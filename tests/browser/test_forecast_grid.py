"""The forecast grid in a real browser: keys, figures that follow, and nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from followup import actions
from followup.forecasts import ForecastEntry
from followup.models import CostCategory, Forecast
from sydit.access import Role
from sydit.periods import Month
from tests import factories

URL = "/uppfoljning/2024-01/prognos/"
TKR = 100_000  # öre

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def categories(transactional_db: None) -> list[CostCategory]:
    factories.booked_import("2024-01;35110;-80000", "2024-01;60110;75000")
    factories.follow_up(month=Month(2024, 1))
    return [
        factories.category(key="intakter", name="Intäkter", prefixes=("3",), budget=-1000 * TKR, position=1),
        factories.category(key="lokaler", name="Lokaler", prefixes=("6",), budget=900 * TKR, position=2),
    ]


@pytest.fixture
def grid(page: Page, live_server: LiveServer, categories: list[CostCategory]) -> Page:
    """The controller's grid."""
    factories.user(role=Role.CONTROLLER, username="controller")
    page.goto(f"{live_server.url}{URL}")
    log_in(page)
    return page


def log_in(page: Page) -> None:
    page.get_by_label("Användarnamn").fill("controller")
    page.get_by_label("Lösenord").fill(factories.PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Spara")).to_be_visible()
    page.wait_for_load_state()  # the scripts are there before anybody types


def field(page: Page, category: CostCategory) -> Locator:
    """The forecast's field, found by the name that a screen reader says."""
    return page.get_by_role("textbox", name=f"Årsprognos {category.name}")


def test_keys_move_between_the_cells_and_the_sums_follow_without_saving(
    grid: Page, categories: list[CostCategory]
) -> None:
    income, premises = (field(grid, category) for category in categories)
    income.focus()
    grid.keyboard.type("-1000")
    grid.keyboard.press("Enter")
    expect(premises).to_be_focused()
    grid.keyboard.type("1013")
    grid.keyboard.press("ArrowUp")
    expect(income).to_be_focused()
    expect(grid.locator("#rad-total-forecast")).to_have_text("13")
    expect(grid.locator(f"#rad-{categories[1].pk}-variance")).to_have_text("underskott −113")
    assert not Forecast.objects.exists()


def test_an_amount_that_cannot_be_read_is_told_while_typing_and_mended_there(
    grid: Page, categories: list[CostCategory]
) -> None:
    premises = field(grid, categories[1])
    premises.fill("tolv")
    premises.press("Tab")
    expect(grid.get_by_text("”tolv” går inte att läsa som ett belopp.")).to_be_visible()
    expect(premises).to_have_attribute("aria-invalid", "true")
    premises.fill("12")
    premises.press("Tab")
    expect(grid.get_by_text("”tolv”")).to_have_count(0)
    expect(premises).not_to_have_attribute("aria-invalid", "true")


def test_what_was_typed_when_the_session_ended_comes_back_after_login(
    grid: Page, categories: list[CostCategory]
) -> None:
    field(grid, categories[1]).fill("950")
    grid.context.clear_cookies(name="sessionid")
    grid.get_by_role("button", name="Spara").click()
    log_in(grid)
    expect(field(grid, categories[1])).to_have_value("")
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    grid.get_by_role("button", name="Spara").click()
    expect(grid.get_by_text("Prognosen är sparad: 1 rad ändrades.")).to_be_visible()
    expect(grid.get_by_text("inmatning här som inte blev sparad")).to_have_count(0)
    assert Forecast.objects.get().amount == 950 * TKR


def test_what_comes_back_after_login_does_not_overwrite_what_others_saved_meanwhile(
    grid: Page, categories: list[CostCategory]
) -> None:
    field(grid, categories[1]).fill("950")
    grid.context.clear_cookies(name="sessionid")
    entry = ForecastEntry(categories[1].pk, "Lokaler", 990 * TKR, "Högre hyra", seen_version=0)
    actions.submit_forecasts(
        follow_up=factories.FollowUp.objects.get(), entries=[entry], by=factories.user(role=Role.CONTROLLER)
    )
    grid.get_by_role("button", name="Spara").click()
    log_in(grid)
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    grid.get_by_role("button", name="Spara").click()
    expect(grid.get_by_role("alert")).to_contain_text("Lokaler har ändrats av")
    expect(field(grid, categories[1])).to_have_value("950")
    assert Forecast.objects.get().amount == 990 * TKR


def test_a_lost_network_says_so_and_keeps_what_was_typed(grid: Page, categories: list[CostCategory]) -> None:
    premises = field(grid, categories[1])
    grid.context.set_offline(True)
    premises.fill("950")
    premises.press("Tab")
    expect(grid.get_by_text("Servern svarar inte.")).to_be_visible()
    expect(field(grid, categories[1])).to_have_value("950")
