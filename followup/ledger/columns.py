"""Which column of an export is which, told by the header's names.

Names are compared without case, diacritics and punctuation. A header cut short by the exporting system
("Verifikationsn") is known by being the beginning of names of one kind only.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from followup.ledger.styles import Style
from followup.ledger.values import plain
from sydit.money import Unit, shown

ABSENT = -1


class Kind(enum.Enum):
    """What a column holds."""

    PERIOD = enum.auto()
    YEAR = enum.auto()
    DATE = enum.auto()
    VOUCHER = enum.auto()
    ACCOUNT = enum.auto()
    ACCOUNT_NAME = enum.auto()
    PROJECT = enum.auto()
    PROJECT_NAME = enum.auto()
    COST_CENTER = enum.auto()
    ACTIVITY = enum.auto()
    COUNTERPARTY = enum.auto()
    TEXT = enum.auto()
    AMOUNT = enum.auto()
    DEBIT = enum.auto()
    CREDIT = enum.auto()
    SIDE = enum.auto()  # D or K beside an amount


# The words of each kind; those of an earlier line win over those of a later one where a file has both.
_WORDS = {
    Kind.PERIOD: (
        "period redovisningsperiod bokforingsperiod periodnr periodnummer bokfperiod bokperiod redperiod redovperiod "
        "arperiod accountingperiod",
        "per manad redovisningsmanad bokforingsmanad arman armanad man",
    ),
    Kind.YEAR: ("ar redovisningsar rakenskapsar bokforingsar",),
    Kind.DATE: (
        "bokforingsdatum bokforingsdag bokforingsdat bokfdatum bokfdag bokfdat bokdatum bokdat bokfortdatum bokfort "
        "postingdate bookingdate accountingdate",
        "verifikationsdatum verifikatdatum verifikationsdag verifdatum verdatum verdat verdag",
        "transaktionsdatum transdatum transdat",
        "datum dat",
    ),
    Kind.VOUCHER: (
        "verifikationsnummer verifikationsnr verifikatnummer verifikatnr verifikatsnr verifnr vernummer vernr verno",
        "verifikation verifikat ver verifikationsid",
    ),
    Kind.ACCOUNT: (
        "kontonummer kontonr kontokod kontoid ktonr accountno accountnumber glaccount glaccountno",
        "konto kto account kontoochtext kontoochbenamning kontoochnamn",
        "huvudkonto",
    ),
    Kind.ACCOUNT_NAME: ("kontot kontotext kontobenamning kontonamn kontobeskrivning kontoben kontotxt",),
    Kind.PROJECT: ("projektnummer projektnr projektkod projektid projnr projkod", "projekt proj project prj"),
    Kind.PROJECT_NAME: ("projektt projekttext projektbenamning projektnamn projektbeskrivning projben projt projtext",),
    Kind.COST_CENTER: ("ansvar ansv ansvarsnr ansvarskod ansvarsenhet", "kostnadsstalle kst kstalle"),
    Kind.ACTIVITY: ("verksamhet verksamhetskod verksamhetsnr verks vht",),
    Kind.COUNTERPARTY: ("motpart motpartskod motpartsnr mpart motp",),
    Kind.TEXT: (
        "text fritext verifikationstext vertext transaktionstext radtext bokforingstext transtext",
        "beskrivning benamning kommentar rubrik",
    ),
    Kind.AMOUNT: (
        "belopp utfall bokfortbelopp bokforbelopp beloppbokfort beloppkr beloppsek",
        "nettobelopp netto redovisat redovisatbelopp utfallsbelopp transaktionsbelopp",
        "summa amount",
    ),
    Kind.DEBIT: ("debet debit deb debetbelopp beloppdebet debitamount",),
    Kind.CREDIT: ("kredit credit kred kreditbelopp beloppkredit creditamount",),
    Kind.SIDE: ("dk debetkredit debkred debkre dellerk dkkod drcr dc sh", "tecken"),
}
_KNOWN = {
    word: (kind, rank) for kind, ranks in _WORDS.items() for rank, line in enumerate(ranks) for word in line.split()
}
_NAME_OF = {Kind.ACCOUNT: Kind.ACCOUNT_NAME, Kind.PROJECT: Kind.PROJECT_NAME}
_FEWEST_LETTERS = 4  # of a header cut short

_UNIT = re.compile(r"[\s(\[,/-]+(?:i\s+)?(tkr|kkr|kr|sek|kronor|öre)\.?\s*[)\]]?\s*$", re.IGNORECASE)
_FORMAT = re.compile(r"\s*[(\[]\s*[ÅYMD]{2,4}(?:[-/. ]?[ÅYMD]{2}){1,2}\s*[)\]]\s*$", re.IGNORECASE)  # Period (ÅÅÅÅMM)
OTHER_UNIT = re.compile(
    r"\b(?:(?P<tkr>tkr|kkr|ksek|tusentals?|tusen(?:tals?)? kr(?:onor)?|1[ .]?000[- ]tals?|i 1[ .]?000 kr(?:onor)?)"
    r"|(?P<ore>i öre)|mn?kr|mn?sek|miljoner kr(?:onor)?|miljontals? kr(?:onor)?"
    r"|(?:(?:valuta|currency)[ :=]+|(?:belopp\w*|amounts?) (?:i|in) )(?:EUR|USD|NOK|DKK|GBP|euro))\b",
    re.IGNORECASE,
)  # in words around a table: amounts that may not be kronor
_UNITS = {"tkr": Unit.TKR, "kkr": Unit.TKR, "öre": Unit.ORE}
_DATED_AMOUNT = re.compile(r"(utfall|belopp)(20[0-9]{2}|period|perioden|aret)[0-9]*")


class Meaning(NamedTuple):
    """What one header cell says: the kind of its column, and how plainly (0 = most)."""

    kind: Kind
    rank: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each kind of column stands, counted from 0; :data:`ABSENT` where the file has none."""

    header: tuple[str, ...]
    width: int = 0  # cells of the header, blank ones at its end too
    account: int = ABSENT
    amount: int = ABSENT
    debit: int = ABSENT
    credit: int = ABSENT
    side: int = ABSENT
    period: int = ABSENT
    year: int = ABSENT
    date: int = ABSENT
    other_dates: tuple[int, ...] = ()
    voucher: int = ABSENT
    text: int = ABSENT
    project: int = ABSENT
    account_name: int = ABSENT
    project_name: int = ABSENT
    cost_center: int = ABSENT
    activity: int = ABSENT
    counterparty: int = ABSENT
    unit: Unit = Unit.KR
    recognised: int = 0
    questions: tuple[str, ...] = ()  # Swedish sentences: what is ambiguous and must be asked
    # What only an import profile says
    is_told: bool = False  # somebody has said what the columns are
    is_reversed: bool = False  # credit +, debit −
    decimal: str | None = None  # the decimal mark of the amounts
    period_style: Style = Style.FOUND
    date_style: Style = Style.FOUND

    @property
    def missing(self) -> tuple[str, ...]:
        """What a ledger must have and this header lacks, in the user's words."""
        lacks = []
        if self.account == ABSENT:
            lacks.append("Konto")
        if self.period == self.date == ABSENT:
            lacks.append("Period eller Bokföringsdatum")
        if self.amount == ABSENT and ABSENT in (self.debit, self.credit):
            lacks.append("Belopp (eller Debet och Kredit)")
        return tuple(lacks)

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def amounts(self) -> tuple[int, ...]:
        """The columns that hold the line's amount: one, or debit and credit."""
        return (self.debit, self.credit) if self.amount == ABSENT else (self.amount,)

    @property
    def known(self) -> tuple[str, ...]:
        """The header's names that are understood."""
        return tuple(name for name in self.header if name and meaning(name))

    @property
    def places(self) -> dict[int, Kind]:
        """The columns that are read, and what each holds."""
        found = {getattr(self, kind.name.lower()): kind for kind in Kind}
        found.pop(ABSENT, None)
        return found

    def name(self, index: int) -> str:
        """The column's name; its place where somebody has said what a column without name is."""
        name = self.header[index] if 0 <= index < len(self.header) else ""
        return f"Kolumn {index + 1}" if self.is_told and not name and index >= 0 else name


