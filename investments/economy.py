"""The arithmetic of the investments: exact öre in, exact öre out. Pure, like followup.economy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from followup.budget_year import parts
from followup.economy import difference, total


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project's year in öre; None is missing. ``booked`` is for the period.

    ``owner`` is the municipality, or what the projects of all of them are called. ``reason`` (as it is shown) and
    ``comment`` say why the forecast differs from the budget. ``budget_by_month`` is as in followup.economy.
    """

    key: str
    label: str
    budget: int | None
    booked: int | None
    forecast: int | None
    owner: str = ""
    reason: str = ""
    comment: str = ""
    budget_by_month: tuple[int, ...] = ()

    def parts(self, month: int) -> tuple[int, int] | None:
        """What the months of the budget say of the pace after ``month`` months (followup.pace)."""
        return parts(sum(self.budget_by_month[:month]), sum(self.budget_by_month[month:]))

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
class FrameLine:
    """A project over its years, in öre. ``frame`` is what is decided for all of them, ``spent`` what is booked."""

    frame: int | None
    spent: int | None

    @property
    def left(self) -> int | None:
        return difference(self.frame, self.spent)
