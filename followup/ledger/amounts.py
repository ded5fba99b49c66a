"""The amounts of a column: what one of them shows decides how those that could be read two ways are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from followup.ledger.columns import ABSENT, Columns
from followup.ledger.values import UNCALCULATED, ErrorCell, plain
from sydit import money
from sydit.money import AmountError, Unit


class AmountReader:
    """Reads the amounts of one file. ``find_mark`` looks through the whole column for a certain decimal mark.

    ``decimal`` is the mark where somebody has said it.
    """

    __slots__ = ("_find_mark", "_is_told", "_searched", "decimal", "unit")

    def __init__(self, unit: Unit, find_mark: Callable[[], str | None], decimal: str | None = None) -> None:
        self.unit = unit
        self.decimal = decimal
        self._is_told = decimal is not None
        self._find_mark = find_mark
        self._searched = False

    def read(self, value: object) -> int:
        """The öre of a cell. Raises :class:`AmountError`, also where it is blank or contradicts the column."""
        if type(value) is not str:
            return self._number(value)
        if self.decimal is None:
            self._learn(value)
        try:
            return money.parse(value, unit=self.unit, decimal=self.decimal)
        except AmountError:
            text = plain(value)
            mark = money.decimal_mark(text)
            if self.decimal and mark and mark != self.decimal and self._readable(text, mark):
                others = "profilen säger" if self._is_told else "andra belopp i kolumnen har"
                raise AmountError(
                    f"”{money.shown(text)}” har decimal{_NAMES[mark]}, men {others} decimal{_NAMES[self.decimal]}."
                ) from None
            if text != value:
                return money.parse(text, unit=self.unit, decimal=self.decimal)
            raise

    def read_all(self, values: Sequence[object]) -> list[int]:
        """The öre of each cell, as :meth:`read` has them."""
        kinds = set(map(type, values))
        if kinds == {float}:
            return money.from_numbers(cast("Sequence[float]", values), unit=self.unit)
        if kinds == {str} and self.decimal is not None:
            return money.parse_all(cast("Sequence[str]", values), unit=self.unit, decimal=self.decimal)
        return list(map(self.read, values))

    def _number(self, value: object) -> int:
        if isinstance(value, ErrorCell):
            raise AmountError(f"Beloppet {UNCALCULATED}")
        if isinstance(value, float | int) and not isinstance(value, bool):
            return money.from_number(value, unit=self.unit)
        raise AmountError(f"”{money.shown(plain(value))}” går inte att läsa som ett belopp.")

    def _learn(self, value: str) -> None:
        text = plain(value)
        self.decimal = money.decimal_mark(text) if self._readable(text, None) else None
        if self.decimal is None and not self._searched and ("," in text or "." in text):
            self._searched = True
            self.decimal = self._find_mark()

    def _readable(self, text: str, mark: str | None) -> bool:
        try:
            money.parse(text, unit=self.unit, decimal=mark)
        except AmountError:
            return False
        return True


_NAMES = {",": "komma", ".": "punkt"}


def certain_mark(value: object, unit: Unit) -> str | None:
    """The decimal mark that a cell shows for certain, if it is an amount at all."""
    if not isinstance(value, str) or not (mark := money.decimal_mark(plain(value))):
        return None
    try:
        money.parse(plain(value), unit=unit, decimal=mark)
    except AmountError:
        return None
    return mark


class LineAmount:
    """The amount of a row: one signed column, debit and credit, or an amount beside its side."""

    __slots__ = ("_as_written", "_columns", "_is_plain", "_read", "_read_all", "read")

    def __init__(self, columns: Columns, reader: AmountReader) -> None:
        self._columns = columns
        self._read, self._read_all = reader.read, reader.read_all
        pair, single = (self._pair, self._single) if columns.side == ABSENT else (self._pair, self._sided)
        self._as_written: Callable[[Sequence[object]], int] = pair if columns.amount == ABSENT else single
        self._is_plain = self._as_written == self._single
        self.read = self._reversed if columns.is_reversed else self._as_written

    def read_all(self, rows: Sequence[Sequence[object]]) -> list[int]:
        """The amount of each row, as :attr:`read` has them. Raises :class:`AmountError` where one can't be read."""
        if not self._is_plain:
            return list(map(self.read, rows))
        amounts = self._read_all([cells[self._columns.amount] for cells in rows])
        return [-amount for amount in amounts] if self._columns.is_reversed else amounts

    def _reversed(self, cells: Sequence[object]) -> int:
        return -self._as_written(cells)

    def _single(self, cells: Sequence[object]) -> int:
        return self._read(cells[self._columns.amount])

    def _pair(self, cells: Sequence[object]) -> int:
        debit, credit = self.sides(cells)
        return debit - credit

    def sides(self, cells: Sequence[object]) -> tuple[int, int]:
        """The debit and the credit of a row; blank or a dash is nothing, not in both. Raises :class:`AmountError`."""
        debit, credit = cells[self._columns.debit], cells[self._columns.credit]
        if debit == "" or plain(debit) in _NOTHING:
            return 0, self._read(credit)
        if credit == "" or plain(credit) in _NOTHING:
            return self._read(debit), 0
        return self._read(debit), self._read(credit)

    def _sided(self, cells: Sequence[object]) -> int:
        amount, side = self._single(cells), plain(cells[self._columns.side])
        if is_debit(side):
            return amount
        if is_credit(side) and amount >= 0:
            return -amount
        if is_credit(side):
            raise AmountError(
                "Beloppet är negativt och märkt som kredit: det går inte att veta om minustecknet redan säger det."
            )
        raise AmountError(f"”{money.shown(side)}” säger inte om beloppet är debet eller kredit.")


_NOTHING = frozenset(("", "-", "–", "—", "\N{MINUS SIGN}"))
_DEBIT = frozenset(("d", "deb", "debet", "debit", "dr", "s", "soll", "+"))
_CREDIT = frozenset(("k", "kr", "kre", "kred", "kredit", "c", "credit", "cr", "h", "haben", "-", "\N{MINUS SIGN}"))


def is_debit(mark: str) -> bool:
    """Whether a cell beside an amount says debit: ``D``, ``Debet``, ``+``."""
    return mark.casefold().rstrip(".") in _DEBIT


def is_credit(mark: str) -> bool:
    """Whether a cell beside an amount says credit: ``K``, ``Kredit``, ``-``."""
    return mark.casefold().rstrip(".") in _CREDIT