def normalised(name: str) -> str:
    """A header without case, diacritics and punctuation: ``Bokf.datum`` → ``bokfdatum``."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def unit_of(name: str) -> Unit | None:
    """The unit that a header's name ends with: ``Belopp (tkr)``."""
    return _UNITS.get(match[1].casefold(), Unit.KR) if (match := _UNIT.search(name)) else None


def meaning(name: str) -> Meaning | None:
    """What a header's name says about its column; ``None`` where it says nothing that is needed."""
    word = normalised(_FORMAT.sub("", _UNIT.sub("", name)))
    if word in _KNOWN:
        return Meaning(*_KNOWN[word])
    if dated := _DATED_AMOUNT.fullmatch(word):
        return Meaning(*_KNOWN[dated[1]])
    if len(word) < _FEWEST_LETTERS:
        return None
    begun = [known for known in _KNOWN if known.startswith(word)]
    kinds = {_KNOWN[known][0] for known in begun}
    for kind, naming in _NAME_OF.items():
        if kinds == {kind, naming}:
            kinds = {kind}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    return Meaning(kind, min(_KNOWN[known][1] for known in begun if _KNOWN[known][0] is kind))


def recognise(cells: Sequence[object]) -> Columns:
    """The columns of a row that may be a header. Whether it is one tells :attr:`Columns.complete`."""
    width = len(cells)
    header = [plain(cell).strip("\N{ZERO WIDTH NO-BREAK SPACE}\"' ") if isinstance(cell, str) else "" for cell in cells]
    while header and not header[-1]:
        header.pop()
    found: dict[Kind, list[tuple[int, int]]] = {}
    for index, name in enumerate(header):
        if name and (meant := meaning(name)):
            found.setdefault(meant.kind, []).append((meant.rank, index))
    if found.keys().isdisjoint((Kind.AMOUNT, Kind.DEBIT, Kind.CREDIT)) and (cut := _cut_amounts(header)):
        found[Kind.AMOUNT] = cut
    return _Choice(tuple(" ".join(name.split()) for name in header), width, found).columns()


