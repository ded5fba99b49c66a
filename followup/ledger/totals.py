"""Total rows of an export: known by their label, left out, and checked against the lines they cover."""

from __future__ import annotations

import re
from collections.abc import Collection

# Summa, Summa konto 35110, Totalt, Total:, Slutsumma, Delsumma, Summering, S:a, Totalsumma, Grand total
TOTAL_LABEL = re.compile(
    r"[-=* ]*((?:del|slut|total|konto|general|period|ansvars?|projekt|sid)?summa"
    r"|s:a|totalt?|totaler|summering|grand total)\b",
    re.IGNORECASE,
)
_WHOLE_FILE = re.compile(
    r"[-=* ]*(slutsumma|totalsumma|generalsumma|grand total|totalt?|summa totalt?)[ :.=*-]*(kr|sek)?", re.IGNORECASE
)
# Ingående balans, Ing. saldo, Utgående saldo, IB, UB 2024
OPENING_LABEL = re.compile(
    r"(ing(ående)?|utg(ående)?)\.?[ -]?(balans|saldo|bal|sal)\b.*|(öppnings|start|slut)(balans|saldo)\b.*"
    r"|[iu]b([ :.-]*[0-9][0-9 .-]*)?",
    re.IGNORECASE | re.DOTALL,
)
# The same, cheaply, for every line's text: what it does not match is no label.
_PERHAPS = (
    r"[-=* ]*(?=[dstkgpaiuö])"
    r"(?:del|s(?:lut|id|umm|tart|:a)|total|konto|g(?:en|rand)|p(?:er|roj)|ansv|i(?:ng|b)|u(?:tg|b)|öppn)"
)
_perhaps_label = re.compile(_PERHAPS, re.IGNORECASE).match
_perhaps_among = re.compile(f"\n{_PERHAPS}", re.IGNORECASE).search


def label(text: str) -> bool:
    """Whether a text is how a total or an opening balance names itself."""
    return bool(_perhaps_label(text) and (TOTAL_LABEL.match(text) or OPENING_LABEL.fullmatch(text)))


def has_label(texts: Collection[str]) -> bool:
    """Whether one of many texts is a :func:`label`: asked of all at once."""
    return bool(_perhaps_among("\n".join(("", *texts)))) and any(map(label, texts))


def is_whole_file(label: str) -> bool:
    """Whether the label says that its amount is that of the whole file: ``Slutsumma``, ``Totalt``."""
    return _WHOLE_FILE.fullmatch(label.strip()) is not None


class RunningTotal:
    """The sum of the lines so far, and what it was at the start and at each total row.

    A total row is right if its amount is the sum of the lines since one of those places: the last
    for a subtotal, an earlier one for the total of several groups, the start for the whole file.
    """

    __slots__ = ("_boundaries", "_last", "amount", "lines")

    def __init__(self) -> None:
        self.amount = 0
        self.lines = 0
        self._boundaries = {0: 0}  # sum → lines before it, the fewest
        self._last = 0

    def covers(self, amount: int, *, whole_file: bool = False) -> bool:
        """Whether ``amount`` is the sum of at least one line up to here (of all, for the whole file)."""
        if whole_file:
            return amount == self.amount and self.lines > 0
        return self._boundaries.get(self.amount - amount, self.lines) < self.lines

    def since_last(self) -> int:
        """The sum of the lines since the last total row."""
        return self.amount - self._last

    def mark(self) -> None:
        """Note that a total row stands here."""
        self._boundaries.setdefault(self.amount, self.lines)
        self._last = self.amount
