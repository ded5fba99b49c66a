"""What a forecast is weighed against: what is known of a row, what follows from it, and what may be proposed. Pure.

Exact öre with the ledger's sign; None is missing, and makes what is computed from it missing too.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from followup.budget_year import parts
from followup.economy import difference, total
from followup.pace import MONTHS, Pace, pace_of, straight_line


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a row when its year is forecast. Öre.

    ``budget_through``, ``actual`` and ``last_year`` are for the period, ``last_year_rest`` for the months after it,
    ``previous`` is the forecast of the follow-up before this one in the same year.
    """

    budget: int | None
    budget_through: int | None
    actual: int | None
    last_year: int | None
    last_year_rest: int | None
    previous: int | None
    is_by_month: bool = False  # the budget, so that its months tell how even the year is

    @property
    def remaining(self) -> int | None:
        """Budget − actual: what may still be spent."""
        return difference(self.budget, self.actual)

    @property
    def budget_rest(self) -> int | None:
        """The budget of the months that remain."""
        return difference(self.budget, self.budget_through)

    @property
    def parts(self) -> tuple[int, int] | None:
        """How much of the year is gone and left by the months of the budget; None where it has none that tell."""
        return parts(self.budget_through, self.budget_rest) if self.is_by_month else None


def sum_of(known: Iterable[Known]) -> Known:
    rows = tuple(known)
    return Known(
        budget=total(row.budget for row in rows),
        budget_through=total(row.budget_through for row in rows),
        actual=total(row.actual for row in rows),
        last_year=total(row.last_year for row in rows),
        last_year_rest=total(row.last_year_rest for row in rows),
        previous=total(row.previous for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """A row with its forecast, after ``month`` months of the year."""

    known: Known
    forecast: int | None
    month: int

    @property
    def variance(self) -> int | None:
        """Budget − forecast: positive is better than budget."""
        return difference(self.known.budget, self.forecast)

    @property
    def change(self) -> int | None:
        """How the forecast has moved since the previous follow-up."""
        return difference(self.forecast, self.known.previous)

    @property
    def left(self) -> int | None:
        """Forecast − actual: what the remaining months are expected to bring."""
        return difference(self.forecast, self.known.actual)

    @property
    def straight(self) -> int | None:
        """The year if the rest of it goes as the period."""
        return None if self.known.actual is None else straight_line(self.known.actual, self.month)

    @property
    def pace(self) -> Pace | None:
        """Against the pace so far; income is weighed as income, so that more of it is a higher pace."""
        sign = -1 if self.forecast is not None and self.forecast < 0 else 1
        return pace_of(
            booked=_times(sign, self.known.actual),
            forecast=_times(sign, self.forecast),
            month=self.month,
            parts=self.known.parts,
        )


def _times(sign: int, ore: int | None) -> int | None:
    return None if ore is None else sign * ore


def whole(outlooks: Iterable[Outlook], month: int) -> Outlook:
    """The sum of some rows."""
    rows = tuple(outlooks)
    return Outlook(sum_of(row.known for row in rows), total(row.forecast for row in rows), month)


class Kind(enum.StrEnum):
    """What may be proposed as a forecast; the value is the key that takes it."""

    RUN_RATE = "r"
    BUDGET = "b"
    LAST_YEAR = "f"
    PREVIOUS = "p"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Mapping[Kind, str] = {
    Kind.RUN_RATE: "Rak framskrivning",
    Kind.BUDGET: "Utfall och budget för återstående månader",
    Kind.LAST_YEAR: "Utfall och fjolårets återstående månader",
    Kind.PREVIOUS: "Föregående prognos",
}


@dataclass(frozen=True, slots=True)
class Term:
    """An amount that a proposal is made of, and what it is called."""

    ore: int
    label: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A forecast that may be taken. ``amount`` is None where something is missing, and ``missing`` says what.

    ``terms`` are added up; a run-rate has the actual alone and is that times twelve over ``months``.
    """

    kind: Kind
    amount: int | None
    terms: tuple[Term, ...] = ()
    months: int | None = None
    missing: str = ""


def proposals(known: Known, month: int) -> tuple[Proposal, ...]:
    """What a row's forecast might be, each with its terms, in the order in which they are shown."""
    return (
        _run_rate(known, month),
        _with_rest(Kind.BUDGET, known, known.budget_rest, "budget för återstående månader", "Budgeten saknas."),
        _with_rest(
            Kind.LAST_YEAR,
            known,
            known.last_year_rest,
            "fjolårets återstående månader",
            "Fjolårets huvudbok är inte importerad för alla återstående månader.",
        ),
        Proposal(Kind.PREVIOUS, known.previous, (Term(known.previous, "föregående prognos"),))
        if known.previous is not None
        else Proposal(Kind.PREVIOUS, None, missing="Ingen tidigare uppföljning i år har en prognos för raden."),
    )


_NO_ACTUAL = "Utfallet saknas: huvudboken är inte importerad för alla månader."


def _run_rate(known: Known, month: int) -> Proposal:
    if known.actual is None:
        return Proposal(Kind.RUN_RATE, None, missing=_NO_ACTUAL)
    terms = (Term(known.actual, "utfall"),)
    return Proposal(Kind.RUN_RATE, straight_line(known.actual, month), terms, months=month)


def _with_rest(kind: Kind, known: Known, rest: int | None, called: str, missing: str) -> Proposal:
    if known.actual is None:
        return Proposal(kind, None, missing=_NO_ACTUAL)
    if rest is None:
        return Proposal(kind, None, missing=missing)
    return Proposal(kind, known.actual + rest, (Term(known.actual, "utfall"), Term(rest, called)))


def remaining_months(month: int) -> range:
    """The numbers of the months that remain after ``month``."""
    return range(month + 1, MONTHS + 1)
