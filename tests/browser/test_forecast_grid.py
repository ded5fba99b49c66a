"""The forecast grid in a real browser: the keys of a spreadsheet, figures that follow, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from followup import actions
from followup.forecasts import ForecastEntry
from followup.models import CostCategory, FollowUp, Forecast
from sydit.access import Role
from sydit.periods import Month
from tests import factories
from tests.browser.conftest import follow

URL = "/uppfoljning/2024-01/prognos/"
TKR = 100_000  # öre
ROWS = 10

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def categories(transactional_db: None) -> list[CostCategory]:
    """Ten of them, as many as the committee's table has."""
    factories.booked_import("2024-01;35110;-80000", "2024-01;60110;75000")
    factories.follow_up(month=Month(2024, 1))
    factories.user(role=Role.CONTROLLER, username="controller")
    budget = [-1000 * TKR, *([100 * TKR] * (ROWS - 1))]
    return [
        factories.category(key=f"post-{n}", name=f"Post {n}", prefixes=(f"{n}9",), budget=budget[n], position=n)
        for n in range(ROWS)
    ]


@pytest.fixture
def grid(categories: list[CostCategory], browse_as: Callable[..., Page]) -> Page:
    """The controller's grid."""
    return opened(browse_as("controller"))


def opened(page: Page) -> Page:
    page.goto(URL)
    page.wait_for_load_state()  # the scripts are there before anybody types
    return page


def field(page: Page, number: int, column: str = "Årsprognos") -> Locator:
    """A cell, found by the name that a screen reader says."""
    return page.get_by_role("textbox", name=f"{column} Post {number}", exact=True)


def state(page: Page, number: int) -> Locator:
    return page.locator(f"tr:has(:text-is('Post {number}')) [data-row-state]")


def status(page: Page) -> Locator:
    return page.locator("[data-grid-status]")


