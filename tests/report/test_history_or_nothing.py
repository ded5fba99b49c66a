"""A change whose history cannot be written is no change: whatever is changed, everything stays as it was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

import decisions.actions
import investments.actions
from decisions.actions import Content
from decisions.models import Decision, StatusUpdate
from followup import actions, measures
from followup.forecasts import ForecastEntry
from followup.measures import MeasureEntry
from followup.models import AccountRule, CostCategory, FollowUp, Forecast, Measure, ReportText
from followup.parts import Part
from investments.models import ProjectForecast
from sydit import master_data, occasions
from sydit.models import User
from sydit.periods import Month
from sydit.report import publish, readiness
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OURS = ("sydit", "followup", "decisions", "investments")
ENTRY = MeasureEntry("Spara", None, "", None, None, None, None, "planned")
Act = Callable[[FollowUp], object]


def user(name: str) -> User:
    return User.objects.get(username=name)


def forecast(follow_up: FollowUp) -> object:
    row = Forecast.objects.filter(follow_up=follow_up).earliest("pk")
    entry = ForecastEntry(row.category_id, "x", 1, "Ny", row.version)
    return actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=user("controller"))


def project_forecast(follow_up: FollowUp) -> object:
    row = ProjectForecast.objects.filter(follow_up=follow_up).earliest("pk")
    entry = ForecastEntry(row.project_id, "x", 1, "Ny", row.version)
    return investments.actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=user("controller"))


def text(follow_up: FollowUp) -> object:
    row = ReportText.objects.get(follow_up=follow_up, key="analysis")
    by = user("controller")
    return actions.write_text(follow_up=follow_up, key="analysis", body="Ny", seen_version=row.version, by=by)


def measure_added(follow_up: FollowUp) -> object:
    return measures.add(follow_up=follow_up, entry=ENTRY, by=user("controller"))


def measure_changed(follow_up: FollowUp) -> object:
    row = Measure.objects.filter(follow_up=follow_up).earliest("pk")
    by = user("controller")
    return measures.change(follow_up=follow_up, measure=row, entry=ENTRY, seen_version=row.version, by=by)


def measure_removed(follow_up: FollowUp) -> object:
    row = Measure.objects.filter(follow_up=follow_up).earliest("pk")
    return measures.remove(follow_up=follow_up, measure=row, seen_version=row.version, by=user("controller"))


def status(follow_up: FollowUp) -> object:
    row = StatusUpdate.objects.filter(follow_up=follow_up).earliest("pk")
    return decisions.actions.update_status(
        follow_up=follow_up,
        decision=row.decision,
        status="dropped",
        comment="Ny",
        seen_version=row.version,
        by=user("sekreterare"),
    )


def decision_added(_: FollowUp) -> object:
    content = Content(dt.date(2024, 1, 1), 999, "Nytt")
    return decisions.actions.add_decision(content=content, by=user("sekreterare"))


def decision_closed(_: FollowUp) -> object:
    row = Decision.objects.open().earliest("pk")
    return decisions.actions.close_decision(
        decision=row, closed_on=dt.date(2024, 12, 10), paragraph=5, seen_version=row.version, by=user("sekreterare")
    )


def part_marked(follow_up: FollowUp) -> object:
    reasons = factories.reasons(follow_up)
    return readiness.mark_ready(follow_up=follow_up, part=Part.DECISIONS, reasons=reasons, by=user("sekreterare"))


def part_opened(follow_up: FollowUp) -> object:
    return readiness.open_part(follow_up=follow_up, part=Part.DECISIONS, by=user("sekreterare"))


def sent_back(follow_up: FollowUp) -> object:
    return readiness.send_back(follow_up=follow_up, parts=[Part.TEXTS], comment="Ändra", by=user("chef"))


def approved(follow_up: FollowUp) -> object:
    return publish.approve(follow_up=follow_up, by=user("chef"))


def begun(_: FollowUp) -> object:
    return occasions.open_follow_up(month=Month(2024, 11), by=user("controller"))


def category_changed(_: FollowUp) -> object:
    row = CostCategory.objects.earliest("pk")
    row.name = "Annat namn"
    return master_data.save(row, by=user("administrator"))


def rule_removed(_: FollowUp) -> object:
    return master_data.delete(AccountRule.objects.earliest("pk"), by=user("administrator"))


def project_registered(_: FollowUp) -> object:
    by = user("administrator")
    return investments.actions.register_project(code="99999", content=investments.actions.Content("Nytt"), by=by)


OPEN: tuple[Act, ...] = (
    forecast, project_forecast, text, measure_added, measure_changed, measure_removed, status, part_marked,
    decision_added, decision_closed, begun, category_changed, rule_removed, project_registered,
)  # fmt: skip


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of ours, but for the lines of the ledger and the marks that a write leaves."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    left_out = ("LedgerEntry", "ChangeMark", "MonthlyActual")
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in models
        if model.__name__ not in left_out
    }


def refuse_history(execute: Any, sql: str, *others: Any) -> Any:
    if re.search(r'INSERT INTO "\w*_historical', sql):
        raise DatabaseError("the history's table is full")
    return execute(sql, *others)


def try_in_vain(act: Act, follow_up: FollowUp) -> None:
    before = everything()
    with connection.execute_wrapper(refuse_history), pytest.raises(DatabaseError, match="table is full"):
        act(follow_up)
    assert everything() == before


@pytest.fixture
def follow_up(october: FollowUp) -> FollowUp:
    """The demonstration, with a measure that came into its plan here."""
    measures.add(
        follow_up=october, entry=MeasureEntry("Vänta", None, "", None, 1, 2, 3, "ongoing"), by=user("controller")
    )
    return october


def test_nothing_is_changed_in_an_open_follow_up(follow_up: FollowUp) -> None:
    for act in OPEN:
        try_in_vain(act, follow_up)
    factories.mark_ready(follow_up, Part.DECISIONS)
    try_in_vain(part_opened, follow_up)


@pytest.mark.parametrize("act", [sent_back, approved], ids=lambda act: act.__name__)
def test_nothing_is_changed_in_a_follow_up_that_is_ready(act: Act, october: FollowUp) -> None:
    try_in_vain(act, factories.mark_ready(october))


def test_with_their_history_the_same_changes_are_made(follow_up: FollowUp) -> None:
    for act in OPEN:
        before = everything()
        act(follow_up)
        assert everything() != before, act.__name__
