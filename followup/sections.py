"""The economy's sections of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings

from followup import budgets
from followup.action_plan import ActionPlan
from followup.actuals import YearToDate
from followup.classify import UNASSIGNED, Kind, Placed
from followup.economy import UNASSIGNED_KEY, EconomicResult, ResultLine, economic_result, total
from followup.models import CostCategory, FollowUp, Forecast, Measure, ReportText
from sydit.kept import kept
from sydit.money import Unit
from sydit.periods import day_and_month
from sydit.report import cells
from sydit.report.document import (
    Block,
    Column,
    ColumnKind,
    Difference,
    Lines,
    Paragraph,
    ParagraphKind,
    Row,
    RowKind,
    Section,
    Table,
    Value,
)
from sydit.report.figures import outcome

RESULT_COLUMNS = (
    Column("budget", "Budget", ColumnKind.AMOUNT),
    Column("actual", "Utfall för perioden", ColumnKind.AMOUNT),
    Column("forecast", "Årsprognos", ColumnKind.AMOUNT),
    Column("variance", "Avvikelse", ColumnKind.VARIANCE, Difference("budget", "forecast")),
)

MEASURE_COLUMNS = (
    Column("category", "Kostnadskategori", ColumnKind.TEXT),
    Column("owner", "Ansvarig", ColumnKind.TEXT),
    Column("due", "Klar senast", ColumnKind.TEXT),
    Column("status", "Status", ColumnKind.TEXT),
    Column("this-year", "Effekt i år", ColumnKind.AMOUNT),
    Column("full-year", "Effekt på helår", ColumnKind.AMOUNT),
    Column("so-far", "Effekt hittills", ColumnKind.AMOUNT),
)


def result_of(follow_up: FollowUp, booked: YearToDate) -> EconomicResult:
    """The economic result of a follow-up: budget, actual and forecast per category, in exact öre."""
    categories = CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id).order_by("position", "id")
    forecasts = Forecast.objects.filter(follow_up=follow_up).values_list("category__key", "amount")
    return economic_result(
        list(categories.values_list("key", "name")),
        budgets=budgets.of_categories(follow_up.fiscal_year_id),
        actuals=None if booked.missing else {place.key: ore for place, ore in booked.placed.of(Kind.CATEGORY).items()},
        forecasts=dict(forecasts),
        unassigned=booked.placed.amounts.get(UNASSIGNED),
    )


Written = Mapping[str, Sequence[Block]]  # the texts that people wrote, by key, as the report's blocks


def introduction(booked: YearToDate, result: EconomicResult, written: Written) -> Section:
    """What is written, else the result in two sentences that are made from the figures."""
    period, total = booked.period, result.total
    blocks: list[Block] = [*_missing_months(booked)]
    if own := written.get(ReportText.Key.INTRODUCTION):
        return Section("introduction", "1", "Inledning", 1, (*blocks, *own))
    if total.actual is not None:
        through = day_and_month(period.last_day)
        blocks.append(Paragraph(f"Till och med {through} redovisar {settings.ORGANISATION} {outcome(total.actual)}."))
    if total.forecast is not None:
        blocks.append(Paragraph(f"För helåret {period.year} räknar förvaltningen med {outcome(total.forecast)}."))
    else:
        blocks.append(Paragraph("Årsprognosen är inte komplett.", ParagraphKind.NOTICE))
    return Section("introduction", "1", "Inledning", 1, tuple(blocks))


def _missing_months(booked: YearToDate) -> list[Paragraph]:
    if not booked.missing:
        return []
    names = ", ".join(month.name for month in booked.missing)
    return [Paragraph(f"Utfall saknas för {names}: ingen huvudbok är importerad.", ParagraphKind.NOTICE)]


def analysis(written: Written) -> Section:
    return Section("economy", "2", "Ekonomisk rapport", 1, tuple(written.get(ReportText.Key.ANALYSIS, ())))


def action_plan(written: Written, measures: Sequence[Measure], result: EconomicResult) -> Section:
    """The plan in words, and where there are measures their table and what they are worth against the deficit."""
    in_force = [measure for measure in measures if measure.is_in_force]
    dropped = [measure for measure in measures if not measure.is_in_force]
    plan = ActionPlan(tuple(measure.effect_this_year for measure in in_force), result.total.forecast)
    blocks: list[Block] = [*written.get(ReportText.Key.ACTION_PLAN, ())]
    if in_force:
        blocks += [measures_table(in_force), Paragraph(plan.sentence)]
    blocks += [Paragraph(f"Avbruten åtgärd: {' '.join(measure.what.split())}") for measure in dropped]
    blocks += written.get(ReportText.Key.AFTER_MEASURES, ())
    return Section("action-plan", "3", "Åtgärdsplan för budget i balans", 1, tuple(blocks))


def measures_table(measures: Sequence[Measure], unit: Unit = Unit.TKR) -> Table:
    """The measures that the plan counts on, with what they give together."""
    return Table(
        key="measures",
        caption="Åtgärder",
        label_heading="Åtgärd",
        unit=unit,
        columns=MEASURE_COLUMNS,
        rows=(
            *(_measure_row(str(number), measure, unit) for number, measure in enumerate(measures, start=1)),
            Row(
                key="total",
                label="Summa",
                cells=(
                    *(cells.words("") for _ in range(4)),
                    cells.amount(total(measure.effect_this_year for measure in measures), unit),
                    cells.amount(total(measure.effect_full_year for measure in measures), unit),
                    cells.amount(total(measure.effect_so_far for measure in measures), unit),
                ),
                kind=RowKind.TOTAL,
            ),
        ),
    )


def _measure_row(key: str, measure: Measure, unit: Unit) -> Row:
    return Row(
        key=key,
        label=" ".join(measure.what.split()),
        cells=(
            cells.words(measure.category.name if measure.category else ""),
            cells.words(measure.owner or cells.MISSING),
            cells.words(measure.due_on.isoformat() if measure.due_on else cells.MISSING),
            Value(measure.status, measure.get_status_display()),
            cells.amount(measure.effect_this_year, unit),
            cells.amount(measure.effect_full_year, unit),
            cells.amount(measure.effect_so_far, unit),
        ),
    )


def result_section(result: EconomicResult, placed: Placed) -> Section:
    return Section("result", "", "Ekonomiskt resultat", 2, (result_table(result, placed),))


def result_table(result: EconomicResult, placed: Placed, unit: Unit = Unit.TKR) -> Table:
    """The table of the economic result, each row with the ledger lines behind it; amounts are printed in ``unit``."""
    accounts = {place.key: placed.accounts[place] for place in placed.of(Kind.CATEGORY)}
    accounts[UNASSIGNED_KEY] = placed.accounts.get(UNASSIGNED, ())
    rows = [_result_row(line, Lines(accounts=accounts.get(line.key, ())), unit) for line in result.lines]
    everything = Lines(accounts=tuple(sorted(number for row in rows if row.lines for number in row.lines.accounts)))
    return Table(
        key="result",
        caption="Ekonomiskt resultat",
        label_heading="Post",
        unit=unit,
        columns=RESULT_COLUMNS,
        rows=(*rows, _result_row(result.total, everything, unit, RowKind.TOTAL)),
    )


def _result_row(line: ResultLine, lines: Lines, unit: Unit, kind: RowKind = RowKind.LINE) -> Row:
    return Row(
        key=line.key,
        label=line.label,
        cells=(
            cells.amount(line.budget, unit),
            cells.amount(line.actual, unit),
            cells.amount(line.forecast, unit),
            cells.variance(line.variance, unit),
        ),
        kind=kind,
        lines=lines,
    )


@kept
def texts_of(follow_up: FollowUp) -> Mapping[str, str]:
    """The written texts of a follow-up by key."""
    return dict(ReportText.objects.filter(follow_up=follow_up).values_list("key", "body"))
