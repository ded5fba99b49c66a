"""What the figures of the investments mean, in words. Pure; every amount is rounded once, from exact öre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from investments.economy import TENTHS, Pace, ProjectLine
from sydit.money import NO_BREAK_SPACE, grouped, text
from sydit.report.figures import outcome

_COUNT = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


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


def notes(lines: Iterable[ProjectLine]) -> Iterator[str]:
    """Why the forecasts differ from the budget: a sentence or more for each project about which something is said."""
    for line in lines:
        if line.reason or line.comment:
            difference = outcome(-line.variance) if line.variance else ""
            why = ", ".join(part for part in (difference, line.reason.lower()) if part)
            yield " ".join(part for part in (f"{line.label}:", f"{why}." if why else "", line.comment) if part)


def _tkr(ore: int) -> str:
    return f"{text(ore)}{NO_BREAK_SPACE}tkr"
