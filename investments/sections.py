"""The investments' section of the report."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.text import slugify

from followup import actuals, budgets
from followup.classify import Kind
from followup.models import FollowUp
from followup.pace import Pace, pace_of, pace_sentence
from investments.economy import ProjectLine, by_owner, total_of
from investments.models import SHARED, InvestmentProject, ProjectBudgetEntry, ProjectForecast
from investments.sentences import notes
from sydit.kept import kept
from sydit.money import Unit, text
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import (
    Column,
    ColumnKind,
    Difference,
    Lines,
    Paragraph,
    Ratio,
    Row,
    RowKind,
    Section,
    Table,
)
from sydit.report.figures import outcome

COLUMNS = (
    Column("budget", "Budget", ColumnKind.AMOUNT),
    Column("booked", "Bokfört i perioden", ColumnKind.AMOUNT),
    Column("remaining", "Avvikelse mot bokfört", ColumnKind.VARIANCE, Difference("budget", "booked")),
    Column("used", "Procent förbrukat", ColumnKind.PERCENT, Ratio("booked", "budget")),
    Column("forecast", "Prognos helår", ColumnKind.AMOUNT),
    Column("variance", "Avvikelse mot prognos", ColumnKind.VARIANCE, Difference("budget", "forecast")),
)


@kept
def lines_of(follow_up: FollowUp) -> tuple[ProjectLine, ...]:
    """The projects that have a budget, a forecast or booked lines in the follow-up's year, in their order."""
    booked = actuals.year_to_date(follow_up.period)
    amounts = {place.key: ore for place, ore in booked.placed.of(Kind.PROJECT).items()}
    decided = budgets.read(ProjectBudgetEntry.objects.filter(fiscal_year=follow_up.fiscal_year_id), "project_id")
    said = ProjectForecast.objects.filter(follow_up=follow_up).values_list("project", "amount", "reason", "comment")
    forecasts = {project: (ore, reason, comment) for project, ore, reason, comment in said}
    return tuple(
        ProjectLine(
            key=code,
            label=name,
            budget=decided[pk].total if pk in decided else None,
            booked=None if booked.missing else amounts.get(code, 0),
            forecast=(forecast := forecasts.get(pk, (None, "", "")))[0],
            owner=owner or SHARED,
            reason=str(ProjectForecast.Reason(forecast[1]).label) if forecast[1] else "",
            comment=forecast[2],
            budget_by_month=decided[pk].by_month if pk in decided else (),
        )
        for pk, code, name, owner in InvestmentProject.objects.order_by("position", "code").values_list(
            "pk", "code", "name", "municipality__name"
        )
        if pk in decided or pk in forecasts or code in amounts
    )


def investments(lines: tuple[ProjectLine, ...], period: Month) -> Section:
    """The table of the projects, what the year's forecast means, and why it differs where somebody said why."""
    pace = pace_of_all(lines, period)
    sentences = [
        *_forecast_sentence(lines),
        *([Paragraph(pace_sentence(pace))] if pace and pace.is_out_of_proportion else []),
        *(Paragraph(note) for note in notes(lines)),
    ]
    return Section("investments", "", "Investeringar", 2, (investments_table(lines), *sentences))


def investments_table(
    lines: tuple[ProjectLine, ...], unit: Unit = Unit.TKR, *, shown: Collection[str] | None = None
) -> Table:
    """The projects, each with the ledger lines behind it; amounts are printed in ``unit``.

    With ``shown`` only those codes have a row; the total is of all of them.
    """
    return Table(
        key="investments",
        caption="Investeringar",
        label_heading="Projekt",
        unit=unit,
        columns=COLUMNS,
        rows=(
            *(_row(line, _behind([line]), unit) for line in lines if shown is None or line.key in shown),
            _row(total_of(lines), _behind(lines), unit, RowKind.TOTAL),
        ),
    )


def owners_table(lines: tuple[ProjectLine, ...], unit: Unit = Unit.TKR) -> Table:
    """The same figures summed per municipality, and for what is shared."""
    owned = by_owner(lines)
    return Table(
        key="owners",
        caption="Summa per kommun",
        label_heading="Kommun",
        unit=unit,
        columns=COLUMNS,
        rows=(
            *(
                _row(total_of(group, key=slugify(owner), label=owner), _behind(group), unit)
                for owner, group in owned.items()
            ),
            _row(total_of(lines), _behind(lines), unit, RowKind.TOTAL),
        ),
    )


def _behind(lines: Iterable[ProjectLine]) -> Lines:
    return Lines(projects=tuple(line.key for line in lines))


def pace_remark(lines: tuple[ProjectLine, ...], period: Month) -> str:
    """What the forecasts mean for the pace of the months that remain; empty where that cannot be said."""
    pace = pace_of_all(lines, period) if lines else None
    return pace_sentence(pace) if pace else ""


def pace_of_all(lines: tuple[ProjectLine, ...], period: Month) -> Pace | None:
    """The pace of some projects together."""
    whole = total_of(lines)
    return pace_of(booked=whole.booked, forecast=whole.forecast, month=period.month)


def _forecast_sentence(lines: tuple[ProjectLine, ...]) -> list[Paragraph]:
    variance = total_of(lines).variance
    if variance is None or not lines:
        return []
    year = "Årets investeringar väntas "
    if text(variance) == "0":
        return [Paragraph(f"{year}hålla sig inom budget.")]
    return [Paragraph(f"{year}ge {outcome(-variance)} mot budget.")]


def _row(line: ProjectLine, lines: Lines, unit: Unit, kind: RowKind = RowKind.LINE) -> Row:
    return Row(
        key=line.key,
        label=line.label,
        cells=(
            cells.amount(line.budget, unit),
            cells.amount(line.booked, unit),
            cells.variance(line.remaining, unit, below="över budget"),
            cells.share(line.booked, line.budget),
            cells.amount(line.forecast, unit),
            cells.variance(line.variance, unit),
        ),
        kind=kind,
        lines=lines,
    )
