"""The arithmetic of the investments: exact öre in, exact öre out. Pure, like followup.economy."""

from __future__ import annotations

from dataclasses import dataclass

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
