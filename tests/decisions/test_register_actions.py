"""What may be done to a decision in the register: add, change, close, open again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.actions import Content
from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.periods import Month
from tests import factories

MEETING = dt.date(2024, 12, 10)
CONTENT = Content(dt.date(2024, 1, 30), 10, "Förvaltningen ska spara.", "Enhetschefen", dt.date(2024, 12, 31))
OTHERS = [role for role in Role if Permission.UPDATE_DECISIONS not in GRANTS[role]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary() -> User:
    return factories.user(role=Role.SECRETARY, name="Karin Kollega")


@pytest.fixture
def decision(secretary: User) -> Decision:
    return actions.add_decision(content=CONTENT, by=secretary)


def close(decision: Decision, by: User, *, on: dt.date = MEETING, seen: int = 1) -> Decision:
    return actions.close_decision(decision=decision, closed_on=on, paragraph=5, seen_version=seen, by=by)


def say(follow_up: FollowUp, decision: Decision, status: str, by: User, *, seen: int = 0) -> None:
    actions.update_status(follow_up=follow_up, decision=decision, status=status, comment="", seen_version=seen, by=by)


def test_a_new_decision_is_stored_with_who_and_when(decision: Decision) -> None:
    stored = Decision.objects.get()
    assert Content.of(stored) == CONTENT
    assert (str(stored.changed_by), stored.version, stored.history.count()) == ("Karin Kollega", 1, 1)


def test_a_day_and_paragraph_hold_one_decision(decision: Decision, secretary: User) -> None:
    with pytest.raises(Refused, match=r"Det finns redan ett beslut 2024-01-30 §.10"):
        actions.add_decision(content=replace(CONTENT, text="Ett annat"), by=secretary)
    assert Decision.objects.get().text == CONTENT.text


def test_a_decision_is_not_due_before_it_was_taken(secretary: User) -> None:
    with pytest.raises(Refused, match="kan inte förfalla 2024-01-29"):
        actions.add_decision(content=replace(CONTENT, due_on=dt.date(2024, 1, 29)), by=secretary)
    assert not Decision.objects.exists()


def test_a_change_is_a_version_and_the_same_again_is_none(decision: Decision, secretary: User) -> None:
    changed = replace(CONTENT, responsible="Administrativ chef")
    assert actions.edit_decision(decision=decision, content=changed, seen_version=1, by=secretary)
    assert not actions.edit_decision(decision=decision, content=changed, seen_version=1, by=secretary)
    assert [old.responsible for old in decision.history.order_by("history_id")] == [
        "Enhetschefen",
        "Administrativ chef",
    ]


def test_what_somebody_else_changed_first_is_not_replaced(decision: Decision, secretary: User) -> None:
    actions.edit_decision(
        decision=decision, content=replace(CONTENT, responsible="Annan"), seen_version=1, by=secretary
    )
    with pytest.raises(StaleEdit, match=r"har ändrats av Karin Kollega .*ansvarig är nu Annan"):
        actions.edit_decision(decision=decision, content=replace(CONTENT, text="Ny"), seen_version=1, by=secretary)
    assert Decision.objects.get().text == CONTENT.text


def test_the_admin_shows_a_decision_and_writes_none(decision: Decision, client: Client) -> None:
    client.force_login(factories.user(role=Role.ADMINISTRATOR))
    of_one = f"/admin/decisions/decision/{decision.pk}"
    assert client.get(f"{of_one}/change/").status_code == 200
    assert client.get(f"{of_one}/history/").status_code == 200
    fields = {"decided_on": "2024-01-30", "paragraph": "11", "text": "Ändrat", "responsible": "", "due_on": ""}
    version = decision.history.latest().pk
    for address in (f"{of_one}/change/", f"{of_one}/delete/", "/admin/decisions/decision/add/"):
        assert client.post(address, fields | {"post": "yes"}).status_code == 403
    assert client.post(f"{of_one}/history/{version}/", fields).status_code == 403
    stored = Decision.objects.get()
    assert (Content.of(stored), stored.version) == (CONTENT, 1)


def test_closing_notes_the_meeting_and_is_part_of_the_history(decision: Decision, secretary: User) -> None:
    close(decision, secretary)
    stored = Decision.objects.get()
    assert (stored.closed_reference, stored.is_open) == ("2024-12-10 §\N{NO-BREAK SPACE}5", False)
    assert stored.history.latest().closed_on == MEETING


@pytest.mark.parametrize("day", [dt.date(2024, 1, 29), timezone.localdate() + dt.timedelta(days=1)])
def test_no_meeting_before_the_decision_or_yet_to_come_closes_it(
    decision: Decision, secretary: User, day: dt.date
) -> None:
    with pytest.raises(Refused):
        close(decision, secretary, on=day)
    assert Decision.objects.get().is_open


def test_a_decision_is_closed_once(decision: Decision, secretary: User) -> None:
    close(decision, secretary)
    with pytest.raises(Refused, match="redan avslutat, 2024-12-10"):
        close(decision, secretary, seen=2)


def test_closing_what_somebody_else_changed_meanwhile_is_refused(decision: Decision, secretary: User) -> None:
    actions.edit_decision(decision=decision, content=replace(CONTENT, text="Ny"), seen_version=1, by=secretary)
    with pytest.raises(StaleEdit):
        close(decision, secretary)
    assert Decision.objects.get().is_open


def test_a_closed_decision_takes_no_status(decision: Decision, secretary: User) -> None:
    follow_up = factories.follow_up()
    close(decision, secretary)
    with pytest.raises(Refused, match=r"är avslutat, 2024-12-10 §.5, och tar inte emot någon status"):
        say(follow_up, decision, "done", secretary)
    assert not StatusUpdate.objects.exists()


def test_a_decision_opened_again_is_as_before(decision: Decision, secretary: User) -> None:
    close(decision, secretary)
    actions.reopen_decision(decision=decision, seen_version=2, by=secretary)
    assert Decision.objects.get().is_open
    with pytest.raises(Refused, match="redan öppet"):
        actions.reopen_decision(decision=decision, seen_version=3, by=secretary)


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_secretary_writes_in_the_register(decision: Decision, role: Role) -> None:
    other = factories.user(role=role)
    with pytest.raises(PermissionDenied):
        actions.add_decision(content=replace(CONTENT, paragraph=11), by=other)
    with pytest.raises(PermissionDenied):
        actions.edit_decision(decision=decision, content=replace(CONTENT, text="Ny"), seen_version=1, by=other)
    with pytest.raises(PermissionDenied):
        close(decision, other)
    with pytest.raises(PermissionDenied):
        actions.reopen_decision(decision=decision, seen_version=1, by=other)
    assert Decision.objects.get().version == 1


# --- which follow-ups a decision belongs to ---------------------------------------------------------------------------


def here(follow_up: FollowUp) -> list[Decision]:
    return list(Decision.objects.in_follow_up(follow_up))


def test_a_closed_decision_stays_where_its_status_was_given_and_is_in_no_other(
    decision: Decision, secretary: User
) -> None:
    reported, later = factories.follow_up(), factories.follow_up(month=Month(2024, 12))
    say(reported, decision, "done", secretary)
    close(decision, secretary)
    assert (here(reported), here(later)) == ([decision], [])


def test_a_status_that_was_only_carried_does_not_keep_a_closed_decision(decision: Decision, secretary: User) -> None:
    say(factories.follow_up(), decision, "done", secretary)
    later = factories.follow_up(month=Month(2024, 12))
    actions.carry_forward(to=later, by=factories.user(role=Role.CONTROLLER))
    assert here(later) == [decision]
    close(decision, secretary)
    assert here(later) == []
    assert list(StatusUpdate.objects.reported_in(later)) == []
    actions.reopen_decision(decision=decision, seen_version=2, by=secretary)
    assert here(later) == [decision]


def test_a_decision_that_an_earlier_meeting_closed_leaves_an_open_follow_up_that_had_confirmed_it(
    decision: Decision, secretary: User
) -> None:
    said, own = factories.follow_up(month=Month(2024, 12)), factories.follow_up()
    for follow_up in (said, own):
        say(follow_up, decision, "done", secretary)
    close(decision, secretary)  # at the meeting of 10 December, which own is for and said is after
    assert (here(own), here(said)) == ([decision], [])
    assert list(StatusUpdate.objects.reported_in(said)) == []
    assert StatusUpdate.objects.reported_in(own).count() == 1
    FollowUp.objects.update(state=FollowUp.State.APPROVED)
    said.refresh_from_db()
    assert here(said) == [decision]
    assert StatusUpdate.objects.reported_in(said).count() == 1


def test_what_is_carried_on_and_not_confirmed_follows_the_follow_up_before(decision: Decision, secretary: User) -> None:
    october, december = factories.follow_up(), factories.follow_up(month=Month(2024, 12))
    say(october, decision, "ongoing", secretary)
    actions.carry_forward(to=december, by=factories.user(role=Role.CONTROLLER))
    say(october, decision, "done", secretary, seen=1)
    copy = StatusUpdate.objects.get(follow_up=december)
    assert (copy.status, copy.confirmed, copy.version) == ("done", False, 2)
    with pytest.raises(StaleEdit):
        say(december, decision, "ongoing", secretary, seen=1)
    say(december, decision, "ongoing", secretary, seen=2)
    say(october, decision, "dropped", secretary, seen=2)
    copy.refresh_from_db()
    assert (copy.status, copy.confirmed) == ("ongoing", True)


def test_a_copy_in_a_closed_follow_up_stays_as_it_is(decision: Decision, secretary: User) -> None:
    october, december = factories.follow_up(), factories.follow_up(month=Month(2024, 12))
    say(october, decision, "ongoing", secretary)
    actions.carry_forward(to=december, by=factories.user(role=Role.CONTROLLER))
    FollowUp.objects.filter(pk=december.pk).update(state=FollowUp.State.READY)
    say(october, decision, "done", secretary, seen=1)
    assert StatusUpdate.objects.get(follow_up=december).status == "ongoing"


def test_a_proposal_that_the_committee_did_not_follow_comes_back(decision: Decision, secretary: User) -> None:
    say(factories.follow_up(), decision, "dropped", secretary)
    later = factories.follow_up(month=Month(2024, 12))
    actions.carry_forward(to=later, by=factories.user(role=Role.CONTROLLER))
    assert StatusUpdate.objects.get(follow_up=later).status == "dropped"


def test_an_approved_follow_up_knows_nothing_of_later_decisions(decision: Decision, secretary: User) -> None:
    approved = factories.follow_up(state=FollowUp.State.APPROVED)
    assert here(approved) == []


def test_a_follow_up_does_not_ask_for_decisions_that_its_own_meeting_or_a_later_one_takes(db: None) -> None:
    follow_up = factories.follow_up()
    before = factories.decision(decided_on=dt.date(2024, 10, 30))
    factories.decision(decided_on=dt.date(2024, 12, 5))
    follow_up.meeting_date = dt.date(2024, 12, 5)
    assert list(Decision.objects.in_follow_up(follow_up)) == [before]
    follow_up.meeting_date = None  # not set yet: the end of the period decides
    assert list(Decision.objects.in_follow_up(follow_up)) == [before]
    follow_up.meeting_date = dt.date(2025, 1, 30)
    assert Decision.objects.in_follow_up(follow_up).count() == 2
