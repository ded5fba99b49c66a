"""The lists of the budget's pages."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html

from followup.budget_forms import month_name
from followup.budget_page import Change, decision_text
from followup.models import BudgetEntry
from sydit.periods import MONTH_NAMES
from sydit.tables import DateColumn, MoneyColumn, Table


def file_link(filename: str, year: int, entry: int | None) -> str:
    """What a file was called, and the way to it where it is kept."""
    if entry is None:
        return filename
    address = reverse("budget-file", kwargs={"year": year, "pk": entry})
    return format_html('<a href="{}" download>{}</a>', address, filename)


class ChangeTable(Table):
    """Everything that was entered in a year's budget, each change a row."""

    recorded_at = DateColumn(verbose_name="Inlagd", orderable=False)
    kind = django_tables2.Column(verbose_name="Vad", orderable=False)
    what = django_tables2.Column(verbose_name="Kostnadskategorier", orderable=False)
    amount = MoneyColumn(verbose_name="Årets summa ändras", orderable=False)
    decision = django_tables2.Column(
        verbose_name="Beslut", orderable=False, attrs={"td": {"class": "nowrap"}}, empty_values=(None, "")
    )
    note = django_tables2.Column(verbose_name="Anteckning", orderable=False, empty_values=(None, ""))
    filename = django_tables2.Column(verbose_name="Ur fil", orderable=False, empty_values=(None, ""))
    recorded_by = django_tables2.Column(verbose_name="Inlagd av", orderable=False)

    caption = "Ändringar av budgeten"
    remark = "Belopp i kr"

    class Meta(Table.Meta):
        empty_text = "Ingen budget är inlagd ännu."

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def render_filename(self, value: str, record: Change) -> str:
        return file_link(value, self.year, record.file_entry)


class EntryTable(Table):
    """The entries behind one category's budget."""

    recorded_at = DateColumn(verbose_name="Inlagd")
    kind = django_tables2.Column(verbose_name="Vad", accessor="get_kind_display", orderable=False)
    month = django_tables2.Column(
        verbose_name="Månad", accessor="get_month_display", orderable=False, default="Hela året"
    )
    amount = MoneyColumn(verbose_name="Belopp")
    decision = django_tables2.Column(
        verbose_name="Beslut",
        accessor="decided_on",
        orderable=False,
        empty_values=(),
        attrs={"td": {"class": "nowrap"}},
    )
    note = django_tables2.Column(verbose_name="Anteckning", orderable=False)
    filename = django_tables2.Column(verbose_name="Ur fil", orderable=False)
    recorded_by = django_tables2.Column(verbose_name="Inlagd av", orderable=False)

    caption = "Budgetposter"
    remark = "Belopp i kr"

    class Meta(Table.Meta):
        order_by = "-recorded_at"
        empty_text = "Kategorin har ingen budget ännu."

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def render_filename(self, value: str, record: BudgetEntry) -> str:
        return file_link(value, self.year, record.pk if record.file_id else None)

    def render_decision(self, record: BudgetEntry) -> str:
        return decision_text(record.decided_on, record.paragraph) or str(self.default)


class FileTable(Table):
    """The budget as a workbook; its headings are those that a file with a budget is read by."""

    key = django_tables2.Column(verbose_name="Nyckel", orderable=False)
    name = django_tables2.Column(verbose_name="Kostnadskategori", orderable=False)
    year = MoneyColumn(verbose_name="Helår", orderable=False)
    undated = MoneyColumn(verbose_name="Utan månad", orderable=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        months = [
            (month_name(number), MoneyColumn(verbose_name=name.capitalize(), orderable=False))
            for number, name in enumerate(MONTH_NAMES, start=1)
        ]
        super().__init__(*args, extra_columns=months, **kwargs)
