"""The budget in a real browser: entered, changed, read from a file that is mended, and a next year without amounts."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from followup.models import BudgetEntry, CostCategory, FollowUp
from investments.models import ProjectBudgetEntry
from tests import factories
from tests.browser.conftest import double_click, follow

BUDGET, NEW_YEAR = "/budget/2024/", "/budget/nytt-ar/"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def decide(page: Page, *, amount: str = "", day: str = "2024-05-16", paragraph: str = "31") -> None:
    if amount:
        page.get_by_label("Belopp för hela året").fill(amount)
    page.get_by_label("Beslutsdatum").fill(day)
    page.get_by_label("Paragraf").fill(paragraph)


def choose(page: Page, content: str | bytes, name: str = "budget.csv") -> None:
    data = content.encode() if isinstance(content, str) else content
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)
    follow(page.get_by_role("button", name="Granska filen"))


def written(workbook: bytes, name: str, value: object) -> bytes:
    """The workbook with a category's year as somebody writes it there."""
    book = load_workbook(io.BytesIO(workbook))
    (row,) = [row for row in book.worksheets[0].iter_rows() if row[1].value == name]
    row[2].value = value
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def test_the_controller_changes_the_budget_by_month_and_the_second_of_two_is_told(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    before = BudgetEntry.objects.count()
    first, second = browse_as("controller"), browse_as("administrator")
    for page in (first, second):
        page.goto(f"{BUDGET}post/lokalhyror/")
        follow(page.get_by_role("link", name="Ändra budgeten"))
        page.get_by_text("Per månad", exact=True).click()
        page.get_by_label("November").fill("30 000")
        decide(page)
        follow(page.get_by_role("button", name="Granska ändringen"))
        expect(page.get_by_role("row", name="Lokalhyror")).to_contain_text("828 000,00")
    assert BudgetEntry.objects.count() == before

    double_click(first.get_by_role("button", name="Spara ändringen"))
    expect(first.get_by_text("Budgeten är ändrad.")).to_be_visible()
    expect(first.get_by_role("row", name="2024-05-16 § 31")).to_contain_text("Lokalhyror")
    follow(second.get_by_role("button", name="Spara ändringen"))
    expect(second.get_by_text("Budgeten har ändrats sedan du granskade den, av Demo Controller")).to_be_visible()
    follow(second.get_by_role("button", name="Ändra i formuläret"))
    expect(second.get_by_label("November")).to_have_value("30 000")
    added = BudgetEntry.objects.order_by("pk")[before:]
    assert [(entry.month, entry.amount, entry.kind) for entry in added] == [(11, 3_000_000, "adjustment")]


def test_a_budget_in_a_file_is_mended_looked_at_saved_once_and_had_back(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    before = BudgetEntry.objects.count()
    page = browse_as("controller")
    page.goto(BUDGET)
    follow(page.get_by_role("link", name="Läs in fil"))
    decide(page)
    choose(page, "Kostnadskategori;Helår\nLokalhyror;åttahundra\nHyror;1\n")
    expect(page.get_by_role("row", name="Rad 2")).to_contain_text("”åttahundra”")
    expect(page.get_by_label("Paragraf")).to_have_value("31")
    choose(page, "Kostnadskategori;Helår\nLokalhyror;800 000\n")
    expect(page.get_by_role("row", name="Lokalhyror")).to_contain_text("2 000,00")
    assert BudgetEntry.objects.count() == before
    double_click(page.get_by_role("button", name="Spara budgeten"))
    expect(page.get_by_text("Budgeten ur budget.csv är inläst.")).to_be_visible()
    assert BudgetEntry.objects.count() == before + 1
    with page.expect_download() as download:
        page.get_by_role("link", name="budget.csv").click()
    assert download.value.suggested_filename == "budget.csv"


def test_the_first_amount_is_the_original_budget_and_the_second_of_two_who_enter_it_is_told(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    category = factories.category(key="utbildning", name="Utbildning", prefixes=("78",), position=99)
    first, second = browse_as("controller"), browse_as("administrator")
    for page in (first, second):
        page.goto(BUDGET)
        expect(page.get_by_text("Budget saknas för: Utbildning.")).to_be_visible()
        follow(page.get_by_role("link", name="Utbildning"))
        follow(page.get_by_role("link", name="Ändra budgeten"))
        decide(page, amount="mycket")
        follow(page.get_by_role("button", name="Granska ändringen"))
        expect(page.get_by_text("”mycket” går inte att läsa som ett belopp.").first).to_be_visible()
        decide(page, amount="120 000")
        follow(page.get_by_role("button", name="Granska ändringen"))
        expect(page.get_by_role("row", name="Utbildning")).to_contain_text("saknas")
    double_click(first.get_by_role("button", name="Spara ändringen"))
    expect(first.get_by_text("Budgeten är ändrad.")).to_be_visible()
    expect(first.get_by_text("Budget saknas för:")).to_have_count(0)
    follow(second.get_by_role("button", name="Spara ändringen"))
    expect(second.get_by_text("Budgeten har ändrats sedan du granskade den, av Demo Controller")).to_be_visible()
    expect(second.get_by_role("row", name="Utbildning")).to_contain_text("240 000,00")
    follow(second.get_by_role("button", name="Ändra i formuläret"))
    expect(second.get_by_label("Belopp för hela året")).to_have_value("120 000")
    decide(second, amount="5 000")
    follow(second.get_by_role("button", name="Granska ändringen"))
    follow(second.get_by_role("button", name="Spara ändringen"))
    entries = BudgetEntry.objects.filter(category=category).order_by("pk")
    assert [(entry.amount, entry.kind) for entry in entries] == [(12_000_000, "original"), (500_000, "adjustment")]


def test_the_budget_s_own_workbook_is_changed_mended_and_saved_once_and_the_second_of_two_is_told(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    before = BudgetEntry.objects.count()
    first, second = browse_as("controller"), browse_as("administrator")
    first.goto(BUDGET)
    with first.expect_download() as download:
        first.get_by_role("link", name="Exportera till Excel").click()
    workbook = download.value.path().read_bytes()
    for page, amount in ((first, 800_000), (second, 810_000)):
        page.goto(f"{BUDGET}las-in/")
        decide(page)
        choose(page, written(workbook, "Lokalhyror", "mycket"), "budget.xlsx")
        expect(page.get_by_role("row", name="”mycket”")).to_contain_text("Helår")
        expect(page.get_by_label("Beslutsdatum")).to_have_value("2024-05-16")
        choose(page, written(workbook, "Lokalhyror", amount), "budget.xlsx")
        expect(page.get_by_role("heading", name="Granska budgeten ur budget.xlsx")).to_be_visible()
        expect(page.get_by_role("row", name="Lokalhyror")).to_contain_text("798 000,00")
    assert BudgetEntry.objects.count() == before
    double_click(first.get_by_role("button", name="Spara budgeten"))
    expect(first.get_by_text("Budgeten ur budget.xlsx är inläst.")).to_be_visible()
    follow(second.get_by_role("button", name="Spara budgeten"))
    expect(second.get_by_text("Budgeten har ändrats sedan du granskade den, av Demo Controller")).to_be_visible()
    expect(second.get_by_role("row", name="Lokalhyror")).to_contain_text("10 000,00")
    assert BudgetEntry.objects.count() == before + 1
    follow(second.get_by_role("button", name="Spara budgeten"))
    added = BudgetEntry.objects.order_by("pk")[before:]
    assert [(entry.amount, entry.filename) for entry in added] == [(200_000, "budget.xlsx"), (1_000_000, "budget.xlsx")]


def test_a_project_s_budget_is_added_with_its_decision(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    before = ProjectBudgetEntry.objects.count()
    page = browse_as("controller")
    page.goto("/investeringar/")
    follow(page.get_by_role("link", name="91002", exact=True))
    follow(page.get_by_role("link", name="Lägg till budget"))
    form = page.url
    decide(page, amount="mycket")
    follow(page.get_by_role("button", name="Granska ändringen"))
    expect(page.get_by_text("”mycket” går inte att läsa som ett belopp.").first).to_be_visible()
    page.get_by_label("Belopp för hela året").fill("250 000")
    follow(page.get_by_role("button", name="Granska ändringen"))
    expect(page.get_by_role("row", name="Alla år")).to_contain_text("250 000,00")
    page.goto(form)  # left before it was saved
    page.get_by_role("button", name="Hämta tillbaka den").click()
    expect(page.get_by_label("Belopp för hela året")).to_have_value("250 000")
    follow(page.get_by_role("button", name="Granska ändringen"))
    assert ProjectBudgetEntry.objects.count() == before
    double_click(page.get_by_role("button", name="Spara ändringen"))
    expect(page.get_by_text("Budgeten är ändrad.")).to_be_visible()
    expect(page.get_by_role("row", name="2024-05-16 § 31")).to_contain_text("250 000,00")
    assert ProjectBudgetEntry.objects.count() == before + 1
    page.wait_for_load_state()  # the page's scripts have run, and what was kept of the form is forgotten
    page.goto(form)
    expect(page.get_by_label("Belopp för hela året")).to_be_empty()
    expect(page.get_by_text("inmatning här som inte blev sparad")).to_have_count(0)


def test_the_next_year_takes_categories_and_rules_and_no_amounts(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("administrator")
    page.goto(NEW_YEAR)
    follow(page.get_by_role("button", name="Granska det nya året"))
    double_click(page.get_by_role("button", name="Lägg upp budgetåret 2025"))
    expect(page.get_by_role("heading", name="Budget 2025")).to_be_visible()
    old, new = (CostCategory.objects.filter(fiscal_year__year=year).order_by("position") for year in (2024, 2025))
    assert [category.name for category in new] == [category.name for category in old]
    assert not BudgetEntry.objects.filter(category__in=new).exists()
    reader = browse_as("lasare")
    for address in (BUDGET, NEW_YEAR, f"{BUDGET}andra/", f"{BUDGET}las-in/"):
        answer = reader.goto(address)
        assert answer is not None
        assert answer.status == 403
