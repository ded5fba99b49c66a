"""An existing list of investment projects out of a file: what each row would do, and doing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db import transaction

from followup import budget_seen, budgets
from followup.budget_actions import Ground
from followup.models import FiscalYear
from investments import actions
from investments.actions import Content
from investments.forms import LONGEST_NAME, LONGEST_RESPONSIBLE, CodeField, YearField
from investments.models import SHARED, InvestmentProject, Municipality, ProjectBudgetEntry
from sydit.access import Permission, require
from sydit.forms import AmountField, DateField
from sydit.imports import MARKS_APART, Effect, ListPlan, Problem, ReadRow, RowForm, Shown, read_list
from sydit.models import User
from sydit.money import Unit, text

LONGEST_PARAGRAPH, LONGEST_NOTE = 20, 200


class ProjectRowForm(RowForm):
    """One row: a project, and its budget of one year if the row says so. Amounts without a unit are kronor."""

    code = CodeField(label="Projektkod")
    name = forms.CharField(
        label="Projekt", max_length=LONGEST_NAME, error_messages={"required": "Projektets namn saknas."}
    )
    owner = forms.CharField(label="Kommun", required=False)
    responsible = forms.CharField(label="Ansvarig", required=False, max_length=LONGEST_RESPONSIBLE)
    start_year = YearField(label="Startår")
    end_year = YearField(label="Slutår")
    frame = AmountField(label="Total ram", required=False, any_unit=True)
    budget_year = YearField(label="Budgetår")
    budget = AmountField(label="Budget", required=False, any_unit=True)
    decided_on = DateField(label="Beslutsdatum", required=False)
    paragraph = forms.CharField(label="Paragraf", required=False, max_length=LONGEST_PARAGRAPH)
    note = forms.CharField(label="Anteckning", required=False, max_length=LONGEST_NOTE)

    also = {
        "code": ("Kod", "Projektnummer"),
        "name": ("Namn", "Projektnamn", "Benämning"),
        "owner": ("Ägare",),
        "start_year": ("Start", "Från år"),
        "end_year": ("Slut", "Till år"),
        "frame": ("Ram", "Total ram, kr"),
        "budget": ("Årsbudget", "Budget, kr"),
        "decided_on": ("Budgetbeslut",),
        "paragraph": ("§",),
    }


@dataclass(frozen=True, slots=True)
class YearBudget:
    """What a project's budget of a year is to be, what it is (None: nothing is decided), and the decision behind it."""

    year: FiscalYear
    amount: int
    stored: int | None
    decided_on: dt.date | None = None
    paragraph: str = ""
    note: str = ""

    @property
    def changes(self) -> bool:
        return self.amount != self.stored


@dataclass(frozen=True, slots=True)
class Planned:
    """A row (``PlannedRow``), the project it is about if that is registered, and what it would save."""

    number: int
    code: str
    project: InvestmentProject | None
    content: Content
    owner: str
    budget: YearBudget | None
    effect: Effect

    @property
    def reference(self) -> str:
        return self.code

    @property
    def cells(self) -> tuple[Shown, ...]:
        before, new = self.project, self.content
        years = InvestmentProject(start_year=new.start_year, end_year=new.end_year).years
        return (
            _shown(new.name, before.name if before else None),
            _shown(self.owner, before.owner if before else None),
            _shown(new.responsible, before.responsible if before else None),
            _shown(years, before.years if before else None),
            _shown(_kr(new.frame), _kr(before.frame) if before else None),
            self._budget_cell(),
        )

    def _budget_cell(self) -> Shown:
        if self.budget is None:
            return Shown("")
        was = _kr(self.budget.stored) if self.budget.changes and self.budget.stored is not None else ""
        return Shown(f"{_kr(self.budget.amount)} ({self.budget.year})", was)

    @property
    def seen(self) -> object:
        version = self.project.version if self.project else None
        stored = (self.budget.year.year, self.budget.stored) if self.budget else None
        return (version, stored)


def _shown(new: str, before: str | None) -> Shown:
    return Shown(new, "" if before is None or before == new else before or "tomt")


def _kr(ore: int | None) -> str:
    return "" if ore is None else f"{text(ore, Unit.KR)} kr"


@dataclass(frozen=True, slots=True)
class _Register:
    """What a file is compared with. Four queries, whatever the file's length."""

    projects: Mapping[str, InvestmentProject]
    owners: Mapping[str, Municipality | None]  # by name in small letters; None is what is shared
    years: Mapping[int, FiscalYear]
    budgets: Mapping[tuple[str, int], int]  # öre by code and year

    @classmethod
    def read(cls) -> _Register:
        return cls(
            {each.code: each for each in InvestmentProject.objects.select_related("municipality")},
            {SHARED.casefold(): None, **{each.name.casefold(): each for each in Municipality.objects.all()}},
            {each.year: each for each in FiscalYear.objects.all()},
            budgets.totals(ProjectBudgetEntry.objects.all(), "project__code", "fiscal_year__year"),
        )


