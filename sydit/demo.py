"""The demonstration (SYD-IT, October 2024), loaded through the same parser and actions as a user's own data.

Here is October alone, as the committee's document has it; ``demo_years.py`` loads what was before it as well.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

import decisions.actions
import followup.actions
import investments.actions
from decisions.models import Decision, StatusUpdate
from followup import budget_actions
from followup.budget_actions import Budgeted, Ground
from followup.details import change_details
from followup.forecasts import ForecastEntry
from followup.ledger import load
from followup.ledger.cautions import Concern
from followup.ledger.content import Content
from followup.ledger.preview import preview
from followup.models import AccountRule, CostCategory, FiscalYear, FollowUp, Forecast
from investments.models import InvestmentProject, Municipality, ProjectBudgetEntry, ProjectForecast
from sydit import master_data, occasions
from sydit.access import Role
from sydit.errors import Refused
from sydit.models import User
from sydit.money import Unit
from sydit.periods import Month

DATA = Path(__file__).parent / "demo_data"
PASSWORD = "sydit-demo-2024"  # noqa: S105 - printed for whoever tries the demonstration; never in production


def read_plan(name: str = "october-2024") -> dict[str, Any]:
    """What the demonstration holds, as its file says it."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def is_loaded() -> bool:
    return FollowUp.objects.exists() or User.objects.exists()


def require_empty() -> None:
    """Raises :class:`Refused` where the database already holds data."""
    if is_loaded():
        raise Refused("Databasen innehåller redan uppgifter; demonstrationen läses bara in i en tom databas.")


@transaction.atomic
def load_demo(say: Callable[[str], object]) -> FollowUp:
    """Load October or nothing. Raises :class:`Refused` where the database already holds data."""
    require_empty()
    plan = read_plan()
    say("Lägger upp användare och grunddata …")
    users = create_users(plan)
    administrator, controller = users[Role.ADMINISTRATOR], users[Role.CONTROLLER]
    year = create_year(plan, by=administrator)
    create_projects(plan, year, by=administrator)
    say("Importerar huvudboken …")
    book_ledger(plan["ledger"], year, by=administrator)
    say("Öppnar uppföljningen och lägger in prognoser, beslut och texter …")
    follow_up = occasions.open_follow_up(
        month=Month(plan["year"], plan["month"]), meeting_date=plan["meeting_date"], by=controller
    )
    enter(plan, follow_up, users)
    return follow_up


def book_ledger(name: str, year: FiscalYear, *, by: User, confirmed: Collection[Concern] = ()) -> None:
    """Import one of the demonstration's ledger files."""
    ledger = DATA / name
    upload = load.upload(content=Content.at(ledger), filename=ledger.name, fiscal_year=year, by=by)
    load.book(ledger_import=upload, seen=preview(upload).replaced, by=by, confirmed=confirmed)


def enter(plan: dict[str, Any], follow_up: FollowUp, users: dict[Role, User]) -> None:
    """Forecasts, texts and decisions of a follow-up that has just been opened."""
    controller = users[Role.CONTROLLER]
    change_details(
        follow_up=follow_up,
        registry_number=plan["registry_number"],
        meeting_date=plan["meeting_date"],
        seen_version=follow_up.version,
        by=users[Role.SECRETARY],
    )
    follow_up.refresh_from_db()
    _enter_forecasts(plan, follow_up, by=controller)
    for key, body in plan["texts"].items():
        followup.actions.write_text(follow_up=follow_up, key=key, body=body.strip(), seen_version=0, by=controller)
    _enter_decisions(plan, follow_up, by=users[Role.SECRETARY], keeper=users[Role.ADMINISTRATOR])


def create_users(plan: dict[str, Any]) -> dict[Role, User]:
    return {
        Role(row["role"]): User.objects.create_user(
            row["username"], PASSWORD, name=row["name"], roles=[Role(row["role"]).value]
        )
        for row in plan["users"]
    }


