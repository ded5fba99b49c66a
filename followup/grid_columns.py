"""The columns of the grids, and what they say in words. Every printed amount is rounded once, from exact öre."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace

from followup.outlook import Kind, Known, Outlook, Proposal
from followup.pace import MONTHS, judgement, pace_sentence
from followup.sheet import FORECAST, GridColumn
from followup.thresholds import Threshold
from sydit.money import NO_BREAK_SPACE, Unit, text
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import Cell
from sydit.report.figures import outcome

COMPARISON, REST = "jamforelse", "resten"
GROUPS = ((REST, "Resten av året"), (COMPARISON, "Jämförelser"))  # what can be hidden, and what it is called


def _known(name: str) -> GridColumn:
    key, label, group = {
        "budget": ("budget", "Budget", ""),
        "budget_through": ("budget-period", "Budget för perioden", COMPARISON),
        "actual": ("actual", "Utfall för perioden", ""),
        "previous": ("previous", "Föregående prognos", COMPARISON),
    }[name]
    return GridColumn(key, label, lambda row, unit: cells.amount(getattr(row.known, name), unit), group)


BUDGET, BUDGET_THROUGH, ACTUAL, PREVIOUS = (_known(n) for n in ("budget", "budget_through", "actual", "previous"))
VARIANCE = GridColumn("variance", "Avvikelse", lambda row, unit: cells.variance(row.variance, unit), follows=True)
BOOKED = GridColumn("booked", "Bokfört i perioden", lambda row, unit: cells.amount(row.known.actual, unit))
REMAINING = GridColumn(
    "remaining",
    "Avvikelse mot bokfört",
    lambda row, unit: cells.variance(row.known.remaining, unit, below="över budget"),
)
USED = GridColumn("used", "Procent förbrukat", lambda row, _: cells.share(row.known.actual, row.known.budget))
PROJECT_VARIANCE = replace(VARIANCE, label="Avvikelse mot prognos")
CHANGE = GridColumn(
    "change", "Ändring", lambda row, unit: cells.amount(row.change, unit), group=COMPARISON, follows=True
)
LEFT = GridColumn("left", "Kvar av året", lambda row, unit: cells.amount(row.left, unit), group=REST, follows=True)
STRAIGHT = GridColumn("straight", "Rak framskrivning", lambda row, unit: cells.amount(row.straight, unit), group=REST)


def forecast(label: str) -> GridColumn:
    return GridColumn(FORECAST, label, lambda row, unit: cells.amount(row.forecast, unit), follows=True)


def last_year(period: Month) -> GridColumn:
    """The same period of the year before."""
    return GridColumn(
        "last-year",
        f"Samma period {period.year - 1}",
        lambda row, unit: cells.amount(row.known.last_year, unit),
        group=COMPARISON,
    )


def _judged(row: Outlook, _: Unit) -> Cell:
    return cells.words(judgement(row.pace) if row.pace else "")


PACE = GridColumn("pace", "Rimlighet", _judged, group=REST, is_text=True, follows=True)


@functools.cache
def result_columns(period: Month) -> tuple[GridColumn, ...]:
    """Those of the economic result."""
    around = (BUDGET_THROUGH, last_year(period), PREVIOUS, CHANGE)
    rest = (replace(column, in_total=column.key != PACE.key) for column in rest_of(period))  # a result has no pace
    return (BUDGET, ACTUAL, forecast("Årsprognos"), VARIANCE, *rest, *around)


@functools.cache
def project_columns(period: Month) -> tuple[GridColumn, ...]:
    """Those of the investments, whose budget has no months."""
    around = (last_year(period), PREVIOUS, CHANGE)
    return (BUDGET, BOOKED, REMAINING, USED, forecast("Prognos helår"), PROJECT_VARIANCE, *rest_of(period), *around)


def rest_of(period: Month) -> tuple[GridColumn, ...]:
    """What the forecast means for the months that remain; none of it where none does."""
    return (LEFT, STRAIGHT, PACE) if period.month < MONTHS else ()


def straight_sentence(whole: Outlook) -> str:
    """The result if the year goes on as the period, beside the one that the forecasts say."""
    if whole.straight is None or whole.month >= MONTHS:
        return ""
    line = f"Rak framskrivning av utfallet ger {outcome(whole.straight)} på helåret"
    if whole.forecast is None:
        return f"{line}. Årsprognosen är inte komplett."
    return f"{line}. Prognosen säger {outcome(whole.forecast)}."


def pace_remark(whole: Outlook) -> str:
    """The pace that the forecasts take together; nothing where that cannot be said."""
    pace = whole.pace
    return pace_sentence(pace) if pace and (pace.booked or pace.forecast) else ""


def explained(proposal: Proposal, unit: Unit) -> str:
    """How a proposal was computed, or why it is not there."""
    if proposal.amount is None:
        return proposal.missing
    terms = " + ".join(f"{term.label} {text(term.ore, unit)}" for term in proposal.terms)
    if proposal.kind is Kind.RUN_RATE:
        terms = f"{terms} ÷ {proposal.months} månader × {MONTHS}"
    return f"{terms[:1].upper()}{terms[1:]} = {text(proposal.amount, unit)}{NO_BREAK_SPACE}{unit}."


def owed_comment(threshold: Threshold, known: Known, variance: int | None, comment: str) -> str:
    """That a comment is required and missing, in a sentence; else nothing."""
    if comment.strip() or not threshold.is_passed(budget=known.budget, variance=variance):
        return ""
    return (
        f"Kommentar krävs: avvikelsen når {threshold.tkr}{NO_BREAK_SPACE}tkr eller {threshold.percent} % av budgeten."
    )


def hidden_together(columns: tuple[GridColumn, ...]) -> Iterator[tuple[str, str]]:
    """The groups that the columns have, each with what it is called."""
    present = {column.group for column in columns}
    yield from ((key, label) for key, label in GROUPS if key in present)
