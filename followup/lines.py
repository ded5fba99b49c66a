"""The booked lines behind a figure: filtered, counted, summed and read page by page, of a million as of ten.

Sums come from the monthly sums and counts from the index on month, account and project, where voucher and text are not
asked for. Lines stand
month by month in the order of their files, which no database has to sort; any other order is for selections of at
most ``MOST_SORTED`` lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from followup.models import LedgerEntry, MonthlyActual
from sydit.alphabet import alphabetically
from sydit.periods import Month
from sydit.report.document import LedgerSource, Lines

MOST_SORTED = 50_000
_CHUNK = 2_000  # lines fetched at a time where all are read


@dataclass(frozen=True, slots=True)
class LineFilter:
    """What is looked for; an empty field lets everything through."""

    month: Month | None = None
    account: str = ""  # how its number begins
    project: str = ""  # the whole code
    voucher: str = ""  # the whole number
    text: str = ""  # anywhere in the text or the counterparty, in capitals or not

    @property
    def is_empty(self) -> bool:
        return self == LineFilter()


class _Found(NamedTuple):
    lines: int
    amount: int  # öre


@dataclass(frozen=True)
class LineSet:
    """The lines of ``sources`` that ``lines`` names (every line where it is None) and ``chosen`` lets through.

    ``projects`` are the registered project codes: a line that carries one belongs to no account's row.
    """

    sources: tuple[LedgerSource, ...]
    projects: tuple[str, ...]
    lines: Lines | None
    chosen: LineFilter = LineFilter()

    @cached_property
    def count(self) -> int:
        return sum(found.lines for found in self._found.values())

    @cached_property
    def total(self) -> int:
        """Öre."""
        return sum(found.amount for found in self._found.values())

    @property
    def is_sortable(self) -> bool:
        """Whether another order than month by month can be had."""
        return self.count <= MOST_SORTED

    def sorted_by(self, *order: str) -> QuerySet[LedgerEntry]:
        """In the order of some fields of the entry."""
        return alphabetically(self._entries.order_by(*order))

    def in_months(self, start: int, stop: int, *, newest_first: bool = False) -> list[LedgerEntry]:
        """Some of the lines, counted from 0, month by month; ``newest_first`` is exactly the opposite order."""
        found: list[LedgerEntry] = []
        for ledger_month in self._months(newest_first=newest_first):
            count = self._found[ledger_month].lines if ledger_month in self._found else 0
            first, last = max(start, 0), min(stop, count)
            if first < last:
                found += self._of(ledger_month, newest_first=newest_first)[first:last]
            start, stop = start - count, stop - count
        return found

    def every(self, *, newest_first: bool = False) -> Iterator[LedgerEntry]:
        """All of the lines, month by month, without holding them at once."""
        for ledger_month in self._months(newest_first=newest_first):
            yield from self._of(ledger_month, newest_first=newest_first).iterator(chunk_size=_CHUNK)

    # --- the queries -------------------------------------------------------------------------------------------------

    def _months(self, *, newest_first: bool) -> list[int]:
        return [source.ledger_month for source in self._chosen_sources][:: -1 if newest_first else 1]

    def _of(self, ledger_month: int, *, newest_first: bool) -> QuerySet[LedgerEntry]:
        return self._entries.filter(ledger_month=ledger_month).order_by("-id" if newest_first else "id")

    @property
    def _chosen_sources(self) -> Sequence[LedgerSource]:
        return [source for source in self.sources if self.chosen.month in (None, source.month)]

    @cached_property
    def _found(self) -> dict[int, _Found]:
        """By ledger month: all that is asked of the lines without reading one of them."""
        counted = self._entries.values_list("ledger_month").order_by()
        if self.chosen.voucher or self.chosen.text:
            return {pk: _Found(lines, amount) for pk, lines, amount in counted.annotate(Count("pk"), Sum("amount"))}
        amounts = dict(self._sums.values_list("ledger_month").annotate(Sum("amount")).order_by())
        return {pk: _Found(lines, int(amounts[pk])) for pk, lines in counted.annotate(Count("pk"))}

    @property
    def _sums(self) -> QuerySet[MonthlyActual]:
        return MonthlyActual.objects.filter(self._where)

    @property
    def _entries(self) -> QuerySet[LedgerEntry]:
        entries = LedgerEntry.objects.filter(self._where)
        if self.chosen.voucher:
            entries = entries.filter(voucher=self.chosen.voucher)
        if self.chosen.text:
            entries = entries.filter(_says(self.chosen.text))
        return entries

    @cached_property
    def _where(self) -> Q:
        """By month, account and project: what lines and monthly sums have in common."""
        where = Q(ledger_month__in=self._months(newest_first=False))
        if self.lines and self.lines.projects:
            where &= Q(project__in=self.lines.projects)
        elif self.lines:
            where &= Q(account__in=self.lines.accounts) & ~Q(project__in=self.projects)
        if self.chosen.account:
            where &= Q(account__in=self._accounts())
        if self.chosen.project:
            where &= Q(project=self.chosen.project)
        return where

    def _accounts(self) -> list[str]:
        """The accounts that begin as asked for, in full: an index finds those, whatever the database's language."""
        known = MonthlyActual.objects.filter(ledger_month__in=self._months(newest_first=False))
        numbers = known.values_list("account", flat=True).distinct().order_by()
        return [number for number in numbers if number.startswith(self.chosen.account)]


def _says(text: str) -> Q:
    """SQLite knows the capitals of a–z only: there, å is also looked for as Å."""
    said = Q()
    for written in {text, text.lower(), text.upper(), text.capitalize()} if connection.vendor == "sqlite" else {text}:
        said |= Q(text__icontains=written) | Q(counterparty__icontains=written)
    return said
