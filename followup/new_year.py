"""The plan of a new budget year: the categories and account rules of an earlier one, and none of its amounts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from followup.ledger.load import lock_year
from followup.models import AccountRule, CostCategory, FiscalYear
from sydit import master_data
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User


@dataclass(frozen=True, slots=True)
class PlannedCategory:
    """A category of the new year and the account prefixes that lead to it."""

    category: CostCategory  # the earlier year's
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the new year begins with, as the earlier year has it."""

    source: FiscalYear
    year: int
    categories: tuple[PlannedCategory, ...]
    set_aside: tuple[AccountRule, ...]  # rules whose accounts do not count, with the reason

    @property
    def rules(self) -> int:
        return sum(len(each.prefixes) for each in self.categories) + len(self.set_aside)

    @property
    def mark(self) -> str:
        """The same as long as the earlier year's categories and rules are: what somebody saw is what is made."""
        seen = [
            (each.category.key, each.category.name, each.category.position, each.prefixes) for each in self.categories
        ]
        aside = [(rule.prefix, rule.reason) for rule in self.set_aside]
        return hashlib.sha256(repr((self.source.year, self.year, seen, aside)).encode()).hexdigest()


def plan(source: FiscalYear, year: int) -> Plan:
    """What ``year`` would begin with. Raises :class:`Refused` where it exists, or there is nothing to begin from."""
    if FiscalYear.objects.filter(year=year).exists():
        raise Refused(f"Budgetåret {year} finns redan. Inget har ändrats.")
    categories = list(CostCategory.objects.filter(fiscal_year=source).order_by("position", "id"))
    if not categories:
        raise Refused(f"Budgetåret {source} har inga kostnadskategorier att börja från.")
    rules = list(AccountRule.objects.filter(fiscal_year=source).order_by("prefix"))
    return Plan(
        source=source,
        year=year,
        categories=tuple(PlannedCategory(each, _prefixes(each, rules)) for each in categories),
        set_aside=tuple(rule for rule in rules if rule.category_id is None),
    )


def _prefixes(category: CostCategory, rules: Sequence[AccountRule]) -> tuple[str, ...]:
    return tuple(rule.prefix for rule in rules if rule.category_id == category.pk)


@transaction.atomic
def create(*, source: FiscalYear, year: int, seen: str, by: User) -> FiscalYear:
    """Make the year as it was shown. Raises :class:`Refused` where it exists, or the earlier year has changed since."""
    require(by, Permission.KEEP_MASTER_DATA)
    lock_year(source.pk)
    planned = plan(source, year)
    if planned.mark != seen:
        raise Refused(f"Budgetåret {source} har ändrats sedan du granskade. Granska igen. Inget har sparats.")
    new = FiscalYear(year=year)
    try:
        with transaction.atomic():
            master_data.save(new, by=by)
    except IntegrityError as error:
        raise Refused(f"Budgetåret {year} finns redan. Inget har ändrats.") from error
    for each in planned.categories:
        was = each.category
        category = CostCategory(fiscal_year=new, key=was.key, name=was.name, position=was.position)
        master_data.save(category, by=by)
        for prefix in each.prefixes:
            master_data.save(AccountRule(fiscal_year=new, prefix=prefix, category=category), by=by)
    for rule in planned.set_aside:
        master_data.save(AccountRule(fiscal_year=new, prefix=rule.prefix, reason=rule.reason), by=by)
    return new
