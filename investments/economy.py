"""The arithmetic of the investments: exact öre in, exact öre out. Pure, like followup.economy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from followup.economy import difference, total
from sydit.money import divide

MONTHS = 12
TENTHS = 10


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project's year in öre; None is missing. ``booked`` is for the period.

    ``owner`` is the municipality, or what the projects of all of them are called. ``reason`` (as it is shown) and
    ``comment`` say why the forecast differs from the budget.
    """

    key: str
    label: str
    budget: int | None
    booked: int | None
    forecast: int | None
    owner: str = ""
    reason: str = ""
    comment: str = ""

    @property
    def remaining(self) -> int | None:
        """Budget − booked: what may still be spent."""
        return difference(self.budget, self.booked)

    @property
    def variance(self) -> int | None:
        """Budget − forecast: positive is cheaper than budget."""
        return difference(self.budget, self.forecast)


def total_of(lines: Iterable[ProjectLine], *, key: str = "total", label: str = "Totalt") -> ProjectLine:
    """The exact sum of some lines; what is missing in one of them is missing in the sum."""
    lines = tuple(lines)
    return ProjectLine(
        key=key,
        label=label,
        budget=total(line.budget for line in lines),
        booked=total(line.booked for line in lines),
        forecast=total(line.forecast for line in lines),
    )


def by_owner(lines: Iterable[ProjectLine]) -> dict[str, tuple[ProjectLine, ...]]:
    """The lines of each owner, the owners in the order of their first line."""
    groups: dict[str, list[ProjectLine]] = {}
    for line in lines:
        groups.setdefault(line.owner, []).append(line)
    return {owner: tuple(group) for owner, group in groups.items()}


@dataclass(frozen=True, slots=True)
class Pace:
    """What a forecast means for the months that remain of the year, against the pace so far. Exact öre.

    Both numbers of months are at least one.
    """

    booked: int
    forecast: int
    months: int
    months_left: int

    @property
    def left(self) -> int:
        """Forecast − booked: what the remaining months are expected to cost."""
        return self.forecast - self.booked

    @property
    def tenths(self) -> int | None:
        """How many tenths of the pace so far the remaining months need; None where nothing (or less) is booked.

        Rounded once, from (left ÷ months left) ÷ (booked ÷ months).
        """
        if self.booked <= 0:
            return None
        return divide(self.left * self.months * TENTHS, self.booked * self.months_left)

    @property
    def is_out_of_proportion(self) -> bool:
        """At least twice the pace so far, all of it left, or more booked than forecast."""
        if self.tenths is None:
            return self.left > 0
        return self.left < 0 or self.tenths >= 2 * TENTHS


def pace_of(line: ProjectLine, month: int) -> Pace | None:
    """The pace after ``month`` months of the year; None where an amount is missing or no month remains."""
    if line.booked is None or line.forecast is None or month >= MONTHS:
        return None
    return Pace(line.booked, line.forecast, month, MONTHS - month)


@dataclass(frozen=True, slots=True)
class FrameLine:
    """A project over its years, in öre. ``frame`` is what is decided for all of them, ``spent`` what is booked."""

    frame: int | None
    spent: int | None

    @property
    def left(self) -> int | None:
        return difference(self.frame, self.spent)


def with_forecasts(lines: tuple[ProjectLine, ...], forecasts: Mapping[str, int | None]) -> tuple[ProjectLine, ...]:
    """The lines with other forecasts, by key, as while they are being entered; lines not named keep theirs."""
    return tuple(replace(line, forecast=forecasts.get(line.key, line.forecast)) for line in lines)
