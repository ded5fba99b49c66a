"""The secretary goes through the decisions by keyboard and notes what the committee closed; a reader sees neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from sydit import occasions
from sydit.models import User
from sydit.periods import Month
from tests.browser.conftest import follow, follow_keys

DECEMBER = "/uppfoljning/2024-12/beslut/"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def december(live_server: object, october: FollowUp) -> FollowUp:
    """The follow-up after October's: every decision stands there as it did then."""
    return occasions.open_follow_up(month=Month(2024, 12), by=User.objects.get(username="controller"))


def test_the_whole_list_is_gone_through_without_a_mouse(december: FollowUp, browse_as: Callable[..., Page]) -> None:
    page, total = browse_as("sekreterare"), Decision.objects.count()
    page.goto(DECEMBER)
    page.get_by_role("link", name=f"Gå igenom {total} beslut").focus()
    follow_keys(page, "Enter")
    expect(page.get_by_label("Status", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Nytt i december.")
    follow_keys(page, "Control+Enter")
    expect(page.get_by_text("är sparat.")).to_be_visible()
    for gone_through in range(1, total):
        expect(page.get_by_text(f"{gone_through} av {total} beslut är genomgångna.")).to_be_visible()
        follow_keys(page, "Control+Shift+Enter")
    expect(page.get_by_text(f"Alla {total} beslut är genomgångna.")).to_be_visible()
    assert page.url.endswith(f"{DECEMBER}andrat/")
    rows = StatusUpdate.objects.filter(follow_up=december)
    assert (rows.filter(confirmed=True).count(), rows.filter(comment="Nytt i december.").count()) == (total, 1)


def test_leafing_through_the_list_saves_nothing(december: FollowUp, browse_as: Callable[..., Page]) -> None:
    first, second = Decision.objects.all()[:2]
    page = browse_as("sekreterare")
    page.goto(f"{DECEMBER}{first.pk}/")
    follow_keys(page, "Alt+PageDown")
    expect(page.get_by_role("heading", name=f"Beslut {second.reference}")).to_be_visible()
    follow_keys(page, "Alt+PageUp")
    expect(page.get_by_role("heading", name=f"Beslut {first.reference}")).to_be_visible()
    assert not StatusUpdate.objects.filter(follow_up=december, confirmed=True).exists()


def test_what_the_committee_closes_leaves_the_next_follow_up_and_is_found_again(
    december: FollowUp, browse_as: Callable[..., Page]
) -> None:
    decision = Decision.objects.first()
    assert decision is not None
    page = browse_as("sekreterare")
    page.goto("/beslut/")
    follow(page.get_by_role("link", name=decision.reference))
    page.get_by_label("Nämndens sammanträde").fill("2024-12-10")
    page.get_by_label("Paragraf").fill("5")
    follow(page.get_by_role("button", name="Avsluta beslutet"))
    expect(page.get_by_text("Beslutet är avslutat, 2024-12-10 § 5.")).to_be_visible()
    page.goto(DECEMBER)
    expect(page.get_by_role("link", name=decision.reference)).to_have_count(0)
    page.goto("/uppfoljning/2024-10/beslut/")
    expect(page.get_by_role("link", name=decision.reference)).to_be_visible()
    follow(page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Beslut"))
    page.get_by_label("Visa").select_option("Avslutade")
    page.get_by_role("searchbox").fill(str(decision.decided_on))
    follow_keys(page, "Enter")
    expect(page.get_by_text("1 träff")).to_be_visible()
    expect(page.get_by_role("link", name=decision.reference)).to_be_visible()


def test_a_reader_is_not_offered_the_register(december: FollowUp, browse_as: Callable[..., Page]) -> None:
    page = browse_as("lasare")
    page.goto("/")
    expect(page.get_by_role("link", name="Beslut")).to_have_count(0)
    answer = page.goto("/beslut/")
    assert answer is not None
    assert answer.status == 403
