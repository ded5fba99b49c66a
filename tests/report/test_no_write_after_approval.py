"""An approved follow-up takes no write from any action."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from io import StringIO

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from simple_history.models import HistoricalChanges

import decisions.actions
import investments.actions
from decisions.actions import Content
from decisions.models import Decision
from followup import actions, budget_actions, measures
from followup.budget_actions import Budgeted, Ground
from followup.details import change_details
from followup.measures import MeasureEntry
from followup.models import AccountRule, BudgetEntry, CostCategory, FollowUp, LedgerMonth, Measure
from followup.parts import Part
from sydit import demo, occasions
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
    "comments carried": lambda f, by: actions.carry_forward(to=f, by=by[Role.CONTROLLER]),
    "project comments carried": lambda f, by: investments.actions.carry_forward(to=f, by=by[Role.CONTROLLER]),
    "statuses carried": lambda f, by: decisions.actions.carry_forward(to=f, by=by[Role.CONTROLLER]),
    "measures carried": lambda f, by: measures.carry_forward(to=f, by=by[Role.CONTROLLER]),
    "details": lambda f, by: change_details(
        follow_up=f, registry_number="SYDIT 2024/1", meeting_date=None, seen_version=1, by=by[Role.SECRETARY]
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


# --- what is written beside a follow-up ------------------------------------------------------------------------------

OF_FOLLOW_UP = [
    model
    for model in apps.get_models()
    if any(getattr(field, "related_model", None) is FollowUp and field.concrete for field in model._meta.get_fields())
]


def rows_of(follow_up: FollowUp) -> dict[str, list[dict[str, object]]]:
    """The follow-up, every row that belongs to it, and its publications, with all their history."""
    found = {model.__name__: list(model.objects.filter(follow_up=follow_up).order_by("pk").values())  # type: ignore[attr-defined]
             for model in OF_FOLLOW_UP if not issubclass(model, HistoricalChanges)}  # fmt: skip
    return found | {"FollowUp": list(FollowUp.objects.filter(pk=follow_up.pk).values())}


def another_opening(by: dict[Role, User]) -> None:
    with pytest.raises(Refused, match="finns redan"):
        occasions.open_follow_up(month=factories.OCTOBER, by=by[Role.CONTROLLER])


def changed_in_the_admin(by: dict[Role, User]) -> None:
    client = Client()
    client.force_login(by[Role.ADMINISTRATOR])
    category = CostCategory.objects.get(key="lokalhyror")
    entry = {"category": category.pk, "amount": "9000", "note": "Rättelse"}
    assert client.post("/admin/followup/budgetentry/add/", entry).status_code == 403
    named = {
        "fiscal_year": category.fiscal_year_id,
        "key": category.key,
        "name": "Hyror",
        "position": category.position,
    }
    assert client.post(f"/admin/followup/costcategory/{category.pk}/change/", named).status_code == 302
    rule = AccountRule.objects.earliest("pk")
    assert client.post(f"/admin/followup/accountrule/{rule.pk}/delete/", {"post": "yes"}).status_code == 302
    assert CostCategory.objects.get(pk=category.pk).name == "Hyror"


def imported_by_command(by: dict[Role, User]) -> None:
    """The months of a published report are replaced, as somebody may ask for."""
    file = str(demo.DATA / "ledger-2024-10.txt")
    call_command("import_ledger", file, "--year", "2024", "--apply", "--replace-published", stdout=StringIO())
    assert LedgerMonth.objects.filter(is_current=True, ledger_import__filename="ledger-2024-10.txt").count() == 10


def budgeted(by: dict[Role, User]) -> None:
    category = CostCategory.objects.get(key="lokalhyror")
    budget_actions.enter(
        year=category.fiscal_year,
        batch=uuid.uuid4(),
        kind=BudgetEntry.Kind.ADJUSTMENT,
        amounts=[Budgeted(category.pk, {budget_actions.YEAR: 100})],
        ground=Ground(note="Rättelse"),
        seen=budget_actions.mark_of(category.fiscal_year),
        by=by[Role.CONTROLLER],
    )


def decided(by: dict[Role, User]) -> None:
    decision = Decision.objects.earliest("pk")
    decisions.actions.close_decision(
        decision=decision, closed_on=dt.date(2024, 6, 1), paragraph=9, seen_version=decision.version,
        by=by[Role.SECRETARY],
    )  # fmt: skip
    decisions.actions.add_decision(content=Content(dt.date(2024, 2, 1), 8, "Nytt"), by=by[Role.SECRETARY])


BESIDE: dict[str, Callable[[dict[Role, User]], None]] = {
    "opened again": another_opening,
    "admin": changed_in_the_admin,
    "command": imported_by_command,
    "budget": budgeted,
    "decisions": decided,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BESIDE)
def test_what_is_written_beside_an_approved_follow_up_changes_nothing_of_it(october: FollowUp, name: str) -> None:
    people = {role: factories.user(role=role) for role in Role}
    publish.approve(follow_up=factories.mark_ready(october), by=people[Role.HEAD])
    follow_up = FollowUp.objects.get()
    before, document = rows_of(follow_up), publish.json_of(follow_up)
    BESIDE[name](people)
    assert rows_of(follow_up) == before
    assert publish.json_of(FollowUp.objects.get()) == document


def test_the_admin_holds_nothing_of_a_follow_up() -> None:
    assert OF_FOLLOW_UP
    assert not set(admin.site._registry) & {FollowUp, *OF_FOLLOW_UP}
