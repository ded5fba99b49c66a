"""The vouchers of a SIE 4 file: ``#VER``, its braces and the ``#TRANS`` between them.

Source: SIE file format 4B, chapter 11 (``#VER``, ``#TRANS``, ``#RTRANS``, ``#BTRANS``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.sie_header import Dimensions, Objects, Period, SieError, account_of, amount_of, date_of
from followup.ledger.sie_lexer import Block, FieldError, Split, fields, split_at_objects
from sydit import money
from sydit.money import Unit, shown
from sydit.periods import Month

SKIPPED = {
    "RTRANS": "tillagd rad (#RTRANS): samma rad står också som #TRANS",
    "BTRANS": "borttagen rad (#BTRANS)",
}
MOST_OBJECT_LISTS = 10_000  # kept read; a file has a few hundred

# A line as nearly every program writes it, read in one match. Whatever differs takes the long way to the same result.
_TIDY = re.compile(
    r"""[ \t]*\#TRANS[ \t]+ (")?([^ \t"{}\\]+)(?(1)")           # account
        [ \t]*\{([^{}\\]*)\}                                      # objects
        [ \t]*(-?[0-9]{1,13})(?:\.([0-9]{1,2}))?                   # amount
        (?: [ \t]+(?:"([0-9]{8})?"|([0-9]{8}))                    # date
            (?: [ \t]+(?:"([^"\\]*)"|([^ \t"{}]+))                # text
                (?:[ \t]+(?:"[^"\\]*"|[^ \t"{}]+))* )? )?         # quantity, signature …
        [ \t]*""",
    re.VERBOSE,
)
_tidy = _TIDY.fullmatch
_TIDY_HEAD = re.compile(
    r"""[ \t]*\#VER[ \t]+(?:"([^"\\]*)"|([^ \t"{}]+))          # series
        [ \t]+(?:"([^"\\]*)"|([^ \t"{}]+))          # number
        [ \t]+"?([0-9]{8})"?                         # date
        (?:[ \t]+(?:"([^"\\]*)"|([^ \t"{}]+))       # text
            (?:[ \t]+(?:"[^"\\]*"|[^ \t"{}]+))* )?  # day of registration, signature
        [ \t]*""",
    re.VERBOSE,
)
_tidy_head = _TIDY_HEAD.fullmatch
_DIGIT = re.compile("[0-9]")
_EIGHT_DIGITS = re.compile("[0-9]{8}")


def _is_text(field: str) -> bool:
    """Whether a text stands where the date should. A damaged date is none: it has eight digits, or all but one."""
    written = field.replace("-", "")
    others = len(_DIGIT.sub("", written))
    return others == len(field) > 0 or (others > 1 and not _EIGHT_DIGITS.search(written))


class Day(NamedTuple):
    date: dt.date
    month: Month


@dataclass(slots=True)
class Voucher:
    row: int
    name: str  # series and number
    text: str
    date: str  # as the file writes it
    opened: bool = False
    damaged: bool = False  # a line of it could not be read: that it does not balance says nothing more
    balance: int = 0


@dataclass(slots=True)
class VoucherReader:
    """Yields the booked lines of one file's vouchers and notes what is wrong with them."""

    findings: Findings
    period: Period | None
    dimensions: Dimensions
    sums: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))  # öre per account
    _voucher: Voucher | None = None
    _days: dict[str, Day] = field(default_factory=dict)
    # One object a month, by which whoever sums the lines knows without asking that the month is still the same.
    _months: dict[tuple[int, int], Month] = field(default_factory=dict)
    _objects: dict[str, Objects] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether a voucher's closing brace is yet to come."""
        return self._voucher is not None

    def lines(self, block: Block, other: Callable[[int, str], LedgerLine | None]) -> Iterator[LedgerLine]:
        """The booked lines among some of the file's lines; ``other`` reads those that are not of the usual shape.

        Every line of every file passes here: what looks clumsy below is what made it twice as fast.
        """
        days, object_lists, sums, of_digits = self._days, self._objects, self.sums, money.of_digits
        voucher = self._opened
        new = tuple.__new__  # half the time of LedgerLine(…)
        for row, line in enumerate(block.lines, block.first_row):
            if voucher is not None and (match := _tidy(line)):
                _, account, tags, kronor, decimals, date, bare_date, text, bare_text = match.groups()
                objects = object_lists.get(tags) or self._learn(tags)
                day = days.get(date or bare_date or voucher.date)
                if objects and day and (account.isdigit() or account in sums):
                    amount = of_digits(kronor, decimals)
                    voucher.balance += amount
                    sums[account] += amount
                    yield new(LedgerLine, (
                        row, day.month, account, amount, objects.project, day.date, voucher.name,
                        text or bare_text or voucher.text, objects.cost_center, objects.activity, objects.counterparty,
                    ))  # fmt: skip
                    continue
            if not self._tidy_frame(row, line) and (found := other(row, line)):
                yield found
            voucher = self._opened

    @property
    def _opened(self) -> Voucher | None:
        return self._voucher if self._voucher and self._voucher.opened else None

    def _tidy_frame(self, row: int, line: str) -> bool:
        """Take a brace or a voucher's head of the usual shape; ``False`` where it is something else."""
        if line == "{":
            self.open_brace(row)
        elif line == "}":
            self.close_brace(row)
        elif (match := _tidy_head(line)) and match[5] in self._days:
            self.end_unclosed()
            series, number, text = match[1] or match[2] or "", match[3] or match[4] or "", match[6] or match[7] or ""
            self._voucher = Voucher(row, series + number, text, match[5])
        else:
            return False
        return True

    def begin(self, row: int, line: str, position: int) -> None:
        """``#VER series number date text``, sometimes with the opening brace on the same line."""
        self.end_unclosed()
        found = fields(line, position)
        brace = bool(found) and found[-1] == "{" and line.rstrip().endswith("{")
        series, number, date, text = [*(found[:-1] if brace else found), "", "", "", ""][:4]
        self._voucher = Voucher(row, f"{series}{number}", text, date, opened=brace)
        try:
            self._day(date)
        except SieError as error:
            self._voucher.damaged = True
            raise SieError(f"Verifikation {self._shown}: {error}", error.column, error.value) from None

    @property
    def _shown(self) -> str:
        return f"”{shown(self._voucher.name)}”" if self._voucher else ""

    def open_brace(self, row: int) -> None:
        if self._voucher and not self._voucher.opened:
            self._voucher.opened = True
            return
        where = f"inne i verifikation {self._shown}" if self._voucher else "utan en verifikation (#VER) före sig"
        self._problem(f"Klammern {{ står {where}.", row, "{")

    def close_brace(self, row: int) -> None:
        voucher = self._voucher
        if voucher is None:
            self._problem("Klammern } avslutar en verifikation som inte har inletts.", row, "}")
            return
        if not voucher.opened:
            self._lacks_brace(voucher, row, "}")
        elif voucher.balance and not voucher.damaged:
            off = money.text(voucher.balance, Unit.KR)
            message = f"Verifikation {self._shown} balanserar inte: summan av raderna är {off} kr i stället för noll."
            self._problem(f"{message} Rader saknas eller är ändrade.", voucher.row, off, "Belopp")
        self._voucher = None

    def end_unclosed(self) -> None:
        """Another voucher, or the end of the file, came where the closing brace should be."""
        if voucher := self._voucher:
            lacks = "en avslutande klammer }" if voucher.opened else "sina rader inom klamrar { }"
            message = f"Verifikation {self._shown} saknar {lacks}. Filen kan vara avhuggen: ta ut den på nytt."
            if not voucher.damaged:
                self._problem(message, voucher.row, voucher.name)
        self._voucher = None

    def _lacks_brace(self, voucher: Voucher, row: int, value: str) -> None:
        voucher.opened = voucher.damaged = True
        self._problem(f"Verifikation {self._shown} saknar inledande klammer {{ före sina rader.", row, value)

    def _problem(self, message: str, row: int, value: str, column: str = "Verifikation") -> None:
        self.findings.problem(message, row=row, column=column, value=shown(value))

    def line(self, row: int, label: str, line: str, position: int) -> LedgerLine | None:
        """A ``TRANS``, ``RTRANS`` or ``BTRANS``, read with care. Raises :class:`FieldError` or :class:`SieError`."""
        voucher = self._voucher
        if voucher is None:
            raise SieError(f"En rad (#{label}) står utanför varje verifikation.", "Verifikation", line)
        if not voucher.opened:
            self._lacks_brace(voucher, row, line)
        try:
            return self._read(voucher, row, label, split_at_objects(line, position, 1))
        except (FieldError, SieError):
            voucher.damaged = True
            raise

    def _read(self, voucher: Voucher, row: int, label: str, split: Split) -> LedgerLine | None:
        account = account_of(split.before[0] if split.before else "", self.findings.account_names)
        written, date, text = [*split.after, "", "", ""][:3]
        amount = amount_of(written)
        if label in SKIPPED:
            self.findings.skip(SKIPPED[label], amount=amount)
            return None
        if _is_text(date):
            date, text = "", date  # some programs leave out an empty date where a text follows
        objects = self.dimensions.read(split.objects)
        day = self._day(date) or self._day(voucher.date)
        if day is None:
            raise SieError("Raden har inget datum, och dess verifikation har inget giltigt.", "Datum", date)
        if self.period and not self.period.holds(day.date):  # a line all the same: its year may be left out
            message = f"Datumet {day.date} ligger utanför räkenskapsåret {self.period.label}."
            self._problem(message, row, str(day.date), "Datum")
        voucher.balance += amount
        self.sums[account] += amount
        return LedgerLine(
            row, day.month, account, amount, objects.project, day.date, voucher.name, text or voucher.text,
            objects.cost_center, objects.activity, objects.counterparty,
        )  # fmt: skip

    def _day(self, written: str) -> Day | None:
        """The day a field names; one that lines may fall on is known by its text from then on."""
        if (known := self._days.get(written)) or not (date := date_of(written)):
            return known
        day = Day(date, self._months.setdefault((date.year, date.month), Month.of(date)))
        if self.period is None or self.period.holds(date):
            self._days[written] = day
        return day

    def _learn(self, tags: str) -> Objects | None:
        """The objects of a list seen for the first time; ``None`` where it can't be read."""
        try:
            objects = self.dimensions.read(split_at_objects(f"{{{tags}}}", 0, 0).objects)
        except (FieldError, SieError):
            return None
        if len(self._objects) < MOST_OBJECT_LISTS:
            self._objects[tags] = objects
        return objects
