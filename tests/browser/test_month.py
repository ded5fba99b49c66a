"""The month's work, role by role, as people do it: from the ledger's file to the report that the committee reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from followup import actions
from followup.models import FollowUp, LedgerEntry, LedgerMonth
from sydit import demo
from sydit.access import Role
from sydit.periods import Month
from tests.browser.conftest import follow
from tests.report.sample import PRINTED

MONTH = "/uppfoljning/2024-10/"
TOTAL = "7 351 567,28"
OPERATIONS, INVESTMENTS = "991 067,28", "6 360 500,00"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def plan() -> dict[str, Any]:
    return demo.read_plan()


@pytest.fixture
def before_the_month(live_server: object, plan: dict[str, Any]) -> FollowUp:
    """The year, its budget, projects, users and decisions are there; no ledger, no forecast and no text."""
    users = demo.create_users(plan)
    year = demo.create_year(plan, by=users[Role.ADMINISTRATOR])
    demo.create_projects(plan, year, by=users[Role.ADMINISTRATOR])
    follow_up = actions.open_follow_up(
        month=Month(plan["year"], plan["month"]), meeting_date=plan["meeting_date"], by=users[Role.CONTROLLER]
    )
    demo._enter_decisions(plan, follow_up, by=users[Role.SECRETARY], keeper=users[Role.ADMINISTRATOR])
    return follow_up


def test_the_month_from_the_ledgers_file_to_the_published_report(
    before_the_month: FollowUp, plan: dict[str, Any], log_in: Callable[[str], Page]
) -> None:
    administrator, controller, secretary, head = map(log_in, ("administrator", "controller", "sekreterare", "chef"))
    book_the_ledger(administrator)
    enter_category_forecasts(controller, plan)
    update_a_decision(secretary)
    fill_in_the_details(secretary)
    enter_project_forecasts(controller, plan)
    write_the_texts(controller, plan)
    mark_ready(secretary, "Beslut")
    mark_ready(controller, "Ekonomi", "Investeringar", "Åtgärder", "Texter")
    expect(controller.get_by_text("uppföljningen väntar på förvaltningschefen")).to_be_visible()
    approve(head)
    find_everything_closed(controller, secretary)
    read_the_report(log_in("lasare"))


def book_the_ledger(page: Page) -> None:
    upload(page, "csv")
    expect(page.get_by_text("Inget är bokfört ännu.")).to_be_visible()
    assert key_figures(page) == {
        "Rader": "370",
        "Summa i filen, kr": TOTAL,
        "Varav drift, kr": OPERATIONS,
        "Varav investeringar, kr": INVESTMENTS,
        "Räknas inte, kr": "0,00",
    }
    assert LedgerEntry.objects.count() == 0
    follow(page.get_by_role("button", name="Bokför 370 rader"))
    expect(page.get_by_text("ledger-2024-10.csv är bokförd: 370 rader, januari–oktober 2024.")).to_be_visible()
    assert LedgerEntry.objects.count() == 370


def enter_category_forecasts(page: Page, plan: dict[str, Any]) -> None:
    go_to_tab(page, "Prognos")
    for row in plan["categories"]:
        page.get_by_role("textbox", name=f"Årsprognos {row['name']}", exact=True).fill(str(row["forecast"]))
        page.get_by_role("textbox", name=f"Kommentar {row['name']}", exact=True).fill(row.get("comment", ""))
    page.get_by_role("textbox", name="Årsprognos Lokalhyror", exact=True).fill("840,5")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert grid_figures(page, "Lokalhyror")[:3] == ["798", "682", "−43"]

    follow(page.get_by_role("link", name="Byt till kr"))
    forecast = page.get_by_role("textbox", name="Årsprognos Lokalhyror", exact=True)
    assert plain(forecast.input_value()) == "840 500"
    forecast.fill("839 000,00")
    forecast.press("Tab")
    expect(page.locator("#rad-total-variance")).to_have_text("underskott −813 000,00")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert grid_figures(page, "Lokalhyror")[:3] == ["798 000,00", "681 960,00", "−41 000,00"]
    assert grid_figures(page, "Summa")[2:4] == ["813 000,00", "−813 000,00"]


def has_no_draft(page: Page) -> bool:
    """Whether the browser holds nothing that it would offer as unsaved."""
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []


def update_a_decision(page: Page) -> None:
    go_to_tab(page, "Beslut")
    follow(page.get_by_role("link", name="2023-09-13 § 19"))
    page.get_by_label("Status", exact=True).select_option("Avklarat")
    page.get_by_label("Kommentar").fill("Åtgärderna är genomförda, och licenserna ses över löpande.")
    follow(page.get_by_role("button", name="Spara", exact=True))
    expect(page.get_by_text("Beslutet 2023-09-13 § 19 är sparat.")).to_be_visible()
    assert has_no_draft(page)


def fill_in_the_details(page: Page) -> None:
    go_to_tab(page, "Godkännande")
    follow(page.get_by_text("Diarienummer saknas.").get_by_role("link", name="Åtgärda"))
    page.get_by_label("Diarienummer").fill("SYDIT 2024/00052")
    follow(page.get_by_role("button", name="Spara"))
    expect(page.get_by_text("Diarienummer och sammanträde är sparade.")).to_be_visible()
    assert has_no_draft(page)


def enter_project_forecasts(page: Page, plan: dict[str, Any]) -> None:
    go_to_tab(page, "Investeringar")
    for row in plan["projects"]:
        page.get_by_role("textbox", name=f"Prognos helår {row['name']}", exact=True).fill(str(row["forecast"]))
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert grid_figures(page, "Totalt")[4:6] == ["11 334", "0"]


def write_the_texts(page: Page, plan: dict[str, Any]) -> None:
    go_to_tab(page, "Texter")
    for key, body in plan["texts"].items():
        panel = page.locator(f"section#{key}")
        panel.get_by_role("textbox").fill(body.strip())
        panel.get_by_role("button", name="Spara").click()
        expect(page.locator(f"section#{key}").get_by_text("av Demo Controller")).to_be_visible()


def mark_ready(page: Page, *parts: str) -> None:
    go_to_tab(page, "Godkännande")
    expect(page.get_by_text("Allt som rapporten behöver finns.")).to_be_visible()
    for part in parts:
        panel = page.get_by_role("region", name=part, exact=True)
        follow(panel.get_by_role("button", name="Klarmarkera"))
        expect(panel.get_by_text("Klarmarkerad", exact=True)).to_be_visible()


def approve(page: Page) -> None:
    go_to_tab(page, "Godkännande")
    follow(page.get_by_role("button", name="Godkänn och publicera"))
    expect(page.get_by_text("Uppföljningen är godkänd och rapporten publicerad.")).to_be_visible()
    expect(page.get_by_role("button", name="Godkänn")).to_have_count(0)


def find_everything_closed(controller: Page, secretary: Page) -> None:
    for page, address in (
        (controller, "prognos/"),
        (controller, "investeringar/"),
        (controller, "texter/"),
        (secretary, "beslut/"),
    ):
        page.goto(MONTH + address)
        expect(page.get_by_text("Uppföljningen är godkänd och tar inte emot ändringar.")).to_be_visible()
        assert page.locator("main").get_by_role("textbox").count() == 0
        assert page.locator("main").get_by_role("button").count() == 0


def read_the_report(page: Page) -> None:
    follow(page.get_by_role("link", name="Oktober 2024"))
    for key, rows in PRINTED.items():
        assert table_figures(page, key) == list(rows)
    expect(page.get_by_text("För helåret 2024 räknar förvaltningen med ett underskott om 813 tkr.")).to_be_visible()
    expect(page.get_by_text("Åtgärderna är genomförda, och licenserna ses över löpande.")).to_be_visible()
    take_it_along(page)
    follow(page.get_by_role("link", name="Resor & Kurser"))
    amounts = page.locator("tbody td.num").all_inner_texts()
    assert key_figures(page) == {"Summa, kr": "48 127,35", "Antal rader": str(len(amounts))}
    assert (
        sum(int(plain(amount).replace("−", "-").replace(" ", "").replace(",", "")) for amount in amounts) == 4_812_735
    )


def take_it_along(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    document = json.loads(content(download.value))
    tables = {b["key"]: b for s in document["sections"] for b in s["blocks"] if b["type"] == "table"}
    assert tables["result"]["rows"][-1]["cells"]["variance"]["ore"] == -81300000
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == "budgetuppfoljning-2024-10.xlsx"
    workbook = load_workbook(BytesIO(content(download.value)))
    assert {"Texter", "Fattade politiska beslut", "Ekonomiskt resultat", "Investeringar"} <= {*workbook.sheetnames}


def test_the_same_month_comes_in_four_forms_and_is_booked_once_each(
    before_the_month: FollowUp, log_in: Callable[[str], Page]
) -> None:
    page = log_in("administrator")
    for ending, left_out in (("csv", "0,00"), ("txt", "0,00"), ("xlsx", "0,00"), ("se", f"−{TOTAL}")):
        upload(page, ending)
        expect(page.get_by_text("Inget är bokfört ännu.")).to_be_visible()
        figures = key_figures(page)
        assert (figures["Varav drift, kr"], figures["Varav investeringar, kr"]) == (OPERATIONS, INVESTMENTS)
        assert figures["Räknas inte, kr"] == left_out
        follow(page.get_by_role("button", name="Bokför"))
        expect(page.get_by_text(f"ledger-2024-10.{ending} är bokförd")).to_be_visible()
        booked = LedgerEntry.objects.count()
        upload(page, ending)
        expect(page.get_by_text("Filen är redan bokförd")).to_be_visible()
        expect(page.get_by_role("button", name="Bokför")).to_have_count(0)
        assert LedgerEntry.objects.count() == booked
    current = LedgerMonth.objects.filter(is_current=True)
    assert current.count() == 10
    assert {month.ledger_import.filename for month in current} == {"ledger-2024-10.se"}


def upload(page: Page, ending: str) -> None:
    to_menu_page(page, "Huvudbok")
    page.get_by_label("Fil").set_input_files(demo.DATA / f"ledger-2024-10.{ending}")
    follow(page.get_by_role("button", name="Granska filen"))


def to_menu_page(page: Page, name: str) -> None:
    follow(page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name=name, exact=True))


def go_to_tab(page: Page, name: str) -> None:
    if not page.url.endswith(MONTH):
        to_menu_page(page, "Översikt")
        follow(page.get_by_role("link", name="Oktober 2024", exact=True))
    follow(page.get_by_role("navigation", name="Uppföljningens sidor").get_by_role("link", name=name))


def content(download: Any) -> bytes:
    return Path(download.path()).read_bytes()


def plain(text: str) -> str:
    """Amounts with ordinary blanks."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def key_figures(page: Page) -> dict[str, str]:
    figures = page.locator("dl.figures > div")
    return {
        plain(figure.locator("dt").inner_text()): plain(figure.locator("dd").inner_text()) for figure in figures.all()
    }


def table_figures(page: Page, key: str) -> list[tuple[str, ...]]:
    """Each row's name and printed figures, totals last; the words before a variance are read past."""
    rows = page.locator(f"#tabell-{key} tr:has(td)").all()
    return [(plain(row.locator("th").inner_text()), *figures_of(row)) for row in rows]


def grid_figures(page: Page, name: str) -> list[str]:
    return figures_of(page.locator("table.grid tr").filter(has=page.get_by_role("rowheader", name=name)))


def figures_of(row: Any) -> list[str]:
    return [
        plain(cell).removeprefix("underskott ").removeprefix("överskott ")
        for cell in row.locator("td.num").all_inner_texts()
    ]
