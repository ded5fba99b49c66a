"""A text as sentences, and which rows of the result a sentence speaks of. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_BOUNDARY = re.compile(r"[.!?][\"”»’)]?(?=\s+[A-ZÅÄÖ{*#])|\n\s*\n|\n[^\S\n]*(?=[-*#•·●▪◦‣][ \t])")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
# A row of a printed table that came along with the text: at most a label, then figures and nothing else.
_TABLE_LINE = re.compile(
    r"^[^\d\n]{0,60}?[-\N{MINUS SIGN}\N{EN DASH}]?\d[\d \t\N{NO-BREAK SPACE}\N{MINUS SIGN}\N{EN DASH}-]*$", re.MULTILINE
)
_FIGURES_IN_TABLE_LINE = 2
_GENERIC = {"och", "övrigt", "övriga", "övrig", "kostnader", "kostnad", "diverse", "samt"}
_TAILS = re.compile(r"(?<=\w{5})(?:kostnad(?:er)?|utgifter)$|(?<=\w{4})(?:erna|arna|orna|er|ar|or|en|et)$")
_SHORTEST = 4
_ENDING = "(?:(?:er|ar|or)?na|[aeo]r|[ae]?n|e?t)?s?(?!\\w)"  # of a word that is only declined


def without_tables(text: str) -> str:
    """The text with the lines of tables blanked, of the same length."""

    def blank(match: re.Match[str]) -> str:
        line = match[0]
        return " " * len(line) if len(re.findall(r"\d+", line)) >= _FIGURES_IN_TABLE_LINE else line

    return _TABLE_LINE.sub(blank, text)


def pattern_of(label: str) -> re.Pattern[str] | None:
    """Finds where a text speaks of a row: a word of its label, declined or as the beginning of a compound.

    A short word begins too many others: it may only be declined, and where a label has none but such ("Plan & bygg")
    all of them stand together. None for a label without letters.
    """
    words = re.findall(r"\w+-?", label.casefold())
    own = [word for word in words if word.rstrip("-") not in _GENERIC]
    if not own:
        return re.compile(rf"\b{re.escape(' '.join(words))}", re.IGNORECASE) if words else None
    found = [_word(word) for word in own]
    if len(own) > 1 and all(len(_stem(word)) <= _SHORTEST for word in own):
        return re.compile(r"\b" + r"\W{1,3}(?:och\s)?".join(found), re.IGNORECASE)
    told = [pattern for word, pattern in zip(own, found, strict=True) if len(word) >= _SHORTEST] or found
    return re.compile(rf"\b(?:{'|'.join(told)})", re.IGNORECASE)


def _word(word: str) -> str:
    stem = _stem(word.rstrip("-"))
    return re.escape(stem) if len(stem) > _SHORTEST or word.endswith("-") else re.escape(stem) + _ENDING


def _stem(word: str) -> str:
    stem = _TAILS.sub("", word)
    return stem if len(stem) >= _SHORTEST else word


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


class Prose:
    """The sentences of a text, and the rows (key → label) that each of them names."""

    def __init__(self, text: str, labels: Mapping[str, str]) -> None:
        self.text = without_tables(text)
        self._starts = [0, *(match.end() for match in _BOUNDARY.finditer(self.text))]
        self._paragraphs = [0, *(match.end() for match in _PARAGRAPH.finditer(self.text))]
        self._patterns = {key: pattern for key, label in labels.items() if (pattern := pattern_of(label))}
        self._named: dict[int, frozenset[str]] = {}

    def sentence(self, place: int) -> Span:
        number = bisect_right(self._starts, place) - 1
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return Span(self._starts[number], end)

    def rows_near(self, place: int) -> tuple[frozenset[str], frozenset[str]]:
        """The rows that the sentence at a place names, and those of the sentence before it in the same paragraph."""
        number = bisect_right(self._starts, place) - 1
        start = self._starts[number]
        same_paragraph = number and bisect_right(self._paragraphs, start) == bisect_right(
            self._paragraphs, self._starts[number - 1]
        )
        return self._rows(number), self._rows(number - 1) if same_paragraph else frozenset()

    def _rows(self, number: int) -> frozenset[str]:
        if number not in self._named:
            span = self.sentence(self._starts[number])
            self._named[number] = frozenset(
                key for key, pattern in self._patterns.items() if pattern.search(self.text, span.start, span.end)
            )
        return self._named[number]

    def names(self, key: str) -> bool:
        """Whether the text speaks of a row at all."""
        return key in self._patterns and self._patterns[key].search(self.text) is not None


def paragraphs_of(text: str) -> Iterable[tuple[int, str]]:
    """Each paragraph with where it begins."""
    place = 0
    for match in _PARAGRAPH.finditer(text):
        yield place, text[place : match.start()]
        place = match.end()
    yield place, text[place:]
