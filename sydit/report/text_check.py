"""The figure check: what a reader would stumble over in a text, marked with an explanation and what to write instead.

Pure, and in time that grows with the text. A mark stops nothing; it says where it stands (``start`` and ``end`` in
characters, both 0 for what the whole text lacks), and ``suggestion`` can replace ``quote`` as it is.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sydit.money import text as printed
from sydit.report.attribution import Attribution, Attributor, Said, said_around
from sydit.report.catalogue import PREVIOUS, TOTAL, Catalogue, Form, Kind, NamedFigure
from sydit.report.living_text import REFERENCE
from sydit.report.prose import Prose, paragraphs_of
from sydit.report.spelling import doublets
from sydit.report.text_amounts import Style, amounts_in, shares_in
from sydit.report.text_replacement import agrees, living, quoted, result_labels

_SHORTEST_PARAGRAPH = 60  # characters; shorter ones may well be the same each time
MOST_MARKS = 500
_WITHOUT_WORD = (Form.AMOUNT, Form.KRONOR)  # the word beside them is typed


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
class _Named:
    """The variances that a text names, by row: what they say in öre."""

    amounts: dict[str, int] = field(default_factory=dict)


def check(text: str, subject: Subject, *, is_whole: bool = True) -> tuple[Mark, ...]:
    """The marks of a text in its order. ``is_whole`` says that it is all that is written: then also what it lacks."""
    prose = Prose(text, subject.labels)
    named = _Named()
    marks = [
        *_references(text, prose, subject, named),
        *_amounts(text, prose, subject, named),
        *_shares(text, prose, subject),
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


def _references(text: str, prose: Prose, subject: Subject, named: _Named) -> Iterator[Mark]:
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
        elif found.form in _WITHOUT_WORD and _contradicts(figure, said):
            yield Mark(MarkKind.WORD, match[0], *match.span(), figure.name, _contradicted(figure))
        if figure.measure == "avvikelse" and figure.table == "result" and figure.value is not None:
            named.amounts[figure.row] = figure.value


def _contradicts(figure: NamedFigure, said: Said) -> bool:
    return (
        figure.kind is Kind.OUTCOME
        and said.is_about_variance
        and not figure.prints_as_zero
        and not agrees(figure, said)
    )


# --- amounts ---------------------------------------------------------------------------------------------------------


def _amounts(text: str, prose: Prose, subject: Subject, named: _Named) -> Iterator[Mark]:
    attributor, after = Attributor(subject.catalogue), 0
    for written in amounts_in(text):
        found = attributor.attribute(written, prose, after)
        after = written.end
        if written.style is Style.RANGE or printed(written.ore) == "0":  # an end of a range, or a fee
            continue
        _note(found, named)
        yield _mark(text, found, subject)


def _note(found: Attribution, named: _Named) -> None:
    """Remember a variance that is named: as the table has it, else as the text has it where it is about one row."""
    figure = found.figure
    if figure and figure.measure == "avvikelse" and figure.table == "result" and figure.value is not None:
        if figure.row_label != TOTAL and (
            found.said.is_about_variance or found.written.sign or figure.row in found.rows
        ):
            named.amounts.setdefault(figure.row, figure.value)
    elif not found.now and found.said.word and len(found.rows) == 1 and found.is_here:
        (row,) = found.rows
        named.amounts.setdefault(row, -found.written.ore if found.said.word == "underskott" else found.written.ore)


def _mark(text: str, found: Attribution, subject: Subject) -> Mark:
    """One mark an amount: the gravest."""
    if found.written.sign == "-" and found.said.word:
        return _sign(text, found)
    if wrong := _wrong_word(text, found):
        return wrong
    if _is_last_months(found):
        return _previous(text, found, subject)
    if not found.now:
        return _unknown(text, found, subject)
    return _typed(text, found)


def _sign(text: str, found: Attribution) -> Mark:
    size = text[found.written.start : found.written.end].lstrip(
        "-\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}\N{HYPHEN} "
    )
    start, phrase = quoted(text, found)
    lead = phrase[0] if phrase else ""
    figure = found.figure if found.figure and found.figure.kind is Kind.OUTCOME else None
    size_only = " ".join(size.split())
    message = f"Ordet ”{found.said.word}” säger redan åt vilket håll det går: skriv {size_only} utan minustecken."
    if figure and not agrees(figure, found.said):
        start, suggestion = _against_the_words(text, found, figure)
        message += f" {_contradicted(figure)}"
    elif figure:
        start, suggestion = living(text, found, figure)
        message += f" Siffran är {figure.label} ({figure.say()})."
    else:
        suggestion = lead + size
        message += " Beloppet finns inte bland rapportens avvikelser."
    return Mark(
        MarkKind.SIGN,
        text[start : found.written.end],
        start,
        found.written.end,
        figure.name if figure else "",
        message,
        suggestion,
    )


def _wrong_word(text: str, found: Attribution) -> Mark | None:
    said, equal = found.said, [figure for figure in found.now if figure.kind is Kind.OUTCOME]
    if found.written.sign and not said.is_about_variance:
        return _wrong_sign(text, found, equal)
    if not said.is_about_variance or not equal:
        return None
    meant = [figure for figure in equal if figure.row in found.rows] or equal
    if any(agrees(figure, said) for figure in meant):
        return None
    figure = meant[0]
    start, suggestion = _against_the_words(text, found, figure)
    message = _contradicted(figure)
    return Mark(
        MarkKind.WORD,
        text[start : found.written.end],
        start,
        found.written.end,
        figure.name,
        message,
        suggestion if said.word else "",
    )


def _against_the_words(text: str, found: Attribution, figure: NamedFigure) -> tuple[int, str]:
    """As :func:`living`; without a suggestion where the wrong word stands elsewhere in the sentence."""
    start, suggestion = living(text, found, figure)
    return start, "" if found.said.word and start == found.written.start else suggestion


def _contradicted(figure: NamedFigure) -> str:
    return f"{figure.label} är {figure.say()} i rapporten, tvärtom mot vad texten säger."


def _wrong_sign(text: str, found: Attribution, equal: Sequence[NamedFigure]) -> Mark | None:
    if not equal or len(equal) < len(found.now):
        return None
    sign = 1 if found.written.sign == "+" else -1
    if any(figure.value is not None and figure.value * sign > 0 for figure in equal):
        return None
    start, suggestion = living(text, found, equal[0])
    message = f"{equal[0].label} är {equal[0].say()} i rapporten: tecknet är fel."
    return Mark(
        MarkKind.SIGN, text[start : found.written.end], start, found.written.end, equal[0].name, message, suggestion
    )


def _is_last_months(found: Attribution) -> bool:
    """Of the row that the sentence names, or where it names none of any, as long as nothing of today fits as well."""
    if not found.before:
        return False
    if not found.now:
        return not found.rows or any(f.row in found.rows or f.row_label == TOTAL for f in found.before)
    return found.before[0].row in found.rows and not any(f.row in found.rows or f.row_label == TOTAL for f in found.now)


def _previous(text: str, found: Attribution, subject: Subject) -> Mark:
    old = next((f for f in found.before if f.row in found.rows), found.before[0])
    now = subject.catalogue.named(old.name.removeprefix(f"{PREVIOUS} "))
    message = f"Så var det i förra rapporten ({old.label.partition(': ')[2]})."
    if now is None:
        return Mark(
            MarkKind.PREVIOUS,
            text[found.written.start : found.written.end],
            found.written.start,
            found.written.end,
            old.name,
            message,
        )
    start, suggestion = living(text, found, now)
    return Mark(
        MarkKind.PREVIOUS,
        text[start : found.written.end],
        start,
        found.written.end,
        now.name,
        f"{message} Nu är det {now.say()}.",
        suggestion,
    )


def _unknown(text: str, found: Attribution, subject: Subject) -> Mark:
    message = "Beloppet finns inte i rapporten. Kontrollera det, eller säg i texten vad det är."
    plain = Mark(
        MarkKind.UNKNOWN,
        text[found.written.start : found.written.end],
        found.written.start,
        found.written.end,
        "",
        message,
    )
    if len(found.rows) != 1 or not found.is_here or not found.said.is_about_variance or found.said.is_change:
        return plain
    (row,) = found.rows
    figure = subject.variance(row)
    if figure is None or figure.is_missing:
        return plain
    start, suggestion = living(text, found, figure)
    message = f"Beloppet finns inte i rapporten. {figure.label} är {figure.say()}."
    return Mark(
        MarkKind.UNKNOWN, text[start : found.written.end], start, found.written.end, figure.name, message, suggestion
    )


def _typed(text: str, found: Attribution) -> Mark:
    if (figure := found.figure) is None:
        names = ", ".join(figure.label for figure in found.now[:3])
        message = f"Beloppet är lika med flera av rapportens siffror: {names}. Välj i listan vilken som menas."
        return Mark(
            MarkKind.TYPED,
            text[found.written.start : found.written.end],
            found.written.start,
            found.written.end,
            "",
            message,
        )
    start, suggestion = living(text, found, figure)
    message = f"{figure.label}. Som levande siffra följer den med när rapporten ändras."
    return Mark(
        MarkKind.TYPED, text[start : found.written.end], start, found.written.end, figure.name, message, suggestion
    )


def _shares(text: str, prose: Prose, subject: Subject) -> Iterator[Mark]:
    """Percent of a budget that is spent, in sentences that name whose it is; other percent are left alone."""
    spent = [figure for figure in subject.catalogue if figure.measure == "förbrukat" and figure.value is not None]
    for share in shares_in(text) if spent else ():
        sentence = prose.sentence(share.start)
        words = prose.text[sentence.start : sentence.end].casefold()
        if not share.is_whole or "förbruk" not in words:
            continue
        rows = [figure for figure in spent if figure.row_label.casefold().split()[-1] in words]
        quote = text[share.start : share.end]
        if equal := [figure for figure in rows if figure.value == share.percent]:
            message = f"{equal[-1].label}. Som levande siffra följer den med när rapporten ändras."
            yield Mark(MarkKind.TYPED, quote, share.start, share.end, equal[-1].name, message, f"{{{equal[-1].name}}}")
        elif len({figure.value for figure in rows}) == 1:
            message = f"{rows[-1].label} är {rows[-1].say()} i rapporten."
            yield Mark(MarkKind.UNKNOWN, quote, share.start, share.end, rows[-1].name, message, f"{{{rows[-1].name}}}")


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


def _lacking(prose: Prose, subject: Subject, named: _Named) -> Iterator[Mark]:
    yield from _sum(subject, named)
    for row in subject.labels:
        figure = subject.variance(row)
        if row in subject.owed and figure and row not in named.amounts and not prose.names(row):
            message = f"{figure.row_label} avviker med {_signed(figure.value)} tkr, och ingen text säger varför."
            yield Mark(MarkKind.UNMENTIONED, "", 0, 0, figure.name, message, f"{{{figure.name}}}")


def _sum(subject: Subject, named: _Named) -> Iterator[Mark]:
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
