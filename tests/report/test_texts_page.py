"""The report's texts: each saved by itself, and nothing lost when it cannot be saved."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import html

from followup import actions
from followup.models import FollowUp, Forecast, ReportText
from sydit.access import Role
from sydit.models import User
from sydit.report import publish
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
    assert "Texten är 1 tecken för lång: högst 100 000 får plats." in text_of(response).replace("\xa0", " ")
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


@pytest.mark.counts_queries
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client: Client, follow_up: FollowUp, django_assert_num_queries: object
) -> None:
    write(follow_up, ANALYSIS, "Analysen {prognos}")
    write(follow_up, PLAN, "Planen")
    log_in(client)
    with django_assert_num_queries(21):
        client.get(URL)


# --- reviews and drafts: what a script asks for while somebody types, and what the buttons do without one


def ask(client: Client, address: str, **typed: str) -> dict[str, str]:
    """What a script gets; ``typed`` are the bodies by field."""
    answer = client.post(f"{URL}{address}/", typed, headers={"X-Text": "1"})
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.slow
def test_what_is_typed_is_read_as_in_the_report_with_its_marks_and_nothing_is_saved(
    october: FollowUp, client: Client
) -> None:
    client.force_login(User.objects.get(username="controller"))
    before = ReportText.objects.get(key=ANALYSIS)
    body = "\U0001f600 Licenserna ger ett underskott om -1 500 tkr.\r\n\r\n{Avvikelse personal}. <b>"
    reviews = ask(client, "granska", **{"analysis-body": body})["reviews"]
    assert set(reviews) == set(ReportText.Key)
    page = html.fromstring(reviews[ANALYSIS])
    assert (
        page.xpath("string(.//div[@class='text-preview']//p[2])").replace("\xa0", " ")
        == "Ett överskott om 800 tkr. <b>"
    )
    assert page.xpath("string(.//span[@class='living'])").replace("\xa0", " ") == "Ett överskott om 800 tkr"
    (sign,) = page.xpath(".//li[@data-kind='sign']")
    assert sign.get("data-suggestion") == "{avvikelse licenser-serviceavtal}"
    units = body.replace("\r\n", "\n").encode("utf-16-le")
    quoted = units[2 * int(sign.get("data-start")) : 2 * int(sign.get("data-end"))].decode("utf-16-le")
    assert quoted == "ett underskott om -1 500 tkr"
    lacking = [" ".join(mark.text_content().split()) for mark in page.xpath(".//li[@data-kind='unmentioned']")]
    assert any("Tele- och datakommunikation avviker med −1 300 tkr" in mark.replace("\xa0", " ") for mark in lacking)
    assert ReportText.objects.get(key=ANALYSIS).body == before.body


@pytest.mark.slow
def test_a_row_that_any_of_the_texts_tells_of_is_not_lacking(october: FollowUp, client: Client) -> None:
    client.force_login(User.objects.get(username="controller"))
    empty = {"analysis-body": "", "action-plan-body": ""}
    lacking = ask(client, "granska", **empty)["reviews"][ANALYSIS].count("unmentioned")
    told = ask(client, "granska", **empty, **{"introduction-body": "{Avvikelse licenser}."})["reviews"][ANALYSIS]
    assert told.count("unmentioned") < lacking


@pytest.mark.slow
def test_without_a_script_the_page_shows_the_review_and_saves_nothing(october: FollowUp, client: Client) -> None:
    client.force_login(User.objects.get(username="controller"))
    form = analysis(client.get(URL)) | {"analysis-body": "Vi räknar med {prognos} <script>"}
    page = client.post(f"{URL}granska/", form)
    assert page.status_code == 200
    assert "Vi räknar med ett underskott om 813 tkr <script>" in text_of(page).replace("\xa0", " ")
    assert "<script>" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert analysis(page)["analysis-body"] == form["analysis-body"]
    assert ReportText.objects.get(key=ANALYSIS).version == 1


@pytest.mark.slow
def test_a_draft_takes_an_empty_field_and_stands_beside_what_is_typed(october: FollowUp, client: Client) -> None:
    client.force_login(User.objects.get(username="controller"))
    form = analysis(client.get(URL)) | {"source": "siffror"}
    beside = client.post(f"{URL}utkast/", form)
    assert analysis(beside)["analysis-body"] == form["analysis-body"]
    (draft,) = html.fromstring(beside.content).xpath("//textarea[@readonly]")
    assert "{avvikelse licenser-serviceavtal}" in draft.text
    filled = client.post(f"{URL}utkast/", form | {"analysis-body": " "})
    assert analysis(filled)["analysis-body"].strip() == draft.text.strip()
    assert ask(client, "utkast", **form)["body"].strip() == draft.text.strip()
    assert ReportText.objects.get(key=ANALYSIS).version == 1


@pytest.mark.slow
def test_last_times_text_is_offered_with_its_figures_made_living(october: FollowUp, client: Client) -> None:
    september = factories.follow_up(month=october.period.shifted(-1))
    write(september, PLAN, "Licenserna kostar 0 tkr mer. Planen står fast.")
    client.force_login(User.objects.get(username="controller"))
    assert "Börja från förra gångens text: Åtgärdsplan för budget i balans" in client.get(URL).content.decode()
    body = ask(client, "utkast", text=PLAN, source="forra")["body"]
    assert body == "Licenserna kostar 0 tkr mer. Planen står fast."
    assert ask(client, "utkast", text=ReportText.Key.INTRODUCTION, source="forra")["body"] == ""
    assert client.post(f"{URL}utkast/", {"text": PLAN, "source": "gissa"}).status_code == 400


def test_a_script_that_saves_is_told_the_version_and_of_a_refusal_only_that_it_was(
    client: Client, follow_up: FollowUp
) -> None:
    form = analysis(log_in(client).get(URL)) | {"analysis-body": "Min <text>"}
    saved = client.post(URL, form, headers={"X-Text": "1"})
    assert saved.json()["version"] == 1
    assert "Ändrad" in saved.json()["changed"]
    stale = client.post(URL, form | {"analysis-body": "Annan"}, headers={"X-Text": "1"})
    assert (stale.status_code, stale.json()) == (409, {"refused": True})


@pytest.mark.parametrize(
    "body",
    ["{" * 100_000, "{a b}" * 20_000, "<script>\U0001f600" * 10_000, "1 300 tkr\n" * 10_000, "x" * 1_000_000, "\0 &"],
)
@pytest.mark.slow
def test_hostile_text_is_read_in_bounded_time_and_escaped(october: FollowUp, client: Client, body: str) -> None:
    client.force_login(User.objects.get(username="controller"))
    review = ask(client, "granska", **{"analysis-body": body})["reviews"][ANALYSIS]
    assert "<script>" not in review
    assert ("900\xa0000 tecken för lång" in review) == (len(body) == 1_000_000)
    form = analysis(client.get(URL)) | {"analysis-body": body}
    answer = client.post(URL, form)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert analysis(answer)["analysis-body"].replace("\0", "") == body.replace("\0", "")


def test_of_an_approved_follow_up_the_texts_read_with_the_published_figures(october: FollowUp, client: Client) -> None:
    write(october, ReportText.Key.INTRODUCTION, "Året slutar med {prognos}.")
    FollowUp.objects.update(state=FollowUp.State.READY)
    publish.approve(follow_up=FollowUp.objects.get(), by=User.objects.get(username="chef"))
    Forecast.objects.update(amount=0)
    client.force_login(User.objects.get(username="controller"))
    page = text_of(client.get(URL)).replace("\xa0", " ")
    assert "Året slutar med ett underskott om 813 tkr ." in page
    assert not forms_of(client.get(URL))
