"""The lists of the economy's pages."""

from __future__ import annotations

import django_tables2

from followup.models import LedgerEntry
from sydit.tables import DateColumn, MoneyColumn, Table


class LedgerEntryTable(Table):
    """The booked lines behind a figure."""

    voucher = django_tables2.Column(verbose_name="Verifikation")
    booked_on = DateColumn(verbose_name="Datum")
    account = django_tables2.Column(verbose_name="Konto")
    project = django_tables2.Column(verbose_name="Projekt")
    counterparty = django_tables2.Column(verbose_name="Motpart")
    text = django_tables2.Column(verbose_name="Text")
    amount = MoneyColumn(verbose_name="Belopp, kr")

    class Meta(Table.Meta):
        model = LedgerEntry
        fields = ("voucher", "booked_on", "account", "project", "counterparty", "text", "amount")
        order_by = ("booked_on", "voucher")
        empty_text = "Inga konteringar ligger bakom siffran."
