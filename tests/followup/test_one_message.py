"""A single entry is saved with one message where the database takes it: with the same result as otherwise."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from followup import actions, forecasts
from followup.forecasts import ForecastEntry, Saved, Stored
from followup.models import FollowUp, Forecast, PartReady
from followup.parts import Part
from investments.actions import submit_forecasts as submit_for_projects
from investments.models import ProjectForecast
from sydit import at_once as at_once_module
from sydit.access import Role
from sydit.at_once import takes_messages
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.periods import Month
from tests import factories

STORED = {"amount": 500, "comment": "Hyran steg.", "version": 3}
MOMENTS_AND_KEYS = {"id", "changed_at", "history_id", "history_date"}


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
    "another comment": Case({"comment": "Hyran föll. 100 % säkert; 'så' är det \\ %s."}, True),
    "another reason, of a project": Case({"amount": 600, "reason": "cost"}, True),
    "a comment beside months": Case({"comment": "Så är det."}, False, {**STORED, "months": [100, 400]}),
    "a year over months that were not seen": Case({"amount": 600}, False, {**STORED, "months": [100, 400]}),
    "a year instead of months": Case({"amount": 600, "keeps_months": False}, False, {**STORED, "months": [100, 400]}),
    "as it is": Case({}, False),
    "an older version": Case({"amount": 600, "seen_version": 2}, False),
    "an older version, as it is": Case({"seen_version": 2}, False),
    "a version that there cannot be": Case({"amount": 600, "seen_version": 2**31}, False),
    "by month": Case({"months": [1, 2], "keeps_months": False}, False),
    "the first": Case({"amount": 600, "seen_version": 0}, True, None),
    "the first, of nothing but kronor": Case({"amount": 0, "comment": "", "seen_version": 0}, True, None),
    "the first, only a comment": Case({"amount": None, "comment": "100 %", "seen_version": 0}, True, None),
    "nothing at first": Case({"amount": None, "comment": "", "reason": "", "seen_version": 0}, False, None),
    "the first, by month": Case({"months": [1, 2], "keeps_months": False, "seen_version": 0}, False, None),
    "the first, where another was first": Case({"amount": 600, "seen_version": 0}, False),
    "the first, the part is ready": Case(
        {"amount": 600, "seen_version": 0}, False, None, (Part.ECONOMY, Part.INVESTMENTS)
    ),
    "the first, it is approved": Case({"amount": 600, "seen_version": 0}, False, None, state=FollowUp.State.APPROVED),
    "of a row that is gone": Case({"amount": 600}, False, None),
    "a comment of last time": Case({"amount": 600}, True, {**STORED, "confirmed": False}),
    "a comment of last time, as it is": Case({}, False, {**STORED, "confirmed": False}),
    "a comment of last time, confirmed": Case({"confirms": True}, True, {**STORED, "confirmed": False}),
    "a comment of last time, another": Case({"comment": "Ny."}, True, {**STORED, "confirmed": False}),
    "a comment of last time, no more": Case({"comment": ""}, True, {**STORED, "confirmed": False}),
    "confirmed once more": Case({"confirms": True}, False),
    "another part is ready": Case({"amount": 600}, True, ready=(Part.TEXTS,)),
    "the part is ready": Case({"amount": 600}, False, ready=(Part.ECONOMY, Part.INVESTMENTS)),
    "all is ready": Case({"amount": 600}, False, state=FollowUp.State.READY),
    "it is approved": Case({"amount": 600}, False, state=FollowUp.State.APPROVED),
    "another month": Case({"amount": 600}, False, month=9),
}


@dataclass(frozen=True)
class Grid:
    """One of the two grids, an entry that changes nothing in it, and another subject."""

    model: type[Any]
    subject: str
    submit: Callable[..., Saved]
    entry: ForecastEntry
    neighbour: int
    stored: Mapping[str, Any] = field(default_factory=dict)

    def store(self, follow_up: FollowUp, subject: int, by: User, values: Mapping[str, Any]) -> None:
        of = {"follow_up": follow_up, f"{self.subject}_id": subject}
        self.model(**of, **{**self.stored, **values}, changed_by=by, changed_at=timezone.now()).save()

    def left(self) -> list[list[dict[str, Any]]]:
        """All that is stored and all its history, but for moments and keys of their own."""
        return [
            [{name: value for name, value in row.items() if name not in MOMENTS_AND_KEYS} for row in rows.values()]
            for rows in (
                self.model.objects.order_by("follow_up", self.subject),
                self.model.history.order_by("history_id"),
            )
        ]


@pytest.fixture(params=["categories", "projects"])
def grid(request: pytest.FixtureRequest) -> Grid:
    if request.param == "categories":
        entry = ForecastEntry(factories.category().pk, "Lokaler", 500, "Hyran steg.", seen_version=3)
        neighbour = factories.category(key="other", name="Resor").pk
        return Grid(Forecast, "category", actions.submit_forecasts, entry, neighbour)
    entry = ForecastEntry(factories.project().pk, "IT Invest", 500, "Hyran steg.", seen_version=3, reason="delay")
    neighbour = factories.project(code="91003").pk
    return Grid(ProjectForecast, "project", submit_for_projects, entry, neighbour, {"reason": "delay"})


@dataclass(frozen=True)
class Office:
    """Who has stored and who saves, in the follow-up that is open and in one that is not."""

    before: User
    by: User
    follow_up: FollowUp
    published: FollowUp


def outcome(grid: Grid, case: Case, office: Office) -> dict[str, Any]:
    """What a save returns or refuses, and all that it leaves. Beside the row there are two of the same version: of the
    follow-up's other subject, and of the same subject in a follow-up that is approved."""
    for rows in (PartReady.objects, grid.model.objects, grid.model.history):
        rows.all().delete()
    follow_up, subject = FollowUp.objects.get(pk=office.follow_up.pk), grid.entry.subject_id
    if case.stored is not None:
        grid.store(follow_up, subject, office.before, case.stored)
    grid.store(follow_up, grid.neighbour, office.before, STORED)
    grid.store(office.published, subject, office.before, STORED)
    for part in case.ready:
        PartReady(follow_up=follow_up, part=part, by=office.before, at=timezone.now()).record(by=office.before)
    FollowUp.objects.filter(pk=follow_up.pk).update(state=case.state)
    follow_up.month = case.month
    began, told = timezone.now(), None
    try:
        told = grid.submit(
            follow_up=follow_up, entries=[replace(grid.entry, **{"keeps_months": True, **case.entered})], by=office.by
        )
    except (Refused, StaleEdit) as refused:
        told = str(refused)
    for row in grid.model.objects.filter(changed_by=office.by):
        assert began <= row.changed_at <= timezone.now()
        assert abs(row.history.first().history_date - row.changed_at) < dt.timedelta(seconds=1)
    return {"told": told, "left": grid.left()}


