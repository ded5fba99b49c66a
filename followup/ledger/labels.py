"""How an imported file is told of in Swedish: its format, its encoding, its months, and what was not read."""

from __future__ import annotations

from collections.abc import Iterable

from followup.ledger.parsed import Skipped
from sydit.money import Unit, grouped, text
from sydit.periods import Month

_FORMATS = {
    "sie1": "SIE typ 1",
    "sie2": "SIE typ 2",
    "sie3": "SIE typ 3",
    "sie4": "SIE typ 4",
    "sie4i": "SIE typ 4I",
    "delimited": "Textfil med kolumner",
    "xlsx": "Arbetsbok (.xlsx)",
    "xlsb": "Arbetsbok (.xlsb)",
    "xls": "Arbetsbok (.xls)",
    "ods": "Arbetsbok (.ods)",
}
_ENCODINGS = {
    "cp437": "CP437 (PC8)",
    "cp1252": "Windows-1252",
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


def is_ledger_format(name: str) -> bool:
    """Whether the file was read as a ledger at all; a web page or an archive was only recognised."""
    return name in _FORMATS


def format_label(name: str) -> str:
    return _FORMATS.get(name, name)


def encoding_label(name: str) -> str:
    return _ENCODINGS.get(name, name)


def months_text(months: Iterable[Month]) -> str:
    """``januari–mars och maj 2024``: months in a row as a span; an empty text for none."""
    years: dict[int, list[list[Month]]] = {}
    for month in sorted(set(months)):
        spans = years.setdefault(month.year, [])
        if spans and spans[-1][-1].shifted(1) == month:
            spans[-1].append(month)
        else:
            spans.append([month])
    return listed(
        [f"{listed([name for span in spans for name in _names(span)])} {year}" for year, spans in years.items()]
    )


def _names(span: list[Month]) -> list[str]:
    """Three months or more in a row are a span; two are two."""
    return [f"{span[0].name}–{span[-1].name}"] if len(span) > 2 else [month.name for month in span]


def listed(words: list[str]) -> str:
    """``a, b och c``"""
    return " och ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def rows_text(rows: int) -> str:
    """``1 rad``, ``370 rader``"""
    return f"{grouped(rows)} {'rad' if rows == 1 else 'rader'}"


def skipped_sentence(skipped: Skipped) -> str:
    """Which rows of a file are no booked lines, and why."""
    amount = "" if skipped.total is None else f" ({text(skipped.total, Unit.KR)} kr)"
    return f"{rows_text(skipped.rows)} läses inte som konteringar: {skipped.reason}{amount}."
