"""The report's texts: each saved by itself, and nothing lost when it cannot be saved."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from followup import actions
from followup.models import FollowUp, ReportText
from sydit.access import Role
from tests import factories
from tests.pages import forms_of, text_of

URL = "/uppfoljning/2024-10/texter/"
ANALYSIS, PLAN = ReportText.Key.ANALYSIS, ReportText.Key.ACTION_PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


def log_in(client: Client, role: Role = Role.CONTROLLER) -> Client:
    client.force_login(factories.user(role=role))
    return client


def write(follow_up: FollowUp, key: ReportText.Key, body: str, *, seen: int = 0) -> None:
    """Somebody else saves a text."""
    by = factories.user(role=Role.CONTROLLER, name="Karin Kollega")
    actions.write_text(follow_up=follow_up, key=key, body=body, seen_version=seen, by=by)


def analysis(response: HttpResponse) -> dict[str, str]:
    (form,) = [form for form in forms_of(response) if form["text"] == ANALYSIS]
    return form


def test_the_controller_saves_one_text_and_the_other_stays(client: Client, follow_up: FollowUp) -> None:
    write(follow_up, PLAN, "Planen")
    form = analysis(log_in(client).get(URL)) | {"analysis-body": "Första stycket.\r\n\r\nAndra."}
    response = client.post(URL, form, follow=True)
    assert "Texten ”Ekonomisk analys” är sparad." in text_of(response)
    assert ReportText.objects.get(key=ANALYSIS).body == "Första stycket.\n\nAndra."
    assert ReportText.objects.get(key=PLAN).version == 1


def test_a_text_sent_back_untouched_saves_nothing(client: Client, follow_up: FollowUp) -> None:
    write(follow_up, ANALYSIS, "Ett\n\ntvå <b>&amp;</b>")
    client.post(URL, analysis(log_in(client).get(URL)))
    assert ReportText.objects.get().version == 1


def test_the_same_form_sent_twice_saves_once(client: Client, follow_up: FollowUp) -> None:
    form = analysis(log_in(client).get(URL)) | {"analysis-body": "Min text"}
    assert [client.post(URL, form).status_code for _ in range(2)] == [302, 302]
    assert ReportText.objects.get().version == 1


def test_a_stale_text_is_not_saved_and_stands_beside_the_others(client: Client, follow_up: FollowUp) -> None:
    form = analysis(log_in(client).get(URL))
    write(follow_up, ANALYSIS, "Kollegans text")
    response = client.post(URL, form | {"analysis-body": "Min text"})
    assert response.status_code == 409
    assert "har ändrats av Karin Kollega" in text_of(response)
    assert "<p>Kollegans text</p>" in response.content.decode()
    assert analysis(response)["analysis-body"] == "Min text"
    assert ReportText.objects.get().body == "Kollegans text"


def test_saving_again_after_a_stale_text_replaces_it(client: Client, follow_up: FollowUp) -> None:
    form = analysis(log_in(client).get(URL))
    write(follow_up, ANALYSIS, "Kollegans text")
    stale = client.post(URL, form | {"analysis-body": "Min text"})
    assert client.post(URL, analysis(stale)).status_code == 302
    assert ReportText.objects.get().body == "Min text"


def test_a_follow_up_closed_meanwhile_saves_nothing_and_keeps_what_was_typed(
    client: Client, follow_up: FollowUp
) -> None:
    form = analysis(log_in(client).get(URL)) | {"analysis-body": "Min text"}
    FollowUp.objects.update(state=FollowUp.State.READY)
    response = client.post(URL, form)
    assert response.status_code == 409
    assert "tar inte emot ändringar. Inget har sparats." in text_of(response)
    assert analysis(response)["analysis-body"] == "Min text"
    assert not ReportText.objects.exists()


def test_a_text_that_is_too_long_is_not_saved_and_still_there(client: Client, follow_up: FollowUp) -> None:
    form = analysis(log_in(client).get(URL)) | {"analysis-body": "x" * 100_001}
    response = client.post(URL, form)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert analysis(response)["analysis-body"] == "x" * 100_001
    assert not ReportText.objects.exists()


@pytest.mark.parametrize("lost", ["text", "analysis-version"])
def test_a_form_without_its_hidden_fields_saves_nothing(client: Client, follow_up: FollowUp, lost: str) -> None:
    form = analysis(log_in(client).get(URL)) | {"analysis-body": "Min text"}
    del form[lost]
    assert client.post(URL, form).status_code in (400, 422)
    assert not ReportText.objects.exists()


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR, Role.HEAD])
def test_other_staff_read_the_texts_and_cannot_save(client: Client, follow_up: FollowUp, role: Role) -> None:
    write(follow_up, ANALYSIS, "Analysen")
    page = log_in(client, role).get(URL)
    assert not forms_of(page)
    assert "Analysen" in text_of(page)
    assert client.post(URL, {"text": ANALYSIS, "analysis-body": "Ny", "analysis-version": "1"}).status_code == 403
    assert ReportText.objects.get().body == "Analysen"


def test_a_reader_sees_nothing_of_a_draft(client: Client, follow_up: FollowUp) -> None:
    assert log_in(client, Role.READER).get(URL).status_code == 403


def test_the_page_costs_four_queries(client: Client, follow_up: FollowUp, django_assert_num_queries: object) -> None:
    write(follow_up, ANALYSIS, "Analysen")
    write(follow_up, PLAN, "Planen")
    log_in(client)
    with django_assert_num_queries(4):
        client.get(URL)
