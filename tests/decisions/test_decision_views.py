"""The register of the decisions: the list, and one decision's status in a follow-up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from decisions import actions
from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from sydit.access import Role
from sydit.periods import Month
from tests import factories
from tests.pages import form_of, forms_of, text_of

LIST = "/uppfoljning/2024-10/beslut/"
Status = StatusUpdate.Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


@pytest.fixture
def older() -> Decision:
    return factories.decision(decided_on=dt.date(2020, 2, 6), paragraph=6, text="Det äldre beslutet")


@pytest.fixture
def newer(older: Decision) -> Decision:
    return factories.decision(decided_on=dt.date(2024, 1, 30), paragraph=10, text="Det nyare beslutet")


def log_in(client: Client, role: Role = Role.SECRETARY) -> Client:
    client.force_login(factories.user(role=role))
    return client


def set_status(follow_up: FollowUp, decision: Decision, status: str, comment: str = "", *, seen: int = 0) -> None:
    """Somebody else says how a decision stands."""
    by = factories.user(role=Role.SECRETARY, name="Karin Kollega")
    actions.update_status(
        follow_up=follow_up, decision=decision, status=status, comment=comment, seen_version=seen, by=by
    )


def page_of(decision: Decision) -> str:
    return f"{LIST}{decision.pk}/"


def test_the_list_shows_each_decision_with_its_status_oldest_first(
    client: Client, follow_up: FollowUp, older: Decision, newer: Decision
) -> None:
    set_status(follow_up, newer, Status.ONGOING, "Arbetet pågår i alla kommuner")
    set_status(factories.follow_up(month=Month(2024, 12)), older, Status.DONE, "Ur en annan uppföljning")
    text = text_of(log_in(client).get(LIST))
    assert text.index("Det äldre beslutet") < text.index("Det nyare beslutet")
    assert "Det äldre beslutet – – Nej" in text
    assert "Det nyare beslutet Pågår Arbetet pågår i alla kommuner Ja" in text


@pytest.mark.parametrize("column", ["reference", "text", "status", "comment", "confirmed"])
def test_the_list_can_be_sorted_by_every_column(
    client: Client, follow_up: FollowUp, older: Decision, newer: Decision, column: str
) -> None:
    for decision, status, comment in ((older, Status.DONE, "A"), (newer, Status.ONGOING, "B")):
        set_status(follow_up, decision, status, comment)
    if column == "confirmed":
        StatusUpdate.objects.filter(decision=older).delete()
    first, last = ("Det nyare beslutet", "Det äldre beslutet")
    if column == "text":  # "nyare" comes before "äldre" in the alphabet
        first, last = last, first
    text = text_of(log_in(client).get(f"{LIST}?sort=-{column}"))
    assert text.index(first) < text.index(last)


def test_the_secretary_saves_a_status_and_a_comment(client: Client, follow_up: FollowUp, older: Decision) -> None:
    form = form_of(log_in(client).get(page_of(older)))
    response = client.post(page_of(older), form | {"status": "done", "comment": "Klart."}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "Beslutet 2020-02-06 § 6 är sparat." in text_of(response)
    saved = StatusUpdate.objects.get()
    assert (saved.follow_up, saved.decision, saved.status, saved.comment) == (follow_up, older, "done", "Klart.")


def test_save_and_next_goes_on_to_the_next_decision_and_from_the_last_to_what_has_changed(
    client: Client, follow_up: FollowUp, older: Decision, newer: Decision
) -> None:
    form = {"status": "ongoing", "comment": "", "version": "0", "nasta": "1"}
    assert log_in(client).post(page_of(older), form)["Location"] == page_of(newer)
    assert client.post(page_of(newer), form)["Location"] == f"{LIST}andrat/"


def test_two_decisions_of_one_day_follow_each_other_by_paragraph(newer: Decision) -> None:
    same_day = factories.decision(decided_on=newer.decided_on, paragraph=11)
    assert newer.following() == same_day
    assert same_day.following() is None


def test_the_status_in_the_previous_follow_up_is_shown_for_reference(
    client: Client, follow_up: FollowUp, older: Decision
) -> None:
    for month, comment in ((Month(2023, 12), "I fjol"), (Month(2024, 8), "I augusti"), (Month(2024, 11), "Senare")):
        set_status(factories.follow_up(month=month), older, Status.ONGOING, comment)
    text = text_of(log_in(client).get(page_of(older)))
    assert "I föregående uppföljning, augusti 2024 Pågår I augusti" in text
    assert "I fjol" not in text
    assert "Senare" not in text


def test_the_previous_follow_up_may_be_one_of_last_year(client: Client, follow_up: FollowUp, older: Decision) -> None:
    set_status(factories.follow_up(month=Month(2023, 12)), older, Status.ONGOING, "I fjol")
    assert "I föregående uppföljning, december 2023 Pågår I fjol" in text_of(log_in(client).get(page_of(older)))


def test_the_same_form_sent_twice_saves_once(client: Client, follow_up: FollowUp, older: Decision) -> None:
    form = form_of(log_in(client).get(page_of(older))) | {"status": "done"}
    assert [client.post(page_of(older), form).status_code for _ in range(2)] == [302, 302]
    assert StatusUpdate.objects.get().version == 1


@pytest.mark.parametrize("status", ["", "closed"])
def test_a_missing_or_unknown_status_saves_nothing_and_keeps_the_comment(
    client: Client, follow_up: FollowUp, older: Decision, status: str
) -> None:
    form = form_of(log_in(client).get(page_of(older))) | {"status": status, "comment": "Min kommentar"}
    response = client.post(page_of(older), form)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert form_of(response)["comment"] == "Min kommentar"
    assert not StatusUpdate.objects.exists()


def test_a_stale_edit_saves_nothing_keeps_what_was_typed_and_shows_what_the_other_saved(
    client: Client, follow_up: FollowUp, older: Decision
) -> None:
    set_status(follow_up, older, Status.ONGOING, "Först")
    form = form_of(log_in(client).get(page_of(older)))
    set_status(follow_up, older, Status.DONE, "Kollegans", seen=1)
    response = client.post(page_of(older), form | {"comment": "Min"})
    assert response.status_code == 409
    assert "Beslutet 2020-02-06 § 6 har ändrats av Karin Kollega" in text_of(response)
    assert "<p>Kollegans</p>" in response.content.decode()
    assert form_of(response)["comment"] == "Min"
    assert StatusUpdate.objects.get().comment == "Kollegans"


def test_saving_again_after_a_stale_edit_keeps_the_status_that_only_the_other_changed(
    client: Client, follow_up: FollowUp, older: Decision
) -> None:
    set_status(follow_up, older, Status.ONGOING, "Först")
    form = form_of(log_in(client).get(page_of(older)))
    set_status(follow_up, older, Status.DONE, "Kollegans", seen=1)
    stale = client.post(page_of(older), form | {"comment": "Min"})
    assert client.post(page_of(older), form_of(stale)).status_code == 302
    saved = StatusUpdate.objects.get()
    assert (saved.status, saved.comment) == ("done", "Min")


def test_a_follow_up_closed_meanwhile_saves_nothing_and_keeps_what_was_typed(
    client: Client, follow_up: FollowUp, older: Decision
) -> None:
    form = form_of(log_in(client).get(page_of(older))) | {"status": "done", "comment": "Min"}
    FollowUp.objects.update(state=FollowUp.State.APPROVED)
    response = client.post(page_of(older), form)
    assert response.status_code == 409
    assert "tar inte emot ändringar. Inget har sparats." in text_of(response)
    assert form_of(response)["comment"] == "Min"
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMINISTRATOR, Role.HEAD])
def test_other_staff_read_the_status_and_cannot_save(
    client: Client, follow_up: FollowUp, older: Decision, role: Role
) -> None:
    set_status(follow_up, older, Status.DONE, "Klart.")
    page = log_in(client, role).get(page_of(older))
    assert not forms_of(page)
    assert "Avklarat Klart." in text_of(page)
    assert client.post(page_of(older), {"status": "dropped", "comment": "", "version": "1"}).status_code == 403
    assert StatusUpdate.objects.get().status == "done"


def test_a_reader_sees_nothing_of_a_draft(client: Client, follow_up: FollowUp, older: Decision) -> None:
    log_in(client, Role.READER)
    assert [client.get(url).status_code for url in (LIST, page_of(older))] == [403, 403]


def test_a_decision_that_does_not_exist_is_not_found(client: Client, follow_up: FollowUp) -> None:
    assert log_in(client).get(f"{LIST}999/").status_code == 404


def test_the_list_costs_the_same_number_of_queries_whatever_the_number_of_decisions(
    client: Client, follow_up: FollowUp, older: Decision, newer: Decision, django_assert_num_queries: object
) -> None:
    for decision in (older, newer):
        set_status(follow_up, decision, Status.DONE)
    log_in(client)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_a_decisions_page_costs_ten_queries(
    client: Client, follow_up: FollowUp, older: Decision, newer: Decision, django_assert_num_queries: object
) -> None:
    set_status(follow_up, older, Status.DONE)
    log_in(client)
    with django_assert_num_queries(10):
        client.get(page_of(older))
