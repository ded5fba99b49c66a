"""A year with three follow-ups, as its people play it: carried over, sent back, approved, corrected, a decision closed.

What a month's grids and texts take to fill in is told by ``test_month``; here the plans of the demonstration do it,
through the same actions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp, Forecast
from sydit import demo, demo_years
from sydit.access import Role
from sydit.models import Publication, User
from sydit.report import publish
from tests import factories
from tests.browser.conftest import follow

PARTS = ("Ekonomi", "Investeringar", "Åtgärder", "Texter")  # the controller's
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def users(live_server: object) -> dict[Role, User]:
    """The year is set up, with people, budget, projects and decisions; no ledger and no follow-up."""
    october = demo.read_plan()
    made = demo.create_users(october)
    year = demo.create_year(october, by=made[Role.ADMINISTRATOR])
    demo.create_projects(october, year, by=made[Role.ADMINISTRATOR])
    plans = [demo.read_plan(name) for name in (*demo_years.EARLIER_2023, *demo_years.EARLIER_2024, "october-2024")]
    texts = {
        (row["decided_on"], row["paragraph"]): row["text"]
        for plan in plans
        for row in plan["decisions"]
        if "text" in row
    }
    for (decided_on, paragraph), text in texts.items():
        factories.decision(decided_on=decided_on, paragraph=paragraph, text=text)
    return made


def test_a_year_with_three_follow_ups(users: dict[Role, User], browse_as: Callable[..., Page]) -> None:
    april, august, october = (demo.read_plan(name) for name in (*demo_years.EARLIER_2024, "october-2024"))
    controller, secretary, head, reader = map(browse_as, ("controller", "sekreterare", "chef", "lasare"))
    administrator = browse_as("administrator")

    book(administrator, april)
    open_follow_up(controller, april)
    fill_in(april, users)
    two_at_once(controller, browse_as("controller"))
    mark_all(controller, secretary, april)
    approve(head, april)

    correct(head, controller, april)
    reader.goto(page_of(april, ""))
    expect(reader.get_by_text("Publicerad version 2")).to_be_visible()
    expect(reader.get_by_text("Rättad: hyran är omräknad.").first).to_be_visible()

    book(administrator, august)
    open_follow_up(controller, august)
    confirm_what_was_carried(secretary, august)
    fill_in(august, users)
    mark_all(controller, secretary, august)
    send_back_the_texts(head, controller, august)
    approve(head, august)
    close_a_decision(secretary, august["closed"][0])

    book(administrator, october)
    open_follow_up(controller, october)
    closed = Decision.objects.get(closed_on__isnull=False)
    assert closed not in Decision.objects.in_follow_up(follow_up_of(october))
    fill_in(october, users)
    publish.approve(follow_up=factories.mark_ready(follow_up_of(october)), by=users[Role.HEAD])

    reader.goto("/")
    for name in ("April 2024", "Augusti 2024", "Oktober 2024"):
        expect(reader.get_by_role("link", name=name, exact=True)).to_be_visible()
    versions = Publication.objects.order_by("follow_up__month", "version").values_list("follow_up__month", "version")
    assert list(versions) == [(4, 1), (4, 2), (8, 1), (10, 1)]


def follow_up_of(plan: dict[str, Any]) -> FollowUp:
    return FollowUp.objects.select_related("fiscal_year").get(month=plan["month"])


def page_of(plan: dict[str, Any], path: str) -> str:
    return f"/uppfoljning/{plan['year']}-{plan['month']:02}/{path}"


def book(page: Page, plan: dict[str, Any]) -> None:
    """The year's ledger so far; one of its files corrects a month that an earlier report has, which is confirmed."""
    page.goto("/huvudbok/")
    page.wait_for_load_state()
    page.get_by_label("Fil").set_input_files(demo.DATA / plan["ledger"])
    follow(page.get_by_role("button", name="Granska filen"))
    expect(page.get_by_text("Inget är bokfört ännu.")).to_be_visible()
    for question in page.get_by_role("checkbox").all():
        question.check()
    follow(page.get_by_role("button", name="Bokför"))
    expect(page.get_by_text(f"{plan['ledger']} är bokförd:")).to_be_visible()


def open_follow_up(page: Page, plan: dict[str, Any]) -> None:
    page.goto("/")
    page.get_by_role("textbox", name="Till och med månad").fill(f"{plan['year']}-{plan['month']:02}")
    page.get_by_label("Nämndens sammanträde").fill(str(plan["meeting_date"]))
    follow(page.get_by_role("button", name="Öppna uppföljningen"))
    expect(page.get_by_role("navigation", name="Uppföljningens sidor")).to_be_visible()


def fill_in(plan: dict[str, Any], users: dict[Role, User]) -> None:
    demo.enter(plan, follow_up_of(plan), users)
    demo_years._enter_measures(plan, follow_up_of(plan), by=users[Role.CONTROLLER])


