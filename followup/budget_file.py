"""A year's budget out of a list: what the file says it should be, and the difference that is appended to what it is.

The file tells what the budget is to be, not what is to be added: read twice it changes nothing the second time, and the
export of the budget reads as no change at all.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db import transaction

from followup import budget_actions, budgets
from followup.budget_actions import YEAR, Budgeted, Ground, Source
from followup.budget_forms import month_name
from followup.budget_page import categories_of
from followup.budget_year import YearBudget
from followup.ledger import files
from followup.ledger.content import Content
from followup.models import BudgetEntry, CostCategory, FiscalYear
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.forms import AmountField
from sydit.imports import MARKS_APART, Problem, ReadRow, RowForm, read_list
from sydit.models import User
from sydit.money import Unit, text
from sydit.periods import MONTH_NAMES

MONTHS = range(1, len(MONTH_NAMES) + 1)
WORDS_FOR_SUM = {"summa", "totalt", "total"}


def _amount(label: str) -> AmountField:
    return AmountField(label=label, required=False, any_unit=True)


class BudgetRowForm(RowForm):
    """One row: a category and its year, in one amount or by month. Amounts without a unit of their own are kronor."""

    unit: ClassVar[Unit] = Unit.KR

    key = forms.CharField(label="Nyckel", required=False)
    name = forms.CharField(label="Kostnadskategori", error_messages={"required": "Kostnadskategorin saknas."})
    year = _amount("Helår")
    undated = _amount("Utan månad")
    m1 = _amount("Januari")
    m2 = _amount("Februari")
    m3 = _amount("Mars")
    m4 = _amount("April")
    m5 = _amount("Maj")
    m6 = _amount("Juni")
    m7 = _amount("Juli")
    m8 = _amount("Augusti")
    m9 = _amount("September")
    m10 = _amount("Oktober")
    m11 = _amount("November")
    m12 = _amount("December")

    also = {
        "name": ("Post", "Kategori", "Benämning"),
        "year": ("Hela året", "År", "Årsbudget", "Budget", "Belopp"),
        **{month_name(number): (MONTH_NAMES[number - 1][:3],) for number in MONTHS if number != 5},
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.unit = self.unit

    @property
    def months(self) -> dict[int, int]:
        """The months that the row gives, in öre."""
        amounts = {number: self.cleaned_data.get(month_name(number)) for number in MONTHS}
        return {number: ore for number, ore in amounts.items() if ore is not None}

    @property
    def says_nothing(self) -> bool:
        fields = self.cleaned_data
        return fields["year"] is None and fields["undated"] is None and not self.months

    @property
    def is_sum(self) -> bool:
        return not self.cleaned_data["key"] and self.cleaned_data["name"].casefold() in WORDS_FOR_SUM

    def target(self, stored: YearBudget) -> YearBudget:
        """What the budget is to be. An amount for the year alone leaves the months that are decided as they are."""
        fields = self.cleaned_data
        if self.months:
            return YearBudget(fields["undated"] or 0, self.months)
        return YearBudget(fields["year"] - sum(stored.months.values()), stored.months)


class ThousandsRowForm(BudgetRowForm):
    """The same where amounts are in thousands of kronor."""

    unit = Unit.TKR


FORMS: Mapping[str, type[BudgetRowForm]] = {Unit.KR.value: BudgetRowForm, Unit.TKR.value: ThousandsRowForm}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would append. ``total`` is the file's own sum of the categories it tells of, in öre."""

    amounts: tuple[Budgeted, ...]
    total: int
    same: int  # categories that are as the file says already
    untold: tuple[str, ...]  # categories that the file says nothing of
    unused: tuple[str, ...]  # columns that are not read
    made_on: str  # the budget's mark when the plan was made

    @property
    def changes_anything(self) -> bool:
        return bool(self.amounts)

    @property
    def mark(self) -> str:
        """The same for the same file on the same budget: what somebody saw is what is saved."""
        return f"{self.made_on}{MARKS_APART}{hashlib.sha256(repr(self.amounts).encode()).hexdigest()}"


