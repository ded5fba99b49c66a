"""What stands above the header of an export, and what is said where no header is found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from followup.ledger.columns import ABSENT, Columns, Kind, meaning
from followup.ledger.parsed import Findings
from followup.ledger.rows import BEFORE_HEADER
from followup.ledger.table import Row
from followup.ledger.values import REPLACEMENT, plain
from sydit.money import shown

_OTHER_UNIT = re.compile(
    r"\b(?:tkr|kkr|mkr|ksek|msek|(?:tusentals?|tusen|miljoner) kr(?:onor)?|i öre)\b",
    re.IGNORECASE,
)
_FEWEST_KNOWN = 2  # column names that make a row look like a header


def note_preamble(findings: Findings, rows: Sequence[Row], columns: Columns) -> None:
    """Tell the rows above the header as skipped. A unit other than kronor is asked about."""
    if rows and _cut_off(words := " ".join(plain(cell) for cell in rows[-1].cells).strip(), columns):
        findings.problem(
            f"Rubrikraden är bruten: raden ovanför säger bara ”{shown(words)}”, en kolumn som rubriken saknar.",
            row=rows[-1].number, value=shown(words),
        )  # fmt: skip
    for row in rows:
        words = " ".join(text for cell in row.cells if (text := plain(cell)))
        findings.skip(BEFORE_HEADER)
        if unit := _OTHER_UNIT.search(words):
            findings.problem(
                f"Raden ovanför rubriken talar om ”{unit[0]}”: det går inte att veta om beloppen är i kronor. "
                "Exportera beloppen i kronor och ören, eller skriv enheten i beloppskolumnens rubrik.",
                row=row.number, value=shown(words),
            )  # fmt: skip


def _cut_off(words: str, columns: Columns) -> bool:
    """Whether the row above the header is a column's name that was cut from it."""
    meant = meaning(words)
    absent = {Kind.PERIOD: columns.period == ABSENT, Kind.PROJECT: columns.project == ABSENT}
    return meant is not None and absent.get(meant.kind, False)


def explain_missing(findings: Findings, best: Columns, row: int | None) -> None:
    """Note that no header was found, with what the row that looked most like one has and lacks."""
    if best.recognised < _FEWEST_KNOWN:
        findings.problem(
            "Ingen rubrikrad hittades. En huvudboksexport har en rad med kolumnernas namn, minst Konto, Belopp "
            "och Period eller Bokföringsdatum. Exportera filen med rubriker."
        )
        return
    lost = next((name for name in best.header if REPLACEMENT in name), "")
    message = f"Rubriken saknar {' och '.join(best.missing)}. Kolumner som känns igen: {', '.join(best.known)}."
    if lost:
        message += " Rubriken har tecken som gått förlorade i en tidigare omvandling (fel teckenkodning)."
    findings.problem(message, row=row, column=best.missing[0], value=shown(lost or "; ".join(best.header), 100))
