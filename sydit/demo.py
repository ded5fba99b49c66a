"""The demonstration (SYD-IT, October 2024), loaded through the same parser and actions as a user's own data."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

import decisions.actions
import followup.actions
import investments.actions
from decisions.models import Decision
from followup.forecasts import ForecastEntry
from followup.ledger import load
from followup.ledger.preview import preview
from followup.models import AccountRule, BudgetEntry, CostCategory, FiscalYear, FollowUp
from investments.models import InvestmentProject, Municipality, ProjectBudgetEntry
from sydit import master_data, occasions
from sydit.access import Role
from sydit.errors import Refused
from sydit.models import User
from sydit.money import Unit
from sydit.periods import Month

DATA = Path(__file__).parent / "demo_data"
PASSWORD = "sydit-demo-2024"  # noqa: S105 - printed for whoever tries the demonstration; never in production


def read_plan() -> dict[str, Any]:
    """What the demonstration holds, as its file says it."""
    return tomllib.loads((DATA / "october-2024.toml").read_text(encoding="utf-8"))


def is_loaded() -> bool:
    return FollowUp.objects.exists() or User.objects.exists()


@transaction.atomic
def load_demo(say: Callable[[str], object]) -> FollowUp:
    """Load everything or nothing. Raises :class:`Refused` where the database already holds data."""
    if is_loaded():
        raise Refused("Databasen innehåller redan uppgifter; demonstrationen läses bara in i en tom databas.")
    plan = read_plan()
    say("Lägger upp användare och grunddata …")
    users = _create_users(plan)
    administrator, controller = users[Role.ADMINISTRATOR], users[Role.CONTROLLER]
    year = _create_year(plan, by=administrator)
    _create_projects(plan, year, by=administrator)
    say("Importerar huvudboken …")
    ledger = DATA / plan["ledger"]
    upload = load.upload(content=ledger.read_bytes(), filename=ledger.name, fiscal_year=year, by=administrator)
    load.book(ledger_import=upload, seen=preview(upload).replaced, by=administrator)
    say("Öppnar uppföljningen och lägger in prognoser, beslut och texter …")
    follow_up = occasions.open_follow_up(
        month=Month(plan["year"], plan["month"]), meeting_date=plan["meeting_date"], by=controller
    )
    _enter_forecasts(plan, follow_up, by=controller)
    for key, body in plan["texts"].items():
        followup.actions.write_text(follow_up=follow_up, key=key, body=body.strip(), seen_version=0, by=controller)
    _enter_decisions(plan, follow_up, by=users[Role.SECRETARY], keeper=administrator)
    return follow_up


def _create_users(plan: dict[str, Any]) -> dict[Role, User]:
    return {
        Role(row["role"]): User.objects.create_user(
            row["username"], PASSWORD, name=row["name"], roles=[Role(row["role"]).value]
        )
        for row in plan["users"]
    }


def _create_year(plan: dict[str, Any], *, by: User) -> FiscalYear:
    year = FiscalYear(year=plan["year"])
    master_data.save(year, by=by)
    for position, row in enumerate(plan["categories"], start=1):
        category = CostCategory(fiscal_year=year, key=row["key"], name=row["name"], position=position)
        master_data.save(category, by=by)
        for prefix in row["prefixes"]:
            master_data.save(AccountRule(fiscal_year=year, prefix=prefix, category=category), by=by)
        budget = row["budget"] * Unit.TKR.ore
        entry = BudgetEntry(category=category, amount=budget, note="Ursprunglig budget", recorded_by=by)
        master_data.save(entry, by=by)
    return year


def _create_projects(plan: dict[str, Any], year: FiscalYear, *, by: User) -> None:
    municipalities = {name: Municipality(name=name) for name in plan["municipalities"]}
    for municipality in municipalities.values():
        master_data.save(municipality, by=by)
    for position, row in enumerate(plan["projects"], start=1):
        owner = municipalities.get(row.get("municipality", ""))
        project = InvestmentProject(code=row["code"], name=row["name"], municipality=owner, position=position)
        master_data.save(project, by=by)
        master_data.save(
            ProjectBudgetEntry(
                project=project,
                fiscal_year=year,
                amount=row["budget"] * Unit.TKR.ore,
                note="Ursprunglig budget",
                recorded_by=by,
            ),
            by=by,
        )


def _enter_forecasts(plan: dict[str, Any], follow_up: FollowUp, *, by: User) -> None:
    categories = dict(CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year).values_list("key", "pk"))
    projects = dict(InvestmentProject.objects.values_list("code", "pk"))
    followup.actions.submit_forecasts(
        follow_up=follow_up, entries=[_entry(row, categories[row["key"]]) for row in plan["categories"]], by=by
    )
    investments.actions.submit_forecasts(
        follow_up=follow_up, entries=[_entry(row, projects[row["code"]]) for row in plan["projects"]], by=by
    )


def _entry(row: dict[str, Any], subject_id: int) -> ForecastEntry:
    amount = row["forecast"] * Unit.TKR.ore
    return ForecastEntry(subject_id, row["name"], amount, row.get("comment", ""), seen_version=0)


def _enter_decisions(plan: dict[str, Any], follow_up: FollowUp, *, by: User, keeper: User) -> None:
    for row in plan["decisions"]:
        decision = Decision(decided_on=row["decided_on"], paragraph=row["paragraph"], text=row["text"])
        master_data.save(decision, by=keeper)
        decisions.actions.update_status(
            follow_up=follow_up,
            decision=decision,
            status=row["status"],
            comment=row["comment"],
            seen_version=0,
            by=by,
        )
