"""An import profile: what somebody has said about the columns of files that are not understood by themselves.

It belongs to a shape: the header's cells, or the number of columns where there is no header. It decides columns
and how they are written; every check of the reading stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from followup.ledger.columns import ABSENT, Columns, Kind, unit_of
from followup.ledger.styles import Style
from followup.ledger.values import plain
from sydit.money import Unit, shown

DELIMITED, WORKBOOK = "delimited", "workbook"
KIND_LABELS = {
    Kind.ACCOUNT: "Konto",
    Kind.ACCOUNT_NAME: "Kontots benämning",
    Kind.PERIOD: "Period",
    Kind.YEAR: "År (bredvid perioden)",
    Kind.DATE: "Datum",
    Kind.VOUCHER: "Verifikation",
    Kind.AMOUNT: "Belopp",
    Kind.DEBIT: "Debet",
    Kind.CREDIT: "Kredit",
    Kind.SIDE: "D eller K (bredvid beloppet)",
    Kind.PROJECT: "Projekt",
    Kind.PROJECT_NAME: "Projektets benämning",
    Kind.COST_CENTER: "Ansvar",
    Kind.ACTIVITY: "Verksamhet",
    Kind.COUNTERPARTY: "Motpart",
    Kind.TEXT: "Text",
}


class Shape(NamedTuple):
    """What files of one kind have in common, and how the next one is recognised.

    ``header`` are the header's cells; for a file without header, blank ones, as many as it has columns.
    """

    format: str  # DELIMITED or WORKBOOK
    separator: str  # "" in a workbook
    header: tuple[str, ...]
    told_unit: str = ""  # the unit that a row above the header names, if any: where it changes, it is asked again

    @property
    def has_header(self) -> bool:
        return any(self.header)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self, ensure_ascii=True).encode()).hexdigest()


class Fault(NamedTuple):
    """Why a profile cannot be used: a Swedish sentence, and the field (or the column, from 0) that it is about."""

    message: str
    field: str = ""
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Which column is what, and how it is written. ``kinds`` has one place a column, ``None`` for one not used."""

    name: str
    shape: Shape
    kinds: tuple[Kind | None, ...]
    sheet: str = ""  # decides only where several sheets have the shape
    is_reversed: bool = False  # the file has credit +, debit −
    unit: Unit = Unit.KR
    period_style: Style = Style.FOUND
    date_style: Style = Style.FOUND
    decimal: str = ""  # "," or ".", or found by looking

    def columns(self) -> Columns:
        """The columns as the parsers want them. Only where there are no :func:`faults`."""
        last = max((index for index, kind in enumerate(self.kinds) if kind), default=ABSENT)
        width = max(len(self.shape.header), last + 1)

        def at(kind: Kind) -> int:
            return self.kinds.index(kind) if kind in self.kinds else ABSENT

        return Columns(
            header=self.shape.header + ("",) * (width - len(self.shape.header)),
            width=width,
            account=at(Kind.ACCOUNT),
            amount=at(Kind.AMOUNT),
            debit=at(Kind.DEBIT),
            credit=at(Kind.CREDIT),
            side=at(Kind.SIDE),
            period=at(Kind.PERIOD),
            year=at(Kind.YEAR),
            date=at(Kind.DATE),
            voucher=at(Kind.VOUCHER),
            text=at(Kind.TEXT),
            project=at(Kind.PROJECT),
            account_name=at(Kind.ACCOUNT_NAME),
            project_name=at(Kind.PROJECT_NAME),
            cost_center=at(Kind.COST_CENTER),
            activity=at(Kind.ACTIVITY),
            counterparty=at(Kind.COUNTERPARTY),
            unit=self.unit,
            recognised=len(set(self.kinds) - {None}),
            is_told=True,
            is_reversed=self.is_reversed,
            decimal=self.decimal or None,
            period_style=self.period_style,
            date_style=self.date_style,
        )

    def named(self, name: str) -> Profile:
        return replace(self, name=name)


class Profiles(NamedTuple):
    """The profiles that a file may be read with; the only one, if it is forced."""

    known: tuple[Profile, ...] = ()
    is_forced: bool = False


NO_PROFILES = Profiles()


