"""The control total: what the ledger itself shows for the months of a file, typed by whoever books it.

It is compared with what the file books, operations and investments: that is what a ledger report of result accounts and
projects adds up to. The whole file would not do: a SIE file with its balance accounts always sums to zero.
"""

from __future__ import annotations

from followup.ledger.preview import Preview
from sydit.errors import Refused
from sydit.money import Unit, text


class DoesNotAgree(Refused):
    """The file books another sum than the ledger shows. Nothing has changed."""


def require_agreement(control_total: int, found: Preview) -> None:
    """Raises :class:`DoesNotAgree` where the file does not book exactly ``control_total`` (öre)."""
    difference = found.booked - control_total
    if not difference:
        return
    direction = "mer" if difference > 0 else "mindre"
    raise DoesNotAgree(
        f"Filen stämmer inte med huvudboken. Huvudbokens saldo är angivet till {_kr(control_total)}, men det som "
        f"bokförs ur filen är {_kr(found.booked)}: {_kr(abs(difference))} {direction}.{_hint(control_total, found)} "
        "Inget har bokförts."
    )


def _hint(control_total: int, found: Preview) -> str:
    """What the user probably read off the ledger instead."""
    if control_total == -found.booked:
        return " Beloppet är det rätta med omvänt tecken: kostnader är positiva och intäkter negativa."
    if control_total == found.booked + found.left_out:
        return " Det angivna saldot är hela filens summa, med det som inte räknas."
    if control_total == found.booked + found.set_aside:
        return " Det angivna saldot är med de konton som enligt kontoregel inte räknas."
    if control_total == found.operations:
        return " Det angivna saldot är driften utan investeringar."
    return ""


def _kr(ore: int) -> str:
    return f"{text(ore, Unit.KR)} kr"
