"""The registers of projects and measures in a real browser: each role in turn, and what goes wrong between two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions.models import Decision
from followup.models import FollowUp, Measure
from investments.models import InvestmentProject, ProjectBudgetEntry
from sydit.access import Role
from tests import factories
from tests.browser.conftest import double_click, follow, follow_keys

PROJECTS, MEASURES, DECISIONS = "/investeringar/", "/atgarder/", "/beslut/"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def choose(page: Page, text: str) -> None:
    """Choose a file with this text, and look at it."""
    page.locator("input[type=file]").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    follow(page.get_by_role("button", name="Granska filen"))


def status_of(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def test_the_second_of_two_who_change_a_project_is_told_and_loses_nothing(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    project = InvestmentProject.objects.get(code="91002")
    first, second = browse_as("administrator"), browse_as("administrator")
    for page in (first, second):
        page.goto(PROJECTS)
        follow(page.get_by_role("link", name="91002", exact=True))
        follow(page.get_by_role("link", name="Ändra", exact=True))
    first.get_by_label("Ansvarig").fill("Åsa Ek")
    double_click(first.get_by_role("button", name="Spara"))
    expect(first.get_by_text("Projektet är sparat.")).to_be_visible()
    second.get_by_label("Namn").fill("Nytt nät")
    follow(second.get_by_role("button", name="Spara"))
    expect(second.get_by_text("har ändrats av")).to_contain_text("ansvarig är nu Åsa Ek")
    expect(second.get_by_label("Namn")).to_have_value("Nytt nät")
    expect(second.get_by_label("Ansvarig")).to_have_value("Åsa Ek")
    follow(second.get_by_role("button", name="Spara"))
    expect(second.get_by_role("heading", name="91002 Nytt nät")).to_be_visible()
    expect(second.get_by_text("Ändrat: ansvarig")).to_be_visible()
    before, project.version = project.version, 0
    project.refresh_from_db()
    assert (project.version, project.responsible) == (before + 2, "Åsa Ek")


def test_a_list_of_projects_is_mended_looked_at_and_saved_once(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    budgets = ProjectBudgetEntry.objects.count()
    page = browse_as("administrator")
    page.goto(f"{PROJECTS}las-in/")
    header = "Projektkod;Projekt;Kommun;Budgetår;Budget\n"
    choose(page, f"{header}95001;Nätverk;Örebro;2024;100\n")
    expect(page.get_by_role("row", name="Örebro")).to_contain_text("är ingen kommun")
    choose(page, f"{header}95001;Nätverk;Laxå;2024;100 000\n91002;Nytt nät;;;\n")
    expect(page.get_by_role("row", name="91002")).to_contain_text("(var IT Invest Lekeberg)")
    double_click(page.get_by_role("button", name="Spara listan"))
    expect(page.get_by_text("Listan är sparad: 1 nya projekt och 1 ändrade.")).to_be_visible()
    assert ProjectBudgetEntry.objects.count() == budgets + 1
    assert InvestmentProject.objects.get(code="95001").owner == "Laxå"


def test_the_controller_reads_a_plan_and_a_closed_follow_up_takes_none(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("controller")
    page.goto(MEASURES)
    follow(page.get_by_role("link", name="Läs in en lista"))
    choose(page, "Åtgärd;Ansvarig;Effekt i år\nSäg upp avtal;Åsa Ek;400 tkr\n")
    expect(page.get_by_text("Åtgärderna hör till planen för oktober 2024.")).to_be_visible()
    double_click(page.get_by_role("button", name="Spara listan"))
    expect(page.get_by_text("Listan är sparad: 1 nya åtgärder och 0 ändrade.")).to_be_visible()
    page.get_by_role("searchbox").fill("åsa")
    follow_keys(page, "Enter")
    follow(page.get_by_role("link", name="Säg upp avtal"))
    expect(page.get_by_role("region", name="Åtgärden per uppföljning")).to_contain_text("400")
    assert Measure.objects.get().effect_this_year == 40_000_000
    page.goto(f"{MEASURES}las-in/")
    choose(page, "Åtgärd;Ansvarig\nSäg upp avtal;Bo\n")
    FollowUp.objects.update(state=FollowUp.State.READY)
    follow(page.get_by_role("button", name="Spara listan"))
    expect(page.get_by_text("Uppföljningen är inte öppen.")).to_be_visible()
    assert Measure.objects.get().owner == "Åsa Ek"


def test_the_secretary_reads_a_list_of_decisions_and_is_told_who_changed_one_meanwhile(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    factories.user(role=Role.SECRETARY, username="siv", name="Siv Sekreterare")
    first, second = browse_as("sekreterare"), browse_as("siv")
    first.goto(DECISIONS)
    follow(first.get_by_role("link", name="Läs in en lista"))
    header = "Datum;§;Beslut;Ansvarig;Förfallodatum;Status;Kommentar\n"
    choose(first, f"{header}2024-09-26;90;Spara el;Åsa Ek;2024-02-31;;\n")
    expect(first.get_by_role("row", name="2024-02-31")).to_contain_text("är inget datum")
    choose(first, f"{header}2024-09-26;90;Spara el;Åsa Ek;2025-06-30;pågår;Mätare är satta\n")
    double_click(first.get_by_role("button", name="Spara listan"))
    expect(first.get_by_text("Listan är sparad: 1 nya beslut och 0 ändrade.")).to_be_visible()
    decision = Decision.objects.get(paragraph=90)
    assert decision.status_updates.get().comment == "Mätare är satta"

    for page in (first, second):
        page.goto(f"{DECISIONS}{decision.pk}/andra/")
    first.get_by_label("Ansvarig").fill("Bo Ek")
    follow(first.get_by_role("button", name="Spara"))
    second.get_by_label("Vad nämnden beslutade").fill("Spara el och vatten")
    follow(second.get_by_role("button", name="Spara"))
    expect(second.get_by_text("har ändrats av")).to_contain_text("ansvarig är nu Bo Ek")
    follow(second.get_by_role("button", name="Spara"))
    decision.refresh_from_db()
    assert (decision.text, decision.responsible, decision.version) == ("Spara el och vatten", "Bo Ek", 3)


def test_who_may_not_write_is_offered_nothing_and_let_in_nowhere(
    live_server: object, october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    project = InvestmentProject.objects.earliest("pk")
    secretary = browse_as("sekreterare")
    for address in (PROJECTS, f"{PROJECTS}{project.pk}/", MEASURES):
        assert status_of(secretary, address) == 200
        for name in ("Ändra", "Nytt projekt", "Läs in en lista"):
            expect(secretary.get_by_role("link", name=name, exact=True)).to_have_count(0)
    writing = (f"{PROJECTS}{project.pk}/andra/", f"{PROJECTS}nytt/", f"{PROJECTS}las-in/", f"{MEASURES}las-in/")
    assert {status_of(secretary, address) for address in writing} == {403}
    reader = browse_as("lasare")
    assert {status_of(reader, address) for address in (PROJECTS, MEASURES, *writing)} == {403}
