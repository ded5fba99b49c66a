"""Done wrong on purpose: what is refused says why, and nobody loses what they typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from decisions.models import StatusUpdate
from followup.models import FollowUp, Forecast, LedgerEntry, LedgerImport, ReportText
from followup.parts import Part
from sydit import demo
from sydit.access import Role
from sydit.models import Publication, User
from sydit.money import Unit
from sydit.report import readiness
from tests import factories
from tests.browser.conftest import double_click, follow

MONTH = "/uppfoljning/2024-10/"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_file_with_an_unreadable_amount_is_refused_with_its_place_and_changes_nothing(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    lines = (demo.DATA / "ledger-2024-10.csv").read_bytes().split(b"\r\n")
    lines[6] = lines[6].rpartition(b";")[0] + b";8 36O 721,25"  # the letter O
    page = browse_as("administrator")
    page.goto("/huvudbok/")
    file = {"name": "november.csv", "mimeType": "text/csv", "buffer": b"\r\n".join(lines)}
    page.get_by_label("Fil").set_input_files(file)
    page.get_by_role("button", name="Granska filen").click()  # the answer takes this page's place
    expect(page.get_by_role("heading", name="Filen kan inte läsas in")).to_be_visible()
    problem = page.locator("tbody tr")
    expect(problem).to_have_count(1)
    expect(problem.get_by_role("rowheader")).to_have_text("Rad 7")
    assert problem.get_by_role("cell").all_inner_texts()[:2] == ["Utfall", "”8 36O 721,25”"]
    assert "belopp" in problem.get_by_role("cell").last.inner_text()
    assert (LedgerImport.objects.count(), LedgerEntry.objects.count()) == (1, 370)


def test_the_second_of_two_who_edit_a_row_is_told_what_the_first_changed_and_loses_nothing(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    factories.user(role=Role.CONTROLLER, username="berit", name="Berit Berg")
    first, second = browse_as("berit"), browse_as("controller")
    for page in (first, second):
        page.goto(f"{MONTH}prognos/")
    forecast(first, "Lokalhyror").fill("900")
    save(first)
    expect(first.get_by_text("Prognosen är sparad.")).to_be_visible()

    forecast(second, "Lokalhyror").fill("950")
    forecast(second, "Resor & Kurser").fill("120")
    forecast(second, "Resor & Kurser").press("Enter")
    # Rows that are left are sent, and the answers move what stands below them.
    expect(second.locator("tr:has(:text-is('Resor & Kurser')) [data-row-state]")).to_have_text("Sparat")
    save(second)
    conflict = second.locator(".cell-error").get_by_text("Lokalhyror har ändrats av Berit Berg")
    expect(conflict).to_contain_text("prognosen är nu 900 tkr")
    expect(forecast(second, "Lokalhyror")).to_have_value("950")
    assert stored_forecast("lokalhyror") == 900 * Unit.TKR.ore
    save(second)
    expect(second.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert stored_forecast("resor-kurser") == 120 * Unit.TKR.ore
    assert stored_forecast("lokalhyror") == 950 * Unit.TKR.ore


def test_what_was_typed_while_the_follow_up_was_closed_is_refused_kept_and_saved_when_it_is_open_again(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("sekreterare")
    page.goto(f"{MONTH}beslut/")
    follow(page.get_by_role("link", name="2020-02-06 § 6"))
    comment = page.get_by_label("Kommentar")
    comment.fill("Strategin följs, och arbetet fortsätter i linjen.")
    factories.mark_ready(october)
    save(page)
    expect(page.get_by_text("är klarmarkerad och tar inte emot ändringar. Inget har sparats.")).to_be_visible()
    expect(comment).to_have_value("Strategin följs, och arbetet fortsätter i linjen.")
    assert not StatusUpdate.objects.filter(comment__startswith="Strategin").exists()

    head = User.objects.get(username="chef")
    readiness.send_back(follow_up=october, parts=[Part.DECISIONS], comment="Mer om strategin", by=head)
    save(page)
    expect(page.get_by_text("är sparat.")).to_be_visible()
    assert StatusUpdate.objects.filter(comment__startswith="Strategin").exists()


def test_a_double_click_saves_books_and_approves_once_and_says_so(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    administrator, controller, head = map(browse_as, ("administrator", "controller", "chef"))
    controller.goto(f"{MONTH}prognos/")
    forecast(controller, "Lokalhyror").fill("850")
    press_twice(controller, "Spara", "Prognosen är sparad.")

    administrator.goto("/huvudbok/")
    administrator.get_by_label("Fil").set_input_files(demo.DATA / "ledger-2024-10.txt")
    press_twice(administrator, "Granska filen", "Inget är bokfört ännu.")
    press_twice(administrator, "Bokför 370 rader", "ledger-2024-10.txt är bokförd: 370 rader, januari–oktober 2024.")
    assert LedgerImport.objects.count() == 2

    first, *others = Part
    factories.mark_ready(october, *others)
    controller.goto(f"{MONTH}godkannande/")
    press_twice(controller, f"Klarmarkera {first.label.lower()}", "Alla delar är klarmarkerade")
    head.goto(f"{MONTH}godkannande/")
    press_twice(head, "Godkänn och publicera", "Uppföljningen är godkänd och rapporten publicerad.")
    assert Publication.objects.count() == 1


def test_two_texts_that_are_typed_at_once_are_both_saved(october: FollowUp, browse_as: Callable[..., Page]) -> None:
    page = browse_as("controller")
    page.goto(f"{MONTH}texter/")
    page.wait_for_load_state()
    sections = {key: page.locator(f"section#{key}") for key in ("analysis", "action-plan")}
    for key, section in sections.items():
        section.get_by_role("textbox").fill(f"Ny text i {key}.")
    for section in sections.values():
        section.get_by_role("button", name="Spara").click()
        expect(section.locator("[data-text-status]")).to_contain_text("Sparat")
    for key in sections:
        assert ReportText.objects.get(key=key).body == f"Ny text i {key}."


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("lasare", f"{MONTH}prognos/"),
        ("controller", "/huvudbok/"),
        ("sekreterare", "/admin/followup/costcategory/"),
    ],
)
def test_an_address_that_is_not_for_the_role_answers_403_in_swedish(
    october: FollowUp, browse_as: Callable[..., Page], username: str, path: str
) -> None:
    page = browse_as(username)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="Du har inte rätt att se sidan")).to_be_visible()
    follow(page.get_by_role("link", name="Till startsidan"))
    expect(page.get_by_role("heading", name="Översikt")).to_be_visible()


def press_twice(page: Page, button: str, answer: str) -> None:
    """One form is sent, and the answer is about what it did, not about the second finding it done."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    double_click(page.get_by_role("button", name=button))
    expect(page.get_by_text(answer)).to_be_visible()
    expect(page.locator(".messages .notice-error")).to_have_count(0)
    assert len([request for request in sent if request.method == "POST" and not is_computed(request)]) == 1


def is_computed(request: Request) -> bool:
    """Whether the grid asks for its figures and saves nothing."""
    return "x-grid" in request.headers and b"spara=" not in (request.post_data_buffer or b"")


def forecast(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"Årsprognos {name}", exact=True)


def stored_forecast(key: str) -> int | None:
    return Forecast.objects.get(category__key=key).amount


def save(page: Page) -> None:
    page.get_by_role("button", name="Spara", exact=True).click()
