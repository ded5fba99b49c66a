"""The lists of the budget's pages."""

from __future__ import annotations

import django_tables2

from followup.budget_page import decision_text
from followup.models import BudgetEntry
from sydit.tables import DateColumn, MoneyColumn, Table


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

    caption = "Ändringar av budgeten, i kr"

    class Meta(Table.Meta):
        empty_text = "Ingen budget är inlagd ännu."


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

    caption = "Budgetposter, i kr"

    class Meta(Table.Meta):
        order_by = "-recorded_at"
        empty_text = "Kategorin har ingen budget ännu."

    def render_decision(self, record: BudgetEntry) -> str:
        return decision_text(record.decided_on, record.paragraph) or str(self.default)
