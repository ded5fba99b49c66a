"""What the three lists that are read out of files share: a long one asks the database no more than a short one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from followup import measures
from sydit.access import Role
from sydit.periods import Month
from tests import factories
from tests.followup.test_measures import ENTRY

LISTS = [
    (Role.SECRETARY, "/beslut/las-in/", "Datum;§;Beslut;Ansvarig", "2024-01-30;{0};Beslut {0};Åsa Ek", 6),
    (Role.ADMINISTRATOR, "/investeringar/las-in/", "Projektkod;Projekt;Kommun", "95{0:03};Nät {0};Lekeberg", 6),
    (Role.CONTROLLER, "/atgarder/las-in/", "Åtgärd;Ansvarig;Effekt i år", "Åtgärd {0};Åsa Ek;10 tkr", 6),
]
Queries = Callable[[int], AbstractContextManager[object]]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "address", "header", "row", "queries"), LISTS)
def test_looking_at_a_long_list_costs_the_queries_of_a_short_one(
    client: Client, role: Role, address: str, header: str, row: str, queries: int, django_assert_num_queries: Queries
) -> None:
    factories.municipality()
    follow_up = factories.follow_up()
    client.force_login(factories.user(role=role))
    for count in (2, 80):
        text = "\n".join((header, *(row.format(number) for number in range(1, count + 1))))
        file = SimpleUploadedFile("lista.csv", text.encode())
        with django_assert_num_queries(queries):
            answer = client.post(address, {"file": file, "follow_up": follow_up.pk})
        assert answer.status_code == 200, answer.content.decode()
        assert len(answer.context["plan"].changing) == count


def test_a_measure_s_page_costs_the_same_whatever_its_history(
    client: Client, django_assert_num_queries: Queries
) -> None:
    by, follow_up = factories.user(role=Role.CONTROLLER), factories.follow_up()
    row = measures.add(follow_up=follow_up, entry=ENTRY, by=by)
    client.force_login(by)
    for month in (11, 12):
        with django_assert_num_queries(4):
            assert client.get(f"/atgarder/{row.key}/").status_code == 200
        later = factories.follow_up(month=Month(2024, month))
        measures.carry_forward(to=later, by=by)
        (row,) = later.measures.all()
        entry = replace(ENTRY, effect_so_far=month)
        measures.change(follow_up=later, measure=row, entry=entry, seen_version=row.version, by=by)
