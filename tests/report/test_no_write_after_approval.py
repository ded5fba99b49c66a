"""An approved follow-up takes no write from any action; and a change whose history cannot be written is no change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError
from simple_history.signals import pre_create_historical_record

import decisions.actions
import investments.actions
from followup import actions, measures
from followup.measures import MeasureEntry
from followup.models import FollowUp, Measure, ReportText
from followup.parts import Part
from sydit.access import Role
from sydit.errors import Refused
from sydit.models import User
from sydit.report import publish, readiness
from tests import factories

pytestmark = pytest.mark.django_db

ENTRY = MeasureEntry("Spara", None, "", None, None, None, None, "planned")
Act = Callable[[FollowUp, dict[Role, User]], object]


def a_measure(follow_up: FollowUp) -> Measure:
    return Measure.objects.create(follow_up=follow_up, what="Spara mer")


WRITES: dict[str, Act] = {
    "forecasts": lambda f, by: actions.submit_forecasts(follow_up=f, entries=[], by=by[Role.CONTROLLER]),
    "project forecasts": lambda f, by: investments.actions.submit_forecasts(
        follow_up=f, entries=[], by=by[Role.CONTROLLER]
    ),
    "text": lambda f, by: actions.write_text(
        follow_up=f, key="analysis", body="Ny", seen_version=0, by=by[Role.CONTROLLER]
    ),
    "measure": lambda f, by: measures.add(follow_up=f, entry=ENTRY, by=by[Role.CONTROLLER]),
    "measure changed": lambda f, by: measures.change(
        follow_up=f, measure=a_measure(f), entry=ENTRY, seen_version=0, by=by[Role.CONTROLLER]
    ),
    "measure removed": lambda f, by: measures.remove(
        follow_up=f, measure=a_measure(f), seen_version=0, by=by[Role.CONTROLLER]
    ),
    "status": lambda f, by: decisions.actions.update_status(
        follow_up=f, decision=factories.decision(), status="done", comment="", seen_version=0, by=by[Role.SECRETARY]
    ),
    "mark ready": lambda f, by: readiness.mark_ready(follow_up=f, part=Part.TEXTS, by=by[Role.CONTROLLER]),
    "open a part": lambda f, by: readiness.open_part(follow_up=f, part=Part.TEXTS, by=by[Role.CONTROLLER]),
    "send back": lambda f, by: readiness.send_back(follow_up=f, parts=[Part.TEXTS], comment="Ändra", by=by[Role.HEAD]),
    "approve": lambda f, by: publish.approve(follow_up=f, by=by[Role.HEAD]),
}


@pytest.mark.parametrize("name", WRITES)
def test_an_approved_follow_up_takes_no_write(name: str) -> None:
    stale_tab = factories.follow_up()
    FollowUp.objects.update(state=FollowUp.State.APPROVED)
    people = {role: factories.user(role=role) for role in Role}
    with pytest.raises(Refused, match="godkänd"):
        WRITES[name](stale_tab, people)
    assert FollowUp.objects.get().version == stale_tab.version


def test_a_change_whose_history_cannot_be_written_is_no_change() -> None:
    follow_up, controller = factories.follow_up(), factories.user(role=Role.CONTROLLER)
    text = {"follow_up": follow_up, "key": "analysis", "by": controller}
    actions.write_text(**text, body="Först", seen_version=0)

    def fail(**kwargs: object) -> None:
        raise DatabaseError("the history's table is full")

    pre_create_historical_record.connect(fail)
    try:
        with pytest.raises(DatabaseError):
            actions.write_text(**text, body="Sedan", seen_version=1)
    finally:
        pre_create_historical_record.disconnect(fail)
    row = ReportText.objects.get()
    assert (row.body, row.version, row.history.count()) == ("Först", 1, 1)
