"""What a new installation needs before its first follow-up, in order, for whoever opens a start page without any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from decisions.models import Decision
from followup.models import AccountRule, BudgetEntry, CostCategory, LedgerMonth
from investments.models import InvestmentProject
from sydit.access import Role


@dataclass(frozen=True, slots=True)
class Step:
    """What one role does; ``url`` is where, for those who have the role."""

    what: str
    role: Role
    is_done: bool
    url: str = ""


def first_steps(roles: Collection[str]) -> tuple[Step, ...]:
    """All of them, also those that are done: what comes next is the first that is not."""
    steps = (
        (
            "Lägg upp budgetåret med kostnadskategorier och kontoregler",
            Role.ADMINISTRATOR,
            CostCategory.objects.exists() and AccountRule.objects.exists(),
            reverse("admin:index"),
        ),
        (
            "Läs in huvudboken",
            Role.ADMINISTRATOR,
            LedgerMonth.objects.filter(is_current=True).exists(),
            reverse("imports"),
        ),
        ("Lägg in årets budget", Role.CONTROLLER, BudgetEntry.objects.exists(), reverse("budget")),
        (
            "Registrera investeringsprojekten",
            Role.ADMINISTRATOR,
            InvestmentProject.objects.exists(),
            reverse("projects"),
        ),
        ("Registrera nämndens beslut", Role.SECRETARY, Decision.objects.exists(), reverse("decision-register")),
        ("Öppna den första uppföljningen", Role.CONTROLLER, False, "#oppna"),
    )
    return tuple(Step(what, role, is_done, url if role in roles else "") for what, role, is_done, url in steps)