def plan(content: bytes, year: FiscalYear, unit: str) -> Plan:
    """What the file would append to the year's budget. Raises :class:`Refused` with everything that is wrong."""
    made_on = budget_actions.mark_of(year)
    read = read_list(content, FORMS[unit])
    categories = categories_of(year)
    stored = budgets.read(BudgetEntry.objects.filter(category__fiscal_year=year), "category_id")
    found = {row.number: _find(row, categories) for row in read.rows if not row.form.is_sum}
    read.require_sound(_problems(read.rows, found, year))
    rows = [(found[row.number], row.form) for row in read.rows if not (row.form.is_sum or row.form.says_nothing)]
    told = {category.pk: form.target(stored.get(category.pk, YearBudget())) for category, form in rows if category}
    read.require_sound(_sum_problems(read.rows, sum(budget.total for budget in told.values())))
    differences = [Budgeted(pk, _difference(target, stored.get(pk))) for pk, target in told.items()]
    changing = [each for each in differences if each.category_id not in stored or any(each.amounts.values())]
    return Plan(
        amounts=tuple(changing),
        total=sum(budget.total for budget in told.values()),
        same=len(told) - len(changing),
        untold=tuple(category.name for category in categories if category.pk not in told),
        unused=read.unused,
        made_on=made_on,
    )


def _find(row: ReadRow[BudgetRowForm], categories: Sequence[CostCategory]) -> CostCategory | None:
    """By the key where the row has one, else by the name."""
    key, name = row.form.cleaned_data["key"], row.form.cleaned_data["name"]
    if key:
        return next((each for each in categories if each.key == key), None)
    named = [each for each in categories if each.name.casefold() == name.casefold()]
    return named[0] if len(named) == 1 else None


def _difference(target: YearBudget, stored: YearBudget | None) -> dict[int | None, int]:
    before = stored or YearBudget()
    amounts: dict[int | None, int] = {YEAR: target.undated - before.undated}
    for month in sorted({*target.months, *before.months}):
        amounts[month] = target.months.get(month, 0) - before.months.get(month, 0)
    return amounts


def _problems(
    rows: Sequence[ReadRow[BudgetRowForm]], found: Mapping[int, CostCategory | None], year: FiscalYear
) -> Iterator[Problem]:
    """What the cells of a row cannot tell by themselves."""
    first: dict[int, int] = {}
    for row in rows:
        if row.form.is_sum:
            continue
        category = found[row.number]
        if category is None:
            field = "key" if row.form.cleaned_data["key"] else "name"
            yield row.problem(field, f"Kostnadskategorin finns inte i budgetåret {year}, eller finns flera gånger.")
        elif (before := first.setdefault(category.pk, row.number)) != row.number:
            yield row.problem("name", f"Kostnadskategorin står redan på rad {before}.")
        yield from _amount_problems(row)


def _amount_problems(row: ReadRow[BudgetRowForm]) -> Iterator[Problem]:
    months, fields = row.form.months, row.form.cleaned_data
    if not months:
        if fields["undated"] is not None:
            yield row.problem("undated", "Kolumnen läses tillsammans med månaderna. Skriv beloppet under Helår.")
        return
    missing = [number for number in MONTHS if number not in months]
    for number in missing:
        yield row.problem(month_name(number), "Månadens belopp saknas. Skriv 0 om inget är budgeterat.")
    summed = sum(months.values()) + (fields["undated"] or 0)
    if not missing and fields["year"] not in (None, summed):
        yield row.problem("year", f"Månaderna blir tillsammans {text(summed, Unit.KR)} kr.")


def _sum_problems(rows: Sequence[ReadRow[BudgetRowForm]], total: int) -> Iterator[Problem]:
    """The file's own sum, where it has one, is the sum of its rows."""
    for row in rows:
        if row.form.is_sum and row.form.cleaned_data["year"] not in (None, total):
            yield row.problem("year", f"Filens rader blir tillsammans {text(total, Unit.KR)} kr.")


@transaction.atomic
def save(
    *, content: bytes, filename: str, year: FiscalYear, unit: str, ground: Ground, batch: uuid.UUID, seen: str, by: User
) -> Plan:
    """Append what the file changes, all or nothing. ``seen`` is the mark of the plan that somebody looked at.

    Raises ``AlreadyEntered`` where the batch is stored and :class:`Refused` where the plan no longer holds.
    """
    require(by, Permission.KEEP_BUDGET)
    budget_actions.hold(year=year, batch=batch, seen=seen.partition(MARKS_APART)[0])
    done = plan(content, year, unit)
    if done.mark != seen:
        raise Refused("Det som filen ändrar är inte det som du granskade. Granska den igen. Inget har sparats.")
    file = Content.of(content)
    files.keep(file)
    budget_actions.append(
        year=year,
        batch=batch,
        kind=None,
        amounts=done.amounts,
        ground=ground,
        source=Source(file.sha256, filename),
        by=by,
    )
    return done
