"""What the figure check says of a place in a text, and what a text is checked against. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sydit.report.catalogue import Catalogue, NamedFigure
from sydit.report.text_replacement import result_labels


class MarkKind(enum.StrEnum):
    SIGN = "sign"  # a minus beside underskott or överskott
    WORD = "word"  # underskott where it is överskott, högre where it is lägre
    UNKNOWN = "unknown"  # no figure of the report
    PREVIOUS = "previous"  # a figure of the previous report
    TYPED = "typed"  # a figure of the report, typed by hand
    FIGURE = "figure"  # a living figure that cannot be found, or is missing
    SPELLING = "spelling"
    UNCHANGED = "unchanged"  # as it stood last time
    UNMENTIONED = "unmentioned"  # a row over the threshold without a word
    SUM = "sum"  # the amounts named do not add up to the table

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    MarkKind.SIGN: "Fel tecken",
    MarkKind.WORD: "Fel ord",
    MarkKind.UNKNOWN: "Finns inte i rapporten",
    MarkKind.PREVIOUS: "Förra rapportens siffra",
    MarkKind.TYPED: "Skriven för hand",
    MarkKind.FIGURE: "Okänd eller saknad siffra",
    MarkKind.SPELLING: "Två stavningar",
    MarkKind.UNCHANGED: "Oförändrat sedan förra gången",
    MarkKind.UNMENTIONED: "Post utan ord",
    MarkKind.SUM: "Summan stämmer inte",
}


@dataclass(frozen=True, slots=True)
class Mark:
    kind: MarkKind
    quote: str
    start: int
    end: int
    figure: str  # its canonical name; empty where no figure is meant
    message: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a text is checked against. ``owed`` are the keys of the result's rows that need a word."""

    catalogue: Catalogue
    owed: Collection[str] = ()
    previous_texts: Sequence[str] = ()

    @property
    def labels(self) -> Mapping[str, str]:
        return result_labels(self.catalogue)

    def variance(self, row: str) -> NamedFigure | None:
        return next(
            (f for f in self.catalogue if f.table == "result" and f.row == row and f.measure == "avvikelse"), None
        )


@dataclass(slots=True)
class Named:
    """The variances that a text names, by row: what they say in öre."""

    amounts: dict[str, int] = field(default_factory=dict)
