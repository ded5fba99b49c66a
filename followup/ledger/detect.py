"""Any file → :class:`ParsedLedger`: the one entry to the ledger's parsers.

The format is told by the content; the file's name is only kept. A file that is no ledger is refused by what it is.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from followup.ledger import delimited, sie, workbook
from followup.ledger.content import Content
from followup.ledger.encoding import find_encoding
from followup.ledger.foreign import refusal
from followup.ledger.parsed import Findings, LedgerLine, ParsedLedger, Sink, tally
from followup.ledger.profile import NO_PROFILES, Profiles, sentence


class _Recognised(NamedTuple):
    """A recognised file: what it is, and its lines."""

    format: str
    encoding: str
    lines: Iterator[LedgerLine]


def read(
    content: bytes | Content,
    *,
    filename: str,
    year: int | None = None,
    broken_year: bool = False,
    sink: Sink | None = None,
    other_years_aside: bool = False,
    progress: Callable[[int], object] | None = None,
    profiles: Profiles = NO_PROFILES,
) -> ParsedLedger:
    """Read and sum a whole file; the booked lines go to ``sink`` as they are read.

    ``year`` is the calendar year that the lines must lie in; with ``broken_year`` it is the year in which a
    fiscal year of twelve months begins. What is wrong with the content is never raised: it stands in
    ``problems``, and then nothing of the file may be booked. With ``other_years_aside`` lines of another year than
    ``year`` are left out and told among the skipped, instead of refused.

    ``progress`` is told the number of lines read so far, every so often. What it raises ends the reading.

    A profile of ``profiles`` that has the file's shape decides the columns of text and workbooks, never of SIE.
    """
    findings = Findings(accepts_other_years=other_years_aside)
    content = Content.of(content)
    found = _recognise(content, findings, year, profiles, broken_year=broken_year)
    lines = found.lines
    if other_years_aside and year is not None:
        lines = _of_year(lines, year, findings)
    with _without_searching_for_circles():
        rows, sums = tally(lines, sink, progress)
    if not rows and not findings.problems:
        findings.problem("Filen innehåller inga konteringar: det finns ingenting att läsa in.")
    if findings.profile:
        findings.notices.insert(0, sentence(findings.profile))
    return ParsedLedger(
        filename=filename,
        sha256=content.sha256,
        format=found.format,
        encoding=found.encoding,
        rows=rows,
        sums=sums,
        problems=tuple(sorted(findings.problems, key=lambda problem: problem.row or 0)),  # those of the file first
        notices=tuple(findings.notices),
        skipped=tuple(findings.skipped.values()),
        account_names=findings.account_names,
        project_names=findings.project_names,
        covers=tuple(findings.covers),
        rows_outside=findings.rows_outside,
        disagreement=findings.disagreement,
        joined=findings.joined,
        is_askable=findings.is_askable,
        profile=findings.profile,
    )


@contextmanager
def _without_searching_for_circles() -> Iterator[None]:
    """Python's search for objects that hold each other waits: lines are none, and it looks at all a process holds.

    Each of its searches takes as long as reading thousands of lines, and so many lines set one off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _of_year(lines: Iterator[LedgerLine], year: int, findings: Findings) -> Iterator[LedgerLine]:
    for line in lines:
        if line.month.year == year:
            yield line
        else:
            findings.rows_outside += 1
            findings.skip(f"{line.month.label} ligger utanför budgetåret {year}", amount=line.amount)


def _recognise(
    content: Content, findings: Findings, year: int | None, profiles: Profiles, *, broken_year: bool
) -> _Recognised:
    if foreign := refusal(content):
        findings.problem(foreign.message)
        return _Recognised(foreign.format, "", iter(()))
    if kind := workbook.kind(content):
        return _Recognised(kind, "", workbook.read(content, findings, year, broken=broken_year, profiles=profiles))
    if sie.is_sie(content):
        told = sie.describe(content)
        if profiles.is_forced:
            findings.problem("Filen är en SIE-fil, som läses utan importprofil. Läs in den utan att ange någon.")
            return _Recognised(told.format, told.encoding, iter(()))
        return _Recognised(told.format, told.encoding, sie.read(content, findings, year))
    encoding = find_encoding(content)
    lines = delimited.read(content, findings, year, encoding=encoding, broken=broken_year, profiles=profiles)
    return _Recognised("delimited", encoding.name, lines)
