"""A single entry is saved with one message where the database takes it: with the same result as otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from followup import actions, forecasts
from followup.forecasts import ForecastEntry, Saved
from followup.models import FollowUp, Forecast, PartReady
from followup.parts import Part
from investments.actions import submit_forecasts as submit_for_projects
from investments.models import ProjectForecast
from sydit.access import Role
from sydit.at_once import takes_messages
from sydit.errors import Refused, StaleEdit
from sydit.periods import Month
from tests import factories

STORED = {"amount": 500, "comment": "Hyran steg.", "version": 3}


@dataclass(frozen=True)
class Case:
    """What is stored, entered and true of the follow-up; and whether one message does it."""

    entered: Mapping[str, Any]
    is_at_once: bool
    stored: Mapping[str, Any] | None = field(default_factory=lambda: STORED)
    ready: tuple[Part, ...] = ()
    state: FollowUp.State = FollowUp.State.OPEN
    month: int = 10


CASES = {
    "another amount": Case({"amount": 600}, True),
    "no amount": Case({"amount": None}, True),
    "another comment": Case({"comment": "Hyran föll. 100 % säkert; 'så' är det."}, True),
    "instead of months": Case({"amount": 600}, True, {**STORED, "months": [100, 400]}),
    "as it is": Case({}, False),
    "an older version": Case({"amount": 600, "seen_version": 2}, False),
    "an older version, as it is": Case({"seen_version": 2}, False),
    "by month": Case({"months": [1, 2]}, False),
    "the first": Case({"amount": 600, "seen_version": 0}, False, None),
    "a comment of last time": Case({"amount": 600}, False, {**STORED, "confirmed": False}),
    "a comment of last time, confirmed": Case({"confirms": True}, False, {**STORED, "confirmed": False}),
    "another part is ready": Case({"amount": 600}, True, ready=(Part.TEXTS,)),
    "the part is ready": Case({"amount": 600}, False, ready=(Part.ECONOMY, Part.INVESTMENTS)),
    "all is ready": Case({"amount": 600}, False, state=FollowUp.State.READY),
    "it is approved": Case({"amount": 600}, False, state=FollowUp.State.APPROVED),
    "another month": Case({"amount": 600}, False, month=9),
}


@dataclass(frozen=True)
class Grid:
    """One of the two grids, and an entry that changes nothing in it."""

    model: type[Any]
    subject: str
    submit: Callable[..., Saved]
    entry: ForecastEntry
    stored: Mapping[str, Any] = field(default_factory=dict)


@pytest.fixture(params=["categories", "projects"])
def grid(request: pytest.FixtureRequest) -> Grid:
    if request.param == "categories":
        entry = ForecastEntry(factories.category().pk, "Lokaler", 500, "Hyran steg.", seen_version=3)
        return Grid(Forecast, "category", actions.submit_forecasts, entry)
    entry = ForecastEntry(factories.project().pk, "IT Invest", 500, "Hyran steg.", seen_version=3, reason="delay")
    return Grid(ProjectForecast, "project", submit_for_projects, entry, {"reason": "delay"})


def outcome(grid: Grid, case: Case, follow_up: FollowUp, by: Any) -> dict[str, Any]:
    """What the save returned or refused, and all that it left, but for moments and its own keys; then undone."""
    told: object
    with transaction.atomic():
        try:
            told = grid.submit(follow_up=follow_up, entries=[replace(grid.entry, **case.entered)], by=by)
        except (Refused, StaleEdit) as refused:
            told = str(refused)
        moments = {"id", "changed_at", "history_id", "history_date"}
        left = [
            [{name: value for name, value in row.items() if name not in moments} for row in manager.values()]
            for manager in (grid.model.objects, grid.model.history)
        ]
        transaction.set_rollback(True)
    return {"told": told, "left": left}


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_saves_refuses_and_tells_as_step_by_step(case: Case, grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    follow_up, by = factories.follow_up(), factories.user(role=Role.CONTROLLER, name="Karin")
    if case.stored is not None:
        of = {"follow_up": follow_up, f"{grid.subject}_id": grid.entry.subject_id}
        grid.model(**of, **grid.stored, **case.stored, changed_by=by, changed_at=timezone.now()).save()
    for part in case.ready:
        PartReady(follow_up=follow_up, part=part, by=by, at=timezone.now()).record(by=by)
    FollowUp.objects.filter(pk=follow_up.pk).update(state=case.state)
    follow_up.month = case.month
    done: list[Saved | None] = []

    def at_once(*args: Any, **kwargs: Any) -> Saved | None:
        done.append(forecasts_at_once(*args, **kwargs))
        return done[-1]

    forecasts_at_once = forecasts.store_at_once
    monkeypatch.setattr(forecasts, "store_at_once", at_once)
    result = outcome(grid, case, follow_up, by)
    assert bool(done.pop()) is (case.is_at_once and takes_messages())
    monkeypatch.setattr(forecasts, "takes_messages", lambda: False)
    assert result == outcome(grid, case, follow_up, by)
    assert done == [None]


@pytest.mark.django_db(transaction=True)
def test_who_waits_while_the_part_is_marked_ready_saves_nothing() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    follow_up, category = factories.follow_up(month=Month(2024, 10)), factories.category()
    by = factories.user(role=Role.CONTROLLER)
    entry = ForecastEntry(category.pk, "Lokaler", 500, "", seen_version=0)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=by)
    began, told = threading.Event(), []

    def late() -> None:
        began.set()
        try:
            actions.submit_forecasts(follow_up=follow_up, entries=[replace(entry, amount=600, seen_version=1)], by=by)
        except Refused as refused:
            told.append(str(refused))
        connections.close_all()

    thread = threading.Thread(target=late)
    with transaction.atomic():
        actions.lock_follow_up(follow_up)
        thread.start()
        began.wait(10)
        thread.join(0.3)
        assert thread.is_alive()
        PartReady(follow_up=follow_up, part=Part.ECONOMY, by=by, at=timezone.now()).record(by=by)
    thread.join(10)
    assert [sentence.partition(" och ")[2] for sentence in told] == [
        "tar inte emot ändringar. Öppna den igen på sidan Godkännande om något ska ändras. Inget har sparats."
    ]
    assert Forecast.objects.get().amount == 500
