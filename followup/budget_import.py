"""The budget that an imported SIE file carries (``#PBUDGET``), taken as budget entries of the year's categories."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from followup import actuals, budget_actions, budget_seen
from followup.budget_actions import Budgeted, Ground, Source
from followup.classify import AccountSum, Kind, place_sums
from followup.ledger import files
from followup.ledger.labels import listed
from followup.ledger.load import lock_year
from followup.ledger.parsed import Findings
from followup.ledger.sie_budget import BudgetLine, budget
from followup.ledger.summary import problem_line
from followup.models import BudgetEntry, CostCategory, LedgerImport
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class CategoryBudget:
    """The year's budget of a category, in öre by the number of the month."""

    category: CostCategory
    months: Mapping[int, int]

    @property
    def amount(self) -> int:
        return sum(self.months.values())


@dataclass(frozen=True, slots=True)
class Offer:
    """A file's budget by category, in öre; ``left_out`` is what is no part of the operations."""

    categories: tuple[CategoryBudget, ...]
    left_out: int
    unassigned: tuple[str, ...]  # accounts that no rule gives a category
    problems: tuple[str, ...]  # rows that cannot be read
    is_taken: bool

    @property
    def total(self) -> int:
        return sum(row.amount for row in self.categories)

    @property
    def refusal(self) -> str:
        """Why it cannot be taken, in Swedish; empty where it can."""
        if self.is_taken:
            return "Filens budget är redan inläst. Inget har ändrats."
        if self.problems:
            return f"Filens budget går inte att läsa: {self.problems[0]} Inget har ändrats."
        if self.unassigned:
            return (
                f"Konton i budgeten saknar kostnadskategori: {listed(list(self.unassigned))}. "
                "Lägg upp en kontoregel för dem först; inget har ändrats."
            )
        return "" if self.categories else "Filen innehåller ingen budget för årets kostnadskategorier."


def offer(ledger_import: LedgerImport) -> Offer | None:
    """The budget in an imported file; None where it has none."""
    if not ledger_import.format.startswith("sie"):
        return None
    content = files.original(ledger_import.file_id)
    if content.find(b"#PBUDGET") < 0:
        return None
    findings = Findings()
    lines = budget(content, findings)
    year = ledger_import.fiscal_year
    mapping = actuals.account_map(year.year)
    placed = place_sums(map(_sum, lines), mapping)
    months: dict[str, dict[int, int]] = defaultdict(dict)
    for number in sorted({line.month.month for line in lines}):
        of_month = place_sums((_sum(line) for line in lines if line.month.month == number), mapping)
        for place, ore in of_month.of(Kind.CATEGORY).items():
            months[place.key][number] = ore
    categories = CostCategory.objects.filter(fiscal_year=year).order_by("position", "id")
    return Offer(
        categories=tuple(CategoryBudget(row, months[row.key]) for row in categories if row.key in months),
        left_out=placed.total(Kind.PROJECT, Kind.BALANCE, Kind.SET_ASIDE),
        unassigned=tuple(
            account
            for place, accounts in placed.accounts.items()
            if place.kind is Kind.UNASSIGNED
            for account in accounts
        ),
        problems=tuple(problem_line(problem) for problem in findings.problems),
        is_taken=BudgetEntry.objects.filter(file=ledger_import.file_id).exists(),
    )


def _sum(line: BudgetLine) -> AccountSum:
    return AccountSum(line.account, line.project, line.amount)


@transaction.atomic
def take(*, ledger_import: LedgerImport, seen: str | None = None, by: User) -> Offer:
    """Append the file's budget to the year's. ``seen`` marks the published reports that a page told of.

    Raises :class:`Refused` where it was taken before, has no place, or a report was published since.
    """
    require(by, Permission.IMPORT_LEDGER)
    lock_year(ledger_import.fiscal_year_id)
    if seen is not None:
        budget_seen.refuse_published_since(seen, [ledger_import.fiscal_year])
    found = offer(ledger_import)
    if found is None:
        raise Refused("Filen innehåller ingen budget. Inget har ändrats.")
    if found.refusal:
        raise Refused(found.refusal)
    budget_actions.append(
        year=ledger_import.fiscal_year,
        batch=uuid.uuid4(),
        kind=None,
        amounts=[Budgeted(row.category.pk, row.months) for row in found.categories],
        ground=Ground(note=f"SIE-budget ur {ledger_import.filename}"[:LONGEST_NOTE]),
        source=Source(ledger_import.file_id, ledger_import.filename),
        by=by,
    )
    return found
