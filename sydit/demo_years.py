"""The whole demonstration: 2023, and 2024 with its follow-ups of April, August and October, so that every comparison
has something to show. October's tables and texts stay those of ``demo.load_demo``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

import decisions.actions
from decisions.models import Decision
from followup import measures
from followup.ledger.cautions import Concern
from followup.measures import MeasureEntry
from followup.models import CostCategory, FiscalYear, FollowUp, Measure
from followup.parts import Part
from investments.models import InvestmentProject
from sydit import demo, master_data, occasions
from sydit.access import Role
from sydit.models import User
from sydit.money import Unit
from sydit.periods import Month
from sydit.report import publish, readiness

EARLIER_2023 = ("follow-up-2023-08", "follow-up-2023-12")
EARLIER_2024 = ("follow-up-2024-04", "follow-up-2024-08")


@transaction.atomic
def load_years(say: Callable[[str], object]) -> FollowUp:
    """Load everything or nothing. Raises :class:`sydit.errors.Refused` where the database already holds data."""
    demo.require_empty()
    october, before = demo.read_plan(), demo.read_plan("year-2023")
    say("Lägger upp användare, budgetåren 2023 och 2024, och grunddata …")
    users = demo.create_users(october)
    administrator = users[Role.ADMINISTRATOR]
    year = demo.create_year(october, by=administrator)
    demo.create_projects(october, year, by=administrator)
    last_year = _create_last_year(before, october, by=administrator)
    say("Importerar huvudboken för 2023 …")
    demo.book_ledger(before["ledger"], last_year, by=administrator)
    for name in EARLIER_2023:
        _enter_and_publish(demo.read_plan(name), users, say)
    for name in EARLIER_2024:
        plan = demo.read_plan(name)
        _book(plan, year, users, say)
        _enter_and_publish(plan, users, say)
        _close(plan, by=users[Role.SECRETARY])
    _book(october, year, users, say)
    return _enter(october, users, say)


def _create_last_year(before: dict[str, Any], october: dict[str, Any], *, by: User) -> FiscalYear:
    """The year before, with October's categories, rules and projects and its own budget."""
    categories = [row | {"budget": before["budget"][row["key"]]} for row in october["categories"]]
    year = demo.create_year({"year": before["year"], "categories": categories}, by=by)
    for project in InvestmentProject.objects.all():
        project.frame = before["frame"][project.code] * Unit.TKR.ore
        master_data.save(project, by=by)
        demo.save_project_budget(project, year, before["project-budget"][project.code], by=by)
    return year


def _book(plan: dict[str, Any], year: FiscalYear, users: dict[Role, User], say: Callable[[str], object]) -> None:
    """The year's ledger so far; one of its files corrects a month that an earlier report has."""
    say(f"Importerar huvudboken till och med {Month(plan['year'], plan['month']).label} …")
    demo.book_ledger(plan["ledger"], year, by=users[Role.ADMINISTRATOR], confirmed=[Concern.PUBLISHED])


def _enter(plan: dict[str, Any], users: dict[Role, User], say: Callable[[str], object]) -> FollowUp:
    month = Month(plan["year"], plan["month"])
    say(f"Öppnar uppföljningen {month.label} och lägger in prognoser, beslut och texter …")
    follow_up = occasions.open_follow_up(month=month, meeting_date=plan["meeting_date"], by=users[Role.CONTROLLER])
    demo.enter(plan, follow_up, users)
    _enter_measures(plan, follow_up, by=users[Role.CONTROLLER])
    return follow_up


def _enter_measures(plan: dict[str, Any], follow_up: FollowUp, *, by: User) -> None:
    """The plan's measures; those that were carried from the follow-up before are confirmed by being entered."""
    categories = dict(CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year).values_list("key", "pk"))
    carried = {measure.what: measure for measure in Measure.objects.filter(follow_up=follow_up)}
    for row in plan.get("measures", ()):
        entry = MeasureEntry(
            what=row["what"],
            category_id=categories[row["category"]],
            owner=row["owner"],
            due_on=row["due_on"],
            effect_this_year=row["this_year"] * Unit.TKR.ore,
            effect_full_year=row["full_year"] * Unit.TKR.ore,
            effect_so_far=row["so_far"] * Unit.TKR.ore,
            status=row["status"],
        )
        if known := carried.get(entry.what):
            measures.change(follow_up=follow_up, measure=known, entry=entry, seen_version=known.version, by=by)
        else:
            measures.add(follow_up=follow_up, entry=entry, by=by)


def _close(plan: dict[str, Any], *, by: User) -> None:
    """The decisions that the committee closed when it had read the report."""
    for row in plan.get("closed", ()):
        decision = Decision.objects.get(decided_on=row["decided_on"], paragraph=row["paragraph"])
        decisions.actions.close_decision(
            decision=decision,
            closed_on=row["closed_on"],
            paragraph=row["closed_paragraph"],
            seen_version=decision.version,
            by=by,
        )


def _enter_and_publish(plan: dict[str, Any], users: dict[Role, User], say: Callable[[str], object]) -> None:
    follow_up = _enter(plan, users, say)
    for part in Part:
        readiness.mark_ready(follow_up=follow_up, part=part, reasons=plan.get("reasons"), by=users[part.role])
    publish.approve(follow_up=follow_up, by=users[Role.HEAD])
