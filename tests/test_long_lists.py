"""Lists of 2 000 decisions and 500 projects answer within twice the time of lists of 20."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.test import Client

from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from investments.models import InvestmentProject
from sydit.access import Role
from sydit.models import User
from tests import factories

LISTS = (
    "/beslut/",
    "/beslut/?sort=-latest_status",
    "/beslut/?urval=ororda",
    "/beslut/?q=beslut",
    "/uppfoljning/2024-10/beslut/",
    "/uppfoljning/2024-10/beslut/andrat/",
    "/investeringar/",
    "/investeringar/?q=projekt",
)
TRIES = 7  # the quickest of them is what the page costs, whatever else the machine does

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def fill(follow_up: FollowUp, by: User, *, decisions: range, projects: range) -> None:
    made = Decision.objects.bulk_create(
        Decision(decided_on=dt.date(2000, 1, 1), paragraph=number + 1, text=f"Beslut {number}", changed_by=by)
        for number in decisions
    )
    StatusUpdate.objects.bulk_create(
        StatusUpdate(follow_up=follow_up, decision=each, status="ongoing", comment="Pågår", changed_by=by, version=1)
        for each in made
    )
    for number in projects:
        InvestmentProject.objects.create(code=f"T{number:03}", name=f"Projekt {number}", position=number)


def seconds(client: Client, address: str) -> float:
    def once() -> float:
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        return time.perf_counter() - began

    return min(once() for _ in range(TRIES))


def test_a_long_list_answers_within_twice_the_time_of_a_short_one(client: Client) -> None:
    by, follow_up = factories.user(role=Role.SECRETARY), factories.follow_up()
    client.force_login(by)
    fill(follow_up, by, decisions=range(20), projects=range(20))
    short = {address: seconds(client, address) for address in LISTS}
    fill(follow_up, by, decisions=range(20, 2000), projects=range(20, 500))
    ratios = {address: seconds(client, address) / short[address] for address in LISTS}
    assert {address: round(ratio, 1) for address, ratio in ratios.items() if ratio > 2} == {}
