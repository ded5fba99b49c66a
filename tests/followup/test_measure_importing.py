"""A list of measures out of a file, into the plan of one follow-up: looked at first, saved whole or not at all."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from followup import measures
from followup.measures import importing
from followup.models import FollowUp, Measure
from sydit import occasions
from sydit.access import Role
from sydit.errors import Refused
from sydit.imports import Effect, RefusedRows
from sydit.models import User
from sydit.periods import Month
from tests import factories
from tests.followup.test_measures import ENTRY, TKR
from tests.pages import text_of

HEADER = "Åtgärd;Kostnadskategori;Ansvarig;Klar senast;Status;Effekt i år;Effekt på helår;Effekt hittills;Nyckel"
LIST = f"""{HEADER}
Säg upp avtal;licenser;Åsa Ek;2024-12-01;pågår;100 000,50;400 tkr;;
Sälj möbler;;;;;;;;
"""
PAGE = "/atgarder/las-in/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    factories.category(name="Licenser")
    return factories.follow_up()


@pytest.fixture
def controller() -> User:
    return factories.user(role=Role.CONTROLLER)


def save(text: str, follow_up: FollowUp, by: User) -> None:
    content = text.encode()
    seen = importing.plan(content, follow_up).mark
    importing.save(content=content, follow_up=follow_up, seen=seen, by=by)


def test_each_row_becomes_a_measure(follow_up: FollowUp, controller: User) -> None:
    save(LIST, follow_up, controller)
    first, second = Measure.objects.in_plan(follow_up)
    assert (first.what, first.category.name, first.owner, str(first.due_on)) == (
        "Säg upp avtal", "Licenser", "Åsa Ek", "2024-12-01"
    )  # fmt: skip
    assert (first.status, first.effect_this_year, first.effect_full_year, first.effect_so_far) == (
        "ongoing", 10_000_050, 400 * TKR, None
    )  # fmt: skip
    assert (second.status, second.category, second.effect_this_year) == ("planned", None, None)


def test_a_blank_cell_leaves_what_the_plan_says_and_the_same_file_changes_nothing(
    follow_up: FollowUp, controller: User
) -> None:
    save(LIST, follow_up, controller)
    save(f"{HEADER}\nsäg upp avtal;;Bo;;;;;;\n", follow_up, controller)
    stored = Measure.objects.get(owner="Bo")
    assert (stored.effect_full_year, stored.status, stored.version) == (400 * TKR, "ongoing", 2)
    assert importing.plan(f"{HEADER}\nsäg upp avtal;;Bo;;;;;;\n".encode(), follow_up).count(Effect.SAME) == 1


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (";;Bo;;;;;;", "Åtgärd", "Åtgärden saknas."),
        ("Ny;Resor;;;;;;;", "Kostnadskategori", "Kategorin finns inte i budgetåret 2024."),
        ("Ny;;;igår;;;;;", "Klar senast", "är inget datum"),
        ("Ny;;;;Kanske;;;;", "Status", "är ingen status. De som finns är: Planerad"),
        ("Ny;;;;;mycket;;;", "Effekt i år", "mycket"),
        ("Ny;;;;;;;;x", "Nyckel", "Nyckeln är ändrad."),
        ("Ny;;;;;;;;6f0f7c5e-0000-4000-8000-000000000000", "Nyckel", "finns inte i planen för oktober 2024"),
        ("SÄLJ möbler;;;;;;;;", "Åtgärd", "står redan på rad 3"),
    ],
)
def test_a_row_that_is_wrong_is_told_by_its_place_and_stops_the_file(
    follow_up: FollowUp, row: str, column: str, told: str
) -> None:
    with pytest.raises(RefusedRows) as refused:
        importing.plan(f"{LIST}{row}\n".encode(), follow_up)
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (4, column)
    assert told in problem.message


def test_a_carried_measure_is_confirmed_by_its_row(controller: User) -> None:
    august = factories.follow_up(month=Month(2024, 8))
    measures.add(follow_up=august, entry=ENTRY, by=controller)
    october = occasions.open_follow_up(month=Month(2024, 10), by=controller)
    save(f"Åtgärd\n{ENTRY.what}\n", october, controller)
    assert Measure.objects.get(follow_up=october).confirmed


def test_nothing_is_saved_where_it_may_not_be(follow_up: FollowUp, controller: User) -> None:
    seen = importing.plan(LIST.encode(), follow_up).mark
    with pytest.raises(PermissionDenied):
        save(LIST, follow_up, factories.user(role=Role.ADMINISTRATOR))
    measures.add(follow_up=follow_up, entry=ENTRY, by=controller)
    other = f"{HEADER}\n{ENTRY.what};;Bo;;;;;;\n".encode()
    stale = importing.plan(other, follow_up).mark
    save(f"{HEADER}\n{ENTRY.what};;Åsa;;;;;;\n", follow_up, controller)
    with pytest.raises(Refused, match="Registret har ändrats"):
        importing.save(content=other, follow_up=follow_up, seen=stale, by=controller)
    FollowUp.objects.update(state=FollowUp.State.READY)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        importing.save(content=LIST.encode(), follow_up=follow_up, seen=seen, by=controller)
    assert Measure.objects.get().owner == "Åsa"


def test_a_file_is_looked_at_and_then_saved_once(client: Client, follow_up: FollowUp, controller: User) -> None:
    client.force_login(controller)
    none = client.post(PAGE, {"file": SimpleUploadedFile("plan.csv", LIST.encode())})
    assert (none.status_code, "Välj den uppföljning" in text_of(none)) == (422, True)
    preview = client.post(PAGE, {"file": SimpleUploadedFile("plan.csv", LIST.encode()), "follow_up": follow_up.pk})
    told = text_of(preview).replace("\xa0", " ")
    assert "Åtgärderna hör till planen för oktober 2024." in told
    assert "Nytt 2 Ändras 0 Oförändrat 0" in told
    form = {name: preview.context["form"][name].value() for name in ("content", "seen")} | {"follow_up": follow_up.pk}
    assert f'name="follow_up" value="{follow_up.pk}"' in preview.content.decode()
    saved = client.post(f"{PAGE}spara/", form, follow=True)
    assert "Listan är sparad: 2 nya åtgärder och 0 ändrade." in text_of(saved)
    assert client.post(f"{PAGE}spara/", form).status_code == 409
    FollowUp.objects.update(state=FollowUp.State.READY)
    assert "Uppföljningen är inte öppen." in text_of(client.post(f"{PAGE}spara/", form, follow=True))
    assert Measure.objects.count() == 2


@pytest.mark.slow
def test_the_plan_s_own_export_is_read_again_as_unchanged(
    client: Client, follow_up: FollowUp, controller: User
) -> None:
    save(LIST, follow_up, controller)
    client.force_login(controller)
    for address in ("/uppfoljning/2024-10/atgarder/atgarder.xlsx", "/atgarder/atgarder.xlsx"):
        exported = client.get(address).content
        read = importing.plan(exported, follow_up)
        assert read.count(Effect.SAME) == len(read.rows) == 2
    book = load_workbook(io.BytesIO(exported))
    row = next(row for row in book.active.iter_rows(min_row=2) if row[0].value == "Säg upp avtal")
    row[0].value, row[5].value = "Säg upp alla avtal", 250_000
    book.save(changed := io.BytesIO())
    content = changed.getvalue()
    importing.save(content=content, follow_up=follow_up, seen=importing.plan(content, follow_up).mark, by=controller)
    stored = Measure.objects.get(what="Säg upp alla avtal")
    assert (stored.effect_this_year, stored.version, Measure.objects.count()) == (250 * TKR, 2, 2)
