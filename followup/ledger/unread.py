"""Columns that are not read and change what the amounts beside them mean: debit or credit, a currency, a budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from followup.ledger.amounts import is_credit, is_debit
from followup.ledger.columns import ABSENT, Columns, normalised, unit_of
from followup.ledger.parsed import Findings
from followup.ledger.values import plain
from sydit.money import shown

if TYPE_CHECKING:
    from followup.ledger.table import Row

_CURRENCY = frozenset(("valuta", "valutakod", "valkod", "currency", "currencycode", "curr"))
_KRONOR = frozenset(("", "sek", "skr", "kr", "kronor"))
# Rows that are no booked lines, and the columns that say so
_NOT_BOOKED = re.compile(
    r"(?:(?:års|original|ursprungs|total|rev\.? ?|reviderad |just\.? ?|justerad )?budget|(?:hel)?(?:års)?prognos"
    r"|forecast|plan)(?: ?[0-9]{1,4})?|prel\.?|preliminärt?|simulerad|simulering|makulerad|ej bokförd",
    re.IGNORECASE,
)
_TYPES = frozenset(
    ("typ", "radtyp", "transaktionstyp", "transtyp", "beloppstyp", "saldotyp", "datatyp", "vardetyp", "version",
     "scenario", "status", "utfallbudget", "balancetype"),
)  # fmt: skip
_NEGATIVE = "-(\N{MINUS SIGN}\N{EN DASH}"


def note_unread(
    findings: Findings, columns: Columns, sample: Sequence[Row], again: Callable[[], Iterable[Row]]
) -> None:
    """Ask where an unread column says that amounts are of the other side, of another currency, or not booked.

    ``sample`` are the first rows of the table: they show whether all have to be looked through, ``again``.
    """
    if columns.is_told:
        return
    if not _note_not_booked(findings, columns, sample):
        types = [at for at in _others(columns) if normalised(columns.header[at]) in _TYPES]
        if types:
            _note_not_booked(findings, columns, again(), types)
    if currencies := _currencies(columns):
        _note_currency(findings, columns, currencies, again())
    if sides := [at for at in _sides(columns) if _holds_only_marks(sample, at)]:
        _note_sides(findings, columns, sides, again())


def _note_not_booked(
    findings: Findings, columns: Columns, rows: Iterable[Row], among: Sequence[int] | None = None
) -> bool:
    """Ask where a row says of itself that it is budget, prognosis or not booked yet."""
    places = _others(columns) if among is None else among
    for row in rows if places else ():
        for at in places:
            if at < len(row.cells) and isinstance(row.cells[at], str) and _NOT_BOOKED.fullmatch(row.cells[at].strip()):
                findings.is_askable = True
                findings.problem(
                    f"Raden är märkt ”{shown(plain(row.cells[at]))}” i en kolumn som inte läses, och kan vara annat än "
                    "bokfört utfall. Exportera bara utfallet, eller ange kolumnerna om allt ska räknas.",
                    row=row.number, column=columns.header[at], value=shown(plain(row.cells[at])),
                )  # fmt: skip
                return True
    return False


def _note_currency(findings: Findings, columns: Columns, currencies: Sequence[int], rows: Iterable[Row]) -> None:
    for row in rows:
        for at in currencies:
            if at < len(row.cells) and plain(row.cells[at]).casefold() not in _KRONOR:
                _ask_currency(findings, columns, row, at)
                return


def _note_sides(findings: Findings, columns: Columns, sides: Sequence[int], rows: Iterable[Row]) -> None:
    marks: dict[int, set[str]] = {at: set() for at in sides}
    doubted: dict[int, Row] = {}
    for row in rows:
        for at in sides:
            if at < len(row.cells) and (mark := plain(row.cells[at])):
                marks[at].add(mark)
                if is_credit(mark) and columns.amount < len(row.cells) and _is_positive(row.cells[columns.amount]):
                    doubted.setdefault(at, row)
    for at, row in doubted.items():
        is_marked = all(is_credit(mark) or is_debit(mark) for mark in marks[at])
        if is_marked and (any(map(is_debit, marks[at])) or _is_beside(columns, at)):
            _ask_side(findings, columns, row, at)


def _sides(columns: Columns) -> list[int]:
    """The columns that are not read, in a table with amounts of one column and nothing that tells their side."""
    return [] if columns.amount == ABSENT or columns.side != ABSENT else _others(columns)


def _others(columns: Columns) -> list[int]:
    """The columns that are not read."""
    return [at for at in range(len(columns.header)) if at not in columns.places and at not in columns.other_dates]


def _is_beside(columns: Columns, at: int) -> bool:
    """Whether it stands without a name before the amount, where a sign would."""
    return at == columns.amount - 1 and not normalised(columns.header[at])


def _holds_only_marks(sample: Sequence[Row], at: int) -> bool:
    cells = {plain(row.cells[at]) for row in sample if at < len(row.cells)}
    return bool(cells - {""}) and all(not cell or is_debit(cell) or is_credit(cell) for cell in cells)


def _currencies(columns: Columns) -> list[int]:
    """The columns that name a currency, where no other column holds the amounts in it."""
    if columns.amount == ABSENT or unit_of(columns.header[columns.amount]) is not None:
        return []
    names = [normalised(name) for name in columns.header]
    if any(at != columns.amount and _is_foreign_amount(name) for at, name in enumerate(names)):
        return []
    return [at for at, name in enumerate(names) if name in _CURRENCY]


def _is_foreign_amount(name: str) -> bool:
    return ("val" in name or "cur" in name) and any(word in name for word in ("belopp", "amount", "utfall", "bel"))


def _is_positive(cell: Any) -> bool:
    if isinstance(cell, int | float):
        return cell > 0
    text = plain(cell)
    return any(digit in text for digit in "123456789") and not any(mark in text for mark in _NEGATIVE)


def _ask_side(findings: Findings, columns: Columns, row: Row, at: int) -> None:
    findings.is_askable = True
    name = columns.header[at]
    which = f"Kolumnen ”{shown(name)}”" if name else "Kolumnen utan namn före beloppet"
    findings.problem(
        f"{which} ser ut att säga om beloppet är debet eller kredit, men läses inte. "
        "Döp den till ”D/K” i rubriken eller ange kolumnerna, eller exportera belopp med tecken.",
        row=row.number, column=name, value=shown(plain(row.cells[at])),
    )  # fmt: skip


def _ask_currency(findings: Findings, columns: Columns, row: Row, at: int) -> None:
    findings.is_askable = True
    amount = columns.header[columns.amount]
    findings.problem(
        f"Raden är i en annan valuta, och det går inte att veta om ”{shown(amount)}” är i kronor. "
        f"Döp beloppskolumnen till ”{shown(amount)} SEK” om den är det, eller exportera beloppen i kronor.",
        row=row.number, column=columns.header[at], value=shown(plain(row.cells[at])),
    )  # fmt: skip
