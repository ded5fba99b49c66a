"""A published report is corrected in the browser while a reader goes on reading what is in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from followup.models import FollowUp
from sydit.models import User
from sydit.report import publish
from tests import factories
from tests.browser.conftest import follow

MONTH = "/uppfoljning/2024-10/"
WORDS = "Hyran för juli var bokförd två gånger."

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state()


def test_a_correction_from_its_reason_to_the_committees_decision(
    live_server: object, october: FollowUp, log_in: Callable[[str], Page]
) -> None:
    publish.approve(follow_up=factories.mark_ready(october), by=User.objects.get(username="chef"))
    head, controller, secretary, reader = map(log_in, ("chef", "controller", "sekreterare", "lasare"))

    go(head, f"{MONTH}godkannande/")
    head.get_by_label("Texter").check()
    head.get_by_label("Varför rättas rapporten?").fill("En mening saknades.")
    follow(head.get_by_role("button", name="Öppna för rättelse"))
    expect(head.get_by_role("heading", name="Rättelse av version 1")).to_be_visible()

    go(controller, f"{MONTH}texter/")
    field = controller.get_by_role("textbox", name="Ekonomisk analys")
    words = field.input_value()
    field.fill(f"{WORDS}\n\n{words}")
    controller.keyboard.press("Control+s")
    expect(controller.locator("#analysis [data-text-status]")).to_contain_text("Sparat")

    go(reader, MONTH)
    expect(reader.get_by_text("Publicerad version 1")).to_be_visible()
    expect(reader.get_by_text(WORDS)).to_have_count(0)

    go(head, f"{MONTH}utkast/skillnad/")
    expect(head.locator("ins").filter(has_text=WORDS)).to_be_visible()

    factories.mark_ready(FollowUp.objects.get(), *(part for part in factories.Part if part == "texts"))
    go(head, f"{MONTH}godkannande/")
    follow(head.get_by_role("button", name="Godkänn och publicera"))
    expect(head.get_by_text("Uppföljningen är godkänd och rapporten publicerad.")).to_be_visible()

    go(secretary, MONTH)
    follow(secretary.get_by_role("link", name="Notera nämndens beslut"))
    secretary.get_by_label("Nämndens sammanträde").fill("2024-12-10")
    secretary.get_by_label("Paragraf").fill("5")
    secretary.get_by_label("Beslutets lydelse").fill("Nämnden godkände rapporten.")
    follow(secretary.get_by_role("button", name="Spara"))
    expect(secretary.get_by_text("Nämndens beslut är noterat.")).to_be_visible()

    go(reader, MONTH)
    expect(reader.get_by_text(WORDS).first).to_be_visible()
    expect(reader.get_by_text("Nämnden godkände rapporten.")).to_be_visible()
    follow(reader.get_by_role("link", name="Version 1", exact=True))
    expect(reader.get_by_text("Ersatt av version 2")).to_be_visible()
