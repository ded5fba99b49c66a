"""What has happened to the investments of a follow-up (the contract: ``followup.journal``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from followup.budget_page import decision_text
from followup.events import name_of, while_worked_on
from followup.history import Event, changed_fields, events_in
from followup.journal import Area, Detail, Kind, Rows, Source, Versions, kr, months
from followup.models import FollowUp
from investments.models import InvestmentProject, ProjectBudgetEntry, ProjectForecast


def sources(follow_up: FollowUp) -> Iterator[Source]:
    """The projects' forecasts, their budget of the year, and what the register came to say meanwhile."""
    yield Versions(
        name="project-forecast",
        area=Area.INVESTMENTS,
        rows=ProjectForecast.history.filter(follow_up_id=follow_up.pk),
        search=("project__name", "project__code", "comment"),
        fields=("amount", "months", "reason", "comment", "confirmed"),
        subject=lambda row: name_of(row.project),
        related=("project",),
        words={"months": months},
        labels={"confirmed": "kommentaren bekräftad"},
        is_carried=True,
    )
    yield Versions(
        name="project",
        area=Area.MASTER_DATA,
        rows=InvestmentProject.history.filter(while_worked_on(follow_up)),
        search=("name", "code", "municipality__name"),
        fields=("code", "name", "municipality", "responsible", "start_year", "end_year", "frame", "position"),
        subject=lambda row: f"Investeringsprojekt {row.name}",
        related=("municipality",),
        labels={"frame": "total ram"},
        words={"municipality": name_of, "frame": kr},
    )
    yield Rows(
        name="project-budget",
        area=Area.BUDGET,
        rows=ProjectBudgetEntry.objects.filter(fiscal_year=follow_up.fiscal_year_id),
        at="recorded_at",
        by="recorded_by",
        search=("project__name", "project__code", "note", "paragraph"),
        kind=Kind.ADDED,
        told=_budgets_told,
    )


def _budgets_told(rows: list[ProjectBudgetEntry]) -> Mapping[int, tuple[str, tuple[Detail, ...]]]:
    names = dict(InvestmentProject.objects.values_list("pk", "name"))
    return {row.pk: (f"{row.get_kind_display()}, investering", _budget_told(row, names)) for row in rows}


def _budget_told(row: ProjectBudgetEntry, names: Mapping[int, str]) -> tuple[Detail, ...]:
    reasons = (("Beslut", decision_text(row.decided_on, row.paragraph)), ("Anteckning", row.note))
    return (
        Detail(names[row.project_id], "", kr(row.amount)),
        *(Detail(label, "", value) for label, value in reasons if value),
    )


_FIELDS = (
    ("code", "projektkod"),
    ("name", "namn"),
    ("municipality_id", "kommun"),
    ("responsible", "ansvarig"),
    ("start_year", "startår"),
    ("end_year", "slutår"),
    ("frame", "total ram"),
    ("position", "ordning"),
)


def events_of(project: InvestmentProject) -> tuple[Event, ...]:
    """What has happened to a project in the register, the latest first."""
    return events_in(project.history, _what)


def _what(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "Registrerat"
        return
    yield from changed_fields(old, new, _FIELDS)
