"""How fast money is spent (or comes in) over a year, and what a forecast asks of the months that remain. Pure.

Every amount is exact öre; a pace is rounded once, to a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass

from sydit.money import NO_BREAK_SPACE, divide, grouped, text
from sydit.periods import MONTHS_A_YEAR

MONTHS = MONTHS_A_YEAR
TENTHS = 10
# How many tenths of the pace so far the remaining months may need to be called as they are.
MUCH_LOWER, LOWER, HIGHER, MUCH_HIGHER = 5, 8, 12, 20

_COUNT = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


@dataclass(frozen=True, slots=True)
class Pace:
    """What a forecast means for the months that remain of the year, against the pace so far. Exact öre.

    Both numbers of months are at least one. Amounts are positive where they go the row's own way. ``parts`` are what
    the budget gives the months so far and those that remain, where it is decided by month: an uneven year is then
    weighed as it was planned. Without them every month weighs the same.
    """

    booked: int
    forecast: int
    months: int
    months_left: int
    parts: tuple[int, int] | None = None

    @property
    def left(self) -> int:
        """Forecast − booked: what the remaining months are expected to cost."""
        return self.forecast - self.booked

    @property
    def tenths(self) -> int | None:
        """How many tenths of the pace so far the remaining months need; None where nothing (or less) is booked.

        Rounded once, from (left ÷ months left) ÷ (booked ÷ months), or with the budget's parts for the months.
        """
        if self.booked <= 0:
            return None
        gone, to_come = self.parts or (self.months, self.months_left)
        return divide(self.left * gone * TENTHS, self.booked * to_come)

    @property
    def is_out_of_proportion(self) -> bool:
        """At least twice the pace so far, all of it left, or more booked than forecast."""
        if self.tenths is None:
            return self.left > 0
        return self.left < 0 or self.tenths >= MUCH_HIGHER


def pace_of(
    *, booked: int | None, forecast: int | None, month: int, parts: tuple[int, int] | None = None
) -> Pace | None:
    """The pace after ``month`` months of the year; None where an amount is missing or no month remains."""
    if booked is None or forecast is None or month >= MONTHS:
        return None
    return Pace(booked, forecast, month, MONTHS - month, parts)


def straight_line(booked: int, month: int) -> int:
    """What the year becomes if the rest of it goes as the ``month`` months so far: whole öre, rounded once."""
    return divide(booked * MONTHS, month)


def judgement(pace: Pace) -> str:
    """Whether a forecast is plausible against the pace so far, in a few words."""
    if pace.left < 0:
        return "Passerad: mer är redan bokfört"
    if pace.left == 0:
        return "Inget kvar av prognosen"
    if pace.tenths is None:
        return "Inget bokfört hittills" if pace.booked == 0 else "Bokfört åt andra hållet"
    against = " mot budgetens månader" if pace.parts else ""
    return f"{_plausible(pace.tenths)}: {times(pace.tenths)} gånger takten hittills{against}"


def _plausible(tenths: int) -> str:
    if tenths <= MUCH_LOWER:
        return "Mycket låg"
    if tenths < LOWER:
        return "Låg"
    if tenths <= HIGHER:
        return "Rimlig"
    return "Hög" if tenths < MUCH_HIGHER else "Mycket hög"


def pace_sentence(pace: Pace) -> str:
    """What is booked so far, and how much faster or slower the rest of the year must go for the forecast to hold."""
    so_far = f"På {_COUNT[pace.months]} {'månad' if pace.months == 1 else 'månader'} är"
    if pace.left < 0:
        return f"{so_far} {_tkr(pace.booked)} bokfört, vilket är mer än prognosen för hela året, {_tkr(pace.forecast)}."
    left = "den månad" if pace.months_left == 1 else f"de {_COUNT[pace.months_left]} månader"
    if pace.tenths is None:
        booked = _tkr(pace.booked) if pace.booked else "inget"
        return f"{so_far} {booked} bokfört. Prognosen {_tkr(pace.forecast)} ska rymmas i {left} som återstår."
    return (
        f"{so_far} {_tkr(pace.booked)} bokfört. Prognosen {_tkr(pace.forecast)} förutsätter {times(pace.tenths)} "
        f"gånger den takten under {left} som återstår."
    )


def times(tenths: int) -> str:
    """A number of tenths with a decimal comma: 39 → ``3,9``."""
    whole, part = divmod(tenths, TENTHS)
    return f"{grouped(whole)},{part}"


def _tkr(ore: int) -> str:
    return f"{text(ore)}{NO_BREAK_SPACE}tkr"