def two_at_once(first: Page, second: Page) -> None:
    """The second to save is told what the first wrote, keeps what was typed, and has the last word knowingly."""
    for page, amount in ((first, "101"), (second, "102")):
        page.goto("/uppfoljning/2024-04/prognos/")
        page.wait_for_load_state()
        page.get_by_role("textbox", name="Årsprognos Resor & Kurser", exact=True).fill(amount)
    first.get_by_role("button", name="Spara", exact=True).click()
    expect(first.get_by_text("Prognosen är sparad.")).to_be_visible()
    second.get_by_role("button", name="Spara", exact=True).click()
    expect(second.get_by_text("prognosen är nu 101 tkr").first).to_be_visible()
    second.get_by_role("button", name="Spara", exact=True).click()
    expect(second.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert Forecast.objects.get(category__key="resor-kurser").amount == 10_200_000


def mark_all(controller: Page, secretary: Page, plan: dict[str, Any]) -> None:
    secretary.goto(page_of(plan, "godkannande/"))
    mark(secretary, "Beslut")
    controller.goto(page_of(plan, "godkannande/"))
    for part in PARTS:
        mark(controller, part)
    expect(controller.get_by_text("uppföljningen väntar på förvaltningschefen")).to_be_visible()


def mark(page: Page, part: str) -> None:
    panel = page.get_by_role("region", name=part, exact=True)
    for reason in panel.get_by_role("textbox").all():
        reason.fill("Posterna kommenteras i tabellen.")
    follow(panel.get_by_role("button", name="Klarmarkera"))
    expect(panel.get_by_text("Klarmarkerad", exact=True)).to_be_visible()


def approve(head: Page, plan: dict[str, Any]) -> None:
    head.goto(page_of(plan, "godkannande/"))
    follow(head.get_by_role("button", name="Godkänn och publicera"))
    expect(head.get_by_role("heading", name="Publicerad rapport")).to_be_visible()


def correct(head: Page, controller: Page, plan: dict[str, Any]) -> None:
    """The head opens the texts of the published report again; it becomes version 2 with the reason."""
    head.get_by_role("checkbox", name="Texter").check()
    head.get_by_label("Varför rättas rapporten?").fill("Rättad: hyran är omräknad.")
    follow(head.get_by_role("button", name="Öppna för rättelse"))
    expect(head.get_by_role("heading", name="Rättelse av version 1")).to_be_visible()
    change_the_plans_text(controller, plan, "Konsulterna blir färre, och hyran är omräknad.")
    controller.goto(page_of(plan, "godkannande/"))
    mark(controller, "Texter")
    approve(head, plan)


def change_the_plans_text(page: Page, plan: dict[str, Any], body: str) -> None:
    page.goto(page_of(plan, "texter/"))
    page.wait_for_load_state()
    text = page.locator("section#action-plan")
    text.get_by_role("textbox").fill(body)
    text.get_by_role("button", name="Spara").click()
    expect(text.locator("[data-text-status]")).to_contain_text("Sparat")


def send_back_the_texts(head: Page, controller: Page, plan: dict[str, Any]) -> None:
    head.goto(page_of(plan, "godkannande/"))
    head.get_by_role("checkbox", name="Texter").check()
    head.get_by_label("Vad ska ändras?").fill("Skriv mer om konsulterna.")
    follow(head.get_by_role("button", name="Skicka tillbaka"))
    expect(head.get_by_text("Uppföljningen är skickad tillbaka: Texter.")).to_be_visible()
    change_the_plans_text(controller, plan, "Konsulterna ersätts av egen personal från hösten.")
    controller.goto(page_of(plan, "godkannande/"))
    mark(controller, "Texter")


def confirm_what_was_carried(page: Page, plan: dict[str, Any]) -> None:
    carried = StatusUpdate.objects.filter(follow_up=follow_up_of(plan), confirmed=False)
    waiting = carried.count()
    row = carried.earliest("pk")
    page.goto(page_of(plan, f"beslut/{row.decision_id}/"))
    follow(page.get_by_role("button", name="Bekräfta oförändrat"))
    expect(page.get_by_text("är bekräftat oförändrat.")).to_be_visible()
    assert carried.count() == waiting - 1


def close_a_decision(page: Page, row: dict[str, Any]) -> None:
    decision = Decision.objects.get(decided_on=row["decided_on"], paragraph=row["paragraph"])
    page.goto(f"/beslut/{decision.pk}/")
    page.get_by_label("Nämndens sammanträde").fill(str(row["closed_on"]))
    page.get_by_label("Paragraf").fill(str(row["closed_paragraph"]))
    follow(page.get_by_role("button", name="Avsluta beslutet"))
    expect(page.get_by_text("Beslutet är avslutat, 2024-09-26 § 31.")).to_be_visible()
