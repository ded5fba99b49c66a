"""What the committee decided on a report is noted beside it, and changes nothing of what was published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client

from decisions import report_decisions
from decisions.models import ReportDecision
from followup.models import FollowUp
from sydit.access import Role
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication, User
from sydit.report import archive
from sydit.report.document import checksum
from tests import factories
from tests.pages import text_of
from tests.report.test_oldest_documents import DOCUMENTS

pytestmark = pytest.mark.django_db

ADDRESS = "/uppfoljning/2024-10/version/1/beslut/"
DAY = dt.date(2024, 12, 10)


@pytest.fixture
def publication() -> Publication:
    """A report that is published, with the decision's people: the secretary and a reader."""
    document = DOCUMENTS[0].read_text(encoding="utf-8")
    for role, username in ((Role.SECRETARY, "sekreterare"), (Role.READER, "lasare")):
        factories.user(role=role, username=username)
    return Publication.objects.create(
        follow_up=factories.follow_up(state=FollowUp.State.APPROVED),
        version=1,
        document=document,
        sha256=checksum(document),
        approved_at="2024-11-20T12:00:00Z",
        approved_by=factories.user(role=Role.HEAD),
    )


def note(publication: Publication, **other: object) -> bool:
    told = {"decided_on": DAY, "paragraph": 5, "wording": "Lades till handlingarna.", "seen_version": 0} | other
    return report_decisions.note(
        **{"publication": publication, "by": User.objects.get(username="sekreterare"), **told}  # type: ignore[arg-type]
    )


def send(browser: Client, **other: object) -> HttpResponse:
    told = {"decided_on": "2024-12-10", "paragraph": "§ 5", "wording": "Lades till <b>handlingarna</b>.", "version": 0}
    return browser.post(ADDRESS, told | other, follow=True)


def test_it_is_noted_and_read_beneath_the_status(publication: Publication, log_in: Callable[[str], Client]) -> None:
    before = (publication.document, publication.sha256)
    assert "Nämndens beslut är noterat." in text_of(send(log_in("sekreterare")))
    reader = log_in("lasare")
    for address in ("/uppfoljning/2024-10/", "/uppfoljning/2024-10/version/1/"):
        page = reader.get(address)
        assert "Nämndens beslut 2024-12-10 § 5" in text_of(page)
        assert "Lades till &lt;b&gt;handlingarna&lt;/b&gt;." in page.content.decode()
        assert "Notera nämndens beslut" not in text_of(page)
    stored = Publication.objects.get()
    assert (stored.document, stored.sha256) == before
    assert archive.document_of(stored)
    assert FollowUp.objects.get().version == 1


def test_a_change_keeps_what_was_noted_first_and_the_same_again_is_no_change(publication: Publication) -> None:
    assert note(publication)
    assert not note(publication)  # a second click
    assert note(publication, paragraph=6, seen_version=1)
    assert [row.paragraph for row in ReportDecision.history.order_by("history_id")] == [5, 6]


def test_a_note_on_what_somebody_else_has_changed_is_refused(
    publication: Publication, log_in: Callable[[str], Client]
) -> None:
    note(publication)
    with pytest.raises(StaleEdit, match="har ändrats av"):
        note(publication, paragraph=7)
    page = send(log_in("sekreterare"), paragraph="7")
    assert page.status_code == 409
    assert 'value="7"' in page.content.decode()
    assert ReportDecision.objects.get().paragraph == 5


@pytest.mark.parametrize("day", [dt.date(2024, 10, 31), dt.date(2999, 1, 1)])
def test_a_day_that_cannot_be_is_refused(publication: Publication, day: dt.date) -> None:
    with pytest.raises(Refused, match="kan inte ha beslutat"):
        note(publication, decided_on=day)


@pytest.mark.parametrize("wrong", [{"decided_on": "igår"}, {"paragraph": "x"}, {"wording": " "}])
def test_a_wrong_input_is_told_and_the_rest_stays(
    publication: Publication, log_in: Callable[[str], Client], wrong: dict[str, str]
) -> None:
    page = send(log_in("sekreterare"), **wrong)
    assert page.status_code == 422
    assert {"2024-12-10", "§ 5"} & set(page.context["form"].data.values())
    assert not ReportDecision.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARY])
def test_only_the_secretary_notes(publication: Publication, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        note(publication, by=factories.user(role=role))