def create_year(plan: dict[str, Any], *, by: User) -> FiscalYear:
    """The plan's year, with its categories, their rules and their budget."""
    year = FiscalYear(year=plan["year"])
    master_data.save(year, by=by)
    budgeted = []
    for position, row in enumerate(plan["categories"], start=1):
        category = CostCategory(fiscal_year=year, key=row["key"], name=row["name"], position=position)
        master_data.save(category, by=by)
        for prefix in row["prefixes"]:
            master_data.save(AccountRule(fiscal_year=year, prefix=prefix, category=category), by=by)
        budgeted.append(Budgeted(category.pk, {budget_actions.YEAR: row["budget"] * Unit.TKR.ore}))
    budget_actions.enter(
        year=year,
        batch=uuid.uuid4(),
        kind=None,
        amounts=budgeted,
        ground=Ground(),
        seen=budget_actions.mark_of(year),
        by=by,
    )
    return year


def create_projects(plan: dict[str, Any], year: FiscalYear, *, by: User) -> None:
    municipalities = {name: Municipality(name=name) for name in plan["municipalities"]}
    for municipality in municipalities.values():
        master_data.save(municipality, by=by)
    for position, row in enumerate(plan["projects"], start=1):
        owner = municipalities.get(row.get("municipality", ""))
        project = InvestmentProject(code=row["code"], name=row["name"], municipality=owner, position=position)
        master_data.save(project, by=by)
        save_project_budget(project, year, row["budget"], by=by)


def save_project_budget(project: InvestmentProject, year: FiscalYear, tkr: int, *, by: User) -> None:
    amount = tkr * Unit.TKR.ore
    entry = ProjectBudgetEntry(
        project=project, fiscal_year=year, amount=amount, note="Ursprunglig budget", recorded_by=by
    )
    master_data.save(entry, by=by)


def _enter_forecasts(plan: dict[str, Any], follow_up: FollowUp, *, by: User) -> None:
    categories = dict(CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year).values_list("key", "pk"))
    projects = dict(InvestmentProject.objects.values_list("code", "pk"))
    carried = dict(Forecast.objects.filter(follow_up=follow_up).values_list("category", "version"))
    followup.actions.submit_forecasts(
        follow_up=follow_up,
        entries=[_entry(row, row["key"], categories[row["key"]], carried) for row in plan["categories"]],
        by=by,
    )
    carried = dict(ProjectForecast.objects.filter(follow_up=follow_up).values_list("project", "version"))
    investments.actions.submit_forecasts(
        follow_up=follow_up,
        entries=[_entry(row, row["code"], projects[row["code"]], carried) for row in plan["projects"]],
        by=by,
    )


def _entry(row: dict[str, Any], label: str, subject_id: int, carried: Mapping[int, int]) -> ForecastEntry:
    """What is entered over what was carried from the follow-up before (its version by subject), and confirms it."""
    return ForecastEntry(
        subject_id,
        label,
        row["forecast"] * Unit.TKR.ore,
        row.get("comment", ""),
        seen_version=carried.get(subject_id, 0),
        reason=row.get("reason", ""),
        confirms=True,
    )


def _enter_decisions(plan: dict[str, Any], follow_up: FollowUp, *, by: User, keeper: User) -> None:
    carried = dict(StatusUpdate.objects.filter(follow_up=follow_up).values_list("decision", "version"))
    for row in plan["decisions"]:
        decision = Decision.objects.filter(decided_on=row["decided_on"], paragraph=row["paragraph"]).first()
        if decision is None:
            decision = Decision(decided_on=row["decided_on"], paragraph=row["paragraph"], text=row["text"])
            master_data.save(decision, by=keeper)
        decisions.actions.update_status(
            follow_up=follow_up,
            decision=decision,
            status=row["status"],
            comment=row["comment"],
            seen_version=carried.get(decision.pk, 0),
            by=by,
        )
