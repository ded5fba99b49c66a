"""The report's figures by name, as people write them in a text: ``{avvikelse licenser}``. Pure.

A name is a measure (``avvikelse``, ``utfall``, ``bokfört`` …) and a row. The row is found by its key, by its label or
by the beginnings of its label's words; a name that fits several figures or none is never guessed. The
canonical name is made from the row's key, which stays when a category gets another label.
"""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sydit.money import NO_BREAK_SPACE, Unit, grouped, percent, text
from sydit.report import cells
from sydit.report.document import Amount, Report, Row, RowKind, Table
from sydit.report.figures import NOUNS, outcome

PREVIOUS = "förra"  # before the name of a figure of the report that was given last
TOTAL, INVESTMENTS, THIS_YEAR = "totalt", "investeringar", "i-år"
SHORTEST_PIECE = 4  # of a word, that may stand anywhere in a label
MOST_SUGGESTIONS = 5
MOST_CHARACTERS = 120  # of a name
MOST_NAMES = 1_000  # different ones that are looked for: a report has a hundred, and each unknown one takes time


class Kind(enum.StrEnum):
    """How a figure is said."""

    OUTCOME = "outcome"  # with under- or överskott; the value is positive where it is better
    AMOUNT = "amount"
    PERCENT = "percent"


class Form(enum.StrEnum):
    """What may stand after a colon in a name: another way to say the same figure."""

    FULL = ""
    AMOUNT = "belopp"
    KRONOR = "kr"
    PERCENT = "procent"
    DEFINITE = "bestämd"
    WORD = "ord"


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """``value`` is öre or whole percent, None where it is missing; ``budget`` in öre is what a share is taken of."""

    name: str
    label: str
    measure: str
    table: str
    row: str
    row_label: str
    kind: Kind
    value: int | None
    budget: int | None = None

    @property
    def is_missing(self) -> bool:
        return self.value is None

    @property
    def prints_as_zero(self) -> bool:
        return self.value is not None and (
            self.value == 0 or (self.kind is not Kind.PERCENT and text(self.value) == "0")
        )

    def say(self, form: Form = Form.FULL) -> str:
        """The figure with its word and unit as it stands in a sentence; "saknas" where it is missing."""
        if self.value is None:
            return cells.MISSING
        if self.kind is Kind.PERCENT:
            return f"{grouped(self.value)}{NO_BREAK_SPACE}procent"
        if form is Form.PERCENT:
            share = None if self.budget is None else percent(abs(self.value), abs(self.budget))
            return cells.MISSING if share is None else f"{grouped(share)}{NO_BREAK_SPACE}procent"
        if self.kind is Kind.OUTCOME and form not in (Form.AMOUNT, Form.KRONOR):
            return self._outcome(self.value, form)
        unit = Unit.KR if form is Form.KRONOR else Unit.TKR
        return f"{text(abs(self.value) if self.kind is Kind.OUTCOME else self.value, unit)}{NO_BREAK_SPACE}{unit}"

    def _outcome(self, value: int, form: Form) -> str:
        noun = NOUNS[0 if self.prints_as_zero else (1 if value > 0 else -1)]
        if form is Form.WORD:
            return noun
        if form is Form.DEFINITE:
            amount = "" if self.prints_as_zero else f" om {text(abs(value))}{NO_BREAK_SPACE}tkr"
            return f"{noun}et{amount}"
        return outcome(-value)