def _cut_amounts(header: Sequence[str]) -> list[tuple[int, int]]:
    """Where "Belop" stands, which may begin more kinds than one: it is the amount where nothing else is."""
    words = [normalised(_UNIT.sub("", name)) for name in header]
    return [
        (0, index) for index, word in enumerate(words) if len(word) >= _FEWEST_LETTERS and "belopp".startswith(word)
    ]


class _Choice:
    """Chooses one column for each kind among those found."""

    def __init__(self, header: tuple[str, ...], width: int, found: dict[Kind, list[tuple[int, int]]]) -> None:
        self.header, self.width = header, width
        self.found = {kind: sorted(places) for kind, places in found.items()}
        self.questions: list[str] = []
        self.recognised = len(found)

    def columns(self) -> Columns:
        self._name_columns()
        self._doubt_names()
        dates = [index for _, index in self.found.get(Kind.DATE, [])]
        amount = self._only(Kind.AMOUNT)
        debit, credit = self._only(Kind.DEBIT), self._only(Kind.CREDIT)
        if amount != ABSENT and ABSENT not in (debit, credit):
            self._ask("beloppet", [amount, debit, credit])
        return Columns(
            header=self.header,
            width=self.width,
            account=self._only(Kind.ACCOUNT),
            amount=amount,
            debit=debit,
            credit=credit,
            side=self._only(Kind.SIDE),
            period=self._only(Kind.PERIOD),
            year=self._only(Kind.YEAR),
            date=dates[0] if dates else ABSENT,
            other_dates=tuple(dates[1:]),
            voucher=self._first(Kind.VOUCHER),
            text=self._first(Kind.TEXT),
            project=self._only(Kind.PROJECT),
            account_name=self._first(Kind.ACCOUNT_NAME),
            project_name=self._first(Kind.PROJECT_NAME),
            cost_center=self._first(Kind.COST_CENTER),
            activity=self._first(Kind.ACTIVITY),
            counterparty=self._first(Kind.COUNTERPARTY),
            unit=self._unit([index for index in (amount, debit, credit) if index != ABSENT]),
            recognised=self.recognised,
            questions=tuple(self.questions),
        )

    def _name_columns(self) -> None:
        """Konto beside Kontonr is the account's name; Konto(T) alone holds code and name in one."""
        for kind, naming in _NAME_OF.items():
            places, names = self.found.get(kind, []), self.found.get(naming, [])
            if places:
                best = places[0][0]
                self.found[naming] = names + [place for place in places if place[0] > best]
                self.found[kind] = [place for place in places if place[0] == best]
            elif names:
                self.found[kind] = names[:1]
                self.found[naming] = names[1:]

    def _doubt_names(self) -> None:
        """Ask where a name is one letter from that of a column which would otherwise silently be missed."""
        if value := next((name for name in self.header if _DATA.fullmatch(name)), None):
            self.questions.append(
                f"Rubrikraden innehåller ”{shown(value)}”, som inte är ett kolumnnamn. Kanske saknas en radbrytning."
            )
        for kind, word in _MISSED.items():
            near = (name for name in self.header if kind not in self.found and _nearly(normalised(name), word))
            if name := next(near, None):
                self.questions.append(
                    f"Kolumnen ”{shown(name)}” känns inte igen men liknar ”{word.capitalize()}”. Rätta rubriken."
                )

    def _only(self, kind: Kind) -> int:
        places = self.found.get(kind, [])
        best = [index for rank, index in places if rank == places[0][0]]
        if len(best) > 1:
            self._ask(_ASKED[kind], best)
        return best[0] if best else ABSENT

    def _first(self, kind: Kind) -> int:
        places = self.found.get(kind, [])
        return places[0][1] if places else ABSENT

    def _ask(self, what: str, indices: list[int]) -> None:
        names = ", ".join(f"”{shown(self.header[index])}” (kolumn {index + 1})" for index in indices)
        self.questions.append(
            f"Flera kolumner kan vara {what}: {names}. Ta bort eller byt namn på dem som inte ska läsas."
        )

    def _unit(self, indices: list[int]) -> Unit:
        units = {unit_of(self.header[index]) or Unit.KR for index in indices}
        if len(units) > 1:
            self.questions.append("Kolumnerna med belopp har olika enheter i sina rubriker.")
        return units.pop() if len(units) == 1 else Unit.KR


def _nearly(word: str, known: str) -> bool:
    """Whether a letter was changed, added, lost or moved."""
    return not _without_a_letter(word).isdisjoint(_without_a_letter(known))


def _without_a_letter(word: str) -> set[str]:
    return {word} | {word[:index] + word[index + 1 :] for index in range(len(word))}


_DATA = re.compile("[-−]?[0-9][0-9 \xa0\u202f.,:-]{4,}")
_MISSED = {Kind.PERIOD: "period", Kind.PROJECT: "projekt"}
_ASKED = {
    Kind.ACCOUNT: "kontot",
    Kind.PROJECT: "projektet",
    Kind.AMOUNT: "beloppet",
    Kind.DEBIT: "debet",
    Kind.CREDIT: "kredit",
    Kind.SIDE: "sidan (D eller K)",
    Kind.PERIOD: "perioden",
    Kind.YEAR: "året",
}
