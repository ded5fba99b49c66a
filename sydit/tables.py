"""The base of every sortable, paged list: our markup and Swedish words, and the columns for money and dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import django_tables2
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django_tables2 import RequestConfig
from django_tables2.data import TableQuerysetData
from django_tables2.utils import AttributeDict

from sydit import money
from sydit.alphabet import alphabetically
from sydit.money import Unit
from sydit.report.cells import MISSING

PER_PAGE = 30  # a page of a long list then costs well under twice what a list of 20 does
_MISSING = format_html('<span class="missing">{}</span>', MISSING)
_FIGURES = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}


class _Rows(TableQuerysetData):  # type: ignore[misc]
    """Rows of the database; what is sorted by a text is in the alphabet's order."""

    data: Any

    def order_by(self, aliases: tuple[str, ...]) -> None:
        super().order_by(aliases)
        self.data = alphabetically(self.data)


class Table(django_tables2.Table):  # type: ignore[misc]  # the library has no types
    """A list. A subclass's Meta inherits from ``Table.Meta`` and sets ``caption`` through :attr:`caption`.

    ``caption`` is the table's heading and name for screen readers, ``remark`` what its figures are. ``empty_text``
    stands in an empty list's place, and ``nothing_yet`` where the model has no rows at all, whatever is chosen. The
    first column is the row's heading. On a narrow page each row is a card, unless the figures of a column are compared:
    then the class is "table table-sticky" alone.
    """

    caption = ""
    remark = ""
    nothing_yet = ""

    class Meta:
        template_name = "_parts/table.html"
        attrs = {"class": "table table-stack"}
        empty_text = "Här finns inget ännu."
        default = "\N{EN DASH}"

    def __init__(self, data: Any, *args: Any, caption: str = "", **kwargs: Any) -> None:
        super().__init__(_Rows(data) if isinstance(data, QuerySet) else data, *args, **kwargs)
        self.caption = caption or self.caption

    @property
    def stacks(self) -> bool:
        """Whether its rows become cards, which takes from its parts what they are, unless they say it themselves."""
        return "table-stack" in self.attrs["class"].split()

    @property
    def words_of_none(self) -> str:
        """Why the list is empty. One query, of a list that is."""
        if self.nothing_yet and not QuerySet(self._meta.model).exists():
            return self.nothing_yet
        return str(self.empty_text)


def paged(table: Table, request: HttpRequest, *, per_page: int = PER_PAGE) -> Table:
    """The table in the order and on the page that the address asks for (the nearest page that exists)."""
    RequestConfig(request, paginate={"per_page": per_page, "silent": True}).configure(table)
    return table


class NumberColumn(django_tables2.Column):  # type: ignore[misc]
    """A whole number, right-aligned, with no-break spaces between thousands."""

    attrs = _FIGURES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": AttributeDict(_FIGURES), **kwargs})

    def render(self, value: int) -> str:
        return money.grouped(value)

    def value(self, value: int) -> int | Decimal:
        """What a workbook holds (sydit.export)."""
        return value


class MoneyColumn(NumberColumn):
    """Öre, printed in ``unit``; no amount is "saknas", which is not zero."""

    def __init__(self, *args: Any, unit: Unit = Unit.KR, **kwargs: Any) -> None:
        self.unit = unit
        self.spreadsheet_format = money.SPREADSHEET_FORMATS[unit]
        super().__init__(*args, **{"default": _MISSING, **kwargs})

    def render(self, value: int) -> str:
        return money.text(value, self.unit)

    def value(self, value: int) -> Decimal:
        return money.to_kronor(value)


class DateColumn(django_tables2.Column):  # type: ignore[misc]
    """A day as 2024-10-31; a moment as 2024-10-31 14:05, Swedish time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": AttributeDict({"td": {"class": "nowrap"}}), **kwargs})

    def render(self, value: dt.date) -> str:
        if isinstance(value, dt.datetime):
            moment = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{moment:%Y-%m-%d %H:%M}"
        return value.isoformat()

    def value(self, value: dt.date) -> dt.date:
        """What a workbook holds (sydit.export)."""
        return value