def paste(page: Page, text: str) -> None:
    """What the browser does with Ctrl+V when a spreadsheet has filled the clipboard."""
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def stored() -> dict[int, tuple[int | None, str]]:
    """Amount in tkr and comment by the category's number."""
    rows = Forecast.objects.select_related("category")
    return {
        row.category.position: (None if row.amount is None else row.amount // TKR, row.comment)
        for row in rows.order_by("category__position")
    }


def somebody_saves(number: int, amount: int, *, seen: int = 0) -> None:
    category = CostCategory.objects.get(position=number)
    entry = ForecastEntry(category.pk, category.name, amount * TKR, "Högre hyra", seen_version=seen)
    by = factories.user(role=Role.CONTROLLER, name="Karin Kollega")
    actions.submit_forecasts(follow_up=FollowUp.objects.get(), entries=[entry], by=by)


def test_keys_move_as_in_a_spreadsheet_figures_follow_and_each_row_is_saved_when_it_is_left(grid: Page) -> None:
    field(grid, 0).click()
    grid.keyboard.type("-1000")
    expect(grid.locator(f"#rad-{CostCategory.objects.get(position=0).pk}-variance")).to_have_text("0")
    assert not Forecast.objects.exists()
    grid.keyboard.press("Enter")
    expect(field(grid, 1)).to_be_focused()
    expect(state(grid, 0)).to_have_text("Sparat")
    grid.keyboard.type("113")
    grid.keyboard.press("ArrowRight")
    expect(field(grid, 1, "Kommentar")).to_be_focused()
    grid.keyboard.type("Fler")
    grid.keyboard.press("Alt+Enter")
    grid.keyboard.type("resor")
    grid.keyboard.press("Tab")
    expect(field(grid, 2)).to_be_focused()
    expect(state(grid, 1)).to_have_text("Sparat")
    grid.keyboard.press("Shift+Tab")
    grid.keyboard.press("ArrowLeft")
    grid.keyboard.press("F2")
    grid.keyboard.press("ArrowLeft")
    grid.keyboard.type("9")
    expect(field(grid, 1)).to_have_value("1193")
    grid.keyboard.press("Escape")
    expect(field(grid, 1)).to_have_value("113")
    grid.keyboard.press("ArrowUp")
    expect(field(grid, 0)).to_be_focused()
    assert stored() == {0: (-1000, ""), 1: (113, "Fler\nresor")}


def test_enter_saves_the_last_row_too(grid: Page) -> None:
    field(grid, ROWS - 1).fill("95")
    field(grid, ROWS - 1).press("Enter")
    expect(state(grid, ROWS - 1)).to_have_text("Sparat")
    expect(field(grid, ROWS - 1)).to_be_focused()
    assert stored() == {ROWS - 1: (95, "")}


def test_a_block_from_a_spreadsheet_is_pasted_saved_undone_and_done_again(grid: Page) -> None:
    rows = [f'{n} 000,50\t"Post {n}\npå två rader"' for n in range(1, ROWS)]
    block = "\r\n".join(["−1 234 567,89 kr\tIntäkter", *rows, ""])
    field(grid, 0).focus()
    paste(grid, block)
    expect(status(grid)).to_have_text("Post 9: sparat.")
    assert len(stored()) == ROWS
    assert Forecast.objects.get(category__position=0).amount == -123_456_789
    assert Forecast.objects.get(category__position=9).amount == 900_050_000
    assert stored()[9][1] == "Post 9\npå två rader"
    expect(field(grid, 0)).to_have_value("−1\u00a0234,56789")
    grid.keyboard.press("Control+z")
    expect(field(grid, 9)).to_have_value("")
    expect(state(grid, 9)).to_have_text("Sparat")
    assert set(stored().values()) == {(None, "")}
    grid.keyboard.press("Control+y")
    expect(status(grid)).to_have_text("Post 9: sparat.")
    assert stored()[9] == (9000, "Post 9\npå två rader")


def test_a_block_pasted_into_an_amount_that_is_being_edited_goes_into_the_cells_below_it(grid: Page) -> None:
    field(grid, 1).dblclick()
    paste(grid, "100\n200")
    expect(field(grid, 2)).to_have_value("200")
    expect(field(grid, 1)).to_have_value("100")
    field(grid, 3, "Kommentar").click()
    field(grid, 3, "Kommentar").click()
    paste(grid, "En rad\noch en till")  # into the text, where the browser puts it
    expect(status(grid)).to_have_text("Post 2: sparat.")
    expect(field(grid, 4, "Kommentar")).to_have_value("")


def test_a_block_that_cannot_be_read_or_does_not_fit_changes_no_cell_and_says_why(grid: Page) -> None:
    field(grid, 8).fill("7")
    field(grid, 8).focus()
    paste(grid, "100\tbra\n1.234\tbättre")
    expect(status(grid)).to_contain_text("Inget är inklistrat. Post 9, Årsprognos: ”1.234” kan läsas på två sätt")
    paste(grid, "1\n2\n3")
    expect(status(grid)).to_contain_text("Blocket har 3 rader, men från Post 8 och nedåt finns 2.")
    paste(grid, "1\t2\t3")
    expect(status(grid)).to_contain_text("Blocket har 3 kolumner")
    expect(field(grid, 8)).to_have_value("7")
    expect(field(grid, 9)).to_have_value("")
    assert 9 not in stored()


def test_an_amount_that_cannot_be_read_is_told_beside_it_and_mended_there(grid: Page) -> None:
    premises = field(grid, 1)
    premises.fill("tolv")
    premises.press("Enter")
    expect(grid.locator(".cell-error").get_by_text("”tolv” går inte att läsa som ett belopp.")).to_be_visible()
    expect(premises).to_have_attribute("aria-invalid", "true")
    premises.fill("12")
    premises.press("Enter")
    expect(grid.locator(".cell-error").get_by_text("”tolv”")).to_have_count(0)
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored() == {1: (12, "")}


def test_of_two_who_edit_a_row_the_second_is_told_and_chooses_and_other_rows_are_taken_over(
    grid: Page, browse_as: Callable[..., Page]
) -> None:
    factories.user(role=Role.CONTROLLER, username="berit", name="Berit Berg")
    other = opened(browse_as("berit"))
    for number in (1, 2):
        field(other, number).fill("90")
        field(other, number).press("Enter")
        expect(state(other, number)).to_have_text("Sparat")
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    conflict = grid.locator(".cell-error").get_by_text("Post 1 har ändrats av Berit Berg")
    expect(conflict).to_contain_text("prognosen är nu 90 tkr. Det du skrev står kvar.")
    expect(field(grid, 1)).to_have_value("95")
    expect(field(grid, 2)).to_have_value("90")  # nobody types there: it is as stored
    field(grid, 1).press("Enter")
    assert stored()[1] == (90, "")
    grid.get_by_role("button", name="Spara").click()
    expect(status(grid)).to_contain_text("Tryck på Spara en gång till")
    assert stored()[1] == (90, "")
    grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 1)).to_have_text("Sparat")
    expect(conflict).to_have_count(0)
    assert stored()[1] == (95, "")


def test_what_is_typed_without_a_network_is_kept_and_saved_when_it_is_back(grid: Page) -> None:
    grid.context.set_offline(True)
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Väntar på nätet")
    expect(status(grid)).to_contain_text("Servern svarar inte. Det du har skrivit finns kvar")
    field(grid, 2).fill("96")
    field(grid, 2).press("Enter")
    grid.context.set_offline(False)
    expect(state(grid, 2)).to_have_text("Sparat")
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored() == {1: (95, ""), 2: (96, "")}


