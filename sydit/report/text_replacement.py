"""A typed amount as a living figure: where the words that it replaces begin, and what stands there instead. Pure."""

from __future__ import annotations

import re

from sydit.money import text as printed
from sydit.report.attribution import Attribution, Attributor, Said
from sydit.report.catalogue import PREVIOUS, TOTAL, Catalogue, Form, Kind, NamedFigure
from sydit.report.prose import Prose
from sydit.report.text_amounts import Style, amounts_in

_PHRASE = re.compile(
    r"(?P<article>\bett\s+)?\b(?P<word>(?:under|över)skott(?P<definite>et)?)\s+(?:om|på|med)\s+$", re.IGNORECASE
)
_PHRASE_LOOK = 40


def quoted(text: str, found: Attribution) -> tuple[int, re.Match[str] | None]:
    """Where the amount begins with the words that a living figure brings along."""
    start = max(0, found.written.start - _PHRASE_LOOK)
    match = _PHRASE.search(text[start : found.written.start])
    return (start + match.start(), match) if match else (found.written.start, None)


def living(text: str, found: Attribution, figure: NamedFigure) -> tuple[int, str]:
    """Where the replaced words begin, and the figure to put there, in the form that its sentence wants."""
    start, phrase = quoted(text, found)
    if figure.kind is not Kind.OUTCOME:
        return found.written.start, f"{{{figure.name}}}"
    if phrase and phrase["article"]:
        name = figure.name[0].upper() + figure.name[1:] if phrase["article"][0] == "E" else figure.name
        return start, f"{{{name}}}"
    if phrase and phrase["definite"]:
        name = figure.name[0].upper() + figure.name[1:] if phrase["word"][0].isupper() else figure.name
        return start, f"{{{name}: {Form.DEFINITE}}}"
    if phrase and not agrees(figure, found.said):
        return start, f"{{{figure.name}: {Form.WORD}}} om {{{figure.name}: {Form.AMOUNT}}}"
    return found.written.start, f"{{{figure.name}: {Form.AMOUNT}}}"


def agrees(figure: NamedFigure, said: Said) -> bool:
    return figure.value is not None and (figure.value > 0) == (said.direction(figure) > 0)


def turned_living(text: str, old: Catalogue, now: Catalogue) -> str:
    """The text with each amount that is exactly, and surely, a figure of ``old`` as that figure of ``now``.

    Amounts that are only about right, that several figures equal, or that the words around them contradict stay as
    they were typed.
    """
    prose, attributor = Prose(text, result_labels(old)), Attributor(old)
    pieces, place, after = [], 0, 0
    for written in amounts_in(text):
        found = attributor.attribute(written, prose, after)
        after = written.end
        figure = found.figure
        if figure is None or written.style is not Style.PLAIN or not _is_exactly(figure, found):
            continue
        start, reference = living(text, found, figure)
        if start >= place and now.find(reference.strip("{}")).figure is not None:
            pieces += [text[place:start], reference]
            place = written.end
    return "".join((*pieces, text[place:]))


def result_labels(catalogue: Catalogue) -> dict[str, str]:
    """The rows of the result by key, with their labels: those that sentences speak of."""
    return {
        figure.row: figure.row_label
        for figure in catalogue
        if figure.measure == "avvikelse" and figure.table == "result" and figure.row_label != TOTAL
    }


def _is_exactly(figure: NamedFigure, found: Attribution) -> bool:
    if figure.value is None or figure.measure.startswith(PREVIOUS) or found.said.is_change:
        return False
    if found.said.is_about_variance and figure.kind is Kind.OUTCOME and not agrees(figure, found.said):
        return False
    return printed(abs(figure.value)) == printed(found.written.ore)
