"""The register of the measures: each once, as it stood last; filter, search, order, workbook and history."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from followup import measures
from followup.models import FollowUp, Measure
from sydit import occasions
from sydit.access import Role
from sydit.models import User
from sydit.periods import Month
from sydit.tables import PER_PAGE
from tests import factories
from tests.followup.test_measures import ENTRY, TKR
from tests.pages import text_of

REGISTER = "/atgarder/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller() -> User:
    return factories.user(role=Role.CONTROLLER, name="Karin Kollega")


@pytest.fixture
def logged_in(client: Client, controller: User) -> Client:
    client.force_login(controller)
    return client


@pytest.fixture
def three(controller: User) -> tuple[Measure, ...]:
    """One that is carried on to October and grew there, one that is done, and one of October without an owner."""
    august = factories.follow_up(month=Month(2024, 8))
    category = factories.category(name="Licenser")
    entries = (
        replace(ENTRY, category_id=category.pk),
        replace(ENTRY, what="Sälj möbler", status=Measure.Status.DROPPED, due_on=None),
    )
    carried, dropped = (measures.add(follow_up=august, entry=entry, by=controller) for entry in entries)
    october = occasions.open_follow_up(month=Month(2024, 10), by=controller)
    here = Measure.objects.get(follow_up=october, key=carried.key)
    grown = replace(entries[0], effect_this_year=150 * TKR)
    measures.change(follow_up=october, measure=here, entry=grown, seen_version=1, by=controller)
    new = measures.add(
        follow_up=october,
        entry=replace(ENTRY, what="Ärligt nytt", owner="", due_on=None, status="planned"),
        by=controller,
    )
    return carried, dropped, new


def shown(client: Client, query: str = "") -> list[str]:
    return [row.record.what for row in client.get(REGISTER + query).context["table"].paginated_rows]


LICENCES, SOLD, NEW = ENTRY.what, "Sälj möbler", "Ärligt nytt"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [LICENCES, NEW]),
        ("?visa=alla", [LICENCES, SOLD, NEW]),
        ("?status=dropped", [SOLD]),
        ("?ar=2024", [LICENCES, NEW]),
        ("?urval=saknar", [NEW]),
        ("?urval=forfallna", [LICENCES]),
        ("?urval=obekraftade", []),
        ("?q=ÄRLIGT", [NEW]),
        ("?q=licenser", [LICENCES]),
        ("?q=licensansvarig+säg", [LICENCES]),
    ],
)
def test_the_register_shows_each_measure_once_as_it_is_asked_for(
    logged_in: Client, three: tuple[Measure, ...], query: str, found: list[str]
) -> None:
    assert sorted(shown(logged_in, query)) == sorted(found)


def test_a_measure_stands_as_it_stood_last(logged_in: Client, three: tuple[Measure, ...]) -> None:
    page = text_of(logged_in.get(REGISTER)).replace("\xa0", " ")
    assert f"{LICENCES} Licenser Licensansvarig 2024-12-01 Förfallet Pågår 150 400 saknas oktober 2024" in page
    assert "Saknar ansvarig Saknar datum" in page


@pytest.mark.parametrize(
    "column", ["what", "category", "owner", "due_on", "status", "this_year", "full_year", "so_far", "given"]
)
def test_the_register_can_be_sorted_by_every_column(logged_in: Client, three: tuple[Measure, ...], column: str) -> None:
    for sign in ("", "-"):
        assert len(shown(logged_in, f"?visa=alla&sort={sign}{column}")) == 3


def test_a_page_costs_the_same_queries_whatever_the_list(
    logged_in: Client, controller: User, django_assert_num_queries: object
) -> None:
    follow_up = factories.follow_up()
    for numbers in (range(5), range(5, 60)):
        for number in numbers:
            measures.add(follow_up=follow_up, entry=replace(ENTRY, what=f"Nummer {number}"), by=controller)
        with django_assert_num_queries(7):
            assert len(shown(logged_in)) == min(numbers.stop, PER_PAGE)


def test_the_workbook_holds_what_is_filtered(logged_in: Client, three: tuple[Measure, ...]) -> None:
    answer = logged_in.get(f"{REGISTER}atgarder.xlsx?visa=alla&sort=what")
    header, first, *_ = load_workbook(BytesIO(answer.content)).active.values
    assert header[:7] == (
        "Åtgärd", "Kostnadskategori", "Ansvarig", "Klar senast", "Status", "Effekt i år", "Effekt på helår"
    )  # fmt: skip
    assert first[:8] == (
        LICENCES, "Licenser", "Licensansvarig", dt.datetime(2024, 12, 1), "Pågår", 150_000, 400_000, None
    )  # fmt: skip
    assert first[-1] == str(three[0].key)


def test_a_measure_s_page_has_its_whole_history_by_follow_up(logged_in: Client, three: tuple[Measure, ...]) -> None:
    answer = logged_in.get(f"{REGISTER}{three[0].key}/")
    page = text_of(answer).replace("\xa0", " ")
    assert "Som den står i uppföljningen oktober 2024." in page
    rows = answer.context["history"].rows
    assert [(row.record.month, row.record.effect_this_year) for row in rows] == [
        (10, 150 * TKR),
        (10, 100 * TKR),
        (8, 100 * TKR),
    ]
    assert [str(row.get_cell("state")).count("Ersatt") for row in rows] == [0, 1, 0]
    assert "Ändra i uppföljningen" in page
    FollowUp.objects.update(state=FollowUp.State.READY)
    assert "Öppna i uppföljningen" in text_of(logged_in.get(f"{REGISTER}{three[0].key}/"))
    assert logged_in.get(f"{REGISTER}{uuid.uuid4()}/").status_code == 404


def test_the_register_is_for_the_staff(client: Client, three: tuple[Measure, ...]) -> None:
    client.force_login(factories.user(role=Role.READER))
    for page in (REGISTER, f"{REGISTER}atgarder.xlsx", f"{REGISTER}{three[0].key}/", f"{REGISTER}las-in/"):
        assert client.get(page).status_code == 403