def test_what_is_typed_after_the_session_ended_is_saved_when_one_has_logged_in_in_another_tab(grid: Page) -> None:
    grid.context.clear_cookies()
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Utloggad")
    expect(status(grid)).to_contain_text("Logga in i en annan flik")
    somebody_saves(1, 90)
    tab = grid.context.new_page()
    tab.goto(URL)
    log_in(tab)
    grid.bring_to_front()
    grid.get_by_role("button", name="Försök igen").click()
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    expect(field(grid, 1)).to_have_value("95")
    assert stored()[1] == (90, "Högre hyra")
    grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored()[1] == (95, "Högre hyra")


def test_what_is_typed_while_the_follow_up_is_approved_is_denied_and_stays(grid: Page) -> None:
    FollowUp.objects.update(state=FollowUp.State.APPROVED)
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Nekat")
    expect(status(grid)).to_contain_text("är godkänd och tar inte emot ändringar.")
    expect(field(grid, 1)).to_have_value("95")
    assert not Forecast.objects.exists()


def test_what_was_not_saved_when_the_page_was_left_is_offered_again_and_overwrites_nothing(grid: Page) -> None:
    grid.context.clear_cookies()
    field(grid, 1).fill("950")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Utloggad")
    somebody_saves(1, 990)
    grid.once("dialog", lambda dialog: dialog.accept())
    grid.reload()
    log_in(grid)
    expect(field(grid, 1)).to_have_value("990")
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    expect(field(grid, 1)).to_have_value("950")
    grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    assert stored()[1] == (990, "Högre hyra")


def leave_unsaved(page: Page, number: int, amount: str) -> None:
    """Somebody is logged out while they type, leaves the page and comes back."""
    page.context.clear_cookies()
    field(page, number).fill(amount)
    field(page, number).press("Enter")
    expect(state(page, number)).to_have_text("Utloggad")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    log_in(page)
    page.wait_for_load_state()


def test_what_is_fetched_back_leaves_what_has_been_typed_since(grid: Page) -> None:
    somebody_saves(2, 70)
    leave_unsaved(grid, 1, "950")
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(state(grid, 2)).to_have_text("Sparat")
    field(grid, 3).fill("1.050")
    field(grid, 3, "Kommentar").fill("Lång motivering")
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    expect(field(grid, 1)).to_have_value("950")
    expect(field(grid, 2)).to_have_value("77")
    expect(field(grid, 3)).to_have_value("1.050")
    expect(field(grid, 3, "Kommentar")).to_have_value("Lång motivering")
    grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored() == {1: (950, ""), 2: (77, "Högre hyra")}


def test_an_offer_that_nobody_has_answered_stands_after_another_row_was_saved(grid: Page) -> None:
    leave_unsaved(grid, 1, "950")
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(state(grid, 2)).to_have_text("Sparat")
    grid.reload()
    grid.wait_for_load_state()
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    expect(field(grid, 1)).to_have_value("950")
    expect(field(grid, 2)).to_have_value("77")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    grid.reload()
    grid.wait_for_load_state()
    expect(grid.get_by_role("button", name="Hämta tillbaka den")).to_have_count(0)


def test_what_somebody_else_has_saved_since_is_not_undone(grid: Page) -> None:
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    somebody_saves(1, 120, seen=1)
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    expect(field(grid, 1)).to_have_value("120")
    field(grid, 2).focus()
    grid.keyboard.press("Control+z")
    expect(field(grid, 2)).to_have_value("")
    expect(state(grid, 2)).to_have_text("Sparat")
    grid.keyboard.press("Control+z")
    expect(status(grid)).to_have_text("Det finns inget att ångra.")
    expect(field(grid, 1)).to_have_value("120")
    assert stored()[1] == (120, "Högre hyra")


def test_what_was_typed_over_another_s_value_is_undone_to_theirs(grid: Page) -> None:
    somebody_saves(1, 90)
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    field(grid, 1).focus()
    grid.keyboard.press("Control+z")
    expect(field(grid, 1)).to_have_value("90")
    expect(state(grid, 1)).to_be_empty()
    assert stored()[1] == (90, "Högre hyra")


def test_the_months_of_another_are_shown_when_they_have_saved_them_and_stay(
    grid: Page, browse_as: Callable[..., Page]
) -> None:
    factories.user(role=Role.CONTROLLER, username="berit", name="Berit Berg")
    other = opened(browse_as("berit"))
    fill_months(other, 3)
    field(other, 4).focus()
    expect(state(other, 3)).to_have_text("Sparat")
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(state(grid, 3)).to_have_text("Ändrat av annan")
    expect(grid.get_by_label("Februari")).to_have_value("1")
    field(grid, 3, "Kommentar").fill("Jämnt över året")
    field(grid, 3, "Kommentar").press("Enter")
    expect(state(grid, 3)).to_have_text("Sparat")
    row = Forecast.objects.get(category__position=3)
    assert (row.amount, row.comment, row.months) == (11 * TKR, "Jämnt över året", [TKR] * 11)


