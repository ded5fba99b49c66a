"""What the measures together are worth against the forecast's deficit, in öre and in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sydit.money import NO_BREAK_SPACE, text


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """``effects`` are the measures' expected effects this year in öre, positive = better; None is not estimated.

    ``result`` is the year's forecast with the ledger's sign (a deficit is positive); None is missing.
    """

    effects: tuple[int | None, ...]
    result: int | None

    @property
    def effect(self) -> int:
        """What the measures that have an amount give together."""
        return sum(effect for effect in self.effects if effect is not None)

    @property
    def without_amount(self) -> int:
        return sum(effect is None for effect in self.effects)

    @property
    def remaining(self) -> int | None:
        """The deficit that is left; below zero where the measures give more than it."""
        return None if self.result is None else self.result - self.effect

    @property
    def sentence(self) -> str:
        """Empty where there are no measures."""
        if not self.effects:
            return ""
        return " ".join(part for part in (self._against_the_deficit(), self._not_estimated()) if part)

    def _against_the_deficit(self) -> str:
        if self.without_amount == len(self.effects):
            return ""
        subject = "De åtgärder som har ett belopp" if self.without_amount else "Åtgärderna"
        gives = f"{subject} beräknas ge {_tkr(self.effect)}"
        if self.result is None or self.remaining is None:
            return f"{gives} i år."
        if _prints_as_nothing(self.result) or self.result < 0:
            return f"{gives} i år. Prognosen visar inget underskott."
        of_deficit = f"{gives} av underskottet om {_tkr(self.result)}"
        if _prints_as_nothing(self.remaining):
            return f"{of_deficit}, som därmed täcks helt."
        if self.remaining < 0:
            return f"{gives}, vilket är {_tkr(-self.remaining)} mer än underskottet om {_tkr(self.result)}."
        return f"{of_deficit}; {_tkr(self.remaining)} återstår."

    def _not_estimated(self) -> str:
        if not self.without_amount:
            return ""
        lacking = "1 åtgärd" if self.without_amount == 1 else f"{self.without_amount} åtgärder"
        return f"{lacking} saknar belopp."


def _prints_as_nothing(ore: int) -> bool:
    return text(ore) == "0"


def _tkr(ore: int) -> str:
    return f"{text(ore)}{NO_BREAK_SPACE}tkr"
