"""When a variance is so large that the committee is owed a word about it (settings: ``COMMENT_FROM_…``). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sydit.money import PER_CENT, Unit


@dataclass(frozen=True, slots=True)
class Threshold:
    """A variance needs a comment from ``tkr`` thousand kronor, and from ``percent`` per cent of the row's budget."""

    tkr: int
    percent: int

    def is_passed(self, *, budget: int | None, variance: int | None) -> bool:
        """Whether either limit is reached. Öre; a variance that is missing or zero passes nothing.

        Any variance from a budget of zero reaches the share.
        """
        if not variance or budget is None:
            return False
        size = abs(variance)
        return size >= self.tkr * Unit.TKR.ore or size * PER_CENT >= self.percent * abs(budget)