def test_months_that_another_has_taken_away_go_from_the_page_and_stay_away(grid: Page) -> None:
    fill_months(grid, 3)
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    somebody_saves(3, 40, seen=1)
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(state(grid, 3)).to_have_text("Ändrat av annan")
    expect(grid.get_by_label("Februari")).to_have_value("")
    field(grid, 3, "Kommentar").fill("Ett belopp")
    field(grid, 3, "Kommentar").press("Enter")
    expect(state(grid, 3)).to_have_text("Sparat")
    row = Forecast.objects.get(category__position=3)
    assert (row.amount, row.comment, row.months) == (40 * TKR, "Ett belopp", None)


def test_a_cell_that_is_selected_stays_so_when_another_s_value_comes_into_it(grid: Page) -> None:
    somebody_saves(2, 90)
    opened(grid)
    somebody_saves(2, 95, seen=1)
    field(grid, 1).fill("77")
    field(grid, 1).press("Enter")
    expect(field(grid, 2)).to_be_focused()
    expect(field(grid, 2)).to_have_value("95")
    grid.keyboard.type("96")
    expect(field(grid, 2)).to_have_value("96")


def test_a_conflict_that_an_undo_leads_to_is_taken_back_to_the_other_s_value(grid: Page) -> None:
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    somebody_saves(1, 120, seen=1)
    field(grid, 1).focus()
    grid.keyboard.press("Control+z")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    expect(field(grid, 1)).to_have_value("")
    grid.keyboard.press("Control+z")
    expect(field(grid, 1)).to_have_value("120")
    expect(state(grid, 1)).to_be_empty()
    assert stored()[1] == (120, "Högre hyra")


def test_a_box_that_was_ticked_stays_so_through_a_conflict(grid: Page) -> None:
    fill_months(grid, 3)
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    somebody_saves(3, 40, seen=1)
    field(grid, 3).fill("50")
    grid.get_by_label("Låt årsbeloppet gälla i stället").check()
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Ändrat av annan")
    expect(grid.get_by_label("Låt årsbeloppet gälla i stället")).to_be_checked()
    for _ in range(2):
        grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 3)).to_have_text("Sparat")
    assert stored()[3] == (50, "Högre hyra")


def test_what_is_fetched_back_asks_first_where_something_newer_stands(grid: Page) -> None:
    leave_unsaved(grid, 1, "950")
    somebody_saves(1, 90)
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    fetch = grid.get_by_role("button", name="Hämta tillbaka den")
    fetch.click()
    expect(grid.get_by_text("Där något har ändrats sedan sidan öppnades står det kvar.")).to_be_visible()
    expect(field(grid, 1)).to_have_value("90")
    grid.reload()
    grid.wait_for_load_state()
    fetch.click()
    expect(field(grid, 1)).to_have_value("950")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    assert stored()[1] == (90, "Högre hyra")


def test_what_is_typed_where_a_draft_is_offered_leaves_both(grid: Page) -> None:
    field(grid, 1, "Kommentar").fill("Ny lokal")
    leave_unsaved(grid, 1, "950")
    field(grid, 1).fill("7")
    fetch = grid.get_by_role("button", name="Hämta tillbaka den")
    fetch.click()
    expect(field(grid, 1)).to_have_value("7")
    expect(field(grid, 1, "Kommentar")).to_have_value("Ny lokal")
    field(grid, 1, "Kommentar").fill("Ny lokal i maj")
    fetch.click()
    expect(field(grid, 1)).to_have_value("950")
    expect(field(grid, 1, "Kommentar")).to_have_value("Ny lokal i maj")
    expect(fetch).to_have_count(0)


def test_each_draft_that_nobody_has_answered_is_offered_the_last_one_first(grid: Page) -> None:
    grid.context.clear_cookies()
    field(grid, 1, "Kommentar").fill("En lång motivering")
    leave_unsaved(grid, 1, "950")
    leave_unsaved(grid, 1, "13")
    fetch = grid.get_by_role("button", name="Hämta tillbaka den")
    fetch.click()
    expect(field(grid, 1)).to_have_value("13")
    expect(field(grid, 1, "Kommentar")).to_have_value("")
    fetch.click()  # the earlier one: its comment, but not its amount unasked
    expect(field(grid, 1, "Kommentar")).to_have_value("En lång motivering")
    expect(field(grid, 1)).to_have_value("13")
    grid.get_by_role("button", name="Kasta den").click()
    expect(fetch).to_have_count(0)
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored() == {1: (13, "En lång motivering")}


