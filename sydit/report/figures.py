"""Figures in running text: a sentence says the same amount as the table, in the right word and without a minus."""

from __future__ import annotations

from sydit.money import NO_BREAK_SPACE, Unit, text

NOUNS = {-1: "underskott", 0: "nollresultat", 1: "överskott"}  # by the sign of better


def outcome(result_ore: int) -> str:
    """What a result is called: ``ett underskott om 813 tkr``, ``ett överskott om 12 tkr``, ``ett nollresultat``.

    ``result_ore`` has the ledger's sign (a deficit is positive). The word carries the sign, never a minus, and
    what prints as 0 tkr is neither surplus nor deficit.
    """
    printed = text(abs(result_ore), Unit.TKR)
    if printed == "0":
        return "ett nollresultat"
    return f"ett {'underskott' if result_ore > 0 else 'överskott'} om {printed}{NO_BREAK_SPACE}tkr"
