"""Which figure of the report an amount in a text is. Pure.

An amount is compared with every figure at once, and the sentence decides between those that it equals: the rows it
names, and whether it says underskott, högre än budget, prognos or utfall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sydit.money import Unit, divide
from sydit.report.catalogue import INVESTMENTS, PREVIOUS, TOTAL, Catalogue, Kind, NamedFigure
from sydit.report.prose import Prose
from sydit.report.text_amounts import Style, Written

_WORD = re.compile(
    r"(?P<below>underskott|negativ\w*\s(?:\w*avvikelse|resultat))|(?P<above>överskott|positiv\w*\s(?:\w*avvikelse|resultat))",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(r"\s*(?:i\s|som\s|ett\s)?\s*(?:(?P<below>underskott)|(?P<above>överskott))", re.IGNORECASE)
_MORE = r"(?P<more>högre|mer|dyrare|över)|(?P<less>lägre|mindre|billigare|under)|(?P<better>bättre)|(?P<worse>sämre)"
_MORE_AFTER = re.compile(rf"\s*(?:{_MORE})\s(?:kostnad\w*\s)?(?:än\s)?(?:budget|plan|beräkn)", re.IGNORECASE)
_MORE_ALONE = re.compile(
    r"\s*(?:(?P<more>högre|dyrare)|(?P<less>lägre|mindre|billigare)|(?P<better>bättre)|(?P<worse>sämre))"
    r"\b(?!\s+(?:än|jämfört))",
    re.IGNORECASE,
)
_MORE_BEFORE = re.compile(
    r"(?:(?P<more>överst\w+|översk\w+)|(?P<less>underst\w+|undersk\w+))\s+budget\w*\s+med\s+(?:ca\.?\s|cirka\s)?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:ök|minsk|förbättr|försämr|sänk|höj|förändr)\w*\s+(?:\w+\s+){0,2}(?:med|om)\s+$", re.IGNORECASE
)
_ACTUAL = re.compile(r"utfall|bokför|till och med|hittills|perioden|upparbet|förbruk", re.IGNORECASE)
_FORECAST = re.compile(r"progno|helår|väntas|beräknas", re.IGNORECASE)
_BUDGET = re.compile(r"budget(?!er(?:at|ad)\b)", re.IGNORECASE)
_LOOK_BACK, _LOOK_AHEAD = 120, 40
_FINE = 1000  # steps: an amount of four digits, or told in tkr, is no chance
_OF_ALL = re.compile(r"resultat|progno|skott|total|nämnd|förvaltning|helår|utfall|avvik|budget", re.IGNORECASE)
_CHANCE = 20  # one in so many may rounding take of an amount whose row is not named


@dataclass(frozen=True, slots=True)
class Said:
    """What the words around an amount claim: its direction (1 better, −1 worse), and in which words."""

    word: str = ""  # "underskott" or "överskott" where one stands there
    more: int = 0  # 1 högre, −1 lägre än budget
    better: int = 0
    is_change: bool = False  # "ökar med": a difference between two figures

    def direction(self, figure: NamedFigure) -> int:
        """Zero where nothing is claimed. More is worse for a cost and better for income."""
        if self.word:
            return -1 if self.word == "underskott" else 1
        if self.more:
            return self.more if figure.budget is not None and figure.budget < 0 else -self.more
        return self.better

    @property
    def is_about_variance(self) -> bool:
        return bool(self.word or self.more or self.better)


@dataclass(frozen=True, slots=True)
class Attribution:
    """An amount with the figures of today's report and of the previous one that it equals, the likeliest first.

    ``rows`` are those that the sentence names, else those of the sentence before. ``is_certain`` where one figure
    is likelier than all others.
    """

    written: Written
    said: Said
    rows: frozenset[str]
    now: tuple[NamedFigure, ...]
    before: tuple[NamedFigure, ...]
    is_certain: bool
    is_here: bool = True  # its own sentence names the rows

    @property
    def figure(self) -> NamedFigure | None:
        return self.now[0] if self.now and self.is_certain else None


class Attributor:
    """Finds the figures of a catalogue; those that print as zero are never looked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._figures = [
            figure
            for figure in catalogue
            if figure.value is not None and figure.kind is not Kind.PERCENT and not figure.prints_as_zero
        ]
        self._by_step: dict[int, dict[int, list[NamedFigure]]] = {}

    def attribute(self, written: Written, prose: Prose, after: int) -> Attribution:
        """``after`` is where the amount before this one ends: words before it belong to that one."""
        said = said_around(written.start, written.end, prose, after)
        here, nearby = prose.rows_near(written.start)
        sentence = prose.sentence(written.start)
        words = prose.text[
            max(sentence.start, written.start - _LOOK_BACK) : min(sentence.end, written.end + _LOOK_AHEAD)
        ]
        scored = [
            (_score(figure, said, here, nearby, words), figure)
            for figure in self._equal(written)
            if _may_be(figure, said)
            and (_is_named(figure, here | nearby, written, words) or _is_surely(figure, written))
        ]
        scored.sort(key=lambda pair: -pair[0])
        now = [pair for pair in scored if not pair[1].measure.startswith(PREVIOUS)]
        before = [figure for _, figure in scored if figure.measure.startswith(PREVIOUS)]
        rivals = [figure for score, figure in now[1:] if score == now[0][0] and not _twins(figure, now[0][1])]
        return Attribution(
            written, said, here or nearby, tuple(f for _, f in now), tuple(before), not rivals, bool(here)
        )

    def _equal(self, written: Written) -> Iterable[NamedFigure]:
        if written.style is Style.ABOUT:
            return [figure for figure in self._figures if figure.value is not None and written.says(figure.value)]
        if written.step not in self._by_step:
            index: dict[int, list[NamedFigure]] = {}
            for figure in self._figures:
                if figure.value is not None:
                    index.setdefault(divide(abs(figure.value), written.step) * written.step, []).append(figure)
            self._by_step[written.step] = index
        return self._by_step[written.step].get(written.ore, ()) if written.ore else ()


