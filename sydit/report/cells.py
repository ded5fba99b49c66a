"""How a value becomes a cell of the report: the only place where an app's figures get their printed text."""

from __future__ import annotations

from sydit.money import EN_DASH, Unit, grouped, percent, text
from sydit.report.document import Amount, Value

MISSING = "saknas"


def amount(ore: int | None, unit: Unit = Unit.TKR) -> Amount:
    """An amount, or "saknas" where it is None: absent is not zero."""
    return Amount(ore, MISSING if ore is None else text(ore, unit))


def variance(ore: int | None, unit: Unit = Unit.TKR, *, below: str = "underskott") -> Amount:
    """A variance, which says in a word (``below``) when it is negative; one that prints as 0 is not."""
    if ore is None:
        return amount(None)
    printed = text(ore, unit)
    return Amount(ore, printed, below if ore < 0 and printed != "0" else "")


def share(part: int | None, whole: int | None) -> Value:
    """Whole percent; an en dash where the whole is zero, "saknas" where either is missing."""
    if part is None or whole is None:
        return Value(None, MISSING)
    used = percent(part, whole)
    return Value(used, EN_DASH if used is None else grouped(used))


def words(value: str) -> Value:
    return Value(value, value)
