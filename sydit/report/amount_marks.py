"""The figure check of typed amounts, and of shares that are spent: the gravest that is to be said of each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sydit.money import text as printed
from sydit.report.attribution import Attribution, Attributor, Said
from sydit.report.catalogue import PREVIOUS, TOTAL, Kind, NamedFigure
from sydit.report.prose import Prose
from sydit.report.text_amounts import Style, amounts_in, shares_in
from sydit.report.text_marks import Mark, MarkKind, Named, Subject
from sydit.report.text_replacement import agrees, living, quoted

_BEFORE_DIGITS = re.compile(r"\A[^0-9]+")  # a minus, as a sign or as the word
_DISTINCT = 3  # digits that tell one amount from another


def amounts(text: str, prose: Prose, subject: Subject, named: Named) -> Iterator[Mark]:
    attributor, after = Attributor(subject.catalogue), 0
    for written in amounts_in(text):
        found = attributor.attribute(written, prose, after)
        after = written.end
        if written.style is Style.RANGE or printed(written.ore) == "0":  # an end of a range, or a fee
            continue
        _note(found, named)
        yield _mark(text, found, subject)


def _note(found: Attribution, named: Named) -> None:
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
    size = _BEFORE_DIGITS.sub("", text[found.written.start : found.written.end])
    start, phrase = quoted(text, found)
    lead = phrase[0] if phrase else ""
    figure = found.figure if found.figure and found.figure.kind is Kind.OUTCOME else None
    size_only = " ".join(size.split())
    message = f"Ordet ”{found.said.word}” säger redan åt vilket håll det går: skriv {size_only} utan minustecken."
    if figure and not agrees(figure, found.said):
        start, suggestion = _against_the_words(text, found, figure)
        message += f" {contradicted(figure)}"
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
    message = contradicted(figure)
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


def contradicts(figure: NamedFigure, said: Said) -> bool:
    return (
        figure.kind is Kind.OUTCOME
        and said.is_about_variance
        and not figure.prints_as_zero
        and not agrees(figure, said)
    )


def contradicted(figure: NamedFigure) -> str:
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
    """Of the row that the sentence names, or where it names none of any, as long as nothing of today fits as well.

    A round amount (700 tkr) that names no row is not meant by what some row was last time.
    """
    if not found.before:
        return False
    if not found.now:
        is_named = any(f.row in found.rows or f.row_label == TOTAL for f in found.before)
        return is_named or (not found.rows and found.written.digits >= _DISTINCT)
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


def shares(text: str, prose: Prose, subject: Subject) -> Iterator[Mark]:
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
