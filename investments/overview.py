"""The investments as a whole: over the years, per municipality, and project codes that nobody has registered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from followup import actuals, budgets
from followup.actuals import ProjectHistory
from followup.models import FiscalYear, FollowUp
from followup.pace import pace_of, pace_sentence
from investments.economy import FrameLine, ProjectLine, by_owner, total_of
from investments.models import InvestmentProject, ProjectBudgetEntry, ProjectForecast
from sydit.bar_chart import Series, bar_chart
from sydit.charts import Chart
from sydit.money import Unit
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import Cell, Column, ColumnKind, Difference, Ratio, Row, Table

FRAME_COLUMNS = (
    Column("owner", "Kommun", ColumnKind.TEXT),
    Column("frame", "Total ram", ColumnKind.AMOUNT),
    Column("spent", "Förbrukat sedan start", ColumnKind.AMOUNT),
    Column("left", "Kvar av ramen", ColumnKind.VARIANCE, Difference("frame", "spent")),
    Column("used", "Procent förbrukat", ColumnKind.PERCENT, Ratio("spent", "frame")),
)


MOST_PACES = 10


def frames_table(projects: Sequence[InvestmentProject], history: ProjectHistory) -> Table:
    """Projects over their years: their frames, what is booked, and what is left of the frame."""
    decided = budgets.totals(ProjectBudgetEntry.objects.filter(project__in=projects), "project")
    return Table(
        key="frames",
        caption="Projekten över åren",
        label_heading="Projekt",
        unit=Unit.TKR,
        columns=FRAME_COLUMNS,
        rows=tuple(
            _frame_row(project, FrameLine(frame_of(project, decided.get(project.pk)), history.spent(project.code)))
            for project in projects
        ),
    )


def budgeted_in(year: FiscalYear) -> tuple[str, ...]:
    """The projects that have a budget in a year, by code and name."""
    budgeted = ProjectBudgetEntry.objects.filter(fiscal_year=year).values("project")
    projects = InvestmentProject.objects.filter(pk__in=budgeted).order_by("position", "code")
    return tuple(f"{project.code} {project.name}" for project in projects)


def frame_line(project: InvestmentProject, history: ProjectHistory) -> FrameLine:
    """One project over its years."""
    decided = budgets.totals(project.budget_entries.all(), "project")
    return FrameLine(frame_of(project, decided.get(project.pk)), history.spent(project.code))


def frame_of(project: InvestmentProject, budget: int | None) -> int | None:
    """What is decided for all the project's years; where no frame is, the sum of the years' budgets."""
    return budget if project.frame is None else project.frame


def _frame_row(project: InvestmentProject, line: FrameLine) -> Row:
    return Row(
        key=str(project.pk),
        label=f"{project.code} {project.name}",
        cells=(cells.words(project.owner), *frame_cells(line)),
    )


def frame_cells(line: FrameLine) -> tuple[Cell, ...]:
    """A row's amounts, in the order of ``FRAME_COLUMNS`` after the owner."""
    return (
        cells.amount(line.frame),
        cells.amount(line.spent),
        cells.variance(line.left, below="över ramen"),
        cells.share(line.spent, line.frame),
    )


def spent_note(history: ProjectHistory) -> str:
    """Since when the ledger is here, and what it lacks; what was booked before is in no figure."""
    if history.first is None:
        return "Ingen huvudbok är importerad ännu."
    note = f"Förbrukat räknas från {history.first.label}, den första månad som är importerad."
    if history.missing:
        months = ", ".join(month.label for month in history.missing)
        return f"{note} Huvudboken saknas för {months}, så summorna går inte att räkna."
    return note


def owners_chart(lines: tuple[ProjectLine, ...], period: Month) -> Chart:
    """Budget, booked and forecast of each municipality's projects."""
    owned = by_owner(lines)
    totals = [total_of(group) for group in owned.values()]
    return bar_chart(
        key="kommuner",
        title=f"Investeringar per kommun, {period.label}",
        description="Årets budget, det som är bokfört och prognosen för helåret, en grupp staplar per kommun.",
        heading="Kommun",
        groups=tuple(owned),
        series=(
            Series("Budget", tuple(line.budget for line in totals)),
            Series("Bokfört", tuple(line.booked for line in totals)),
            Series("Prognos", tuple(line.forecast for line in totals)),
        ),
    )


def paces(lines: tuple[ProjectLine, ...], period: Month) -> Iterator[str]:
    """The projects whose forecast is out of proportion to their pace so far, each in words."""
    for line in lines:
        pace = pace_of(booked=line.booked, forecast=line.forecast, month=period.month, parts=line.parts(period.month))
        if pace and pace.is_out_of_proportion:
            yield f"{line.label}: {pace_sentence(pace)}"


@dataclass(frozen=True, slots=True)
class Paces:
    """The first of the sentences about projects, and whether there are more than a page has room for."""

    sentences: tuple[str, ...]
    has_more: bool


def first_paces(sentences: Iterator[str]) -> Paces:
    """As many as somebody reads; each project's pace stands beside its forecast."""
    found = tuple(islice(sentences, MOST_PACES + 1))
    return Paces(found[:MOST_PACES], has_more=len(found) > MOST_PACES)


@dataclass(frozen=True, slots=True)
class BookedMonth:
    """What is booked on a project in a month, and since the first; öre."""

    month: Month
    amount: int
    accumulated: int


def booked_months(code: str, history: ProjectHistory) -> tuple[BookedMonth, ...]:
    """The months of the project from the first with a line, each imported month also where nothing is booked."""
    of_project = history.by_project.get(code, {})
    if not of_project:
        return ()
    months, accumulated = [], 0
    month = min(of_project)
    while month <= history.period:
        if month not in history.missing:
            amount = of_project.get(month, 0)
            accumulated += amount
            months.append(BookedMonth(month, amount, accumulated))
        month = month.shifted(1)
    return tuple(months)


def forecasts_of(project: InvestmentProject, follow_up: FollowUp) -> list[ProjectForecast]:
    """The project's forecast in this follow-up and those before it, the latest first."""
    rows = ProjectForecast.objects.filter(project=project).select_related("follow_up__fiscal_year", "changed_by")
    rows = rows.order_by("-follow_up__fiscal_year__year", "-follow_up__month")
    return [row for row in rows if row.follow_up.period <= follow_up.period]


def history_of(follow_up: FollowUp) -> ProjectHistory:
    return actuals.project_history(follow_up.period)


def latest_history() -> ProjectHistory:
    """Through the last month that is booked."""
    return actuals.project_history(actuals.latest_month() or Month.of(timezone.localdate()))


def project_page(project: InvestmentProject, history: ProjectHistory) -> dict[str, Any]:
    """What every page of one project shows (``investments/_project.html``)."""
    return {
        "project": project,
        "owner_url": reverse("municipality", kwargs={"slug": slugify(project.owner)}),
        "frame": frame_line(project, history),
        "spent_note": spent_note(history),
        "budget_entries": project.budget_entries.select_related("fiscal_year", "recorded_by"),
        "months": booked_months(project.code, history),
    }
