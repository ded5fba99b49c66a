"""The registry number and the meeting: who sets them, until when, and where they are shown and frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from openpyxl import load_workbook

from followup.details import change_details
from followup.models import FollowUp
from sydit.access import Role
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.report import publish
from sydit.report.build import read_inputs
from sydit.report.checks import all_checks
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGE = "/uppfoljning/2024-10/uppgifter/"
MEETING = dt.date(2024, 12, 5)


def change(follow_up: FollowUp, number: str, *, seen: int | None = None, role: Role = Role.SECRETARY) -> bool:
    version = follow_up.version if seen is None else seen
    return change_details(
        follow_up=follow_up,
        registry_number=number,
        meeting_date=MEETING,
        seen_version=version,
        by=factories.user(role=role),
    )


@pytest.mark.parametrize("role", Role)
def test_controller_secretary_and_head_set_them_until_approval(role: Role) -> None:
    follow_up = factories.follow_up(state=FollowUp.State.READY)
    if role in (Role.CONTROLLER, Role.SECRETARY, Role.HEAD):
        assert change(follow_up, "SYDIT 2024/1", role=role)
        assert FollowUp.objects.get().registry_number == "SYDIT 2024/1"
    else:
        with pytest.raises(PermissionDenied):
            change(follow_up, "SYDIT 2024/1", role=role)


def test_after_approval_neither_changes() -> None:
    with pytest.raises(Refused, match="är godkänd och tar inte emot ändringar"):
        change(factories.follow_up(state=FollowUp.State.APPROVED), "SYDIT 2024/1")
    assert FollowUp.objects.get().registry_number == ""


def test_whoever_is_second_is_told_what_the_first_wrote() -> None:
    follow_up = factories.follow_up()
    change(follow_up, "SYDIT 2024/1")
    with pytest.raises(StaleEdit, match="diarienumret är nu SYDIT 2024/1, sammanträdet är nu 2024-12-05"):
        change(follow_up, "SYDIT 2024/2")
    assert not change(follow_up, "SYDIT 2024/1")


def test_what_else_happens_to_the_follow_up_is_no_conflict() -> None:
    follow_up = factories.follow_up()
    seen = follow_up.version
    follow_up.state = FollowUp.State.READY
    follow_up.save_version(by=factories.user())
    assert change(follow_up, "SYDIT 2024/1", seen=seen)
    with pytest.raises(StaleEdit):
        change(follow_up, "SYDIT 2024/2", seen=99)


def test_a_meeting_before_the_period_is_a_slip(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    sent = {"registry_number": "SYDIT 2024/9", "meeting_date": "2023-12-05", "version": october.version}
    page = log_in("chef").post(PAGE, sent)
    assert page.status_code == 409
    assert "Sammanträdet 2023-12-05 är före oktober 2024" in text_of(page)
    assert 'value="SYDIT 2024/9"' in page.content.decode()


def test_the_page_saves_and_keeps_what_is_typed_when_somebody_else_was_first(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    october.refresh_from_db()
    browser, version = log_in("sekreterare"), october.version
    change(october, "SYDIT 2024/77")
    sent = {"registry_number": "SYDIT 2024/78", "meeting_date": "2024-12-05", "version": version}
    stale = browser.post(PAGE, sent)
    assert stale.status_code == 409
    assert "diarienumret är nu SYDIT 2024/77" in text_of(stale)
    assert 'value="SYDIT 2024/78"' in stale.content.decode()
    again = {**sent, "version": stale.context["form"]["version"].value()}
    assert "är sparade" in text_of(browser.post(PAGE, again, follow=True))
    assert browser.post(PAGE, {**sent, "meeting_date": "i mars"}).status_code == 422
    assert FollowUp.objects.get().registry_number == "SYDIT 2024/78"


def test_without_them_the_report_is_not_published(october: FollowUp) -> None:
    ready = factories.mark_ready(october)
    FollowUp.objects.update(registry_number="", meeting_date=None)
    ready.refresh_from_db()
    found = all_checks(read_inputs(ready))
    assert [(check.part, check.key, check.mended_by, check.url) for check in found] == [
        (None, "registry-number", Role.SECRETARY, PAGE),
        (None, "meeting-date", Role.SECRETARY, PAGE),
    ]
    with pytest.raises(Refused, match=r"Diarienummer saknas\. Datum för nämndens sammanträde saknas\."):
        publish.approve(follow_up=ready, by=User.objects.get(username="chef"))


def test_they_are_frozen_with_the_report_and_shown_with_it(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    publish.approve(follow_up=factories.mark_ready(october), by=User.objects.get(username="chef"))
    FollowUp.objects.update(registry_number="Ett annat", meeting_date=None)
    report = publish.report_of(FollowUp.objects.get())
    assert (report.registry_number, report.meeting_date) == ("SYDIT 2024/00052", MEETING)
    browser = log_in("lasare")
    told = "Diarienummer SYDIT 2024/00052 Nämndens sammanträde 2024-12-05"
    assert told in text_of(browser.get("/uppfoljning/2024-10/"))
    texts = load_workbook(BytesIO(browser.get("/uppfoljning/2024-10/rapport.xlsx").content))["Texter"]
    assert [texts.cell(row, 1).value for row in (3, 4)] == [
        "Diarienummer SYDIT 2024/00052",
        "Nämndens sammanträde 2024-12-05",
    ]
