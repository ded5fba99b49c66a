"""What is to be mended before publication: which part it belongs to, how hard it stops, and who mends it where."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup import measures
from followup.measures import MeasureEntry
from followup.models import FollowUp, Forecast, Measure, ReportText
from followup.parts import Part
from investments.models import ProjectForecast
from sydit.access import GRANTS, Role
from sydit.models import User
from sydit.report.build import read_inputs
from sydit.report.checks import Check, Level, all_checks, red, yellow
from tests import factories

pytestmark = pytest.mark.django_db


def checks_of(follow_up: FollowUp) -> tuple[Check, ...]:
    return all_checks(read_inputs(follow_up))


def told(checks: tuple[Check, ...]) -> list[tuple[Part | None, str]]:
    return [(check.part, check.message) for check in checks]


def test_whoever_owns_a_part_may_write_in_it() -> None:
    assert {part: part.role for part in Part} == {
        Part.ECONOMY: Role.CONTROLLER,
        Part.INVESTMENTS: Role.CONTROLLER,
        Part.DECISIONS: Role.SECRETARY,
        Part.MEASURES: Role.CONTROLLER,
        Part.TEXTS: Role.CONTROLLER,
    }
    assert all(part.permission in GRANTS[part.role] for part in Part)


def test_an_empty_follow_up_is_told_what_it_lacks_part_by_part_and_who_mends_it() -> None:
    factories.category(key="rent", name="Lokalhyror", prefixes=("50",))
    factories.project(budget=100)
    factories.booked_import("202401;60110;5,00", "202401;12100;1,00;91002")
    factories.decision()
    found = checks_of(factories.follow_up(month=factories.OCTOBER.shifted(-8)))
    assert [(check.part, check.key, check.mended_by) for check in found] == [
        (Part.ECONOMY, "missing-month/2024-02", Role.ADMINISTRATOR),
        (Part.ECONOMY, "unassigned", Role.ADMINISTRATOR),
        (Part.ECONOMY, "missing-budget/rent", Role.ADMINISTRATOR),
        (Part.ECONOMY, "missing-forecast/rent", Role.CONTROLLER),
        (Part.INVESTMENTS, "missing-forecast/91002", Role.CONTROLLER),
        (Part.DECISIONS, f"untouched/{found[5].key.rpartition('/')[2]}", Role.SECRETARY),
        (Part.TEXTS, "empty/analysis", Role.CONTROLLER),
        (Part.TEXTS, "empty/action-plan", Role.CONTROLLER),
        (None, "registry-number", Role.SECRETARY),
        (None, "meeting-date", Role.SECRETARY),
    ]
    assert {check.level for check in found} == {Level.RED}


def test_the_keys_of_the_checks_are_told_apart_and_their_pages_exist(october: FollowUp) -> None:
    Forecast.objects.update(amount=None)
    ProjectForecast.objects.update(amount=None)
    ReportText.objects.update(body="")
    Measure.objects.create(follow_up=october, what="Spara", confirmed=False)
    found = checks_of(october)
    assert len({check.key for check in found if check.part is Part.ECONOMY}) == 10
    assert len({(check.part, check.key) for check in found}) == len(found)
    assert all(check.url.startswith("/uppfoljning/2024-10/") for check in found)


def test_a_ledger_whose_lines_are_not_its_file_stops_the_economy(october: FollowUp) -> None:
    factories.LedgerImport.objects.get().months.filter(month=3).update(total=1)
    (check,) = checks_of(october)
    assert (check.level, check.part, check.key) == (Level.RED, Part.ECONOMY, "not-reconciled")
    assert check.url == "/uppfoljning/2024-10/avstamning/"


def test_what_was_carried_and_not_confirmed_stops_and_what_lacks_something_asks_why(october: FollowUp) -> None:
    controller = User.objects.get(username="controller")
    measures.add(
        follow_up=october, entry=MeasureEntry("Spara", None, "", None, None, None, None, "planned"), by=controller
    )
    Measure.objects.update(confirmed=False)
    found = checks_of(october)
    assert told(red(found)) == [
        (Part.MEASURES, "Åtgärden ”Spara” är orörd sedan förra gången: bekräfta eller skriv om den.")
    ]
    assert told(yellow(found)) == [(Part.MEASURES, "Åtgärden ”Spara”: saknar belopp, saknar ansvarig, saknar datum.")]


@pytest.mark.counts_queries
def test_the_checks_ask_the_database_a_fixed_number_of_times(october: FollowUp) -> None:
    """For comments, carried comments of categories and of projects; and once for decisions and last time's texts, which
    are kept: the tables' marks before, and after something was computed."""
    inputs = read_inputs(october)
    for expected in (3 + 2 + 2, 3 + 1):
        with CaptureQueriesContext(connection) as queries:
            all_checks(inputs)
        assert len(queries) == expected


def test_what_the_figure_check_marks_asks_for_a_reason_once_a_text(october: FollowUp) -> None:
    assert not [check for check in checks_of(october) if check.part is Part.TEXTS]
    body = "Licenserna ger ett underskott om -1 500 tkr. Det prognosticeras, det prognostiseras. {prognos}"
    ReportText.objects.filter(key=ReportText.Key.ACTION_PLAN).update(body=body)
    (check,) = checks_of(october)
    assert (check.level, check.part, check.key) == (Level.YELLOW, Part.TEXTS, "marks/action-plan")
    assert check.message == (
        "Granskningen märker i texten ”Åtgärdsplan för budget i balans”: 1 × fel tecken, 1 × två stavningar."
    )
    assert check.url == "/uppfoljning/2024-10/texter/#action-plan"
    ReportText.objects.filter(key=ReportText.Key.ANALYSIS).update(body="Allt går bra.")
    lacking = next(check for check in checks_of(october) if check.key == "marks/analysis")
    assert "6 × post utan ord" in lacking.message