def test_months_that_another_has_saved_stand_until_the_draft_is_asked_for_twice(
    grid: Page, browse_as: Callable[..., Page]
) -> None:
    somebody_saves(3, 45)
    opened(grid)
    fill_months(grid, 3)
    expect(field(grid, 3)).to_have_value("11")
    grid.context.clear_cookies()
    grid.once("dialog", lambda dialog: dialog.accept())
    grid.reload()
    log_in(grid)
    grid.wait_for_load_state()
    factories.user(role=Role.CONTROLLER, username="berit", name="Berit Berg")
    other = opened(browse_as("berit"))
    fill_months(other, 3)
    other.get_by_label("Februari").fill("5")
    field(other, 4).focus()
    expect(state(other, 3)).to_have_text("Sparat")
    field(grid, 2).fill("77")
    field(grid, 2).press("Enter")
    expect(grid.get_by_label("Februari")).to_have_value("5")
    fetch = grid.get_by_role("button", name="Hämta tillbaka den")
    fetch.click()
    expect(grid.get_by_text("Där något har ändrats sedan sidan öppnades står det kvar.")).to_be_visible()
    expect(grid.get_by_label("Februari")).to_have_value("5")
    expect(field(grid, 3)).to_have_value("15")
    fetch.click()
    expect(grid.get_by_label("Februari")).to_have_value("1")
    expect(field(grid, 3)).to_have_value("11")
    grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 3)).to_have_text("Ändrat av annan")
    assert Forecast.objects.get(category__position=3).amount == 15 * TKR


def test_in_a_conflict_the_year_that_another_put_in_the_place_of_months_is_shown(grid: Page) -> None:
    fill_months(grid, 3)
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    somebody_saves(3, 40, seen=1)
    field(grid, 3, "Kommentar").fill("Jämnt")
    field(grid, 3, "Kommentar").press("Enter")
    expect(state(grid, 3)).to_have_text("Ändrat av annan")
    expect(field(grid, 3)).to_have_value("40")
    expect(grid.get_by_label("Februari")).to_have_value("")


def test_after_a_conflict_the_figures_stand_on_what_the_other_saved(grid: Page) -> None:
    for number in range(ROWS):
        somebody_saves(number, 10)
    opened(grid)
    expect(grid.locator("#rad-total-forecast")).to_have_text("100")
    somebody_saves(1, 60, seen=1)
    field(grid, 1, "Kommentar").fill("Ny lokal")
    field(grid, 1, "Kommentar").press("Enter")
    expect(state(grid, 1)).to_have_text("Ändrat av annan")
    expect(field(grid, 1)).to_have_value("60")
    expect(grid.locator("#rad-total-forecast")).to_have_text("150")


def test_a_row_that_is_mended_says_nothing_more(grid: Page) -> None:
    somebody_saves(1, 90)
    opened(grid)
    variance = grid.locator(f"#rad-{CostCategory.objects.get(position=1).pk}-variance")
    field(grid, 1).fill("abc")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Går inte att spara")
    expect(variance).to_have_text("saknas")
    grid.keyboard.press("Control+z")
    expect(field(grid, 1)).to_have_value("90")
    expect(state(grid, 1)).to_be_empty()
    expect(grid.get_by_text("”abc” går inte att läsa")).to_have_count(0)
    expect(status(grid)).to_have_text("Ångrat.")
    expect(variance).to_have_text("10")


def test_what_is_typed_while_somebody_else_is_logged_in_is_kept_and_told(grid: Page) -> None:
    factories.user(role=Role.HEAD, username="chef")
    grid.context.clear_cookies()
    tab = grid.context.new_page()
    tab.goto(URL)
    log_in(tab, "chef")
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Nekat")
    expect(status(grid)).to_contain_text("Någon annan är nu inloggad i webbläsaren.")
    expect(field(grid, 1)).to_have_value("95")
    field(grid, 2).focus()
    paste(grid, "1\n2")
    expect(status(grid)).to_contain_text("Inget är inklistrat. Någon annan är nu inloggad")
    grid.context.set_offline(True)
    paste(grid, "1\n2")
    expect(status(grid)).to_have_text(
        "Inget är inklistrat. Servern svarar inte. Klistra in igen när nätet är tillbaka."
    )
    assert not Forecast.objects.exists()


def test_months_that_were_not_saved_are_part_of_what_is_offered(grid: Page) -> None:
    field(grid, 3).focus()
    grid.keyboard.press("Alt+ArrowDown")
    grid.get_by_label("Februari").fill("10,5")
    grid.context.clear_cookies()
    for month in grid.locator("[data-months] input[type=text]").all()[1:]:
        month.fill("1")
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Utloggad")
    grid.once("dialog", lambda dialog: dialog.accept())
    grid.reload()
    log_in(grid)
    expect(grid.get_by_label("Februari")).to_have_count(0)
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    expect(grid.get_by_label("Februari")).to_have_value("10,5")
    grid.get_by_role("button", name="Spara").click()
    expect(state(grid, 3)).to_have_text("Sparat")
    expect(field(grid, 3)).to_have_value("20,5")


