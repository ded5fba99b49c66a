"""How an export writes its months and days, where somebody has said it: a cell that is written otherwise is refused."""

from __future__ import annotations

import datetime as dt
import enum
import re
from typing import NamedTuple

from followup.ledger import values
from followup.ledger.values import ErrorCell, UnreadableError, plain
from sydit.money import shown
from sydit.periods import Month


class Style(enum.StrEnum):
    """A way to write a month or a day; the value is what is stored. ``FOUND`` is told by looking, cell by cell."""

    FOUND = ""
    YEAR_MONTH = "YYYYMM"
    YEAR_DASH_MONTH = "YYYY-MM"
    SHORT_YEAR_MONTH = "YYMM"
    MONTH_YEAR = "MM-YYYY"
    ISO = "YYYY-MM-DD"
    COMPACT = "YYYYMMDD"
    SHORT = "YYMMDD"
    POINTS = "DD.MM.YYYY"
    DAY_FIRST = "DD/MM/YYYY"
    MONTH_FIRST = "MM/DD/YYYY"

    @property
    def label(self) -> str:
        """The style on the screen."""
        return _FORMS[self].label if self else "Känns igen av programmet"

    @property
    def example(self) -> str:
        return _FORMS[self].example if self else ""


class _Form(NamedTuple):
    label: str
    example: str
    pattern: re.Pattern[str]


def _form(label: str, example: str, pattern: str) -> _Form:
    return _Form(label, example, re.compile(pattern))


_YEAR, _MONTH, _DAY = "(?P<year>(?:19|20)[0-9]{2})", "(?P<month>[0-9]{2})", "(?P<day>[0-9]{2})"
_LOOSE_MONTH, _LOOSE_DAY = "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_SHORT_YEAR = "(?P<short>[0-9]{2})"
_FORMS = {
    Style.YEAR_MONTH: _form("ÅÅÅÅMM", "202410", _YEAR + _MONTH),
    Style.YEAR_DASH_MONTH: _form("ÅÅÅÅ-MM", "2024-10", f"{_YEAR}[-/. ]{_LOOSE_MONTH}"),
    Style.SHORT_YEAR_MONTH: _form("ÅÅMM", "2410", f"{_SHORT_YEAR}-?{_MONTH}"),
    Style.MONTH_YEAR: _form("MM-ÅÅÅÅ", "10-2024", f"{_LOOSE_MONTH}[-/. ]{_YEAR}"),
    Style.ISO: _form("ÅÅÅÅ-MM-DD", "2024-10-31", f"{_YEAR}[-/. ]{_LOOSE_MONTH}[-/. ]{_LOOSE_DAY}"),
    Style.COMPACT: _form("ÅÅÅÅMMDD", "20241031", _YEAR + _MONTH + _DAY),
    Style.SHORT: _form("ÅÅMMDD", "241031", f"{_SHORT_YEAR}-?{_MONTH}-?{_DAY}"),
    Style.POINTS: _form("DD.MM.ÅÅÅÅ", "31.10.2024", rf"{_LOOSE_DAY}\. ?{_LOOSE_MONTH}\. ?{_YEAR}"),
    Style.DAY_FIRST: _form("DD/MM/ÅÅÅÅ", "31/10/2024", f"{_LOOSE_DAY}[-/]{_LOOSE_MONTH}[-/]{_YEAR}"),
    Style.MONTH_FIRST: _form("MM/DD/ÅÅÅÅ", "10/31/2024", f"{_LOOSE_MONTH}[-/]{_LOOSE_DAY}[-/]{_YEAR}"),
}
_TIME = re.compile(r"[T ]([0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}([.,][0-9]+)?)?)Z?$")
DAYS = frozenset(
    (Style.ISO, Style.COMPACT, Style.SHORT, Style.POINTS, Style.DAY_FIRST, Style.MONTH_FIRST)
)  # styles that say a day


def period(value: object, style: Style, year: int | None = None) -> Month | None:
    """The month of a period cell written in ``style``; ``None`` where blank. Raises ``UnreadableError``."""
    if style is Style.FOUND:
        return values.period(value, year)
    said = _read(value, style, "Perioden")
    return Month.of(said) if isinstance(said, dt.date) else said


def date(value: object, style: Style) -> dt.date | Month | None:
    """The day of a date cell written in ``style``, or its month; ``None`` where blank. Raises ``UnreadableError``."""
    return values.date(value) if style is Style.FOUND else _read(value, style, "Datumet")


def _read(value: object, style: Style, what: str) -> dt.date | Month | None:
    """A spreadsheet's own dates say what they are, whatever the style."""
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if isinstance(value, ErrorCell):
        return values.date(value)  # which refuses it
    text = plain(value)
    if not text:
        return None
    if not isinstance(value, str):
        values.refuse_lost_zero(value)
    match = _FORMS[style].pattern.fullmatch(_TIME.sub("", text).strip() if style in DAYS else text)
    if not match:
        raise UnreadableError(
            f"{what} ”{shown(text)}” följer inte profilen, som säger {style.label} (till exempel {style.example})."
        )
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
    if style not in DAYS:
        return values.period(f"{year}-{int(parts['month']):02d}")  # which knows the periods that are no months
    try:
        return dt.date(year, int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise UnreadableError(f"”{shown(text)}” är inget datum ({style.label}): den dagen finns inte.") from None
