"""A written text as the report's paragraphs: light marks, and figures by name. Pure.

``## Rubrik`` is a sub-heading, ``- `` or ``* `` an item, ``1. `` a numbered item, ``*kursiv*`` and ``**fet**`` are
emphasis, an empty line begins a new paragraph, and ``{avvikelse licenser}`` is the figure. Anything else is text as it
stands, also marks that do not close; nothing is lost. Patterns look ahead a bounded number of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sydit.report.catalogue import MOST_CHARACTERS, Catalogue, Found
from sydit.report.document import Emphasis, Paragraph, ParagraphKind, Run

BULLET = "\N{BULLET}"
MOST_PROBLEMS = 20  # of one text that are told at once
REFERENCE = re.compile(rf"\{{([^{{}}\n]{{1,{MOST_CHARACTERS}}})\}}")
_HEADING = re.compile(r"#{1,4} +(?P<text>\S.*)")
_BULLET = re.compile(r"\s{0,3}[-*\N{BULLET}] +(?P<text>\S.*)")
_NUMBER = re.compile(r"\s{0,3}(?P<number>[0-9]{1,2})[.)] +(?P<text>\S.*)")
_EMPHASIS = re.compile(r"\*\*(?=\S)(?P<strong>[^*]{1,1000})(?<=\S)\*\*|\*(?=\S)(?P<em>[^*]{1,1000})(?<=\S)\*(?!\*)")


def blocks(body: str, figures: Catalogue) -> tuple[Paragraph, ...]:
    """The paragraphs of a text; a figure that cannot be found stands as it was written."""
    return tuple(_paragraph(kind, marker, text, figures) for kind, marker, text in _pieces(body))


def problems(body: str, figures: Catalogue) -> tuple[str, ...]:
    """What is wrong with the figures that a text names, each sentence once."""
    told: dict[str, None] = {}
    for name in dict.fromkeys(match[1] for match in REFERENCE.finditer(body)):
        found = figures.find(name)
        if found.figure is None:
            told[found.problem] = None
        elif found.figure.is_missing:
            told[f"siffran {{{name}}} saknas ({found.figure.label})."] = None
        if len(told) == MOST_PROBLEMS:
            break
    return tuple(told)


def _pieces(body: str) -> Iterator[tuple[ParagraphKind, str, str]]:
    """Kind, marker and text of each paragraph; the lines of one are joined."""
    kind, marker, lines = ParagraphKind.BODY, "", list[str]()
    counted = 0
    for line in [*body.splitlines(), ""]:
        begun = _begun(line)
        if (begun or not line.strip()) and lines:
            yield kind, marker, " ".join(lines)
            lines = []
        if not begun:
            if not lines:  # an item goes on in the lines below it, a heading does not
                kind, marker = ParagraphKind.BODY, ""
                counted = 0 if line.strip() else counted
            if line.strip():
                lines.append(" ".join(line.split()))
            continue
        kind, marker, text = begun
        counted = counted + 1 if kind is ParagraphKind.NUMBER else 0
        marker = f"{counted}." if kind is ParagraphKind.NUMBER else marker
        if kind is ParagraphKind.HEADING:
            yield kind, marker, text
        else:
            lines = [text]


def _begun(line: str) -> tuple[ParagraphKind, str, str] | None:
    """What a line begins by its mark, if it has one."""
    if match := _HEADING.match(line):
        return ParagraphKind.HEADING, "", " ".join(match["text"].split())
    if match := _BULLET.match(line):
        return ParagraphKind.BULLET, BULLET, " ".join(match["text"].split())
    if match := _NUMBER.match(line):
        return ParagraphKind.NUMBER, "", " ".join(match["text"].split())
    return None


def _paragraph(kind: ParagraphKind, marker: str, text: str, figures: Catalogue) -> Paragraph:
    runs = tuple(run for emphasis, part in _emphasised(text) for run in _runs(part, emphasis, figures))
    said = "".join(run.text for run in runs)
    is_plain = all(run.emphasis is Emphasis.NONE and not run.figure for run in runs)
    return Paragraph(said, kind, marker, () if is_plain else runs)


def _emphasised(text: str) -> Iterator[tuple[Emphasis, str]]:
    place = 0
    for match in _EMPHASIS.finditer(text):
        yield Emphasis.NONE, text[place : match.start()]
        yield (Emphasis.STRONG, match["strong"]) if match["strong"] else (Emphasis.EMPHASIS, match["em"])
        place = match.end()
    yield Emphasis.NONE, text[place:]


def _runs(text: str, emphasis: Emphasis, figures: Catalogue) -> Iterator[Run]:
    place = 0
    for match in REFERENCE.finditer(text):
        found: Found = figures.find(match[1])
        if found.figure is None:
            continue
        if text[place : match.start()]:
            yield Run(text[place : match.start()], emphasis)
        row = f"{found.figure.table}/{found.figure.row}" if found.figure.table else ""
        yield Run(found.text, emphasis, found.canonical, row)
        place = match.end()
    if text[place:]:
        yield Run(text[place:], emphasis)