# The columns that a measure stands for, by table.
_RESULT = {"budget": "budget", "utfall": "actual", "prognos": "forecast", "avvikelse": "variance"}
_INVESTMENTS = {
    "budget": "budget",
    "bokfört": "booked",
    "kvar": "remaining",
    "förbrukat": "used",
    "prognos": "forecast",
    "avvikelse": "variance",
}
_EFFECTS = {THIS_YEAR: ("this-year", "i år"), "helår": ("full-year", "på helår"), "hittills": ("so-far", "hittills")}
_KINDS = {"avvikelse": Kind.OUTCOME, "förbrukat": Kind.PERCENT}
_ALL = {"": TOTAL, "summa": TOTAL, "resultat": TOTAL, "resultatet": TOTAL, "total": TOTAL}
_SYNONYMS = {
    "årsprognos": "prognos",
    "helårsprognos": "prognos",
    "resultat": "utfall",
    "åtgärd": "åtgärder",
    "effekt": "åtgärder",
    "bokförd": "bokfört",
    "förbrukning": "förbrukat",
}
_MEASURE_LABELS = {
    "budget": "Budget",
    "utfall": "Utfall för perioden",
    "prognos": "Årsprognos",
    "avvikelse": "Avvikelse",
    "bokfört": "Bokfört i perioden",
    "kvar": "Kvar av budget",
    "förbrukat": "Procent förbrukat",
}
_TOTAL_LABELS = {TOTAL: "hela resultatet", INVESTMENTS: "alla investeringar"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a written name means: ``figure``, or a Swedish sentence (``problem``) with names to choose from."""

    figure: NamedFigure | None
    form: Form = Form.FULL
    capital: bool = False
    problem: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def canonical(self) -> str:
        """The name as a text keeps it, without braces; empty where no figure was found."""
        if self.figure is None:
            return ""
        name = self.figure.name[0].upper() + self.figure.name[1:] if self.capital else self.figure.name
        return f"{name}: {self.form}" if self.form else name

    @property
    def text(self) -> str:
        said = self.figure.say(self.form) if self.figure else ""
        return said[:1].upper() + said[1:] if self.capital else said


class Catalogue:
    """All figures of a report, and those of the report that was given last."""

    def __init__(self, figures: Iterable[NamedFigure]) -> None:
        self.figures = tuple(figures)
        self._by_name = {figure.name: figure for figure in self.figures}
        self._by_measure: dict[str, list[NamedFigure]] = {}
        self._found: dict[str, Found] = {}  # of the names that were looked for, as long as they are few
        for figure in self.figures:
            self._by_measure.setdefault(figure.measure, []).append(figure)

    def __iter__(self) -> Iterator[NamedFigure]:
        return iter(self.figures)

    def named(self, name: str) -> NamedFigure | None:
        """The figure with exactly this canonical name."""
        return self._by_name.get(name)

    def find(self, written: str) -> Found:
        """The figure that somebody means by what stands between the braces."""
        if written not in self._found:
            if len(self._found) >= MOST_NAMES:
                return Found(None, problem=f"Texten har fler än {MOST_NAMES} namn på siffror.")
            self._found[written] = self._find(written)
        return self._found[written]

    def _find(self, written: str) -> Found:
        name, _, suffix = " ".join(written[: MOST_CHARACTERS + 1].split()).partition(":")
        form = next((form for form in Form if form == suffix.strip().casefold()), None)
        if form is None:
            forms = tuple(form.value for form in Form if form)
            return Found(None, problem=f"Formen ”{suffix.strip()}” finns inte. Välj {', '.join(forms)}.")
        measure, row = self._split(_plain(name))
        among = self._by_measure.get(measure, [])
        if not among:
            return self._unknown(name)
        matches = _matching(among, row)
        if len(matches) == 1:
            return Found(matches[0], form, capital=name[:1].isupper())
        if matches:
            names = tuple(figure.name for figure in matches[:MOST_SUGGESTIONS])
            return Found(None, problem=f"”{name}” kan vara flera siffror: {', '.join(names)}.", suggestions=names)
        return self._unknown(name, among)

    def _split(self, name: str) -> tuple[str, str]:
        """The measure, with ``förra`` before it where it is the previous report's, and the row."""
        first, _, rest = name.partition(" ")
        if first == PREVIOUS:
            second, _, rest = rest.partition(" ")
            return f"{PREVIOUS} {_SYNONYMS.get(second, second)}", rest
        return _SYNONYMS.get(first, first), rest

    def _unknown(self, name: str, among: Iterable[NamedFigure] = ()) -> Found:
        pool = {f"{figure.measure} {_plain(figure.row_label)}": figure.name for figure in among or self.figures}
        near = difflib.get_close_matches(_plain(name), pool, n=3, cutoff=0.6)
        close = tuple(dict.fromkeys(pool[match] for match in near))
        hint = f" Menar du {' eller '.join(close)}?" if close else " Välj i listan över siffror."
        return Found(None, problem=f"Det finns ingen siffra som heter ”{name}”.{hint}", suggestions=close)


def _plain(name: str) -> str:
    return " ".join(name.replace("&", " och ").casefold().split())


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^\w]+", _plain(name)) if word and word != "och"]