def fill_months(page: Page, number: int) -> None:
    """A row's months are opened, and each is one."""
    field(page, number).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_label("Februari")).to_be_visible()
    for month in page.locator("[data-months] input[type=text]").all():
        month.fill("1")


def test_the_year_follows_its_months_while_they_are_typed_and_back(grid: Page) -> None:
    field(grid, 3).fill("77")
    field(grid, 3).press("Enter")
    expect(state(grid, 3)).to_have_text("Sparat")
    by_month = grid.locator("tr:has(:text-is('Post 3')) [data-by-month]")
    expect(by_month).to_be_hidden()
    fill_months(grid, 3)
    expect(field(grid, 3)).to_have_value("11")
    expect(by_month).to_be_visible()
    grid.get_by_label("Februari").fill("10,00001")
    expect(field(grid, 3)).to_have_value("20,00001")
    grid.get_by_label("Mars").fill("mycket")
    expect(field(grid, 3)).to_have_value("77")
    expect(by_month).to_be_hidden()
    assert stored()[3] == (77, "")
    grid.keyboard.press("Control+z")
    expect(field(grid, 3)).to_have_value("20,00001")
    expect(state(grid, 3)).to_have_text("Sparat")
    assert Forecast.objects.get(category__position=3).amount == 2_000_001
    grid.get_by_label("Mars").fill("2")
    expect(field(grid, 3)).to_have_value("21,00001")
    expect(state(grid, 3)).to_have_text("Osparat")
    grid.get_by_label("Mars").fill("1")
    expect(field(grid, 3)).to_have_value("20,00001")
    expect(state(grid, 3)).to_be_empty()


def test_an_open_panel_s_months_come_back_after_a_reload_and_the_year_goes_on_following(grid: Page) -> None:
    fill_months(grid, 3)
    expect(field(grid, 3)).to_have_value("11")
    grid.context.clear_cookies()  # the page that is left may send the row, and is not let in
    grid.once("dialog", lambda dialog: dialog.accept())
    grid.reload()
    log_in(grid)
    expect(field(grid, 3)).to_have_value("")
    grid.get_by_role("button", name="Hämta tillbaka den").click()
    expect(field(grid, 3)).to_have_value("11")
    grid.get_by_label("December").fill("4,5")
    expect(field(grid, 3)).to_have_value("14,5")
    assert not Forecast.objects.exists()
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    assert Forecast.objects.get().amount == 1_450_000


def test_a_click_or_a_double_click_on_save_overwrites_nothing_unread(grid: Page) -> None:
    somebody_saves(1, 90)
    save = grid.get_by_role("button", name="Spara")
    for number, press in ((1, save.click), (2, save.dblclick)):
        field(grid, number).fill("95")
        if number == 2:
            somebody_saves(2, 90)
        press()
        expect(state(grid, number)).to_have_text("Ändrat av annan")
        grid.wait_for_load_state("networkidle")
        assert stored()[number] == (90, "Högre hyra")


def test_a_proposal_is_taken_with_one_key_told_and_undone_and_months_sum_to_the_year(grid: Page) -> None:
    field(grid, 3).focus()
    grid.keyboard.press("b")
    expect(status(grid)).to_contain_text("utfall och budget för återstående månader: Utfall 0 + budget")
    expect(field(grid, 3)).not_to_have_value("")
    grid.keyboard.press("Control+z")
    expect(field(grid, 3)).to_have_value("")
    grid.keyboard.press("p")
    expect(status(grid)).to_contain_text("Ingen tidigare uppföljning i år har en prognos för raden.")
    expect(field(grid, 3)).to_have_value("")
    grid.keyboard.press("Alt+ArrowDown")
    expect(grid.get_by_text("Förslag för Post 3")).to_be_visible()
    grid.get_by_label("Februari").fill("10,5")
    for month in grid.locator("[data-months] input[type=text]").all()[1:]:
        month.fill("1")
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    expect(field(grid, 3)).to_have_value("20,5")
    field(grid, 3).fill("99")
    field(grid, 3).press("Enter")
    expect(state(grid, 3)).to_have_text("Går inte att spara")
    grid.get_by_label("Låt årsbeloppet gälla i stället").check()
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    row = Forecast.objects.get(category__position=3)
    assert (row.amount, row.months) == (99 * TKR, None)


