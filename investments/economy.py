"""The arithmetic of the investments: exact öre in, exact öre out. Pure, like followup.economy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from followup.economy import difference, total


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project's year in öre; None is missing. ``booked`` is for the period."""

    key: str
    label: str
    budget: int | None
    booked: int | None
    forecast: int | None

    @property
    def remaining(self) -> int | None:
        """Budget − booked: what may still be spent."""
        return difference(self.budget, self.booked)

    @property
    def variance(self) -> int | None:
        """Budget − forecast: positive is cheaper than budget."""
        return difference(self.budget, self.forecast)


def total_of(lines: tuple[ProjectLine, ...]) -> ProjectLine:
    return ProjectLine(
        key="total",
        label="Totalt",
        budget=total(line.budget for line in lines),
        booked=total(line.booked for line in lines),
        forecast=total(line.forecast for line in lines),
    )


def with_forecasts(lines: tuple[ProjectLine, ...], forecasts: Mapping[str, int | None]) -> tuple[ProjectLine, ...]:
    """The lines with other forecasts, by key, as while they are being entered; lines not named keep theirs."""
    return tuple(replace(line, forecast=forecasts.get(line.key, line.forecast)) for line in lines)
