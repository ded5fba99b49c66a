"""The lists of the economy's pages."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followup.ledger.labels import format_label, months_text
from followup.models import LedgerImport
from sydit.tables import DateColumn, MoneyColumn, NumberColumn, Table

REPLACED_IN_PART = "Delvis ersatt"


def _account(number: str, name: str | None) -> SafeString:
    return format_html('{} <span class="muted">{}</span>', number, name or "")


class ImportTable(Table):
    """The imports, newest first. The view prefetches their months."""

    filename = django_tables2.Column(verbose_name="Fil")
    state = django_tables2.Column(verbose_name="Läge", empty_values=(), orderable=False)
    months = django_tables2.Column(verbose_name="Månader", accessor="pk", orderable=False)
    rows = NumberColumn(verbose_name="Rader")
    total = MoneyColumn(verbose_name="Summa, kr")
    uploaded_at = DateColumn(verbose_name="Uppladdad")
    booked_at = DateColumn(verbose_name="Bokförd")

    caption = "Importer"

    class Meta(Table.Meta):
        order_by = "-uploaded_at"
        empty_text = "Ingen huvudbok är importerad ännu. Ladda upp den första filen här ovanför."

    def render_filename(self, value: str, record: LedgerImport) -> SafeString:
        address = reverse("import", kwargs={"pk": record.pk})
        return format_html(
            '<a href="{}">{}</a><br><span class="muted">{}</span>', address, value, format_label(record.format)
        )

    def render_state(self, record: LedgerImport) -> SafeString:
        badge, word = _state(record)
        told = format_html('<span class="badge badge-{}">{}</span>', badge, word)
        if word != REPLACED_IN_PART:
            return told
        return format_html('{}<br><span class="muted">Gäller {}</span>', told, months_text(current_periods(record)))

    def render_months(self, record: LedgerImport) -> str:
        return months_text(month.period for month in record.months.all())

    def render_uploaded_at(self, value: Any, column: DateColumn, record: LedgerImport) -> SafeString:
        return _moment_and_person(column.render(value), record.uploaded_by)

    def render_booked_at(self, value: Any, column: DateColumn, record: LedgerImport) -> SafeString:
        return _moment_and_person(column.render(value), record.booked_by)


def current_periods(ledger_import: LedgerImport) -> list[Any]:
    """The months that the import supplies now."""
    return [month.period for month in ledger_import.months.all() if month.is_current]


def _state(ledger_import: LedgerImport) -> tuple[str, str]:
    """The badge and the word for where an import stands."""
    if ledger_import.is_undone:
        return "neutral", "Ångrad"
    if not ledger_import.is_booked:
        return "warning", "Väntar på bokföring"
    current = len(current_periods(ledger_import))
    if not current:
        return "neutral", "Ersatt"
    return ("ok", "Gäller") if current == len(ledger_import.months.all()) else ("info", REPLACED_IN_PART)


def _moment_and_person(moment: str, person: Any) -> SafeString:
    return format_html('{}<br><span class="muted">{}</span>', moment, person)


class AccountChangeTable(Table):
    """What a file changes, account by account, in the months that it replaces."""

    month = django_tables2.Column(
        verbose_name="Månad", order_by=("month", "account", "project"), attrs={"td": {"class": "nowrap"}}
    )
    account = django_tables2.Column(verbose_name="Konto", order_by=("account", "project", "month"))
    project = django_tables2.Column(verbose_name="Projekt", order_by=("project", "account", "month"))
    place = django_tables2.Column(verbose_name="Post", order_by=("place_key", "account", "month"))
    booked = MoneyColumn(verbose_name="Bokfört före, kr")
    new = MoneyColumn(verbose_name="Efter, kr")
    difference = MoneyColumn(verbose_name="Skillnad, kr")

    caption = "Skillnad per månad och konto"

    class Meta(Table.Meta):
        order_by = "month"
        prefix = "andring-"
        attrs = {"class": "table table-sticky"}

    def render_account(self, value: str, record: Any) -> SafeString:
        return _account(value, record.name)
