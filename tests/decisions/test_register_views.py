"""The register of the decisions: list, filter, export, one decision's page, and what the secretary does there."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from decisions import actions
from decisions.actions import Content
from decisions.models import Decision
from followup.models import FollowUp
from sydit.access import Role
from sydit.models import User
from sydit.periods import Month
from sydit.tables import PER_PAGE
from tests import factories
from tests.pages import form_of, text_of

REGISTER = "/beslut/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary() -> User:
    return factories.user(role=Role.SECRETARY, name="Karin Kollega")


@pytest.fixture
def logged_in(client: Client, secretary: User) -> Client:
    client.force_login(secretary)
    return client


def add(by: User, paragraph: int, text: str, *, responsible: str = "", due_on: dt.date | None = None) -> Decision:
    content = Content(dt.date(2024, 1, paragraph), paragraph, text, responsible, due_on)
    return actions.add_decision(content=content, by=by)


def say(follow_up: FollowUp, decision: Decision, status: str, comment: str, by: User) -> None:
    actions.update_status(follow_up=follow_up, decision=decision, status=status, comment=comment, seen_version=0, by=by)


@pytest.fixture
def three(secretary: User) -> tuple[Decision, Decision, Decision]:
    """An open one that nobody has spoken of, one that is under way and past due, and one that is closed."""
    untouched = add(secretary, 1, "Äldst och orört")
    ongoing = add(secretary, 2, "Pågående", responsible="Åsa Ek", due_on=dt.date(2024, 2, 1))
    closed = add(secretary, 3, "Avklarat och stängt")
    follow_up = factories.follow_up()
    say(follow_up, ongoing, "ongoing", "Arbetet pågår i Laxå", secretary)
    say(follow_up, closed, "done", "Klart", secretary)
    actions.close_decision(decision=closed, closed_on=dt.date(2024, 12, 10), paragraph=5, seen_version=1, by=secretary)
    return untouched, ongoing, closed


def shown(client: Client, query: str = "") -> list[int]:
    """The paragraphs of the decisions on the page, from the top."""
    return [row.record.paragraph for row in client.get(REGISTER + query).context["table"].paginated_rows]


@pytest.mark.parametrize(
    ("query", "paragraphs"),
    [
        ("", [1, 2]),
        ("?visa=avslutade", [3]),
        ("?visa=alla", [1, 2, 3]),
        ("?visa=alla&status=done", [3]),
        ("?urval=ororda", [1]),
        ("?urval=forfallna", [2]),
        ("?q=pågående", [2]),
        ("?q=åsa", [2]),
        ("?q=laxå", [2]),
        ("?q=ÄLDST", [1]),
        ("?visa=alla&q=stängt+avklarat", [3]),
        ("?visa=alla&q=2024-01-03", [3]),
        ("?q=§+2", [2]),
        ("?q=§99999", []),
        ("?q=finns+inte", []),
        ("?visa=alla&sort=-reference", [3, 2, 1]),
    ],
)
def test_the_register_shows_what_is_asked_for(
    logged_in: Client, three: tuple[Decision, ...], query: str, paragraphs: list[int]
) -> None:
    assert shown(logged_in, query) == paragraphs


@pytest.mark.parametrize("query", ["?visa=x", "?status=x", "?urval=x", f"?q={'x' * 101}"])
def test_a_filter_that_cannot_be_read_is_told_and_narrows_nothing(
    logged_in: Client, three: tuple[Decision, ...], query: str
) -> None:
    response = logged_in.get(REGISTER + query)
    assert response.context["filter"].errors
    assert len(response.context["table"].paginated_rows) >= 2


@pytest.mark.parametrize("column", ["reference", "text", "responsible", "due_on", "latest_status", "given", "closed"])
def test_the_register_can_be_sorted_by_every_column(
    logged_in: Client, three: tuple[Decision, ...], column: str
) -> None:
    both = [shown(logged_in, f"?visa=alla&sort={sign}{column}") for sign in ("", "-")]
    assert sorted(both[0]) == sorted(both[1]) == [1, 2, 3]
    assert both[0] != both[1]


def test_what_is_only_carried_is_no_status_of_the_register(
    logged_in: Client, three: tuple[Decision, ...], secretary: User
) -> None:
    later = factories.follow_up(month=Month(2024, 12))
    actions.carry_forward(to=later, by=factories.user(role=Role.CONTROLLER))
    assert "Pågår Arbetet pågår i Laxå oktober 2024" in " ".join(text_of(logged_in.get(REGISTER)).split())
    assert shown(logged_in, "?urval=ororda") == [1, 2]


def test_two_thousand_decisions_cost_the_queries_of_twenty_and_a_page_of_rows(
    logged_in: Client, secretary: User, django_assert_num_queries: object
) -> None:
    def fill(numbers: range) -> None:
        Decision.objects.bulk_create(
            Decision(decided_on=dt.date(2000, 1, 1), paragraph=number, text=f"Beslut {number}", changed_by=secretary)
            for number in numbers
        )

    factories.follow_up()
    fill(range(1, 21))
    with django_assert_num_queries(5):
        assert len(shown(logged_in)) == 20
    fill(range(21, 2001))
    for query in ("", "?page=7", "?q=beslut", "?urval=ororda", "?sort=-latest_status"):
        with django_assert_num_queries(5):
            assert len(shown(logged_in, query)) == PER_PAGE


def test_the_workbook_holds_every_page_of_what_is_filtered(
    logged_in: Client, three: tuple[Decision, ...], secretary: User
) -> None:
    response = logged_in.get("/beslut/beslut.xlsx?visa=alla&sort=-reference&page=2")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="beslut-')
    header, *rows = load_workbook(BytesIO(response.content)).active.values
    assert header[:6] == ("Datum", "Paragraf", "Vad nämnden beslutade", "Ansvarig", "Förfaller", "Senaste status")
    assert [row[2] for row in rows] == ["Avklarat och stängt", "Pågående", "Äldst och orört"]
    assert rows[1][3:8] == (
        "Åsa Ek", dt.datetime(2024, 2, 1), "Pågår", "Arbetet pågår i Laxå", "oktober 2024"
    )  # fmt: skip
    assert rows[0][8] == "2024-12-10 §\N{NO-BREAK SPACE}5"


def test_a_text_that_looks_like_a_formula_is_a_text_in_the_workbook(logged_in: Client, secretary: User) -> None:
    add(secretary, 1, '=HYPERLINK("x")')
    cell = load_workbook(BytesIO(logged_in.get("/beslut/beslut.xlsx").content)).active["C2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_a_decision_s_page_tells_its_whole_history_by_follow_up(
    logged_in: Client, three: tuple[Decision, ...], secretary: User
) -> None:
    closed = three[2]
    text = text_of(logged_in.get(f"{REGISTER}{closed.pk}/"))
    assert "oktober 2024 Avklarat Klart Karin Kollega" in text
    assert "Avslutat av nämnden 2024-12-10 § 5, av Karin Kollega" in text
    assert text.index("Avslutat av nämnden 2024") < text.index("Registrerat")


def test_each_version_of_a_status_is_kept_and_the_one_in_force_is_marked(
    logged_in: Client, three: tuple[Decision, ...], secretary: User
) -> None:
    ongoing = three[1]
    actions.update_status(
        follow_up=FollowUp.objects.get(), decision=ongoing, status="done", comment="", seen_version=1, by=secretary
    )
    rows = logged_in.get(f"{REGISTER}{ongoing.pk}/").context["history"].rows
    assert [row.record.status for row in rows] == ["done", "ongoing"]
    states = [str(row.get_cell("state")) for row in rows]
    assert ["Gäller" in states[0], "Ersatt" in states[1]] == [True, True]


def test_a_decision_s_page_costs_the_same_number_of_queries_whatever_its_history(
    logged_in: Client, three: tuple[Decision, ...], secretary: User, django_assert_num_queries: object
) -> None:
    page = f"{REGISTER}{three[1].pk}/"
    with django_assert_num_queries(5):
        logged_in.get(page)
    for month in range(1, 9):
        say(factories.follow_up(month=Month(2025, month)), three[1], "ongoing", "", secretary)
    with django_assert_num_queries(5):
        logged_in.get(page)


def test_the_secretary_adds_a_decision(logged_in: Client) -> None:
    form = form_of(logged_in.get("/beslut/nytt/")) | {
        "decided_on": "2024-01-30",
        "paragraph": "§ 10",
        "text": "Spara",
        "responsible": "Åsa Ek",
        "due_on": "2024-12-31",
    }
    response = logged_in.post("/beslut/nytt/", form, follow=True)
    assert "är registrerat" in text_of(response)
    stored = Decision.objects.get()
    assert Content.of(stored) == Content(dt.date(2024, 1, 30), 10, "Spara", "Åsa Ek", dt.date(2024, 12, 31))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"decided_on": "30/1"}, "är inget datum"),
        ({"paragraph": "tio"}, "Skriv bara paragrafens nummer"),
        ({"text": ""}, "Skriv vad nämnden beslutade."),
        ({"due_on": "2024-01-01"}, "kan inte förfalla 2024-01-01"),
    ],
)
def test_what_cannot_be_read_saves_nothing_and_stands_there_still(
    logged_in: Client, typed: dict[str, str], told: str
) -> None:
    form = {"decided_on": "2024-01-30", "paragraph": "10", "text": "Spara", "due_on": "", "version": "0"} | typed
    response = logged_in.post("/beslut/nytt/", form)
    assert response.status_code == 422
    assert told in text_of(response)
    assert form_of(response)["paragraph"] == form["paragraph"]
    assert not Decision.objects.exists()


def test_a_decision_that_exists_is_not_added_again(logged_in: Client, secretary: User) -> None:
    add(secretary, 3, "Det första")
    form = {"decided_on": "2024-01-03", "paragraph": "3", "text": "Det andra", "version": "0"}
    response = logged_in.post("/beslut/nytt/", form)
    assert response.status_code == 409
    assert "Det finns redan ett beslut 2024-01-03 § 3." in text_of(response)
    assert form_of(response)["text"] == "Det andra"
    assert Decision.objects.get().text == "Det första"


def test_a_stale_change_saves_nothing_and_can_be_sent_again(logged_in: Client, secretary: User) -> None:
    decision = add(secretary, 3, "Först")
    page = f"{REGISTER}{decision.pk}/andra/"
    form = form_of(logged_in.get(page))
    other = Content(decision.decided_on, 3, "Först", "Kollegan")
    actions.edit_decision(decision=decision, content=other, seen_version=1, by=secretary)
    response = logged_in.post(page, form | {"text": "Min text"})
    assert response.status_code == 409
    assert "har ändrats av Karin Kollega" in text_of(response)
    assert Decision.objects.get().text == "Först"
    assert logged_in.post(page, form_of(response)).status_code == 302
    stored = Decision.objects.get()
    assert (stored.text, stored.responsible) == ("Min text", "Kollegan")


def test_the_secretary_notes_a_closing_and_takes_it_back(logged_in: Client, secretary: User) -> None:
    decision = add(secretary, 3, "Avsluta mig")
    page = f"{REGISTER}{decision.pk}/"
    form = form_of(logged_in.get(page)) | {"closed_on": "2024-12-10", "paragraph": "5"}
    assert "Beslutet är avslutat, 2024-12-10 § 5." in text_of(logged_in.post(f"{page}avsluta/", form, follow=True))
    again = logged_in.post(f"{page}oppna/", {"version": "2"}, follow=True)
    assert "är öppet igen" in text_of(again)
    assert Decision.objects.get().is_open


@pytest.mark.parametrize(("day", "status"), [("", 422), ("2023-01-01", 409), ("2999-01-01", 409)])
def test_a_closing_that_cannot_be_is_refused_and_stands_there_still(
    logged_in: Client, secretary: User, day: str, status: int
) -> None:
    decision = add(secretary, 3, "Avsluta mig")
    form = {"closed_on": day, "paragraph": "5", "version": "1"}
    response = logged_in.post(f"{REGISTER}{decision.pk}/avsluta/", form)
    assert response.status_code == status
    assert form_of(response)["paragraph"] == "5"
    assert Decision.objects.get().is_open


def test_a_closing_of_what_somebody_else_closed_is_told(logged_in: Client, secretary: User) -> None:
    decision = add(secretary, 3, "Avsluta mig")
    actions.close_decision(
        decision=decision, closed_on=dt.date(2024, 12, 10), paragraph=5, seen_version=1, by=secretary
    )
    form = {"closed_on": "2024-12-11", "paragraph": "6", "version": "1"}
    response = logged_in.post(f"{REGISTER}{decision.pk}/avsluta/", form)
    assert response.status_code == 409
    assert "har ändrats av Karin Kollega" in text_of(response)
    assert Decision.objects.get().closed_paragraph == 5


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMINISTRATOR, Role.HEAD])
def test_other_staff_read_the_register_and_find_nothing_to_write_with(
    client: Client, three: tuple[Decision, ...], role: Role
) -> None:
    client.force_login(factories.user(role=role))
    assert "Nytt beslut" not in text_of(client.get(REGISTER))
    assert 'method="post"' not in client.get(f"{REGISTER}{three[0].pk}/").content.decode().split("<main")[1]


def test_a_reader_sees_nothing_of_the_register(client: Client, three: tuple[Decision, ...]) -> None:
    client.force_login(factories.user(role=Role.READER))
    for page in ("", "beslut.xlsx", f"{three[0].pk}/", "nytt/", "las-in/"):
        assert client.get(REGISTER + page).status_code == 403
