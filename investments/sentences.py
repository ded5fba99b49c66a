"""What the figures of the investments mean, in words. Pure; every amount is rounded once, from exact öre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from investments.economy import ProjectLine
from sydit.report.figures import outcome


def notes(lines: Iterable[ProjectLine]) -> Iterator[str]:
    """Why the forecasts differ from the budget: a sentence or more for each project about which something is said."""
    for line in lines:
        if line.reason or line.comment:
            difference = outcome(-line.variance) if line.variance else ""
            why = ", ".join(part for part in (difference, line.reason.lower()) if part)
            yield " ".join(part for part in (f"{line.label}:", f"{why}." if why else "", line.comment) if part)
