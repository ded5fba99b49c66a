"""What stands beside a row's forecast: its budget and actual, the year before, and the previous follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from followup import actuals
from followup.budget_year import budget_through
from followup.classify import Kind, Placed
from followup.outlook import Known
from followup.sheet import SheetRow
from sydit.kept import kept
from sydit.periods import Month


class Line(Protocol):
    """A row of the economic result, or of the investments. Öre; ``actual`` is for the period."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def budget(self) -> int | None: ...
    @property
    def actual(self) -> int | None: ...
    @property
    def budget_by_month(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class LastYear:
    """Öre by row key in the same period of the year before, and in its rest; None where that is not loaded."""

    through: Mapping[str, int] | None
    rest: Mapping[str, int] | None


@kept
def last_year(period: Month, kind: Kind) -> LastYear:
    """The year before, placed by its own account rules."""
    split = actuals.split_year(Month(period.year - 1, period.month))
    return LastYear(_by_key(split.through, kind), _by_key(split.rest, kind))


def _by_key(placed: Placed | None, kind: Kind) -> dict[str, int] | None:
    return None if placed is None else {place.key: ore for place, ore in placed.of(kind).items()}


def rows(
    lines: Iterable[Line],
    *,
    subjects: Mapping[str, int],
    month: int,
    last_year: LastYear,
    previous: Mapping[int, int | None],
) -> tuple[SheetRow, ...]:
    """The rows of a grid; ``subjects`` are the primary keys of what can be forecast, by row key."""
    return tuple(
        SheetRow(
            key=line.key,
            label=line.label,
            subject_id=(subject := subjects.get(line.key)),
            known=Known(
                budget=line.budget,
                budget_through=None
                if line.budget is None
                else budget_through(line.budget, line.budget_by_month, month),
                actual=line.actual,
                last_year=None if last_year.through is None else last_year.through.get(line.key, 0),
                last_year_rest=None if last_year.rest is None else last_year.rest.get(line.key, 0),
                previous=previous.get(subject) if subject is not None else _of_nobody(previous),
                is_by_month=bool(line.budget_by_month),
            ),
        )
        for line in lines
    )


def _of_nobody(previous: Mapping[int, int | None]) -> int | None:
    """Ej fördelat counted as 0 in the previous follow-up as well, where there is one."""
    return 0 if previous else None
