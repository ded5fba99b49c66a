"""Accounts without a rule: which they are, what they probably belong to, and the action that gives one its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from followup import actuals
from followup.classify import UNASSIGNED, Kind
from followup.models import Account, AccountRule, CostCategory, FiscalYear
from followup.neighbours import nearest
from sydit import master_data
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category by key, and the account or rule that the account is most like."""

    category: str
    neighbour: str


@dataclass(frozen=True, slots=True)
class UnassignedAccount:
    """An account that no rule covers, with the öre of its lines that carry no registered project."""

    account: str
    name: str
    amount: int
    suggestion: Suggestion | None


def unassigned_accounts(
    *, year: int, ledger_months: Iterable[int], names: Mapping[str, str]
) -> tuple[UnassignedAccount, ...]:
    """The accounts in some months that no rule of the year covers, in order; ``names`` go before the stored ones."""
    mapping = actuals.account_map(year)
    known = {prefix: place.key for prefix, place in mapping.rules.items() if place.kind is Kind.CATEGORY}
    amounts: dict[str, int] = {}
    for account, project, ore in actuals.account_sums(ledger_months):
        place = mapping.place(account, project)
        if place == UNASSIGNED:
            amounts[account] = amounts.get(account, 0) + ore
        elif place.kind is Kind.CATEGORY:
            known[account] = place.key
    called = {**dict(Account.objects.filter(number__in=amounts).values_list("number", "name")), **names}
    return tuple(
        UnassignedAccount(account, called.get(account, ""), ore, _suggestion(account, known))
        for account, ore in sorted(amounts.items())
    )


def _suggestion(account: str, known: Mapping[str, str]) -> Suggestion | None:
    neighbour = nearest(account, known)
    return Suggestion(known[neighbour], neighbour) if neighbour else None


@transaction.atomic
def add_rule(
    *, fiscal_year: FiscalYear, account: str, category: CostCategory | None, reason: str = "", by: User
) -> AccountRule:
    """The rule for one account: a category, or that it does not count and why.

    Raises :class:`Refused` where the account has got its rule from somebody else, or cannot have one.
    """
    require(by, Permission.KEEP_MASTER_DATA)
    FiscalYear.objects.select_for_update().get(pk=fiscal_year.pk)  # two at once: the second sees the first one's rule
    if actuals.account_map(fiscal_year.year).place(account, "").kind is not Kind.UNASSIGNED:
        raise Refused(f"Konto {account} har redan en kontoregel eller är ett balanskonto. Inget har ändrats.")
    rule = AccountRule(fiscal_year=fiscal_year, prefix=account, category=category, reason=reason)
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    master_data.save(rule, by=by)
    return rule
