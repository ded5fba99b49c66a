"""What is sorted by a text is in the order of the Swedish alphabet, on either database."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from decisions.models import Decision
from followup import actions
from followup.forecasts import ForecastEntry
from followup.models import ImportProfile, Measure
from investments.models import InvestmentProject, Municipality
from sydit import alphabet
from sydit.access import Role
from sydit.alphabet import Alphabetical, alphabetically
from tests import factories
from tests.pages import text_of

# Each begins with another letter, or with the same letter in another form.
IN_ORDER = [
    "1:a",
    "berg",
    "Bor",
    "Élin",
    "Emil",
    "Vera",
    "Wera",
    "Über",
    "yta",
    "zon",
    "Ångpanna",
    "æra",
    "Ärla",
    "Öbo",
]
MIXED = [IN_ORDER[number * 5 % 14] for number in range(14)]


def test_python_sorts_as_the_alphabet() -> None:
    assert sorted(MIXED, key=alphabet.key) == IN_ORDER
    assert alphabet.key("ÅÄÖ") == alphabet.key("åäö")


def test_a_letter_is_named_once_and_no_key_is_a_letter_of_another() -> None:
    letters = list(alphabet._KEYS)
    assert len(letters) == len(set(letters))
    assert all(len(letter) == len(key) == 1 for letter, key in alphabet._KEYS.items())
    assert not set(alphabet._KEYS.values()) & set(letters)


@pytest.mark.django_db
def test_the_database_sorts_as_python_in_either_direction_and_where_nothing_is_written() -> None:
    for number, name in enumerate(MIXED):
        factories.project(code=str(number), name=name)
    rows = InvestmentProject.objects.all()
    assert [row.name for row in alphabetically(rows.order_by("name"))] == IN_ORDER
    assert [row.name for row in alphabetically(rows.order_by("-name"))] == IN_ORDER[::-1]
    keys = dict(rows.values_list("name", Alphabetical("name")))
    assert keys == {name: alphabet.key(name) for name in MIXED}
    assert set(rows.values_list(Alphabetical("municipality__name"), flat=True)) == {None}


@pytest.mark.django_db
def test_what_is_no_text_keeps_its_order() -> None:
    rows = InvestmentProject.objects.order_by("start_year", "-municipality", "position")
    assert alphabetically(rows).query.order_by == rows.query.order_by
    assert alphabetically(Measure.objects.order_by("status")).query.order_by == ("status",)


@pytest.mark.django_db
def test_names_that_lists_choose_from_are_in_order() -> None:
    by = factories.user()
    for name in MIXED:
        factories.municipality(name=name)
        ImportProfile.objects.create(name=name, fingerprint=name, said={}, created_by=by)
    assert [each.name for each in Municipality.objects.all()] == IN_ORDER
    assert [each.name for each in ImportProfile.objects.all()] == IN_ORDER


def _decisions() -> None:
    for number, name in enumerate(MIXED, 1):
        Decision.objects.filter(pk=factories.decision(paragraph=number).pk).update(responsible=name)


def _projects() -> None:
    for number, name in enumerate(MIXED):
        factories.project(code=str(number), name="Ett projekt", municipality=factories.municipality(name=name))


def _users() -> None:
    for name in MIXED:
        factories.user(name=name)


def _changes() -> None:
    follow_up, category = factories.follow_up(by=factories.user(role=Role.CONTROLLER, name="0")), factories.category()
    for seen, name in enumerate(MIXED):
        entry = ForecastEntry(category.pk, category.name, seen, "", seen_version=seen)
        by = factories.user(role=Role.CONTROLLER, name=name)
        actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=by)


LISTS: dict[str, Callable[[], None]] = {
    "/beslut/?sort=responsible": _decisions,
    "/investeringar/?sort=owner": _projects,
    "/uppfoljning/2024-10/historik/?sort=by": _changes,
    "/admin/sydit/user/?o=1": _users,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "fill"), LISTS.items(), ids=LISTS)
def test_a_list_is_sorted_by_its_heading(address: str, fill: Callable[[], None], client: Client) -> None:
    fill()
    client.force_login(factories.user(role=Role.ADMINISTRATOR, name="0"))
    page = text_of(client.get(address))
    names = "|".join(map(re.escape, IN_ORDER))
    assert re.findall(rf"(?<!\w)(?:{names})(?!\w)", page)[-len(IN_ORDER) :] == IN_ORDER
