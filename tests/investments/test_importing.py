"""A list of projects out of a file: looked at first, saved whole or not at all, and only once."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from investments import importing
from investments.models import InvestmentProject, ProjectBudgetEntry
from sydit.access import Role
from sydit.errors import Refused
from sydit.imports import Effect, RefusedRows
from sydit.models import User
from tests import factories
from tests.pages import hidden_of, text_of

HEADER = "Projektkod;Projekt;Kommun;Ansvarig;Startår;Slutår;Total ram;Budgetår;Budget;Beslutsdatum;Paragraf"
LIST = f"""{HEADER}
91001;Nät Laxå;laxå;Åsa Ek;2024;2026;9 000 000;2024;2 500 000,50;2023-11-28;7
91002;Brandvägg;Gemensamt;;;;;;;;
"""
PAGE = "/investeringar/las-in/"
KR = 100  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year() -> None:
    factories.municipality(name="Laxå")
    factories.fiscal_year()


@pytest.fixture
def keeper() -> User:
    return factories.user(role=Role.ADMINISTRATOR)


def save(text: str, by: User) -> None:
    content = text.encode()
    importing.save(content=content, seen=importing.plan(content).mark, by=by)


def test_each_row_becomes_a_project_with_its_budget(keeper: User) -> None:
    save(LIST, keeper)
    laxa, shared = InvestmentProject.objects.order_by("code")
    assert (laxa.name, laxa.owner, laxa.responsible, laxa.years) == ("Nät Laxå", "Laxå", "Åsa Ek", "2024–2026")
    assert (laxa.frame, shared.municipality, shared.frame) == (9_000_000 * KR, None, None)
    entry = ProjectBudgetEntry.objects.get()
    assert (entry.project, entry.amount, entry.kind) == (laxa, 250_000_050, "original")
    assert (str(entry.decided_on), entry.paragraph, entry.recorded_by) == ("2023-11-28", "7", keeper)


def test_a_budget_is_what_it_is_to_be_and_the_difference_is_appended(keeper: User) -> None:
    save(LIST, keeper)
    save(f"{HEADER}\n91001;Nät Laxå;;;;;;2024;3 000 000;;\n", keeper)
    assert [(each.amount, each.kind) for each in ProjectBudgetEntry.objects.order_by("pk")] == [
        (250_000_050, "original"),
        (49_999_950, "adjustment"),
    ]
    assert InvestmentProject.objects.get(code="91001").version == 1  # nothing of the register changed
    assert importing.plan(f"{HEADER}\n91001;Nät Laxå;;;;;;2024;3 000 000;;\n".encode()).count(Effect.SAME) == 1


def test_a_blank_cell_leaves_what_the_register_says(keeper: User) -> None:
    save(LIST, keeper)
    save(f"{HEADER}\n91001;Nytt namn;;;;;;;;;\n", keeper)
    stored = InvestmentProject.objects.get(code="91001")
    assert (stored.name, stored.owner, stored.years, stored.frame) == (
        "Nytt namn", "Laxå", "2024–2026", 9_000_000 * KR
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (";Nät;Laxå;;;;;;;;", "Projektkod", "Projektkoden saknas."),
        ("a/b;Nät;Laxå;;;;;;;;", "Projektkod", "får inte innehålla /"),
        ("9;;Laxå;;;;;;;;", "Projekt", "Projektets namn saknas."),
        ("9;Nät;Örebro;;;;;;;;", "Kommun", "är ingen kommun. Skriv Laxå eller Gemensamt."),
        ("9;Nät;;;;;;;;;", "Kommun", "Projektet är nytt."),
        ("9;Nät;Laxå;;24;;;;;;", "Startår", "Skriv ett år mellan"),
        ("9;Nät;Laxå;;2025;2024;;;;;", "Slutår", "kan inte sluta 2024"),
        ("9;Nät;Laxå;;;;mycket;;;;", "Total ram", "mycket"),
        ("9;Nät;Laxå;;;;;;100;;", "Budgetår", "Skriv vilket budgetår"),
        ("9;Nät;Laxå;;;;;2031;100;;", "Budgetår", "Budgetåret 2031 är inte upplagt."),
        ("91001;Nät;Laxå;;;;;;;;", "Projektkod", "står redan på rad 2"),
    ],
)
def test_a_row_that_is_wrong_is_told_by_its_place_and_stops_the_file(row: str, column: str, told: str) -> None:
    with pytest.raises(RefusedRows) as refused:
        importing.plan(f"{LIST}{row}\n".encode())
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (4, column)
    assert told in problem.message


def test_what_changed_after_the_preview_is_not_overwritten(keeper: User) -> None:
    seen = importing.plan(LIST.encode()).mark
    save(LIST, keeper)
    with pytest.raises(Refused, match="Registret har ändrats"):
        importing.save(content=LIST.encode(), seen=seen, by=keeper)
    again = f"{HEADER}\n91001;Nät Laxå;;;;;;2024;1;;\n".encode()
    seen = importing.plan(again).mark
    project = InvestmentProject.objects.get(code="91001")
    ProjectBudgetEntry.objects.create(
        project=project, fiscal_year=factories.fiscal_year(), amount=1, recorded_by=keeper
    )
    with pytest.raises(Refused, match="Registret har ändrats"):
        importing.save(content=again, seen=seen, by=keeper)
    assert ProjectBudgetEntry.objects.count() == 2


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.SECRETARY, Role.READER])
def test_only_who_keeps_the_register_saves_a_list(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        save(LIST, factories.user(role=role))


def test_a_file_is_looked_at_and_then_saved_once(client: Client, keeper: User) -> None:
    client.force_login(keeper)
    preview = client.post(PAGE, {"file": SimpleUploadedFile("projekt.csv", LIST.encode())})
    told = text_of(preview).replace("\xa0", " ")
    assert "Nytt 2 Ändras 0 Oförändrat 0" in told
    assert "9 000 000,00 kr 2 500 000,50 kr (2024)" in told
    form = {name: preview.context["form"][name].value() for name in ("content", "seen")}
    saved = client.post(f"{PAGE}spara/", form, follow=True)
    assert "Listan är sparad: 2 nya projekt och 0 ändrade." in text_of(saved)
    twice = client.post(f"{PAGE}spara/", form)
    assert twice.status_code == 409
    assert (InvestmentProject.objects.count(), ProjectBudgetEntry.objects.count()) == (2, 1)
    wrong = client.post(PAGE, {"file": SimpleUploadedFile("projekt.csv", f"{HEADER}\n9;Nät;Ort;;;;;;;;\n".encode())})
    assert (wrong.status_code, "Rad 2 Kommun ”Ort”" in text_of(wrong)) == (422, True)


def test_a_report_that_is_published_meanwhile_is_told_and_the_list_can_be_saved_all_the_same(
    client: Client, keeper: User
) -> None:
    client.force_login(keeper)
    follow_up = factories.follow_up()
    preview = client.post(PAGE, {"file": SimpleUploadedFile("projekt.csv", LIST.encode())})
    assert "Uppföljningar som får den nya budgeten: oktober." in text_of(preview)
    factories.published(follow_up)
    late = client.post(f"{PAGE}spara/", hidden_of(preview))
    assert late.status_code == 409
    assert "En publicerad rapport ändras inte: ändringen syns i uppföljningar från och med nu." in text_of(late)
    assert not InvestmentProject.objects.exists()
    assert "Listan är sparad: 2 nya" in text_of(client.post(f"{PAGE}spara/", hidden_of(late), follow=True))


def test_a_list_without_budgets_says_nothing_of_reports(client: Client, keeper: User) -> None:
    client.force_login(keeper)
    follow_up = factories.follow_up()
    rows = f"{HEADER}\n91002;Brandvägg;Gemensamt;;;;;;;;\n"
    preview = client.post(PAGE, {"file": SimpleUploadedFile("projekt.csv", rows.encode())})
    assert "får den nya budgeten" not in text_of(preview)
    factories.published(follow_up)
    assert "Listan är sparad: 1 nya" in text_of(client.post(f"{PAGE}spara/", hidden_of(preview), follow=True))


def test_a_preview_tells_what_a_cell_replaces(client: Client, keeper: User) -> None:
    save(LIST, keeper)
    client.force_login(keeper)
    file = SimpleUploadedFile("projekt.csv", f"{HEADER}\n91001;Nät;;;;;;2024;1;;\n".encode())
    told = text_of(client.post(PAGE, {"file": file})).replace("\xa0", " ")
    assert "Nät (var Nät Laxå)" in told
    assert "1,00 kr (2024) (var 2 500 000,50 kr)" in told


@pytest.mark.slow
def test_the_register_s_own_export_is_read_again_as_unchanged(client: Client, keeper: User) -> None:
    save(LIST, keeper)
    client.force_login(keeper)
    exported = client.get("/investeringar/investeringsprojekt.xlsx").content
    read = importing.plan(exported)
    assert read.count(Effect.SAME) == len(read.rows) == 2
    book = load_workbook(io.BytesIO(exported))
    cells = {cell.value: cell.column for cell in book.active[1]}
    row = next(row for row in book.active.iter_rows(min_row=2) if row[0].value == "91001")
    row[cells["Budget"] - 1].value = 3_000_000
    book.save(changed := io.BytesIO())
    importing.save(content=changed.getvalue(), seen=importing.plan(changed.getvalue()).mark, by=keeper)
    assert sum(ProjectBudgetEntry.objects.values_list("amount", flat=True)) == 3_000_000 * KR