def _may_be(figure: NamedFigure, said: Said) -> bool:
    """Where the words tell of a variance, an equal budget is chance."""
    return not said.is_about_variance or figure.kind is Kind.OUTCOME or figure.measure.endswith("kvar")


def _is_coarse(written: Written) -> bool:
    """Whether so few digits are told (1,2 mnkr) that an amount equals many figures by chance."""
    return written.step > Unit.TKR.ore and written.ore // written.step < _FINE


def _is_named(figure: NamedFigure, rows: frozenset[str], written: Written, words: str) -> bool:
    """By the sentence or the one before it; the sum of all needs no name where no row has one.

    A coarse amount is the sum of all only in words that may be about it, not in a list of others' (LSS: -2,3 mnkr).
    """
    if figure.row in rows:
        return True
    return not rows and figure.row_label == TOTAL and (not _is_coarse(written) or _OF_ALL.search(words) is not None)


def _is_surely(figure: NamedFigure, written: Written) -> bool:
    """A figure that no sentence names is not meant against its sign, or coarsely (1,2 mnkr is many by chance)."""
    value = figure.value or 0
    if _is_coarse(written):
        return False
    if figure.kind is Kind.OUTCOME and written.sign and (value > 0) != (written.sign == "+"):
        return False
    return abs(abs(value) - written.ore) * _CHANCE <= written.ore


def _twins(one: NamedFigure, other: NamedFigure) -> bool:
    """A municipality with a single project has each figure twice, and a plan without deviations says its sum twice."""
    return (
        one.table != "result" and other.table != "result" and one.row_label.split()[-1] == other.row_label.split()[-1]
    )


def _score(figure: NamedFigure, said: Said, here: frozenset[str], nearby: frozenset[str], words: str) -> int:
    score = 0
    if figure.row in here and figure.table in ("result", ""):
        score += 8
    elif figure.row in nearby and figure.table in ("result", ""):
        score += 5
    elif figure.table != "result" and _last_word(figure.row_label) in words.casefold():
        score += 6
    elif figure.row_label == TOTAL and not here:
        score += 3
    elif figure.row_label == INVESTMENTS and "investering" in words.casefold():
        score += 6
    if said.is_about_variance:
        score += 6 if figure.kind is Kind.OUTCOME else 0
        score += 2 if figure.kind is Kind.OUTCOME and _is(figure, said.direction(figure)) else 0
    return score + _by_cue(figure, words)


def _by_cue(figure: NamedFigure, words: str) -> int:
    measure = figure.measure.removeprefix(f"{PREVIOUS} ")
    cues = {"utfall": _ACTUAL, "bokfört": _ACTUAL, "prognos": _FORECAST, "budget": _BUDGET, "avvikelse": _FORECAST}
    hit = measure in cues and cues[measure].search(words) is not None
    return (2 if hit else 0) + (1 if measure == "prognos" and figure.row_label == TOTAL else 0)


def _last_word(label: str) -> str:
    return label.casefold().split()[-1] if label.strip() else "\N{NO-BREAK SPACE}"


def _is(figure: NamedFigure, direction: int) -> bool:
    return figure.value is not None and (figure.value > 0) == (direction > 0)


def said_around(begins: int, ends: int, prose: Prose, after: int) -> Said:
    """What the words around an amount claim; those before ``after`` belong to an earlier one."""
    sentence = prose.sentence(begins)
    before = prose.text[max(sentence.start, after, begins - _LOOK_BACK) : begins]
    ahead = prose.text[ends : min(sentence.end, ends + _LOOK_AHEAD)]
    if _CHANGE.search(before):
        return Said(is_change=True)
    if match := _MORE_BEFORE.search(before):
        return Said(more=1 if match["more"] else -1)
    if match := _MORE_AFTER.match(ahead) or _MORE_ALONE.match(ahead):
        found = match.groupdict()
        if found.get("better") or found.get("worse"):
            return Said(better=1 if found.get("better") else -1)
        return Said(more=1 if found.get("more") else -1)
    if match := _WORD_AFTER.match(ahead):
        return Said(word="underskott" if match["below"] else "överskott")
    words = list(_WORD.finditer(before))
    return Said(word="underskott" if words[-1]["below"] else "överskott") if words else Said()