@pytest.mark.django_db(transaction=True)
def test_it_saves_refuses_and_tells_as_step_by_step(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    before, by = factories.user(name="Åsa"), factories.user(role=Role.CONTROLLER, name="Karin")
    published = factories.follow_up(month=Month(2024, 4), state=FollowUp.State.APPROVED)
    factories.follow_up(month=Month(2023, 10))  # is open all the time
    office = Office(before, by, factories.follow_up(month=Month(2024, 10)), published)
    done: list[Saved | None] = []
    plain_at_once = forecasts.store_at_once

    def at_once(*args: Any, **kwargs: Any) -> Saved | None:
        done.append(plain_at_once(*args, **kwargs))
        return done[-1]

    monkeypatch.setattr(forecasts, "store_at_once", at_once)
    for name, case in CASES.items():
        result = outcome(grid, case, office)
        assert bool(done.pop()) is (case.is_at_once and takes_messages()), name
        with monkeypatch.context() as patched:
            patched.setattr(forecasts, "takes_messages", lambda: False)
            assert outcome(grid, case, office) == result, name
            assert done.pop() is None
    if takes_messages():
        planned = [
            text for text, how in at_once_module._plans[connection.connection].items() if how.startswith("EXECUTE")
        ]
        for writing in ("UPDATE", "ON CONFLICT"):
            assert [text for text in planned if writing in text]


def test_what_is_stored_is_told_by_the_names_of_its_columns() -> None:
    for model, subject in ((Forecast, "category"), (ProjectForecast, "project")):
        names = forecasts._names(model, subject)
        assert names == (f"{subject}_id", *Stored._fields[1 : len(names)])


@pytest.mark.django_db(transaction=True)
def test_who_waits_while_the_part_is_marked_ready_saves_nothing() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    follow_up, category = factories.follow_up(month=Month(2024, 10)), factories.category()
    by = factories.user(role=Role.CONTROLLER)
    entry = ForecastEntry(category.pk, "Lokaler", 500, "", seen_version=0, keeps_months=True)
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
