"""An existing list of decisions out of a file: looked at first, saved whole or not at all, and only once."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from decisions import actions, importing
from decisions.importing import Effect
from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from sydit.access import Role
from sydit.errors import Refused
from sydit.imports import RefusedRows
from sydit.models import User
from tests import factories
from tests.pages import text_of

HEADER = "Datum;§;Beslut;Ansvarig;Förfallodatum;Status;Kommentar"
LIST = f"""{HEADER}
2024-01-30;§ 10;Förvaltningen ska spara;Åsa Ek;2024-12-31;pågår;Arbetet pågår
2024-02-27;19;"Ett beslut
på två rader";;;;
"""
PAGE = "/beslut/las-in/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary() -> User:
    return factories.user(role=Role.SECRETARY)


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


def save(text: str, follow_up: FollowUp | None, by: User) -> importing.Plan:
    content = text.encode()
    return importing.save(content=content, follow_up=follow_up, seen=importing.plan(content, follow_up).mark, by=by)


def problems(text: str, follow_up: FollowUp | None = None) -> list[tuple[int | None, str, str, str]]:
    with pytest.raises(RefusedRows) as refused:
        importing.plan(text.encode(), follow_up)
    return [(each.row, each.column, each.value, each.message) for each in refused.value.problems]


def test_each_row_becomes_a_decision_with_its_status(follow_up: FollowUp, secretary: User) -> None:
    save(LIST, follow_up, secretary)
    first, second = Decision.objects.order_by("decided_on")
    assert (first.decided_on, first.paragraph, first.responsible) == (dt.date(2024, 1, 30), 10, "Åsa Ek")
    assert (first.due_on, second.text) == (dt.date(2024, 12, 31), "Ett beslut\npå två rader")
    said = StatusUpdate.objects.get()
    assert (said.decision, said.follow_up, said.status, said.comment) == (first, follow_up, "ongoing", "Arbetet pågår")


def test_a_workbook_says_the_same_as_the_text(follow_up: FollowUp, secretary: User) -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(HEADER.split(";"))
    book.active.append([dt.date(2024, 1, 30), 10, "Förvaltningen ska spara", "Åsa Ek", dt.date(2024, 12, 31)])
    book.save(file)
    importing.save(
        content=file.getvalue(), follow_up=None, seen=importing.plan(file.getvalue(), None).mark, by=secretary
    )
    assert importing.plan(
        LIST.splitlines()[0].encode() + b"\n2024-01-30;10;F\xc3\xb6rvaltningen ska spara", None
    ).count(importing.Effect.SAME)


def test_the_same_file_again_changes_nothing(follow_up: FollowUp, secretary: User) -> None:
    save(LIST, follow_up, secretary)
    again = save(LIST, follow_up, secretary)
    assert (again.changes_anything, again.count(importing.Effect.SAME)) == (False, 2)
    assert set(Decision.objects.values_list("version", flat=True)) == {1}
    assert StatusUpdate.objects.get().version == 1


def test_a_blank_cell_leaves_what_the_register_says(follow_up: FollowUp, secretary: User) -> None:
    save(LIST, follow_up, secretary)
    save(f"{HEADER}\n2024-01-30;10;En ny text;;;;\n", follow_up, secretary)
    stored = Decision.objects.get(paragraph=10)
    assert (stored.text, stored.responsible, stored.due_on) == ("En ny text", "Åsa Ek", dt.date(2024, 12, 31))
    assert StatusUpdate.objects.get().comment == "Arbetet pågår"


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("30/1 2024;10;Text;;;;", "Datum", "är inget datum"),
        (";10;Text;;;;", "Datum", "Datum saknas."),
        ("2024-01-30;tio;Text;;;;", "Paragraf", "Skriv bara paragrafens nummer"),
        ("2024-01-30;10;;;;;", "Beslut", "Beslutets text saknas."),
        ("2024-01-30;10;Text;;2024-01-01;;", "Förfallodatum", "kan inte förfalla"),
        ("2024-01-30;10;Text;;;Snart klart;", "Status", "är ingen status. De som finns är: Ej påbörjat"),
        ("2024-01-30;11;Text;;;;Bara ord", "Kommentar", "En kommentar behöver en status."),
        ("2024-02-27;19;Samma igen;;;;", "Paragraf", "står redan på rad 3"),
    ],
)
def test_a_row_that_is_wrong_is_told_by_its_place_and_stops_the_file(
    follow_up: FollowUp, row: str, column: str, told: str
) -> None:
    (problem,) = problems(f"{LIST}{row}\n", follow_up)
    assert problem[:2] == (5, column)
    assert told in problem[3]
    assert not Decision.objects.exists()


def test_every_wrong_row_is_told_at_once() -> None:
    assert [problem[0] for problem in problems(f"{HEADER}\nx;1;Text\n2024-01-01;y;Text\n")] == [2, 3]


def test_a_status_needs_a_follow_up() -> None:
    assert problems(LIST) == [(2, "Status", "pågår", "Välj vilken uppföljning filens status och kommentarer gäller.")]


def test_a_closed_decision_takes_no_status_from_a_file(follow_up: FollowUp, secretary: User) -> None:
    closed = factories.decision()
    actions.close_decision(
        decision=closed, closed_on=dt.date(2024, 12, 10), paragraph=5, seen_version=closed.version, by=secretary
    )
    (problem,) = problems(LIST, follow_up)
    assert "Beslutet är avslutat, 2024-12-10" in problem[3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Filen är tom."),
        (b"Datum;Paragraf\n2024-01-30;10\n", "saknar rubriken ”Beslut”"),
        (b"Datum;Paragraf;Beslut;Text\n2024-01-30;10;a;b\n", "flera kolumner för ”Beslut”"),
        (b"Datum;Paragraf;Beslut\n", "inga rader under den"),
        (b'Datum;Paragraf;Beslut\n2024-01-30;10;"utan slut\n', "ett citattecken saknas"),
        (b"PK\x03\x04 ingen arbetsbok", "skadad"),
        (b"x" * (1 << 20) + b"x", "större än 1 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_reason(content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        importing.plan(content, None)


def test_what_changed_after_the_preview_is_not_overwritten(follow_up: FollowUp, secretary: User) -> None:
    seen = importing.plan(LIST.encode(), follow_up).mark
    factories.decision()
    with pytest.raises(Refused, match="Registret har ändrats"):
        importing.save(content=LIST.encode(), follow_up=follow_up, seen=seen, by=secretary)
    assert Decision.objects.count() == 1


def test_a_follow_up_that_closed_meanwhile_saves_no_row(follow_up: FollowUp, secretary: User) -> None:
    FollowUp.objects.update(state=FollowUp.State.READY)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        save(LIST, follow_up, secretary)
    assert not Decision.objects.exists()


def test_only_the_secretary_saves_a_list(follow_up: FollowUp) -> None:
    with pytest.raises(PermissionDenied):
        save(LIST, follow_up, factories.user(role=Role.ADMINISTRATOR))


def upload(client: Client, text: str, follow_up: FollowUp | None) -> object:
    file = SimpleUploadedFile("beslut.csv", text.encode())
    return client.post(PAGE, {"file": file, "follow_up": follow_up.pk if follow_up else ""})


def test_a_file_is_looked_at_and_then_saved(client: Client, follow_up: FollowUp, secretary: User) -> None:
    client.force_login(secretary)
    preview = upload(client, LIST, follow_up)
    assert "Nytt 2 Ändras 0 Oförändrat 0" in text_of(preview)
    assert not Decision.objects.exists()
    form = {name: preview.context["form"][name].value() for name in ("content", "seen", "follow_up")}
    saved = client.post(f"{PAGE}spara/", form, follow=True)
    assert "Listan är sparad: 2 nya beslut och 0 ändrade." in text_of(saved)
    assert "Det finns inget att spara." in text_of(upload(client, LIST, follow_up))


def test_a_wrong_file_is_answered_with_its_rows_and_the_form(client: Client, secretary: User) -> None:
    client.force_login(secretary)
    response = upload(client, f"{HEADER}\nx;1;Text\n", None)
    assert response.status_code == 422
    assert "Rad 2 Datum ”x”" in text_of(response)
    assert 'type="file"' in response.content.decode()


def test_a_preview_that_no_longer_holds_is_shown_anew(client: Client, follow_up: FollowUp, secretary: User) -> None:
    client.force_login(secretary)
    preview = upload(client, LIST, follow_up)
    form = {name: preview.context["form"][name].value() for name in ("content", "seen", "follow_up")}
    factories.decision()
    response = client.post(f"{PAGE}spara/", form)
    assert response.status_code == 409
    assert "Registret har ändrats" in text_of(response)
    assert "Nytt 1 Ändras 1 Oförändrat 0" in text_of(response)


def test_a_file_that_did_not_arrive_whole_saves_nothing(client: Client, secretary: User) -> None:
    client.force_login(secretary)
    response = client.post(f"{PAGE}spara/", {"content": "???", "seen": "x"}, follow=True)
    assert "Filen kom inte fram hel" in text_of(response)
    assert not Decision.objects.exists()


@pytest.mark.slow
def test_the_register_s_own_export_is_read_again_as_unchanged(
    client: Client, follow_up: FollowUp, secretary: User
) -> None:
    save(LIST, follow_up, secretary)
    first, second = Decision.objects.order_by("decided_on")
    actions.close_decision(decision=first, closed_on=dt.date(2024, 12, 10), paragraph=5, seen_version=1, by=secretary)
    client.force_login(secretary)
    exported = client.get("/beslut/beslut.xlsx?visa=alla").content
    for where in (None, follow_up):
        read = importing.plan(exported, where)
        assert read.count(Effect.SAME) == len(read.rows) == 2
        assert read.unused == ("Sagt i uppföljningen", "Avslutat")
    book = load_workbook(io.BytesIO(exported))
    book.active["D3"] = "Kim Berg"
    book.save(changed := io.BytesIO())
    content = changed.getvalue()
    importing.save(content=content, follow_up=None, seen=importing.plan(content, None).mark, by=secretary)
    second.refresh_from_db()
    assert (second.responsible, second.text) == ("Kim Berg", "Ett beslut\npå två rader")
