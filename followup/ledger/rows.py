"""Rows that are no plain booked line: blanks, repeated headers, totals, opening balances, remarks, problems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from followup.ledger import values
from followup.ledger.amounts import AmountReader, LineAmount
from followup.ledger.columns import ABSENT, OTHER_UNIT, Columns
from followup.ledger.months import MonthReader
from followup.ledger.parsed import Findings
from followup.ledger.totals import OPENING_LABEL, TOTAL_LABEL, RunningTotal, is_whole_file
from followup.ledger.values import ErrorCell, UnreadableError, plain
from sydit.money import AmbiguousAmountError, AmountError, Unit, shown, text

BLANK = "tom rad"
REPEATED_HEADER = "upprepad rubrikrad"
BEFORE_HEADER = "rad före rubriken"
REMARK = "rad med bara text"
TOTAL = "summarad, stämmer med raderna"
TOTAL_WITHOUT_AMOUNT = "summarad, saknar beräknat värde"
OPENING_WITHOUT_AMOUNT = "rad med ingående eller utgående balans, utan belopp"
# A line whose separators are lost: "202410 35110 Intäkt 100,00"
_LINE_IN_ONE = re.compile(r"[0-9].*[0-9][,.][0-9]{2}-?", re.DOTALL)


def ask_unit(findings: Findings, where: str, unit: str, words: str, number: int) -> None:
    """Ask whether the amounts are kronor, where words around the table name another unit."""
    findings.is_askable = True
    findings.problem(
        f"{where} talar om ”{unit}”: det går inte att veta om beloppen är i kronor. "
        "Exportera beloppen i kronor och ören, eller skriv enheten i beloppskolumnens rubrik.",
        row=number, value=shown(words),
    )  # fmt: skip


class OddRows:
    """Judges the rows that the plain way did not read."""

    def __init__(
        self, columns: Columns, findings: Findings, reader: AmountReader, months: MonthReader, total: RunningTotal
    ) -> None:
        self._columns, self._findings, self._months, self.total = columns, findings, months, total
        self._reader = reader
        self._amount = LineAmount(columns, reader)
        self.sides = RunningTotal()  # debit and credit added up, checked where a total row shows both
        self._signs = set[tuple[str, bool]]()  # of the debits and credits that are not zero: whether they are negative
        self._first_totals: list[tuple[int, int]] = []  # totals above the lines they cover: row, öre
        self._unread_lines = False

    def is_line(self, number: int, cells: Sequence[Any]) -> bool:
        """Whether the row is a booked line after all; if not, the findings tell what it is."""
        if not any(plain(cell) for cell in cells):
            self._findings.skip(BLANK)
            return False
        if self._is_header(cells):
            self._findings.skip(REPEATED_HEADER)
            return False
        if self._readable(number, cells):
            return not self._is_labelled_line(number, cells)
        if not (self._is_opening(number, cells) or self._is_total(number, cells) or self._is_remark(number, cells)):
            self._unread_lines = True
            self._explain(number, cells)
        return False

    def too_wide(self, number: int, cells: Sequence[Any], width: int) -> None:
        """Note a row with more cells than the header: a separator in a text moves every cell after it."""
        self._unread_lines = True
        extra = next((plain(cell) for cell in reversed(cells) if plain(cell)), "")
        self._findings.problem(
            f"Raden har {len(cells)} fält, men rubriken har {width} kolumner. "
            "Något står till höger om tabellen, eller fältavgränsaren inne i en text.",
            row=number, value=shown(extra),
        )  # fmt: skip

    def too_short(self, number: int, cells: int, width: int) -> None:
        """Note a line with fewer cells than the others: a lost separator moves every cell after it."""
        self._unread_lines = True
        self._findings.problem(
            f"Raden har {cells} fält, men rubriken och de andra raderna har {width}. "
            "Troligen saknas en fältavgränsare.",
            row=number,
        )

    def count_sides(self, debit: int, credit: int) -> None:
        """Add a line's debit and credit to what a total row with both is checked against."""
        self.sides.amount += debit + credit
        self.sides.lines += 1
        if debit:
            self._signs.add(("debit", debit < 0))
        if credit:
            self._signs.add(("credit", credit < 0))

    def finish(self) -> None:
        """Check what only the whole table tells: the sign of the credits, and totals above the lines they cover."""
        if ("credit", True) in self._signs and self._signs.isdisjoint({("credit", False), ("debit", True)}):
            self._findings.problem(
                "Alla belopp i kredit har minustecken: det går inte att veta om det betyder kredit, eller att något "
                "har krediterats bort. Exportera kredit utan minustecken, eller beloppet i en enda kolumn.",
                column=self._columns.name(self._columns.credit),
            )
        for row, amount in self._first_totals:
            if amount == self.total.amount and self.total.lines:
                self._findings.skip(TOTAL, amount=amount)
            else:
                self._disagrees(row, amount, self.total.amount, "")

    def _is_header(self, cells: Sequence[Any]) -> bool:
        header = self._columns.header
        return tuple(" ".join(plain(cell).split()) for cell in cells[: len(header)]) == header

    def _readable(self, number: int, cells: Sequence[Any]) -> bool:
        try:
            self._amount.read(cells)
            account = values.account(cells[self._columns.account])
            values.project(cells[self._columns.project])
        except (AmountError, UnreadableError):
            return False
        return account is not None and self._months.month(number, cells) is not None

    # A row with everything a line has, and a label

    def _is_labelled_line(self, number: int, cells: Sequence[Any]) -> bool:
        label = self._label(cells)
        amount = self._amount.read(cells)
        if OPENING_LABEL.fullmatch(label):
            return self._is_opening(number, cells)
        if not label or (self._columns.voucher != ABSENT and plain(cells[self._columns.voucher])):
            return False
        if self._columns.voucher == ABSENT and not self.total.covers(amount):
            return False
        self._unread_lines = True
        self._findings.problem(
            f"”{shown(label)}” ser ut som en summarad men har både konto och månad, så den kan vara en kontering. "
            "Exportera filen utan summarader, eller ändra texten.",
            row=number, value=shown(label),
        )  # fmt: skip
        return True

    def _label(self, cells: Sequence[Any]) -> str:
        texts = [plain(cell) for cell in cells]
        name = coded.name if (coded := self._coded(cells)) else ""
        return next((text for text in [*texts, name] if TOTAL_LABEL.match(text) or OPENING_LABEL.fullmatch(text)), "")

    def _coded(self, cells: Sequence[Any]) -> values.Coded | None:
        try:
            return values.account(cells[self._columns.account])
        except UnreadableError:
            return None

    # Opening balances

    def _is_opening(self, number: int, cells: Sequence[Any]) -> bool:
        label = self._label(cells)
        if not OPENING_LABEL.fullmatch(label):
            return False
        try:
            amount = self._amount.read(cells)
        except AmountError:
            amount = None
        if amount == 0 or (amount is None and not any(plain(cells[index]) for index in self._columns.amounts)):
            self._findings.skip(OPENING_WITHOUT_AMOUNT)
            return True
        self._unread_lines = True
        self._findings.problem(
            f"”{shown(label)}” är ett saldo och ingen kontering. Exportera filen utan ingående och utgående balanser.",
            row=number, column=self._columns.name(self._columns.amounts[0]), value=self._shown_amount(cells),
        )  # fmt: skip
        return True

    # Totals

    def _is_total(self, number: int, cells: Sequence[Any]) -> bool:
        columns = self._columns
        label = self._label(cells)
        amounts = [cells[index] for index in columns.amounts]
        blank_amount = all(isinstance(cell, ErrorCell) or not plain(cell) for cell in amounts)
        keys = [plain(cells[columns.account]), plain(cells[self._months.column])]
        if label and not any(not key or TOTAL_LABEL.match(key) for key in keys):
            coded = self._coded(cells)
            return bool(coded and TOTAL_LABEL.match(coded.name)) and self._check(number, cells, label)
        if label and blank_amount:
            self._findings.skip(TOTAL_WITHOUT_AMOUNT)
            return True
        if label:
            return self._check(number, cells, label)
        others = [cell for index, cell in enumerate(cells) if index not in columns.amounts and plain(cell)]
        return not blank_amount and not others and self._check(number, cells, "")

    def _check(self, number: int, cells: Sequence[Any], label: str) -> bool:
        try:
            amount = self._amount.read(cells)
        except AmountError:
            return False
        agrees = self.total.covers(amount, whole_file=is_whole_file(label)) and self._sides_agree(cells, label)
        if not agrees and not label:
            return False  # an amount alone, without account and label: explained as such
        if agrees:
            self._findings.skip(TOTAL, amount=amount)
        elif not self.total.lines:
            self._first_totals.append((number, amount))
            return True
        elif not self._unread_lines:
            expected = self.total.amount if is_whole_file(label) else self.total.since_last()
            self._disagrees(number, amount, expected, self._shown_amount(cells))
        self.total.mark()
        self.sides.mark()
        return True

    def _sides_agree(self, cells: Sequence[Any], label: str) -> bool:
        columns = self._columns
        if columns.amount != ABSENT or not all(plain(cells[index]) for index in columns.amounts):
            return True
        debit, credit = self._amount.sides(cells)
        return self.sides.covers(debit + credit, whole_file=is_whole_file(label))

    def _disagrees(self, number: int, amount: int, expected: int, value: str) -> None:
        self._findings.problem(
            f"Summaraden säger {text(amount, Unit.KR)} kr, men raderna den gäller blir {text(expected, Unit.KR)} kr: "
            f"det skiljer {text(amount - expected, Unit.KR)} kr. Rader saknas, är ändrade eller står två gånger.",
            row=number, column=self._columns.name(self._columns.amounts[0]),
            value=value or text(amount, Unit.KR),
        )  # fmt: skip

    def _shown_amount(self, cells: Sequence[Any]) -> str:
        return shown(" ".join(plain(cells[index]) for index in self._columns.amounts if plain(cells[index])))

    # Remarks and problems

    def _is_remark(self, number: int, cells: Sequence[Any]) -> bool:
        """A sentence alone on its row ("Utskriven 2024-11-05 08:12"), not where a cut line would begin the same way."""
        filled = [index for index, cell in enumerate(cells) if plain(cell)]
        if (
            filled != [0]
            or isinstance(cells[0], ErrorCell)
            or 0 in (self._columns.text, self._columns.account_name, self._columns.project)
        ):
            return False
        words = plain(cells[0])
        if " " not in words or not any(map(str.isalpha, words)) or self._coded(cells) or _LINE_IN_ONE.fullmatch(words):
            return False
        if (unit := OTHER_UNIT.search(words)) and not self._columns.is_told:
            ask_unit(self._findings, "Raden", unit[0], words, number)
            return True
        self._findings.skip(REMARK)
        return True

    def _explain(self, number: int, cells: Sequence[Any]) -> None:
        columns, note = self._columns, self._findings.problem
        if self._months.month(number, cells) is None:
            at = self._months.column
            note(self._months.explain(cells), row=number, column=columns.name(at), value=shown(plain(cells[at])))
        try:
            if values.account(cells[columns.account]) is None:
                note(
                    "Konto saknas på raden.",
                    row=number,
                    column=columns.name(columns.account),
                    value=shown(plain(cells[columns.account])),
                )
        except UnreadableError as unreadable:
            note(
                str(unreadable),
                row=number,
                column=columns.name(columns.account),
                value=shown(plain(cells[columns.account])),
            )
        try:
            values.project(cells[columns.project])
        except UnreadableError as unreadable:
            note(
                str(unreadable),
                row=number,
                column=columns.name(columns.project),
                value=shown(plain(cells[columns.project])),
            )
        try:
            self._amount.read(cells)
        except AmountError as error:
            self._findings.is_askable |= isinstance(error, AmbiguousAmountError)
            note(
                str(error), row=number, column=columns.name(self._wrong_amount(cells)), value=self._shown_amount(cells)
            )

    def _wrong_amount(self, cells: Sequence[Any]) -> int:
        """Which of the amount columns can't be read."""
        for index in self._columns.amounts:
            try:
                if plain(cells[index]):
                    self._reader.read(cells[index])
            except AmountError:
                return index
        return self._columns.amounts[0]
