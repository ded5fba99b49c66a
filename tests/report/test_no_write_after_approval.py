"""An approved follow-up takes no write from any action."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import decisions.actions
import investments.actions
from followup import actions, measures
from followup.measures import MeasureEntry
from followup.models import FollowUp, Measure
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
