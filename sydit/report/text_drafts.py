"""First drafts of the report's texts: of the figures and the rows' comments, or of what was written last time. Pure.

Every amount is a living figure, so a draft says what the report says also when the ledger has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sydit.periods import Month, day_and_month
from sydit.report.catalogue import INVESTMENTS, PREVIOUS, TOTAL, Catalogue, NamedFigure
from sydit.report.text_replacement import turned_living

_LARGEST = 3  # variances that the introduction tells of


def introduction(figures: Catalogue, period: Month, organisation: str) -> str:
    """The result, how it has moved since the last report, the largest variances, and the investments."""
    largest = [figure for figure in _by_size(figures) if not figure.prints_as_zero][:_LARGEST]
    told = [f"{figure.row_label} ({{{figure.name}}})" for figure in largest]
    return _paragraphs(
        " ".join(_result(figures, period, organisation)),
        f"De största avvikelserna mot budget finns i {_together(told)}." if told else "",
        _investments(figures, period),
    )


def analysis(figures: Catalogue, comments: Mapping[str, str], period: Month) -> str:
    """The result, and a paragraph for each row that varies or has a comment, the largest first.

    ``comments`` are by the row's key in the result.
    """
    rows = [
        sentence_of(figure, _sentence(comments.get(figure.row, "")))
        for figure in _by_size(figures)
        if not figure.prints_as_zero or comments.get(figure.row, "").strip()
    ]
    return turned_living(_paragraphs(" ".join(_result(figures, period)), *rows), figures, figures)


def from_last_time(body: str, old: Catalogue, now: Catalogue) -> str:
    """The text of last time, where amounts that were exactly a figure of its report are today's living figures."""
    return turned_living(body, old, now)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _result(figures: Catalogue, period: Month, organisation: str = "förvaltningen") -> Iterator[str]:
    if _is_there(figures, actual := f"utfall {TOTAL}"):
        yield f"Till och med {day_and_month(period.last_day)} redovisar {organisation} {{{actual}}}."
    if _is_there(figures, forecast := f"prognos {TOTAL}"):
        yield f"För helåret {period.year} väntas {{{forecast}}}."
        if _is_there(figures, before := f"{PREVIOUS} prognos {TOTAL}"):
            yield f"I den förra rapporten var prognosen {{{before}}}."


def sentence_of(figure: NamedFigure, comment: str = "") -> str:
    """What a row comes to, with its comment after it."""
    if figure.prints_as_zero:
        return f"{figure.row_label} väntas hålla sin budget. {comment}".rstrip()
    return f"{figure.row_label} väntas ge {{{figure.name}}}. {comment}".rstrip()


def _investments(figures: Catalogue, period: Month) -> str:
    names = [f"{measure} {INVESTMENTS}" for measure in ("budget", "bokfört", "förbrukat", "prognos")]
    if not all(_is_there(figures, name) for name in names):
        return ""
    budget, booked, used, forecast = (f"{{{name}}}" for name in names)
    until = day_and_month(period.last_day)
    return (
        f"Av årets investeringsbudget om {budget} är {booked}, {used}, bokfört till och med {until}. "
        f"Prognosen för helåret är {forecast}."
    )


def _by_size(figures: Catalogue) -> list[NamedFigure]:
    """The variances of the result's rows that are known, the largest first, whichever way they go."""
    rows = [
        figure
        for figure in figures
        if figure.measure == "avvikelse" and figure.table == "result" and figure.row_label != TOTAL
    ]
    return sorted((figure for figure in rows if figure.value is not None), key=lambda figure: -abs(figure.value or 0))


def _is_there(figures: Catalogue, name: str) -> bool:
    figure = figures.named(name)
    return figure is not None and not figure.is_missing


def _sentence(comment: str) -> str:
    """A comment as the end of a paragraph: on one line, with its full stop."""
    line = " ".join(comment.split())
    return f"{line}." if line and line[-1] not in ".!?:" else line


def _together(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} och {parts[-1]}"
