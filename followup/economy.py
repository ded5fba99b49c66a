"""The arithmetic of the economic result: exact öre in, exact öre out. Pure; nothing here rounds or prints.

Amounts have the ledger's sign: income negative, cost positive, a deficit positive. None is an amount that is missing,
which is not zero, and makes what is computed from it missing too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from followup.budget_year import YearBudget


def difference(minuend: int | None, subtrahend: int | None) -> int | None:
    return None if minuend is None or subtrahend is None else minuend - subtrahend


def total(amounts: Iterable[int | None]) -> int | None:
    """The sum; missing if one of the amounts is missing."""
    known = 0
    for amount in amounts:
        if amount is None:
            return None
        known += amount
    return known


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A row of the economic result. Öre; ``actual`` is for the period, the others for the whole year.

    ``budget_by_month`` are the twelve months of the budget, empty where it is not decided by month.
    """

    key: str
    label: str
    budget: int | None
    actual: int | None
    forecast: int | None
    budget_by_month: tuple[int, ...] = ()

    @property
    def variance(self) -> int | None:
        """Budget − forecast: positive is better than budget."""
        return difference(self.budget, self.forecast)


@dataclass(frozen=True, slots=True)
class EconomicResult:
    lines: tuple[ResultLine, ...]

    @property
    def total(self) -> ResultLine:
        return ResultLine(
            key="total",
            label="Summa",
            budget=total(line.budget for line in self.lines),
            actual=total(line.actual for line in self.lines),
            forecast=total(line.forecast for line in self.lines),
        )

    def line(self, key: str) -> ResultLine:
        """Raises ``KeyError``."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)


UNASSIGNED_KEY = "ej-fordelat"


def economic_result(
    categories: Sequence[tuple[str, str]],
    *,
    budgets: Mapping[str, YearBudget],
    actuals: Mapping[str, int] | None,
    forecasts: Mapping[str, int | None],
    unassigned: int | None,
) -> EconomicResult:
    """One line for each category (key, label) in order, and "Ej fördelat" where something is booked without a rule.

    ``actuals`` is None where a month of the period has no import; a category without lines in it has booked 0.
    ``unassigned`` is None where no line is without a category. It has neither budget nor forecast: both are 0 öre, so
    that the sums hold; that it stands there at all stops publication (sydit.report.checks).
    """
    lines = [
        ResultLine(
            key=key,
            label=label,
            budget=budgets[key].total if key in budgets else None,
            actual=None if actuals is None else actuals.get(key, 0),
            forecast=forecasts.get(key),
            budget_by_month=budgets[key].by_month if key in budgets else (),
        )
        for key, label in categories
    ]
    if unassigned is not None:
        actual = None if actuals is None else unassigned
        lines.append(ResultLine(UNASSIGNED_KEY, "Ej fördelat", budget=0, actual=actual, forecast=0))
    return EconomicResult(tuple(lines))