@pytest.mark.parametrize("typed", [(), ("99",), ("98", "99")], ids=["only the box", "a year", "two years"])
def test_months_that_a_year_has_taken_away_are_given_back_by_one_undo(grid: Page, typed: tuple[str, ...]) -> None:
    fill_months(grid, 3)
    grid.get_by_label("Februari").fill("10,5")
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    for year in typed:
        field(grid, 3).fill(year)
        field(grid, 3).press("Enter")
        expect(state(grid, 3)).to_have_text("Går inte att spara")
    grid.get_by_label("Låt årsbeloppet gälla i stället").check()
    field(grid, 4).focus()
    expect(grid.get_by_label("Februari")).to_have_value("")
    row, year = Forecast.objects.get(category__position=3), (typed or ("20,5",))[-1]
    assert (row.amount, row.months) == (9_900_000 if typed else 2_050_000, None)
    grid.keyboard.press("Control+z")
    expect(grid.get_by_label("Februari")).to_have_value("10,5")
    expect(field(grid, 3)).to_have_value("20,5")
    expect(state(grid, 3)).to_have_text("Sparat")
    row.refresh_from_db()
    assert (row.amount, row.months) == (2_050_000, [1_050_000, *[TKR] * 10])
    grid.keyboard.press("Control+y")
    expect(grid.get_by_label("Februari")).to_have_value("")
    expect(field(grid, 3)).to_have_value(year)
    expect(state(grid, 3)).to_have_text("Sparat")
    row.refresh_from_db()
    assert (row.amount, row.months) == (9_900_000 if typed else 2_050_000, None)


def test_a_year_that_months_have_taken_the_place_of_is_given_back_by_one_undo(grid: Page) -> None:
    for year in ("100", "111"):
        field(grid, 3).fill(year)
        field(grid, 3).press("Enter")
        expect(state(grid, 3)).to_have_text("Sparat")
    fill_months(grid, 3)
    field(grid, 4).focus()
    expect(field(grid, 3)).to_have_value("11")
    expect(state(grid, 3)).to_have_text("Sparat")
    grid.get_by_label("Februari").fill("2")
    field(grid, 4).focus()
    expect(field(grid, 3)).to_have_value("12")
    expect(state(grid, 3)).to_have_text("Sparat")
    for february, year in (("1", "11"), ("", "111"), ("", "100")):
        grid.keyboard.press("Control+z")
        expect(grid.get_by_label("Februari")).to_have_value(february)
        expect(field(grid, 3)).to_have_value(year)
        field(grid, 4).focus()
        expect(state(grid, 3)).to_have_text("Sparat")
    row = Forecast.objects.get(category__position=3)
    assert (row.amount, row.months) == (100 * TKR, None)


def test_what_is_undone_while_it_is_being_saved_is_saved_anew(grid: Page) -> None:
    somebody_saves(1, 90)
    Forecast.objects.update(confirmed=False)
    opened(grid)
    field(grid, 1, "Kommentar").fill("Mina ord")
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    with slow_saves(grid):
        grid.keyboard.press("Control+z")
        expect(state(grid, 1)).to_have_text("Sparar …")
        grid.keyboard.press("Control+z")
    expect(grid.get_by_label("Kommentaren är förra gångens")).to_be_visible()
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored()[1] == (90, "Högre hyra")
    assert not Forecast.objects.get().confirmed
    field(grid, 2).fill("130")
    with slow_saves(grid):
        field(grid, 2).press("Enter")
        expect(state(grid, 2)).to_have_text("Sparar …")
        grid.keyboard.press("Control+z")
    expect(field(grid, 2)).to_have_value("")
    expect(status(grid)).to_have_text("Post 2: sparat.")
    expect(state(grid, 2)).to_have_text("Sparat")
    assert stored()[2] == (None, "")


@contextmanager
def slow_saves(page: Page) -> Iterator[None]:
    """Nothing that is sent comes to the server until the end."""
    held: list[Route] = []
    is_slow = True
    page.route(f"**{URL}", lambda route: held.append(route) if is_slow else route.continue_())
    yield
    is_slow = False
    for route in held:
        with suppress(Error):  # asked for no more, as something else was asked meanwhile
            route.continue_()


def test_a_click_in_the_cell_that_one_has_come_to_selects_it_and_a_double_click_edits_in_it(grid: Page) -> None:
    field(grid, 1).fill("105")
    field(grid, 2).fill("400")
    field(grid, 1).press("Enter")
    expect(field(grid, 2)).to_be_focused()
    field(grid, 2).click()
    grid.keyboard.type("410")
    expect(field(grid, 2)).to_have_value("410")
    field(grid, 2).press("Tab")
    field(grid, 2).focus()
    field(grid, 2).dblclick()
    grid.keyboard.press("End")
    grid.keyboard.type(",5")
    expect(field(grid, 2)).to_have_value("410,5")
    field(grid, 2).click()  # a caret in what is being typed
    grid.keyboard.press("End")
    grid.keyboard.type("1")
    expect(field(grid, 2)).to_have_value("410,51")
    field(grid, 3, "Kommentar").fill("Fler resor")
    field(grid, 3, "Kommentar").click()
    grid.keyboard.press("End")
    grid.keyboard.type(" i år")
    expect(field(grid, 3, "Kommentar")).to_have_value("Fler resor i år")


