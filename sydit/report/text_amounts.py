"""Amounts in running text: where they stand and what they say. Pure, and in time that grows with the text only.

Budget follow-ups write tkr, mnkr and kronor in many ways, break lines inside numbers, and write years, paragraphs and
telephone numbers beside them. An amount is a number with a unit, or a number after "underskott om".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sydit.money import divide, spoken

_DASHES = "-\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}\N{HYPHEN}"
# Groups of three after blanks (also no-break, and a line break), points or nothing; at most 15 digits.
_NUMBER = (
    r"(?P<whole>[1-9][0-9]{0,2}(?:\s{1,3}[0-9]{3}){1,4}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}|[0-9]{1,15})"
    r"(?:[,.](?P<part>[0-9]{1,3}))?(?![0-9]|[,.][0-9])"
)
_UNIT = (
    r"(?P<unit>tkr|t\.?\s?kr|kkr|ksek|tsek|tusen\s{1,3}kr(?:onor)?|mnkr|mn\.?\s?kr|mkr|msek|mnsek"
    r"|milj(?:oner|on|\.)?(?:\s{1,3}(?:kr(?:onor)?|sek))?|mdr?\.?\s?kr|miljard(?:er)?\s{1,3}kr(?:onor)?"
    r"|kronor|krona|kr|sek|:[-\N{EN DASH}])(?![\w/]|\s{1,3}per\b)"
)
_SIGN = (
    rf"(?P<sign>(?<![\w.,{_DASHES}])(?<![0-9]\s)[{_DASHES}]\s?|\+\s?"
    r"|(?:(?<=skott\som\s)|(?<=skott\spå\s)|(?<=skottet\som\s)|(?<=skottet\spå\s))minus\s{1,3})?"
)
_WITH_UNIT = re.compile(rf"(?<![\w.,]){_SIGN}{_NUMBER}\s{{0,3}}{_UNIT}", re.IGNORECASE)
_BARE = re.compile(rf"(?<=skott\som\s){_SIGN}{_NUMBER}(?!\s{{0,3}}(?:%|procent|[\w/]))", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?<![\w.,])(?P<whole>[0-9]{1,4})(?:,(?P<part>[0-9]{1,2}))?\s{0,2}(?:%|procent(?!\w))", re.IGNORECASE
)
_RANGE_BEFORE = re.compile(
    rf"[0-9]\s?[{_DASHES}]\s?$|mellan\s+[0-9][0-9\s,.]*(?:tkr|mnkr|mkr|kr)?\s+och\s+$", re.IGNORECASE
)
_RANGE_LOOK = 40  # characters before an amount in which a range would have begun
_ABOUT = re.compile(
    r"(?:\bca\.?|\bcirka|\bomkring|\bungefär|\bdrygt|\bknappt|\bnästan|\brunt|\bom\s+vardera)\s+$", re.IGNORECASE
)
_ABOUT_LOOK = 15
_ABOUT_SHARE = 20  # one in so many: how far "cirka" may be off


class Style(enum.StrEnum):
    PLAIN = "plain"
    ABOUT = "about"  # cirka, drygt …
    RANGE = "range"  # an end of a range: no figure of its own


@dataclass(frozen=True, slots=True)
class Written:
    """An amount as it is written at ``start`` to ``end``. ``ore`` is its size; ``step`` is how finely it is told."""

    start: int
    end: int
    ore: int
    step: int
    sign: str  # "-", "+" or empty
    style: Style = Style.PLAIN

    @property
    def digits(self) -> int:
        """How many digits it is told with, but for the zeros at its end."""
        return len(str(self.ore // self.step).rstrip("0"))

    def says(self, value: int) -> bool:
        """Whether this is that many öre, whatever the sign, as finely as it is told."""
        size = abs(value)
        if divide(size, self.step) * self.step == self.ore:
            return True
        off = abs(size - self.ore)
        return self.style is Style.ABOUT and (off * _ABOUT_SHARE <= size or off * 2 <= self.step)


@dataclass(frozen=True, slots=True)
class WrittenShare:
    start: int
    end: int
    percent: int
    is_whole: bool


def amounts_in(text: str) -> Iterator[Written]:
    """The amounts in their order."""
    found = [*_WITH_UNIT.finditer(text), *_BARE.finditer(text)]
    for match in sorted(found, key=lambda m: m.start("whole")):
        unit = match.groupdict().get("unit") or "tkr"
        try:
            ore, step = spoken(re.sub(r"[\s.]", "", match["whole"]), match["part"] or "", unit)
        except KeyError:
            continue
        sign = match["sign"].strip() if match["sign"] else ""
        start = match.start("sign") if sign else match.start("whole")
        yield Written(start, match.end(), ore, step, sign and ("+" if sign == "+" else "-"), _style(text, start))


def _style(text: str, start: int) -> Style:
    if _RANGE_BEFORE.search(text[max(0, start - _RANGE_LOOK) : start]):
        return Style.RANGE
    return Style.ABOUT if _ABOUT.search(text[max(0, start - _ABOUT_LOOK) : start]) else Style.PLAIN


def shares_in(text: str) -> Iterator[WrittenShare]:
    for match in _PERCENT.finditer(text):
        yield WrittenShare(match.start(), match.end(), int(match["whole"]), not match["part"])
