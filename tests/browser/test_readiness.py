"""Controller and secretary mark their parts, the head sends one back, and approves what is marked again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from followup import measures
from followup.measures import MeasureEntry
from followup.models import FollowUp
from sydit.models import Publication, User
from tests.browser.conftest import follow

PAGE = "/uppfoljning/2024-10/godkannande/"
REASON = "Ansvarig utses när tjänsten är tillsatt."

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_parts_are_marked_sent_back_marked_again_and_approved_with_a_reason(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    entry = MeasureEntry("Spara el", None, "", None, None, None, None, "planned")
    measures.add(follow_up=october, entry=entry, by=User.objects.get(username="controller"))
    controller, secretary, head = map(browse_as, ("controller", "sekreterare", "chef"))
    typed_in_a_second_tab = open_the_texts(controller)

    secretary.goto(PAGE)
    expect(secretary.get_by_role("button", name="Klarmarkera")).to_have_count(1)
    mark(secretary, "Beslut")
    controller.goto(PAGE)
    mark(controller, "Ekonomi")
    follow(part(controller, "Åtgärder").get_by_role("button", name="Klarmarkera"))
    missing = part(controller, "Åtgärder").get_by_text("Skriv ett skäl, eller rätta det som står här.", exact=True)
    expect(missing).to_be_visible()
    part(controller, "Åtgärder").get_by_role("textbox").fill(REASON)
    for name in ("Åtgärder", "Investeringar", "Texter"):
        mark(controller, name)
    expect(controller.get_by_text("uppföljningen väntar på förvaltningschefen")).to_be_visible()

    typed_in_a_second_tab.get_by_role("textbox").first.fill("Det jag skrev under tiden.")
    typed_in_a_second_tab.get_by_role("button", name="Spara").click()
    refused = "Uppföljningen är klarmarkerad och tar inte emot ändringar."
    expect(typed_in_a_second_tab.page.get_by_text(refused).first).to_be_visible()
    expect(typed_in_a_second_tab.get_by_role("textbox").first).to_have_value("Det jag skrev under tiden.")

    head.goto(PAGE)
    head.get_by_role("checkbox", name="Texter").check()
    head.get_by_label("Vad ska ändras?").fill("Skriv mer om hyran.")
    follow(head.get_by_role("button", name="Skicka tillbaka"))
    expect(head.get_by_text("Uppföljningen är skickad tillbaka: Texter.")).to_be_visible()

    controller.goto("/")
    left = controller.get_by_role("region", name="Kvar att göra")
    expect(left.get_by_text("Skriv mer om hyran.")).to_be_visible()
    expect(left.get_by_role("listitem")).to_have_text(["Klarmarkera texter."])
    follow(left.get_by_role("link", name="Klarmarkera texter."))
    expect(controller.get_by_role("button", name="Öppna")).to_have_count(3)
    mark(controller, "Texter")

    head.goto(PAGE)
    expect(head.get_by_role("textbox", name="Åtgärden ”Spara el”")).to_have_value(REASON)
    follow(head.get_by_role("button", name="Godkänn och publicera"))
    expect(head.get_by_text("Uppföljningen är godkänd och rapporten publicerad.")).to_be_visible()
    expect(head.get_by_text(f"Skäl: {REASON}")).to_be_visible()
    assert Publication.objects.get().reasons[0]["reason"] == REASON


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def mark(page: Page, name: str) -> None:
    follow(part(page, name).get_by_role("button", name="Klarmarkera"))
    expect(part(page, name).get_by_text("Klarmarkerad", exact=True)).to_be_visible()


def open_the_texts(page: Page) -> Locator:
    other = page.context.new_page()
    other.goto("/uppfoljning/2024-10/texter/")
    other.wait_for_load_state()
    return other.locator("section#analysis")
