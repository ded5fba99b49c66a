"""What stands above the header of an export, and what is said where no header is found."""

from __future__ import annotations

from collections.abc import Sequence

from followup.ledger.columns import ABSENT, OTHER_UNIT, Columns, Kind, meaning
from followup.ledger.parsed import Findings
from followup.ledger.rows import BEFORE_HEADER, ask_unit
from followup.ledger.table import Row
from followup.ledger.values import REPLACEMENT, UnreadableError, period, plain
from sydit.money import Unit, shown

_UNIT_NAMES = {"tkr": Unit.TKR.value, "ore": Unit.ORE.value, None: "mkr"}
_IN_UNIT = {
    Unit.TKR: "Beloppen är angivna i tkr, tusental kronor, och räknas om till kronor och ören.",
    Unit.ORE: "Beloppen är angivna i öre och räknas om till kronor och ören.",
}
_ANY_YEAR = 2000
_FEWEST_MONTHS = 3  # columns named after months that make a table with a column for each
_FEWEST_KNOWN = 2  # column names that make a row look like a header


def note_preamble(findings: Findings, rows: Sequence[Row], columns: Columns) -> None:
    """Tell the rows above the header as skipped. A unit other than kronor is asked about, or told where it is known.

    A profile has answered for its own shape, and the unit above the header is part of that.
    """
    if columns.unit in _IN_UNIT:
        findings.notices.append(_IN_UNIT[columns.unit])
    if columns.is_told:
        for _ in rows:
            findings.skip(BEFORE_HEADER)
        return
    if rows and _cut_off(words := " ".join(plain(cell) for cell in rows[-1].cells).strip(), columns):
        findings.problem(
            f"Rubrikraden är bruten: raden ovanför säger bara ”{shown(words)}”, en kolumn som rubriken saknar.",
            row=rows[-1].number, value=shown(words),
        )  # fmt: skip
    for row in rows:
        words = " ".join(text for cell in row.cells if (text := plain(cell)))
        findings.skip(BEFORE_HEADER)
        if unit := OTHER_UNIT.search(words):
            ask_unit(findings, "Raden ovanför rubriken", unit[0], words, row.number)


def _is_month(name: str) -> bool:
    try:
        return len(name) > len("12") and period(name, _ANY_YEAR) is not None
    except UnreadableError:
        return False


def told_unit(rows: Sequence[Row]) -> str:
    """The unit that rows above a header name (``tkr``, ``öre``); ``mkr`` where nothing can be read in it."""
    found = {
        _UNIT_NAMES[match.lastgroup]
        for row in rows
        for match in OTHER_UNIT.finditer(" ".join(plain(cell) for cell in row.cells))
    }
    return ", ".join(sorted(found))


def _cut_off(words: str, columns: Columns) -> bool:
    """Whether the row above the header is a column's name that was cut from it."""
    meant = meaning(words)
    absent = {Kind.PERIOD: columns.period == ABSENT, Kind.PROJECT: columns.project == ABSENT}
    return meant is not None and absent.get(meant.kind, False)


def explain_missing(findings: Findings, best: Columns, row: int | None) -> None:
    """Note that no header was found, with what the row that looked most like one has and lacks."""
    findings.is_askable = True
    if best.recognised < _FEWEST_KNOWN:
        findings.problem(
            "Ingen rubrikrad hittades. En huvudboksexport har en rad med kolumnernas namn, minst Konto, Belopp "
            "och Period eller Bokföringsdatum. Exportera filen med rubriker."
        )
        return
    lost = next((name for name in best.header if REPLACEMENT in name), "")
    if len(months := [name for name in best.header if _is_month(name)]) >= _FEWEST_MONTHS:
        message = f"Månaderna står som kolumner ({', '.join(months[:2])} …), och då går de inte att läsa. "
        message += "Exportera en rad för varje konto och månad, med månaden i en kolumn och beloppet i en annan."
        findings.problem(message, row=row, column=months[0], value=shown("; ".join(best.header), 100))
        return
    message = f"Rubriken saknar {' och '.join(best.missing)}. Kolumner som känns igen: {', '.join(best.known)}."
    if lost:
        message += " Rubriken har tecken som gått förlorade i en tidigare omvandling (fel teckenkodning)."
    findings.problem(message, row=row, column=best.missing[0], value=shown(lost or "; ".join(best.header), 100))
