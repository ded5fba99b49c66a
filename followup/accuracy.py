"""How well forecasts came true (prognossäkerhet). Pure: exact öre in, exact öre out; per cent are rounded once.

The sign is that of a variance: forecast − outcome is positive where the year ended better than it was forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sydit.money import NO_BREAK_SPACE, divide, grouped, percent, text
from sydit.periods import Month


@dataclass(frozen=True, slots=True)
class Observation:
    """The forecast of one subject (a category or a project) in one follow-up, and what its year came to. Öre.

    ``budget`` is the year's; None where nobody decided one.
    """

    key: str
    label: str
    follow_up: Month
    budget: int | None
    forecast: int
    outcome: int

    @property
    def deviation(self) -> int:
        """Forecast − outcome: positive is better than forecast."""
        return self.forecast - self.outcome

    @property
    def percent(self) -> int | None:
        """The deviation in whole per cent of the budget; None where that is no number."""
        return percent(self.deviation, abs(self.budget)) if self.budget else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """At least one observation of one subject, oldest first.

    What repeats itself (``bias``) is told from what varies (``spread``): a forecast that is always 100 tkr too low can
    be corrected, one that is now too high and now too low cannot.
    """

    observations: Sequence[Observation]

    @property
    def bias(self) -> int:
        """The mean deviation in öre."""
        return divide(self._sum, len(self.observations))

    @property
    def spread(self) -> int:
        """How far from the bias a deviation lies on average, in öre (the mean absolute deviation)."""
        return divide(self._scatter, len(self.observations) ** 2)

    @property
    def bias_percent(self) -> int | None:
        """The bias in whole per cent of the mean budget; None where a budget is missing or all are zero."""
        budgets = self._budgets
        return percent(self._sum, budgets) if budgets else None

    @property
    def spread_percent(self) -> int | None:
        """The spread in whole per cent of the mean budget; None as for the bias."""
        budgets = self._budgets
        return percent(self._scatter, len(self.observations) * budgets) if budgets else None

    @property
    def _sum(self) -> int:
        return sum(one.deviation for one in self.observations)

    @property
    def _scatter(self) -> int:
        """The sum of the distances from the mean, times the number of observations, which keeps it whole."""
        count, mean_times_count = len(self.observations), self._sum
        return sum(abs(count * one.deviation - mean_times_count) for one in self.observations)

    @property
    def _budgets(self) -> int | None:
        if any(one.budget is None for one in self.observations):
            return None
        return sum(abs(one.budget or 0) for one in self.observations)


def total_of(observations: Sequence[Observation]) -> Observation:
    """The sum of the subjects' observations of one follow-up (at least one), as an observation of its own."""
    budgets = [one.budget for one in observations]
    return Observation(
        key="total",
        label="Summa",
        follow_up=observations[0].follow_up,
        budget=None if None in budgets else sum(budget or 0 for budget in budgets),
        forecast=sum(one.forecast for one in observations),
        outcome=sum(one.outcome for one in observations),
    )


def remarks(observations: Sequence[Observation], month: int) -> tuple[str, ...]:
    """How a subject's earlier forecasts came true, for whoever makes the next in a follow-up of the ``month``.

    First of those of the same month, then of all; empty where there are none.
    ``Utfallet blev 120 tkr bättre än prognosen i augusti 2023 (5 % av budgeten).``
    """
    same = [one for one in observations if one.follow_up.month == month]
    groups = [same, observations] if len(same) < len(observations) else [observations]
    return tuple(_remark(group) for group in groups if group)


def _remark(observations: Sequence[Observation]) -> str:
    if len(observations) == 1:
        return _sentence(observations[0])
    accuracy = Accuracy(observations)
    printed, share = text(abs(accuracy.bias)), _share(accuracy.bias_percent)
    word = "bättre" if accuracy.bias > 0 else "sämre"
    said = (
        "stämt med prognosen" if printed == "0" else f"blivit {printed}{NO_BREAK_SPACE}tkr {word} än prognosen{share}"
    )
    occasions = ", ".join(one.follow_up.label for one in observations)
    return (
        f"Utfallet har i genomsnitt {said}, med en spridning på {text(accuracy.spread)}{NO_BREAK_SPACE}tkr "
        f"({len(observations)} prognoser: {occasions})."
    )


def _share(percent: int | None) -> str:
    return "" if percent is None else f" ({grouped(abs(percent))}{NO_BREAK_SPACE}% av budgeten)"


def _sentence(one: Observation) -> str:
    printed = text(abs(one.deviation))
    if printed == "0":
        return f"Prognosen i {one.follow_up.label} stämde med utfallet."
    word = "bättre" if one.deviation > 0 else "sämre"
    return (
        f"Utfallet blev {printed}{NO_BREAK_SPACE}tkr {word} än prognosen i {one.follow_up.label}{_share(one.percent)}."
    )
