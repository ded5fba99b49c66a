"""Lists of 2 000 decisions and 500 projects take at most twice the work of lists of 20.

Work is counted in calls of functions, which are the same on a busy machine; bench/ tells what it is in time.
"""

from __future__ import annotations

import cProfile
import datetime as dt
import pstats

import pytest
from django.test import Client

from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp, Measure
from investments.models import InvestmentProject, ProjectBudgetEntry, ProjectForecast
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
    "/uppfoljning/2024-10/investeringar/",
    "/uppfoljning/2024-10/investeringar/oversikt/",
    "/kommun/gemensamt/",
    "/uppfoljning/2024-10/atgarder/",
    "/atgarder/",
    "/atgarder/?q=atgard",
)

# What a row more in the whole list's workbook may cost, in calls: under half of what looking its fonts up would.
WORKBOOKS = {
    "/beslut/beslut.xlsx": 2000,
    "/investeringar/investeringsprojekt.xlsx": 2700,
    "/atgarder/atgarder.xlsx": 2300,
}

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def fill(follow_up: FollowUp, by: User, *, decisions: range, projects: range, measures: range) -> None:
    made = Decision.objects.bulk_create(
        Decision(decided_on=dt.date(2000, 1, 1), paragraph=number + 1, text=f"Beslut {number}", changed_by=by)
        for number in decisions
    )
    StatusUpdate.objects.bulk_create(
        StatusUpdate(follow_up=follow_up, decision=each, status="ongoing", comment="Pågår", changed_by=by, version=1)
        for each in made
    )
    Measure.objects.bulk_create(
        Measure(follow_up=follow_up, what=f"Atgard {number}", changed_by=by) for number in measures
    )
    of_projects = [
        InvestmentProject.objects.create(code=f"T{number:03}", name=f"Projekt {number}", position=number)
        for number in projects
    ]
    ProjectBudgetEntry.objects.bulk_create(
        ProjectBudgetEntry(project=each, fiscal_year=follow_up.fiscal_year, amount=10_000_000, recorded_by=by)
        for each in of_projects
    )
    ProjectForecast.objects.bulk_create(
        ProjectForecast(follow_up=follow_up, project=each, amount=9_000_000, changed_by=by, version=1)
        for each in of_projects
    )


def calls(client: Client, address: str) -> int:
    client.get(address)  # what is done once, such as reading a template, is no part of it
    with cProfile.Profile() as profile:
        answer = client.get(address)
    assert answer.status_code == 200
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_a_long_list_answers_with_twice_the_work_of_a_short_one(client: Client) -> None:
    by, follow_up = factories.user(role=Role.SECRETARY), factories.follow_up()
    client.force_login(by)
    fill(follow_up, by, decisions=range(20), projects=range(20), measures=range(20))
    short = {address: calls(client, address) for address in LISTS}
    fill(follow_up, by, decisions=range(20, 2000), projects=range(20, 500), measures=range(20, 500))
    ratios = {address: calls(client, address) / short[address] for address in LISTS}
    assert {address: round(ratio, 1) for address, ratio in ratios.items() if ratio > 2} == {}


def test_a_row_more_in_a_workbook_costs_little_more_than_its_texts(client: Client) -> None:
    by, follow_up = factories.user(role=Role.SECRETARY), factories.follow_up()
    client.force_login(by)
    fill(follow_up, by, decisions=range(20), projects=range(20), measures=range(20))
    short = {address: calls(client, address) for address in WORKBOOKS}
    fill(follow_up, by, decisions=range(20, 220), projects=range(20, 220), measures=range(20, 220))
    a_row = {address: (calls(client, address) - short[address]) / 200 for address in WORKBOOKS}
    assert {address: cost for address, cost in a_row.items() if cost > WORKBOOKS[address]} == {}
