"""The plan for a balanced budget and the investments in a real browser: the controller enters, the reader reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from followup.models import FollowUp, LedgerMonth, Measure, MonthlyActual
from investments.models import InvestmentProject, ProjectForecast
from sydit.models import User
from sydit.report import publish
from tests import factories
from tests.browser.conftest import follow

MONTH = "/uppfoljning/2024-10/"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_controller_says_why_a_forecast_differs_and_sees_what_pace_it_takes(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("controller")
    page.goto(f"{MONTH}investeringar/")
    expect(page.get_by_text("3,9 gånger den takten")).to_be_visible()
    page.get_by_role("textbox", name="Prognos helår IT Invest Lekeberg", exact=True).fill("1 500")
    reason = page.get_by_role("combobox", name="Orsak till avvikelse IT Invest Lekeberg", exact=True)
    reason.select_option("Tidsförskjutning")
    expect(page.get_by_text("3,1 gånger den takten")).to_be_visible()
    expect(reason).to_have_value("delay")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert ProjectForecast.objects.get(reason="delay").project.code == "91002"


def test_a_measure_entered_by_the_controller_is_read_by_the_reader_in_the_published_report(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("controller")
    page.goto(MONTH)
    follow(page.get_by_role("navigation", name="Uppföljningens sidor").get_by_role("link", name="Åtgärder"))
    follow(page.get_by_role("link", name="Ny åtgärd"))
    page.get_by_label("Åtgärd", exact=True).fill("Säg upp två licensavtal")
    page.get_by_label("Effekt i år").fill("400")
    follow(page.get_by_role("button", name="Spara"))
    expect(page.get_by_text("413 tkr återstår.")).to_be_visible()
    expect(page.get_by_text("Saknar ansvarig")).to_be_visible()
    ready = factories.mark_ready(october)
    publish.approve(follow_up=ready, by=User.objects.get(username="chef"))
    reader = browse_as("lasare")
    reader.goto(MONTH)
    expect(reader.locator("#tabell-measures")).to_contain_text("Säg upp två licensavtal")
    expect(reader.get_by_text("413 tkr återstår.")).to_be_visible()
    reader.goto("/")
    follow(reader.get_by_role("link", name="Laxå"))
    frames = reader.get_by_role("region", name="Projekten över åren")
    expect(frames.get_by_role("rowheader", name="IT Invest Laxå")).to_be_visible()
    assert Measure.objects.count() == 1


def test_the_administrator_registers_a_project_code_with_one_click(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    month = LedgerMonth.objects.get(is_current=True, month=10)
    MonthlyActual.objects.create(ledger_month=month, account="64500", project="95001", amount=123_456)
    page = browse_as("administrator")
    page.goto(f"{MONTH}investeringar/oversikt/")
    expect(page.get_by_role("row", name="95001")).to_contain_text("1 234,56")
    follow(page.get_by_role("button", name="Registrera 95001"))
    expect(page.get_by_text("Projektet 95001 Projekt 95001 är registrerat.")).to_be_visible()
    follow(page.get_by_role("link", name="95001 Projekt 95001"))
    expect(page.get_by_text("Projektet har ingen budget.")).to_be_visible()
    assert InvestmentProject.objects.filter(code="95001").exists()