def test_who_goes_back_to_the_grid_meets_what_is_stored_and_not_what_stood_there(grid: Page) -> None:
    field(grid, 1).fill("80")
    field(grid, 1, "Kommentar").fill("Lägre hyra")
    field(grid, 2).focus()
    expect(state(grid, 1)).to_have_text("Sparat")
    follow(grid.get_by_role("link", name="Översikt"))
    somebody_saves(1, 90, seen=1)
    grid.go_back()
    grid.wait_for_load_state()
    expect(field(grid, 1, "Kommentar")).to_have_value("Högre hyra")
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored()[1] == (95, "Högre hyra")


def test_what_was_written_over_last_time_s_comment_is_undone_and_nobody_has_confirmed_it(grid: Page) -> None:
    somebody_saves(1, 90)
    Forecast.objects.update(confirmed=False)
    opened(grid)
    box = grid.get_by_label("Kommentaren är förra gångens")
    expect(box).to_be_visible()
    field(grid, 1, "Kommentar").fill("Fel ruta")
    field(grid, 1, "Kommentar").press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    expect(box).to_be_hidden()
    assert Forecast.objects.get().confirmed
    grid.keyboard.press("Control+z")
    expect(box).to_be_visible()
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored()[1] == (90, "Högre hyra")
    assert not Forecast.objects.get().confirmed
    grid.keyboard.press("Control+y")
    expect(box).to_be_hidden()
    expect(state(grid, 1)).to_have_text("Sparat")
    assert Forecast.objects.get().confirmed
    grid.keyboard.press("Control+z")
    expect(box).to_be_visible()
    box.dblclick()  # on and off
    box.check()
    field(grid, 4).focus()
    expect(box).to_be_hidden()
    assert Forecast.objects.get().confirmed


def test_an_undo_before_anything_was_saved_takes_no_confirmation_away(grid: Page) -> None:
    somebody_saves(1, 90)
    Forecast.objects.update(confirmed=False)
    opened(grid)
    comment = field(grid, 1, "Kommentar")
    comment.fill("Fel ruta")
    comment.press("Control+z")
    expect(comment).to_have_value("Högre hyra")
    by = factories.user(role=Role.CONTROLLER, name="Åsa Annan")
    category = CostCategory.objects.get(position=1)
    entry = ForecastEntry(category.pk, category.name, 90 * TKR, "Ny hyra", seen_version=1)
    actions.submit_forecasts(follow_up=FollowUp.objects.get(), entries=[entry], by=by)
    field(grid, 2).fill("1")  # the answer brings what the other has saved
    expect(comment).to_have_value("Ny hyra")
    field(grid, 1).fill("95")
    field(grid, 1).press("Enter")
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored()[1] == (95, "Ny hyra")
    assert Forecast.objects.get(category__position=1).confirmed


def test_one_s_own_words_are_never_last_time_s(grid: Page) -> None:
    somebody_saves(1, 90)
    Forecast.objects.update(confirmed=False)
    opened(grid)
    comment = field(grid, 1, "Kommentar")
    for words in ("Mina ord", "Mina ord, om igen"):
        comment.fill(words)
        field(grid, 1).focus()
    comment.focus()
    grid.keyboard.press("Control+z")
    expect(comment).to_have_value("Mina ord")
    field(grid, 4).focus()
    expect(state(grid, 1)).to_have_text("Sparat")
    assert stored()[1] == (90, "Mina ord")
    assert Forecast.objects.get().confirmed


def test_what_has_been_taken_back_does_not_hold_anybody_on_the_page(grid: Page) -> None:
    asked: list[str] = []
    grid.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    field(grid, 1).press("9")
    field(grid, 1).press("Escape")
    follow(grid.get_by_role("link", name="Översikt"))
    assert asked == []
    opened(grid)
    fill_months(grid, 3)
    field(grid, 4).focus()
    expect(state(grid, 3)).to_have_text("Sparat")
    grid.get_by_label("Februari").press("9")
    expect(field(grid, 3)).to_have_value("101")
    grid.get_by_label("Februari").press("Escape")
    expect(field(grid, 3)).to_have_value("11")
    follow(grid.get_by_role("link", name="Översikt"))
    assert asked == []
    opened(grid)
    expect(grid.get_by_text("Det finns inmatning här")).to_have_count(0)
    grid.route(f"**{URL}", lambda _: None)  # the page that is left sends the row, and the next one is not to cross it
    field(grid, 1).press("9")
    follow(grid.get_by_role("link", name="Översikt"))
    assert asked == ["beforeunload"]


def log_in(page: Page, username: str = "controller") -> None:
    page.get_by_label("Användarnamn").fill(username)
    page.get_by_label("Lösenord").fill(factories.PASSWORD)
    follow(page.get_by_role("button", name="Logga in"))
