"""What somebody must confirm before a file is booked, and what they should know besides, as Swedish sentences."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from followup.ledger.labels import listed, months_text, rows_text
from followup.ledger.preview import Preview
from sydit.errors import Refused
from sydit.money import Unit, text
from sydit.periods import Month

MOST_NAMED = 8  # accounts in a sentence


class Concern(enum.StrEnum):
    """What nobody books without saying that it is meant: a check box in the browser, a flag of the command."""

    UNASSIGNED = "unassigned"
    PUBLISHED = "published"
    MISSING_MONTHS = "missing-months"
    FUTURE = "future"
    OUTSIDE_YEAR = "outside-year"
    DISAGREES = "disagreement"
    SEVERAL_SHEETS = "several-sheets"

    @property
    def flag(self) -> str:
        """The option of ``import_ledger``."""
        return "--replace-published" if self is Concern.PUBLISHED else f"--allow-{self.value}"

    @property
    def confirmation(self) -> str:
        """What the user says by confirming."""
        return _CONFIRMATIONS[self]


_CONFIRMATIONS = {
    Concern.UNASSIGNED: "Bokför även konton utan kostnadskategori",
    Concern.PUBLISHED: "Ändra även månader som är publicerade",
    Concern.MISSING_MONTHS: "Bokför fast bokförda månader saknas i filen",
    Concern.FUTURE: "Bokför även månader som inte har börjat",
    Concern.OUTSIDE_YEAR: "Bokför utan raderna utanför budgetåret",
    Concern.DISAGREES: "Bokför fast verifikationerna inte ger filens egna saldon",
    Concern.SEVERAL_SHEETS: "Bokför bladen tillsammans, som en huvudbok",
}


@dataclass(frozen=True, slots=True)
class Caution:
    """Why the user is asked."""

    concern: Concern
    text: str


class Unconfirmed(Refused):
    """The import can be booked, or undone, once somebody has said that the consequences are meant."""

    def __init__(self, cautions: Collection[Caution]) -> None:
        super().__init__(" ".join([*(caution.text for caution in cautions), "Inget har ändrats."]))
        self.cautions = tuple(cautions)


def cautions(found: Preview) -> tuple[Caution, ...]:
    """What must be confirmed before the file is booked."""
    return tuple(_cautions(found))


def require_confirmed(asked: Iterable[Caution], confirmed: Collection[Concern]) -> None:
    """Raises :class:`Unconfirmed` with what nobody has confirmed."""
    if missing := [caution for caution in asked if caution.concern not in confirmed]:
        raise Unconfirmed(missing)


def remarks(found: Preview) -> tuple[str, ...]:
    """What the user should know and need not confirm."""
    told = []
    if found.is_turned:
        told.append(
            "Intäkterna (klass 3) är positiva och kostnaderna negativa i filen, tvärtemot huvudbokens tecken. "
            "Har filen kredit som positivt: välj Ändra hur filen läses innan du bokför."
        )
    if found.untouched and not found.vanishing:
        told.append(f"{_sentence_start(found.untouched)} finns inte i filen. Det som redan är bokfört där ligger kvar.")
    if found.missing:
        told.append(f"{_sentence_start(found.missing)} saknas: ingen import redovisar någon kontering där.")
    return tuple(told)


def _cautions(found: Preview) -> Iterator[Caution]:
    if found.unassigned:
        yield Caution(Concern.UNASSIGNED, _unassigned(found))
    if found.changed_published:
        yield Caution(
            Concern.PUBLISHED,
            f"{_sentence_start(found.changed_published)} ingår i en publicerad rapport och ändras av filen. "
            "Rapporten ligger fast, men stämmer då inte längre med huvudboken.",
        )
    if found.vanishing or found.emptied:
        yield Caution(Concern.MISSING_MONTHS, _missing_months(found))
    if found.future:
        yield Caution(
            Concern.FUTURE,
            f"Filen innehåller {months_text(found.future)}, men nu är det {found.current_month.label}.",
        )
    if found.rows_outside:
        yield Caution(
            Concern.OUTSIDE_YEAR,
            f"{rows_text(found.rows_outside)} i filen ligger utanför budgetåret och bokförs inte. "
            "Månaderna och summorna står bland det som inte läses som konteringar.",
        )
    if found.disagreement:
        yield Caution(Concern.DISAGREES, found.disagreement)
    if found.joined:
        yield Caution(Concern.SEVERAL_SHEETS, found.joined)


def _missing_months(found: Preview) -> str:
    told = []
    if found.vanishing:
        told.append(
            f"Filen innehåller flera månader men inte {months_text(found.vanishing)}, som är bokfört sedan tidigare. "
            "Det som är bokfört där ligger kvar."
        )
    if found.emptied:
        told.append(
            f"Filen säger sig omfatta {months_text(found.emptied)} men har ingen kontering där. "
            "Det som är bokfört där sedan tidigare försvinner."
        )
    return " ".join(told)


def _unassigned(found: Preview) -> str:
    accounts = listed([total.account for total in found.unassigned[:MOST_NAMED]])
    more = f" och {len(found.unassigned) - MOST_NAMED} till" if len(found.unassigned) > MOST_NAMED else ""
    return (
        f"Konton utan kostnadskategori: {accounts}{more}, tillsammans {text(found.unassigned_total, Unit.KR)} kr. "
        "De redovisas som ”Ej fördelat”, och ingen rapport kan publiceras förrän de har en kontoregel."
    )


def _sentence_start(months: Iterable[Month]) -> str:
    words = months_text(months)
    return words[0].upper() + words[1:]
