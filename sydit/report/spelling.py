"""Words that are spelled in two ways in one text. Each way is right; both together look careless. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Two ways to write the same, as what a word holds in the one and in the other.
_PAIRS = (
    ("prognosticer", "prognostiser"),
    ("licens", "licenc"),
    ("epost", "e-post"),
    ("webb", "web"),
    ("verifier", "verifer"),
    ("leverantör", "leveratör"),
    ("investering", "investring"),
    ("bl.a.", "bl a"),
    ("t.ex.", "t ex"),
    ("m.m.", "m m"),
    ("t.o.m.", "t o m"),
)
_UNITS = (("tkr", "kkr", "ksek", "tsek", "t kr"), ("mnkr", "mkr", "msek"))


@dataclass(frozen=True, slots=True)
class Doublet:
    start: int
    end: int
    suggestion: str


def doublets(text: str) -> Iterator[Doublet]:
    """The words that are written in the rarer of two ways, each with the other."""
    small = text.casefold()  # to look quickly whether both ways are there at all
    for one, other in _PAIRS:
        if one not in small or other not in small:
            continue
        first, second = list(_found(one, other, text)), list(_found(other, one, text))
        if first and second:
            few, use, instead = (first, one, other) if len(first) < len(second) else (second, other, one)
            yield from (_instead(match, use, instead) for match in few)
    for ways in _UNITS:
        found = {way: list(_unit(way).finditer(text)) for way in ways if way in small}
        used = sorted((way for way in found if found[way]), key=lambda way: -len(found[way]))
        for way in used[1:]:
            yield from (Doublet(match.start(1), match.end(1), used[0]) for match in found[way])


def _found(way: str, other: str, text: str) -> Iterator[re.Match[str]]:
    """Whole words that begin with ``way``, but for those that begin with the other (webb begins with web)."""
    but = rf"(?!{re.escape(other)})" if other.startswith(way) else ""
    tail = r"" if way.endswith(".") else r"\w*"
    end = r"(?!\w)" if " " in way else ""
    return re.finditer(rf"(?<!\w){but}{re.escape(way)}{'' if ' ' in way else tail}{end}", text, re.IGNORECASE)


def _unit(way: str) -> re.Pattern[str]:
    return re.compile(rf"\d\s?({re.escape(way)})(?!\w)", re.IGNORECASE)


def _instead(match: re.Match[str], use: str, instead: str) -> Doublet:
    word = match[0]
    new = instead + word[len(use) :]
    return Doublet(match.start(), match.end(), new[0].upper() + new[1:] if word[0].isupper() else new)