def plan(content: bytes) -> ListPlan[Planned]:
    """What a file would do. Raises ``Refused``, row by row.

    A project is known by its code. A blank cell leaves what the register says as it is. The budget is what the year's
    budget is to be: the difference is appended.
    """
    read, register = read_list(content, ProjectRowForm), _Register.read()
    read.require_sound(_problems(read.rows, register))
    rows = tuple(_planned(row, register) for row in read.rows)
    return ListPlan(rows, read.unused, made_on=budget_seen.published_mark(budget_years(rows)))


def budget_years(rows: Iterable[Planned]) -> set[FiscalYear]:
    """The years whose budget the rows change."""
    return {row.budget.year for row in rows if row.budget and row.budget.changes}


def _problems(rows: Sequence[ReadRow[ProjectRowForm]], register: _Register) -> Iterator[Problem]:
    """What a row by itself cannot tell."""
    first: dict[str, int] = {}
    for row in rows:
        fields = row.form.cleaned_data
        code = fields["code"]
        before = first.setdefault(code, row.number)
        if before != row.number:
            yield row.problem("code", f"Projektet {code} står redan på rad {before}.")
        owner = fields["owner"].casefold()
        if owner and owner not in register.owners:
            known = ", ".join(each.name for each in register.owners.values() if each)
            yield row.problem("owner", f"”{fields['owner']}” är ingen kommun. Skriv {known} eller {SHARED}.")
            continue
        if not owner and code not in register.projects:
            yield row.problem("owner", f"Projektet är nytt. Skriv vilken kommun det hör till, eller {SHARED}.")
        if problem := _content(row.form, register)[0].problem:
            yield row.problem("end_year", problem)
        if fields["budget"] is not None and not fields["budget_year"]:
            yield row.problem("budget_year", "Skriv vilket budgetår budgeten gäller.")
        elif fields["budget"] is not None and fields["budget_year"] not in register.years:
            yield row.problem("budget_year", f"Budgetåret {fields['budget_year']} är inte upplagt.")


def _content(form: ProjectRowForm, register: _Register) -> tuple[Content, str]:
    """What the register is to say of the project, and whose it then is."""
    fields = form.cleaned_data
    project = register.projects.get(fields["code"])
    kept = Content.of(project) if project else Content("")
    owner = register.owners.get(fields["owner"].casefold())
    told: dict[str, Any] = {
        name: fields[name]
        for name in ("name", "responsible", "start_year", "end_year", "frame")
        if fields[name] not in ("", None)
    }
    if fields["owner"]:
        told["municipality_id"] = owner.pk if owner else None
        return replace(kept, **told), owner.name if owner else SHARED
    return replace(kept, **told), project.owner if project else SHARED


def _planned(row: ReadRow[ProjectRowForm], register: _Register) -> Planned:
    fields = row.form.cleaned_data
    code, budget = fields["code"], None
    project = register.projects.get(code)
    content, owner = _content(row.form, register)
    if fields["budget"] is not None:
        budget = YearBudget(
            year=register.years[fields["budget_year"]],
            amount=fields["budget"],
            stored=register.budgets.get((code, fields["budget_year"])),
            **{name: fields[name] for name in ("decided_on", "paragraph", "note")},
        )
    effect = Effect.CHANGED
    if project is None:
        effect = Effect.ADDED
    elif Content.of(project) == content and not (budget and budget.changes):
        effect = Effect.SAME
    return Planned(row.number, code, project, content, owner, budget, effect)


@transaction.atomic
def save(*, content: bytes, seen: str, by: User) -> ListPlan[Planned]:
    """Save a file's rows, all or none; returns what was done.

    ``seen`` is the mark of the plan that somebody looked at. Raises ``Refused`` where it no longer holds, or a report
    of a year whose budget is changed was published since.
    """
    require(by, Permission.KEEP_MASTER_DATA)
    locked = InvestmentProject.objects.select_for_update(of=("self",)).order_by("pk")
    list(locked.values_list("pk"))  # so that a file that is sent twice is compared with what the first one saved
    done = plan(content)
    done.require_seen(seen)
    budget_seen.refuse_published_since(seen.partition(MARKS_APART)[0], budget_years(done.rows))
    for row in done.changing:
        _save(row, by=by)
    return done


def _save(row: Planned, *, by: User) -> None:
    project = row.project
    if project is None:
        project = actions.register_project(code=row.code, content=row.content, by=by)
    else:
        actions.edit_project(project=project, content=row.content, seen_version=project.version, by=by)
    budget = row.budget
    if budget is not None and budget.changes:
        ground = Ground(budget.decided_on, budget.paragraph, budget.note or "Ur fil")
        added: dict[int | None, int] = {None: budget.amount - (budget.stored or 0)}
        actions.append_budget(project=project, year=budget.year, amounts=added, ground=ground, by=by)
