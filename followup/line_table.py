"""The list of booked lines behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableData
from django_tables2.utils import OrderBy

from followup.lines import LineSet
from followup.models import Account, LedgerEntry
from sydit.periods import Month
from sydit.tables import DateColumn, MoneyColumn, Table

# Every order ends with the line's own place, so that pages never overlap and the opposite order is the opposite.
ORDERS = {
    "booked_on": ("booked_on", "id"),
    "voucher": ("voucher", "id"),
    "account": ("account", "id"),
    "project": ("project", "id"),
    "text": ("text", "id"),
    "counterparty": ("counterparty", "id"),
    "amount": ("amount", "id"),
}


class _Lines(TableData):  # type: ignore[misc]
    """A :class:`LineSet` as the library reads data: how many there are, in which order, and from where to where."""

    def __init__(self, lines: LineSet) -> None:
        super().__init__(lines)
        self._sort = OrderBy("month")

    def __len__(self) -> int:
        lines: LineSet = self.data
        return lines.count

    def __getitem__(self, key: slice) -> list[LedgerEntry]:
        lines: LineSet = self.data
        if self._sort.bare in ORDERS:
            return list(lines.sorted_by(*self._fields())[key])
        return lines.in_months(key.start or 0, key.stop, newest_first=self._sort.is_descending)

    def order_by(self, aliases: tuple[str, ...]) -> None:
        self._sort = OrderBy(aliases[0]) if aliases else OrderBy("month")

    def every(self) -> Iterator[LedgerEntry]:
        """All of them in that order, without holding them at once."""
        lines: LineSet = self.data
        if self._sort.bare in ORDERS:
            return lines.sorted_by(*self._fields()).iterator()
        return lines.every(newest_first=self._sort.is_descending)

    def _fields(self) -> list[str]:
        sign = "-" if self._sort.is_descending else ""
        return [f"{sign}{field}" for field in ORDERS[self._sort.bare]]


class LedgerEntryTable(Table):
    """The lines of a set; ``voucher_url`` is the page of a voucher's other lines, for those who may see them."""

    month = django_tables2.Column(verbose_name="Månad", accessor="ledger_month_id", attrs={"td": {"class": "nowrap"}})
    booked_on = DateColumn(verbose_name="Datum")
    voucher = django_tables2.Column(verbose_name="Verifikation")
    account = django_tables2.Column(verbose_name="Konto")
    project = django_tables2.Column(verbose_name="Projekt")
    text = django_tables2.Column(verbose_name="Text")
    counterparty = django_tables2.Column(verbose_name="Motpart")
    amount = MoneyColumn(verbose_name="Belopp, kr")

    class Meta(Table.Meta):
        order_by = "month"
        empty_text = "Inga konteringar finns i urvalet."

    def __init__(self, lines: LineSet, *args: Any, voucher_url: str = "", **kwargs: Any) -> None:
        self._months: Mapping[int, Month] = {source.ledger_month: source.month for source in lines.sources}
        self._voucher_url = voucher_url
        self._names: dict[str, str] | None = None
        super().__init__(_Lines(lines), *args, **kwargs)
        if not lines.is_sortable:
            for name in ORDERS:
                self.columns[name].column.orderable = False

    def every(self) -> Iterator[LedgerEntry]:
        """All lines in the table's order."""
        lines: _Lines = self.data
        return lines.every()

    def render_month(self, value: int) -> str:
        return str(self._months[value])

    def render_voucher(self, value: str, record: LedgerEntry) -> SafeString | str:
        if not self._voucher_url:
            return value
        query = urlencode({"voucher": value, "month": str(self._months[record.ledger_month_id])})
        return format_html('<a href="{}?{}" title="Visa hela verifikationen">{}</a>', self._voucher_url, query, value)

    def render_account(self, value: str) -> SafeString:
        if self._names is None:
            self._names = account_names(entry.account for entry in self.paginated_rows.data)
        return format_html('{} <span class="muted">{}</span>', value, self._names.get(value, ""))


def account_names(numbers: Iterable[str]) -> dict[str, str]:
    """What the accounts are called, of those that any import has named."""
    return dict(Account.objects.filter(number__in=set(numbers)).values_list("number", "name"))
