"""Amounts torn in two by the comma between the fields: ``1234,50`` or ``1,234.50`` without quotes around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from followup.ledger.columns import Columns
from followup.ledger.parsed import Findings
from followup.ledger.values import plain
from sydit.money import shown

if TYPE_CHECKING:
    from followup.ledger.table import Row

_WHOLE = re.compile(r"[-+\N{MINUS SIGN}]?[0-9]+")
_SHORT = re.compile(r"[-+\N{MINUS SIGN}]?[0-9]{1,3}")
_DECIMALS = re.compile(r"[0-9]{1,2}-?")
_THOUSANDS = re.compile(r"[0-9]{3}[.,][0-9]{2}-?")
_WITH_DECIMALS = re.compile(r".*[0-9][.,][0-9]{1,2}-?", re.DOTALL)
_NEARLY_ALL = 0.9
# What changes the amount beside it: figures, a sign, debit or credit.
_BELONGS = re.compile(
    r"[-+\N{MINUS SIGN}]?[.,]?[0-9].*|[-+\N{MINUS SIGN}]|[dkc]|debet|kredit|debit|credit", re.IGNORECASE
)


def note_torn(findings: Findings, columns: Columns, rows: Iterable[Row]) -> None:
    """Note a problem where what follows the amounts, in a text or an unnamed column, may be the rest of them.

    An amount that has its decimals in its own cell shows that no other has lost them. What is left in doubt is asked:
    with a profile, a row that has no more cells than the header is what somebody has said that it is.
    """
    places = [at for at in columns.amounts if at + 1 in (columns.text, *_unnamed(columns))]
    if not places:
        return
    filled, torn, is_whole = 0, 0, False
    first: Row | None = None
    for row in rows:
        if columns.is_told and len(row.cells) <= columns.width:
            continue
        for at in places:
            if len(row.cells) <= at + 1 or not (amount := plain(row.cells[at])):
                continue
            filled += 1
            is_whole = is_whole or bool(_WITH_DECIMALS.fullmatch(amount))
            rest = plain(row.cells[at + 1])
            if _SHORT.fullmatch(amount) and _THOUSANDS.fullmatch(rest):
                _note(findings, columns, row, at)
                return
            if _WHOLE.fullmatch(amount) and _DECIMALS.fullmatch(rest):
                torn += 1
                first = first or row
    if first and not is_whole and torn >= filled * _NEARLY_ALL:
        _note(findings, columns, first, next(at for at in places if plain(first.cells[at])))


def _note(findings: Findings, columns: Columns, row: Row, at: int) -> None:
    findings.is_askable = True
    findings.problem(
        "Filen har komma mellan fälten, och beloppen verkar också vara skrivna med komma, så att de delas i två. "
        "Exportera filen med semikolon mellan fälten, eller med citattecken runt beloppen. Är det som följer på "
        "beloppet en text kan du säga det genom att ange kolumnerna.",
        row=row.number, column=columns.name(at), value=shown(f"{plain(row.cells[at])},{plain(row.cells[at + 1])}"),
    )  # fmt: skip


def _unnamed(columns: Columns) -> list[int]:
    """The columns beside an amount that the header leaves without a name."""
    after = (at + 1 for at in columns.amounts)
    return [at for at in after if at >= len(columns.header) or not columns.header[at]]


def may_lose(columns: Columns) -> bool:
    """Whether a column without name stands beside an amount."""
    return bool(_places(columns))


def _places(columns: Columns) -> list[int]:
    return [] if columns.is_told else [at for at in _unnamed(columns) if at < columns.width]


def without_loss(findings: Findings, columns: Columns, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, but those with figures or a side beside the amount, in a column without name, which would be lost."""
    places = _places(columns)
    for row in rows:
        cells = row.cells
        lost = next(
            (at for at in places if at < len(cells) and cells[at] != "" and plain(cells[at]) and plain(cells[at - 1])),
            None,
        )
        if lost is None:
            yield row
            continue
        if not _BELONGS.fullmatch(plain(cells[lost])):
            notice = f"Kolumnen till höger om {columns.name(lost - 1)} har inget namn i rubriken och läses inte."
            if notice not in findings.notices:
                findings.notices.append(notice)
            yield row
            continue
        findings.is_askable = True
        findings.problem(
            f"Till höger om {columns.name(lost - 1)} står ett värde i en kolumn utan namn. Det kan höra till beloppet. "
            "Ge kolumnen ett namn i rubriken, eller ta bort den.",
            row=row.number, value=shown(plain(cells[lost])),
        )  # fmt: skip
        if findings.full:
            return
