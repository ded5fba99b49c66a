"""Writing the budget: entries are appended together, in one transaction, and never edited."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from followup import budget_seen
from followup.ledger.load import lock_year
from followup.models import BudgetEntry, CostCategory, FiscalYear
from followup.models.plan import BudgetEntryBase
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User

Kind = BudgetEntry.Kind
YEAR = None  # the key of what is decided for the year as a whole, beside the numbers of the months


@dataclass(frozen=True, slots=True)
class Budgeted:
    """What a category's budget grows by: öre by the number of the month, or for the year as a whole (``YEAR``)."""

    category_id: int
    amounts: Mapping[int | None, int] | Mapping[int, int] | Mapping[None, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """The decision behind an entry, and what somebody wrote about it."""

    decided_on: dt.date | None = None
    paragraph: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The file that entries were read from: the key of its content, and what it was called."""

    file_id: str | None = None
    filename: str = ""


class AlreadyEntered(Refused):
    """The very same form has been saved before: a double click, or a page that was sent again."""


def mark_of(year: FiscalYear) -> str:
    """What a preview of the year's budget was made on (``budget_seen``)."""
    return budget_seen.mark_of(_latest(year), year)


@transaction.atomic
def enter(
    *,
    year: FiscalYear,
    batch: uuid.UUID,
    kind: BudgetEntry.Kind | None,
    amounts: Sequence[Budgeted],
    ground: Ground,
    seen: str,
    by: User,
    source: Source | None = None,
) -> list[BudgetEntry]:
    """Append what somebody has looked at, on the budget that ``seen`` marks.

    Without a ``kind``, a category's first entries are its original budget and later ones adjust it. Raises
    :class:`AlreadyEntered` where the batch is stored, and :class:`Refused` where the budget is no longer the one that
    was looked at, a report was published since, or there is nothing to append.
    """
    require(by, Permission.KEEP_BUDGET)
    hold(year=year, batch=batch, seen=seen)
    return append(year=year, batch=batch, kind=kind, amounts=amounts, ground=ground, source=source or Source(), by=by)


def hold(*, year: FiscalYear, batch: uuid.UUID, seen: str) -> None:
    """Take the year's lock for whoever has looked at what ``seen`` marks; raises what :func:`enter` does."""
    lock_year(year.pk)
    refuse_twice(batch)
    budget_seen.require_seen(seen, _latest(year), year)


def refuse_twice(batch: uuid.UUID, entries: type[BudgetEntryBase] = BudgetEntry) -> None:
    """Raises :class:`AlreadyEntered` where the batch is stored among the ``entries``."""
    if QuerySet(entries).filter(batch=batch).exists():
        raise AlreadyEntered("Ändringen var redan sparad. Inget har sparats en andra gång.")


def append(
    *,
    year: FiscalYear,
    batch: uuid.UUID,
    kind: BudgetEntry.Kind | None,
    amounts: Sequence[Budgeted],
    ground: Ground,
    source: Source,
    by: User,
) -> list[BudgetEntry]:
    """Store the entries; the caller has checked the permission and holds the year's lock.

    A month of 0 öre in a category that has nothing yet is stored, since a budget of nothing is not a missing budget.
    """
    mine = set(CostCategory.objects.filter(fiscal_year=year).values_list("pk", flat=True))
    if foreign := {each.category_id for each in amounts} - mine:
        raise Refused(f"{len(foreign)} kategorier hör inte till budgetåret {year}. Inget har sparats.")
    begun = set(BudgetEntry.objects.filter(category__in=mine).values_list("category_id", flat=True))
    entries = [
        BudgetEntry(
            category_id=each.category_id,
            kind=kind or (Kind.ADJUSTMENT if each.category_id in begun else Kind.ORIGINAL),
            month=month,
            amount=ore,
            decided_on=ground.decided_on,
            paragraph=ground.paragraph,
            note=ground.note,
            file_id=source.file_id,
            filename=source.filename,
            batch=batch,
            recorded_by=by,
        )
        for each in amounts
        for month, ore in _worth_storing(each, begun)
    ]
    if not entries:
        raise Refused("Det finns inget att lägga till: alla belopp är noll. Inget har sparats.")
    return BudgetEntry.objects.bulk_create(entries)


def _worth_storing(each: Budgeted, begun: Collection[int]) -> Iterator[tuple[int | None, int]]:
    changing = [(month, ore) for month, ore in each.amounts.items() if ore]
    if not changing and each.amounts and each.category_id not in begun:
        changing = [next(iter(each.amounts.items()))]
    yield from changing


def _latest(year: FiscalYear) -> BudgetEntry | None:
    entries = BudgetEntry.objects.filter(category__fiscal_year=year).select_related("recorded_by")
    return entries.order_by("-pk").first()
