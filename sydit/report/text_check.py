"""The figure check: what a reader would stumble over in a text, marked with an explanation and what to write instead.

Pure, and in time that grows with the text. A mark stops nothing; it says where it stands (``start`` and ``end`` in
characters, both 0 for what the whole text lacks), and ``suggestion`` can replace ``quote`` as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sydit.money import text as printed
from sydit.report.amount_marks import amounts, contradicted, contradicts, shares
from sydit.report.attribution import said_around
from sydit.report.catalogue import TOTAL, Form
from sydit.report.living_text import REFERENCE
from sydit.report.prose import Prose, paragraphs_of
from sydit.report.spelling import doublets
from sydit.report.text_marks import Mark, MarkKind, Named, Subject

__all__ = ["Checked", "Mark", "MarkKind", "Subject", "check", "check_together"]

_SHORTEST_PARAGRAPH = 60  # characters; shorter ones may well be the same each time
MOST_MARKS = 500
_WITHOUT_WORD = (Form.AMOUNT, Form.KRONOR)  # the word beside them is typed


def check(text: str, subject: Subject, *, is_whole: bool = True) -> tuple[Mark, ...]:
    """The marks of a text in its order. ``is_whole`` says that it is all that is written: then also what it lacks."""
    prose = Prose(text, subject.labels)
    named = Named()
    marks = [
        *_references(text, prose, subject, named),
        *amounts(text, prose, subject, named),
        *shares(text, prose, subject),
    ]
    marks += _spelling(text)
    marks += _unchanged(text, subject)
    marks.sort(key=lambda mark: (mark.start, mark.end))
    if is_whole:
        marks = [*_lacking(prose, subject, named), *marks]
    return tuple(marks[:MOST_MARKS])


@dataclass(frozen=True, slots=True)
class Checked:
    """The marks of several texts that are read together: of each by its key, and what all of them lack."""

    of_text: Mapping[str, tuple[Mark, ...]]
    of_all: tuple[Mark, ...]


_BETWEEN = "\n\n\n"  # texts: neither sentence nor paragraph goes across


def check_together(texts: Mapping[str, str], subject: Subject) -> Checked:
    """The marks of a report's texts, where a row is told of if any of them does."""
    starts, place = dict[str, int](), 0
    for key, text in texts.items():
        starts[key] = place
        place += len(text) + len(_BETWEEN)
    of_text: dict[str, list[Mark]] = {key: [] for key in texts}
    of_all, keys, begin = list[Mark](), list(texts), list(starts.values())
    for mark in check(_BETWEEN.join(texts.values()), subject):
        if not mark.quote:
            of_all.append(mark)
            continue
        key = keys[bisect_right(begin, mark.start) - 1]
        begins = starts[key]
        if mark.end - begins <= len(texts[key]):
            of_text[key].append(replace(mark, start=mark.start - begins, end=mark.end - begins))
    return Checked({key: tuple(marks) for key, marks in of_text.items()}, tuple(of_all))


def _references(text: str, prose: Prose, subject: Subject, named: Named) -> Iterator[Mark]:
    after = 0
    for match in REFERENCE.finditer(text):
        found = subject.catalogue.find(match[1])
        said = said_around(*match.span(), prose, after)
        figure, after = found.figure, match.end()
        if figure is None:
            suggestion = f"{{{found.suggestions[0]}}}" if len(found.suggestions) == 1 else ""
            yield Mark(MarkKind.FIGURE, match[0], *match.span(), "", found.problem, suggestion)
            continue
        if figure.is_missing:
            message = f"{figure.label} saknas än, och står som ”saknas” i rapporten."
            yield Mark(MarkKind.FIGURE, match[0], *match.span(), figure.name, message)
        elif found.form in _WITHOUT_WORD and contradicts(figure, said):
            yield Mark(MarkKind.WORD, match[0], *match.span(), figure.name, contradicted(figure))
        if figure.measure == "avvikelse" and figure.table == "result" and figure.value is not None:
            named.amounts[figure.row] = figure.value


# --- words -----------------------------------------------------------------------------------------------------------


def _spelling(text: str) -> Iterator[Mark]:
    for doublet in doublets(text):
        quote = text[doublet.start : doublet.end]
        message = f"Texten skriver både ”{quote}” och ”{doublet.suggestion}”. Välj ett sätt."
        yield Mark(MarkKind.SPELLING, quote, doublet.start, doublet.end, "", message, doublet.suggestion)


def _unchanged(text: str, subject: Subject) -> Iterator[Mark]:
    old = {" ".join(part.split()) for previous in subject.previous_texts for _, part in paragraphs_of(previous)}
    for start, part in paragraphs_of(text) if old else ():
        plain = " ".join(part.split())
        if len(plain) >= _SHORTEST_PARAGRAPH and plain in old:
            message = "Stycket står som det stod förra gången. Stämmer det fortfarande?"
            yield Mark(MarkKind.UNCHANGED, part.strip(), start, start + len(part.rstrip()), "", message)


# --- what the whole text lacks ---------------------------------------------------------------------------------------


def _lacking(prose: Prose, subject: Subject, named: Named) -> Iterator[Mark]:
    yield from _sum(subject, named)
    for row in subject.labels:
        figure = subject.variance(row)
        if row in subject.owed and figure and row not in named.amounts and not prose.names(row):
            message = f"{figure.row_label} avviker med {_signed(figure.value)} tkr, och ingen text säger varför."
            yield Mark(MarkKind.UNMENTIONED, "", 0, 0, figure.name, message, f"{{{figure.name}}}")


def _sum(subject: Subject, named: Named) -> Iterator[Mark]:
    """Where a text names most of the variances, a reader adds them up."""
    rows = [
        figure
        for row in subject.labels
        if (figure := subject.variance(row)) and figure.value and not figure.prints_as_zero
    ]
    total = subject.catalogue.named(f"avvikelse {TOTAL}")
    told = [figure for figure in rows if figure.row in named.amounts]
    if total is None or total.value is None or len(told) < 2 or len(told) * 2 < len(rows):
        return
    amount = sum(named.amounts[figure.row] for figure in told)
    if printed(amount) == printed(total.value):
        return
    untold = ", ".join(f"{figure.row_label} {_signed(figure.value)}" for figure in rows if figure not in told)
    other = ", ".join(
        f"{figure.row_label} (texten {_signed(named.amounts[figure.row])}, tabellen {_signed(figure.value)})"
        for figure in told
        if printed(named.amounts[figure.row]) != printed(figure.value or 0)
    )
    message = f"Avvikelserna som texten nämner blir tillsammans {_signed(amount)} tkr, "
    message += f"men tabellens summa är {_signed(total.value)} tkr."
    message += f" Utan belopp i texten: {untold}." if untold else ""
    message += f" Annat belopp än tabellen: {other}." if other else ""
    yield Mark(MarkKind.SUM, "", 0, 0, total.name, message)


def _signed(ore: int | None) -> str:
    return "saknas" if ore is None else printed(ore)
