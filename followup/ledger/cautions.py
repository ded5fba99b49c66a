"""What somebody should know before they confirm an import, as Swedish sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from followup.ledger.labels import listed, months_text
from followup.ledger.preview import Preview
from sydit.money import Unit, text
from sydit.periods import Month

MOST_NAMED = 8  # accounts in a sentence


def cautions(found: Preview) -> tuple[str, ...]:
    """What the user should know before confirming, as Swedish sentences."""
    return tuple(_cautions(found))


def _cautions(found: Preview) -> Iterator[str]:
    if found.unassigned:
        accounts = listed([total.account for total in found.unassigned[:MOST_NAMED]])
        more = f" och {len(found.unassigned) - MOST_NAMED} till" if len(found.unassigned) > MOST_NAMED else ""
        yield (
            f"Konton utan kostnadskategori: {accounts}{more}, tillsammans {text(found.unassigned_total, Unit.KR)} kr. "
            "De redovisas som ”Ej fördelat”, och ingen rapport kan publiceras förrän de har en kontoregel."
        )
    if found.changed_published:
        yield (
            f"{_sentence_start(found.changed_published)} ingår i en publicerad rapport och ändras av filen. "
            "Rapporten ligger fast, men stämmer då inte längre med huvudboken."
        )
    if found.untouched:
        yield (f"{_sentence_start(found.untouched)} finns inte i filen. Det som redan är bokfört där ligger kvar.")
    if found.missing:
        yield f"{_sentence_start(found.missing)} saknas: ingen import redovisar någon kontering där."


def _sentence_start(months: Iterable[Month]) -> str:
    words = months_text(months)
    return words[0].upper() + words[1:]
