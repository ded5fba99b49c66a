"""A follow-up begins with how each decision stood last, to be confirmed or rewritten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.models import Change, Decision, StatusUpdate
from followup.models import FollowUp, PartReady
from followup.parts import Part
from sydit import occasions
from sydit.access import Role
from sydit.errors import Refused
from sydit.periods import Month
from sydit.report.build import read_inputs
from sydit.report.checks import all_checks
from tests import factories
from tests.pages import form_of, text_of

AUGUST, OCTOBER = Month(2024, 8), Month(2024, 10)
LIST = "/uppfoljning/2024-10/beslut/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def decisions() -> tuple[Decision, Decision]:
    return tuple(factories.decision(paragraph=number, text=f"Beslut nummer {number}") for number in (1, 2))


@pytest.fixture
def october(decisions: tuple[Decision, Decision]) -> FollowUp:
    """After an August in which both decisions were spoken of."""
    august, by = factories.follow_up(month=AUGUST), factories.user(role=Role.SECRETARY)
    for decision in decisions:
        actions.update_status(
            follow_up=august, decision=decision, status="ongoing", comment="I augusti", seen_version=0, by=by
        )
    return occasions.open_follow_up(month=OCTOBER, by=factories.user(role=Role.CONTROLLER))


def page_of(decision: Decision) -> str:
    return f"{LIST}{decision.pk}/"


def log_in(client: Client, role: Role = Role.SECRETARY) -> Client:
    client.force_login(factories.user(role=role))
    return client


def test_last_times_status_and_comment_stand_there_unconfirmed(october: FollowUp) -> None:
    rows = StatusUpdate.objects.filter(follow_up=october)
    assert {(row.status, row.comment, row.confirmed) for row in rows} == {("ongoing", "I augusti", False)}
    assert all(row.history.count() == 1 for row in rows)


def test_what_the_last_follow_up_left_out_is_carried_from_the_one_before(decisions: tuple[Decision, Decision]) -> None:
    june = factories.follow_up(month=Month(2024, 6))
    by = factories.user(role=Role.SECRETARY)
    actions.update_status(follow_up=june, decision=decisions[0], status="ongoing", comment="", seen_version=0, by=by)
    factories.follow_up(month=AUGUST)  # nobody said anything in August
    october = occasions.open_follow_up(month=OCTOBER, by=factories.user(role=Role.CONTROLLER))
    assert StatusUpdate.objects.get(follow_up=october).decision == decisions[0]


def test_a_status_first_given_after_a_later_follow_up_was_opened_is_carried_there_too(october: FollowUp) -> None:
    by, december = factories.user(role=Role.SECRETARY), factories.follow_up(month=Month(2024, 12))
    late, august = factories.decision(paragraph=3), FollowUp.objects.get(month=8)

    def say(comment: str, seen: int) -> None:
        actions.update_status(
            follow_up=august, decision=late, status="ongoing", comment=comment, seen_version=seen, by=by
        )

    def said() -> list[tuple[int, str, bool, int]]:
        rows = StatusUpdate.objects.filter(decision=late).order_by("follow_up__month")
        return [(row.follow_up.month, row.comment, row.confirmed, row.history.count()) for row in rows]

    say("Först", 0)
    assert said() == [(8, "Först", True, 1), (10, "Först", False, 1), (12, "Först", False, 1)]
    say("Sedan", 1)
    assert said() == [(8, "Sedan", True, 2), (10, "Sedan", False, 2), (12, "Sedan", False, 2)]
    actions.update_status(follow_up=october, decision=late, status="ongoing", comment="Nu", seen_version=2, by=by)
    say("Sist", 2)
    assert [comment for _, comment, _, _ in said()] == ["Sist", "Nu", "Nu"]
    assert december.is_open


def test_nothing_first_said_reaches_a_follow_up_that_takes_no_changes(october: FollowUp) -> None:
    december = factories.follow_up(month=Month(2024, 12))
    late, august = factories.decision(paragraph=3), FollowUp.objects.get(month=8)
    by = factories.user(role=Role.SECRETARY)
    FollowUp.objects.filter(pk=october.pk).update(state=FollowUp.State.READY)
    actions.update_status(follow_up=august, decision=late, status="ongoing", comment="", seen_version=0, by=by)
    assert StatusUpdate.objects.get(decision=late).follow_up == august
    assert not StatusUpdate.objects.filter(follow_up=december).exists()
    FollowUp.objects.filter(pk=october.pk).update(state=FollowUp.State.OPEN)
    PartReady.objects.create(follow_up=october, part=Part.DECISIONS, by=by, at=timezone.now())
    actions.update_status(follow_up=august, decision=late, status="done", comment="", seen_version=1, by=by)
    assert StatusUpdate.objects.get(decision=late).follow_up == august


def test_nothing_is_carried_into_a_follow_up_that_could_not_be_opened(october: FollowUp) -> None:
    with pytest.raises(Refused, match="finns redan"):
        occasions.open_follow_up(month=OCTOBER, by=factories.user(role=Role.CONTROLLER))
    assert StatusUpdate.objects.filter(follow_up=october).count() == 2


def test_carrying_takes_a_closed_follow_up_or_a_wrong_role_for_what_it_is(october: FollowUp) -> None:
    with pytest.raises(PermissionDenied):
        actions.carry_forward(to=october, by=factories.user(role=Role.SECRETARY))
    FollowUp.objects.update(state=FollowUp.State.READY)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        actions.carry_forward(to=october, by=factories.user(role=Role.CONTROLLER))


def test_carrying_costs_the_same_number_of_queries_whatever_the_number_of_decisions(
    october: FollowUp, decisions: tuple[Decision, Decision], django_assert_num_queries: object
) -> None:
    for number in range(3, 23):
        made = factories.decision(paragraph=number)
        actions.update_status(
            follow_up=october,
            decision=made,
            status="ongoing",
            comment="",
            seen_version=0,
            by=factories.user(role=Role.SECRETARY),
        )
    december, by = factories.follow_up(month=Month(2024, 12)), factories.user(role=Role.CONTROLLER)
    # Savepoints, lock and part (in one message on PostgreSQL), read, rows, history.
    with django_assert_num_queries(6 if connection.vendor == "postgresql" else 7):
        assert actions.carry_forward(to=december, by=by) == 22


def test_publication_waits_for_what_nobody_has_touched(october: FollowUp, decisions: tuple[Decision, Decision]) -> None:
    def told() -> list[str]:
        return [check.message for check in all_checks(read_inputs(october)) if "Beslutet" in check.message]

    factories.decision(paragraph=3)
    assert [message.split(" är ")[-1].split(" har ")[-1] for message in told()] == [
        "orört sedan förra gången: bekräfta eller skriv om status och kommentar.",
        "orört sedan förra gången: bekräfta eller skriv om status och kommentar.",
        "ingen status i uppföljningen.",
    ]
    actions.update_status(
        follow_up=october,
        decision=decisions[0],
        status="ongoing",
        comment="I augusti",
        seen_version=1,
        by=factories.user(role=Role.SECRETARY),
    )
    assert len(told()) == 2


def test_confirming_goes_on_to_the_next_and_after_the_last_to_what_has_changed(
    client: Client, october: FollowUp, decisions: tuple[Decision, Decision]
) -> None:
    first, last = decisions
    page = log_in(client).get(page_of(first))
    assert "Status och kommentar är förra gångens." in text_of(page)
    assert client.post(page_of(first), form_of(page) | {"bekrafta": "1"})["Location"] == page_of(last)
    form = form_of(client.get(page_of(last))) | {"comment": "I oktober", "nasta": "1"}
    summary = client.post(page_of(last), form, follow=True)
    assert summary.redirect_chain == [(f"{LIST}andrat/", 302)]
    assert "Alla 2 beslut är genomgångna." in text_of(summary)
    assert "Ny kommentar 1 Oförändrat 1" in text_of(summary)
    assert set(StatusUpdate.objects.filter(follow_up=october).values_list("confirmed", flat=True)) == {True}


def test_what_was_typed_is_not_lost_by_pressing_confirm(
    client: Client, october: FollowUp, decisions: tuple[Decision, Decision]
) -> None:
    form = form_of(log_in(client).get(page_of(decisions[0])))
    response = client.post(page_of(decisions[0]), form | {"comment": "Nytt", "bekrafta": "1"})
    assert response.status_code == 422
    assert "Tryck på Spara i stället" in text_of(response)
    assert form_of(response)["comment"] == "Nytt"
    assert not StatusUpdate.objects.filter(follow_up=october, confirmed=True).exists()


def test_each_decision_is_told_by_what_differs_from_last_time(
    october: FollowUp, decisions: tuple[Decision, Decision]
) -> None:
    by = factories.user(role=Role.SECRETARY)
    kinds = {Change.SAME: ("ongoing", "I augusti"), Change.COMMENT: ("ongoing", "Nu"), Change.STATUS: ("done", "Nu")}
    version = 1
    for kind, (status, comment) in kinds.items():
        actions.update_status(
            follow_up=october, decision=decisions[0], status=status, comment=comment, seen_version=version, by=by
        )
        version += 1
        found = Decision.objects.with_change_in(october).order_by("paragraph")
        assert [row.change for row in found] == [kind, Change.UNTOUCHED]
    new = factories.decision(paragraph=3, decided_on=dt.date(2024, 9, 1))
    actions.update_status(follow_up=october, decision=new, status="ongoing", comment="", seen_version=0, by=by)
    assert Decision.objects.with_change_in(october).get(pk=new.pk).change == Change.NEW


def test_what_has_changed_costs_the_same_number_of_queries_whatever_the_number_of_decisions(
    client: Client, october: FollowUp, django_assert_num_queries: object
) -> None:
    log_in(client)
    with django_assert_num_queries(9):
        client.get(f"{LIST}andrat/")
    for number in range(3, 63):
        factories.decision(paragraph=number)
    with django_assert_num_queries(9):
        client.get(f"{LIST}andrat/")


def test_a_closed_decision_s_page_has_no_fields(
    client: Client, october: FollowUp, decisions: tuple[Decision, Decision]
) -> None:
    by = factories.user(role=Role.SECRETARY)
    actions.close_decision(decision=decisions[0], closed_on=dt.date(2024, 12, 10), paragraph=5, seen_version=1, by=by)
    page = log_in(client).get(page_of(decisions[0]))
    assert "Nämnden har avslutat beslutet, 2024-12-10 § 5." in text_of(page)
    assert "data-unsaved" not in page.content.decode()