def header_cells(cells: Sequence[object]) -> tuple[str, ...]:
    """A row's cells as a shape keeps them: without blanks around and at its end."""
    names = [" ".join(plain(cell).strip("\N{ZERO WIDTH NO-BREAK SPACE}").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


# What a profile must say

_PAIR = (Kind.DEBIT, Kind.CREDIT)


def faults(profile: Profile) -> tuple[Fault, ...]:
    """Everything that keeps the profile from being used."""
    return tuple(_faults(profile, [kind for kind in profile.kinds if kind]))


def _faults(profile: Profile, kinds: list[Kind]) -> Iterator[Fault]:
    yield from _repeated(profile)
    if Kind.ACCOUNT not in kinds:
        yield Fault("Ange vilken kolumn som är Konto.")
    if Kind.PERIOD not in kinds and Kind.DATE not in kinds:
        yield Fault("Ange vilken kolumn som är Period eller Datum: den avgör månaden.")
    yield from _wrong_amounts(profile, kinds)
    for kind, beside in ((Kind.YEAR, Kind.PERIOD), (Kind.SIDE, Kind.AMOUNT)):
        if beside not in kinds:
            for column in _places(profile, kind):
                yield Fault(f"Ange också vilken kolumn som är {KIND_LABELS[beside]}: det här hör till den.", "", column)
    if profile.is_reversed and not set(kinds).isdisjoint((*_PAIR, Kind.SIDE)):
        yield Fault("Debet och kredit står i egna kolumner och säger redan tecknet. Välj debet positiv.", "sign")
    yield from _wrong_units(profile)


def _repeated(profile: Profile) -> Iterator[Fault]:
    first: dict[Kind, int] = {}
    for column, kind in enumerate(profile.kinds):
        if kind and first.setdefault(kind, column) != column:
            taken = f"Kolumn {first[kind] + 1} är redan {KIND_LABELS[kind]}."
            yield Fault(f"{taken} Bara en kolumn kan vara det.", "", column)


def _wrong_amounts(profile: Profile, kinds: list[Kind]) -> Iterator[Fault]:
    halves = _places(profile, *_PAIR)
    if Kind.AMOUNT not in kinds and not halves:
        yield Fault("Ange vilken kolumn som är Belopp, eller vilka som är Debet och Kredit.")
    for column in halves:
        if Kind.AMOUNT in kinds:
            yield Fault("En annan kolumn är Belopp. Ange antingen Belopp, eller Debet och Kredit.", "", column)
        elif not set(kinds).issuperset(_PAIR):
            other = Kind.CREDIT if Kind.DEBIT in kinds else Kind.DEBIT
            yield Fault(f"Ange också vilken kolumn som är {KIND_LABELS[other]}.", "", column)


def _wrong_units(profile: Profile) -> Iterator[Fault]:
    for column in _places(profile, Kind.AMOUNT, *_PAIR):
        name = profile.shape.header[column] if column < len(profile.shape.header) else ""
        if (unit := unit_of(name)) and unit is not profile.unit:
            yield Fault(f"Rubriken ”{shown(name)}” säger att beloppen är i {unit}.", "unit")
    if profile.shape.told_unit not in ("", profile.unit):
        yield Fault(f"En rad ovanför rubriken säger att beloppen är i {profile.shape.told_unit}.", "unit")


def _places(profile: Profile, *kinds: Kind) -> list[int]:
    return [column for column, kind in enumerate(profile.kinds) if kind in kinds]


# As it is stored


def to_json(profile: Profile) -> dict[str, Any]:
    return {
        "schema": 1,
        "name": profile.name,
        "format": profile.shape.format,
        "separator": profile.shape.separator,
        "header": list(profile.shape.header),
        "told_unit": profile.shape.told_unit,
        "kinds": [kind.name.lower() if kind else "" for kind in profile.kinds],
        "sheet": profile.sheet,
        "is_reversed": profile.is_reversed,
        "unit": profile.unit.value,
        "period_style": profile.period_style.value,
        "date_style": profile.date_style.value,
        "decimal": profile.decimal,
    }


def from_json(data: dict[str, Any]) -> Profile:
    """Raises ``ValueError`` or ``KeyError`` where it was not written by :func:`to_json`."""
    return Profile(
        name=data["name"],
        shape=Shape(data["format"], data["separator"], tuple(data["header"]), data["told_unit"]),
        kinds=tuple(Kind[name.upper()] if name else None for name in data["kinds"]),
        sheet=data["sheet"],
        is_reversed=data["is_reversed"],
        unit=Unit(data["unit"]),
        period_style=Style(data["period_style"]),
        date_style=Style(data["date_style"]),
        decimal=data["decimal"],
    )


def unfit(profile: Profile) -> str:
    """Why a file is refused that was to be read with just this profile, and does not have its shape."""
    shape = profile.shape
    if not shape.has_header:
        return (
            f"Profilen ”{profile.name}” passar inte filen: den gäller filer utan rubrikrad med "
            f"{len(shape.header)} kolumner, där redan första raden är en kontering."
        )
    above = f"en rad ovanför den talar om {shape.told_unit}"
    if not shape.told_unit:
        above = "ingen rad ovanför den talar om en annan enhet än kronor"
    return (
        f"Profilen ”{profile.name}” passar inte filen: den gäller filer där rubriken är "
        f"”{shown('; '.join(shape.header), 200)}” och {above}."
    )


def columns_text(profile: Profile) -> str:
    """``Nr = Konto, Tid = Period``: the columns that are used."""
    columns = profile.columns()
    return ", ".join(f"{columns.name(index)} = {KIND_LABELS[kind]}" for index, kind in enumerate(profile.kinds) if kind)


def sentence(profile: Profile) -> str:
    """What the reader of a preview should know: which profile decided, and what it says besides the columns."""
    told = [f"beloppen är i {profile.unit}"] if profile.unit is not Unit.KR else []
    if profile.is_reversed:
        told.append("kredit är positivt i filen, så varje belopp har bytt tecken")
    more = f": {', '.join(told)}" if told else ""
    doubt = "" if profile.shape.has_header else (
        " Filen har ingen rubrikrad och är känd bara på antalet kolumner: se efter att varje kolumn är vad den var."
    )  # fmt: skip
    return f"Kolumnerna är lästa med importprofilen ”{profile.name}”{more}.{doubt}"