def _matching(among: list[NamedFigure], row: str) -> list[NamedFigure]:
    """By key or whole label; else where each written word begins a word of the label; else where the label holds it."""
    exact = _exact(among, _ALL.get(row, row))
    if exact:
        return exact
    words = _words(row)
    if not words:
        return _exact(among, INVESTMENTS) or _exact(among, THIS_YEAR)
    begins = [figure for figure in among if all(_begins(word, figure.row_label) for word in words)]
    return begins or [figure for figure in among if all(_holds(figure.row_label, word) for word in words)]


def _exact(among: list[NamedFigure], row: str) -> list[NamedFigure]:
    by_key = [figure for figure in among if figure.name == f"{figure.measure} {row}"]
    return by_key or [figure for figure in among if _plain(figure.row_label) == row]


def _begins(word: str, label: str) -> bool:
    return any(part.startswith(word) for part in _words(label))


def _holds(label: str, word: str) -> bool:
    """As "tjänsteköp" in a longer compound; short pieces of words mean nothing."""
    return len(word) >= SHORTEST_PIECE and word in _plain(label)


# --- from the report -------------------------------------------------------------------------------------------------


def catalogue_of(tables: Mapping[str, Table], previous: Report | None = None) -> Catalogue:
    """The figures of a report's tables by key, and under ``förra …`` those of the previous report."""
    before = () if previous is None else tuple(_previous(figure) for figure in _figures(previous.tables))
    return Catalogue((*_figures(tables), *before))


def _previous(figure: NamedFigure) -> NamedFigure:
    return replace(
        figure,
        name=f"{PREVIOUS} {figure.name}",
        label=f"Förra rapporten: {figure.label}",
        measure=f"{PREVIOUS} {figure.measure}",
        table="",
    )


def _figures(tables: Mapping[str, Table]) -> Iterator[NamedFigure]:
    """Projects and municipalities have figures of the same names, so only one table gives the sum of them all."""
    for row in tables["result"].rows if "result" in tables else ():
        yield from _row_figures(tables["result"], row, _RESULT, TOTAL)
    for row in tables["investments"].rows if "investments" in tables else ():
        yield from _row_figures(tables["investments"], row, _INVESTMENTS, INVESTMENTS)
    for row in tables["owners"].rows if "owners" in tables else ():
        if row.kind is RowKind.LINE:
            yield from _row_figures(tables["owners"], row, _INVESTMENTS, "")
    for row in tables["measures"].rows if "measures" in tables else ():
        if row.kind is RowKind.TOTAL:
            yield from _effects(tables["measures"], row)


def _row_figures(table: Table, row: Row, measures: Mapping[str, str], total: str) -> Iterator[NamedFigure]:
    is_total = row.kind is RowKind.TOTAL
    key = total if is_total else row.key
    budget = _value(table, row, "budget")
    for measure, column in measures.items():
        value = _value(table, row, column)
        kind = _KINDS.get(measure, Kind.AMOUNT)
        if key == TOTAL and measure in ("utfall", "prognos"):
            kind, value = Kind.OUTCOME, None if value is None else -value
        elif kind is Kind.AMOUNT and value is not None and budget is not None and budget < 0:
            value = -value  # income is told without a minus
        yield NamedFigure(
            name=f"{measure} {key}",
            label=f"{_MEASURE_LABELS[measure]}, {_TOTAL_LABELS[total] if is_total else row.label}",
            measure=measure,
            table=table.key,
            row=row.key,
            row_label=key if is_total else row.label,
            kind=kind,
            value=value,
            budget=budget,
        )


def _value(table: Table, row: Row, column: str) -> int | None:
    cell = table.cell(row.key, column)
    if isinstance(cell, Amount):
        return cell.ore
    return cell.value if isinstance(cell.value, int) else None


def _effects(table: Table, row: Row) -> Iterator[NamedFigure]:
    for name, (column, label) in _EFFECTS.items():
        yield NamedFigure(
            name=f"åtgärder {name}",
            label=f"Åtgärdernas effekt, {label}",
            measure="åtgärder",
            table=table.key,
            row=row.key,
            row_label=label,
            kind=Kind.AMOUNT,
            value=_value(table, row, column),
        )
