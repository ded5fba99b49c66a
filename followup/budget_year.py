"""A year's budget: what is decided for the year as a whole, and what is decided month by month. Pure; exact öre.

What is decided without a month is spread evenly over the year, and only that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sydit.money import divide
from sydit.periods import MONTHS_A_YEAR


def straight(ore: int, month: int) -> int:
    """What an even year has come to after ``month`` months, rounded once to a whole öre."""
    return divide(ore * month, MONTHS_A_YEAR)


def even_months(ore: int) -> tuple[int, ...]:
    """The year in twelve parts that sum to it to the öre and differ by one öre at most (largest remainder).

    All remainders are the same, so the odd öre go where the sum so far keeps closest to a straight line.
    """
    return tuple(straight(ore, month) - straight(ore, month - 1) for month in range(1, MONTHS_A_YEAR + 1))


@dataclass(frozen=True, slots=True)
class YearBudget:
    """Öre; ``months`` are by number, without those that nothing is decided for."""

    undated: int = 0
    months: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.undated + sum(self.months.values())

    @property
    def by_month(self) -> tuple[int, ...]:
        """Each of the twelve months; empty where none is decided by month."""
        if not self.months:
            return ()
        even = even_months(self.undated)
        return tuple(ore + self.months.get(number, 0) for number, ore in enumerate(even, start=1))

    def through(self, month: int) -> int:
        """January through ``month``."""
        return budget_through(self.total, self.by_month, month)

    def plus(self, other: YearBudget) -> YearBudget:
        months = {number: self.months.get(number, 0) + other.months.get(number, 0) for number in _either(self, other)}
        return YearBudget(self.undated + other.undated, months)


def _either(one: YearBudget, other: YearBudget) -> list[int]:
    return sorted({*one.months, *other.months})


def parts(gone: int | None, left: int | None) -> tuple[int, int] | None:
    """What a budget by month gives the months so far and those that remain, as two weights; None where they tell
    nothing: one of them is missing or zero, or they go opposite ways."""
    if not gone or not left or (gone < 0) != (left < 0):
        return None
    return abs(gone), abs(left)


def budget_through(budget: int, by_month: Sequence[int], month: int) -> int:
    """The budget of January through ``month``: its months where it has any, else a straight line."""
    return sum(by_month[:month]) if by_month else straight(budget, month)
