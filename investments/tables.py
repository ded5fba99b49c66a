"""The register of the investment projects as a list."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followup.history import HistoryTable
from investments.models import InvestmentProject, ProjectForecast
from sydit.money import Unit
from sydit.periods import Month
from sydit.tables import MoneyColumn, NumberColumn, Table


class ProjectTable(Table):
    """Over ``InvestmentProject.objects.in_register()``; each row opens the project's own page."""

    code = django_tables2.Column("Projektkod")
    name = django_tables2.Column("Projekt", order_by=("name", "code"))
    owner = django_tables2.Column("Kommun", order_by=("owner_name", "position", "code"))
    responsible = django_tables2.Column("Ansvarig", order_by=("responsible", "code"))
    frame = MoneyColumn(
        verbose_name="Total ram, tkr",
        accessor="whole_frame",
        unit=Unit.TKR,
        order_by=("whole_frame", "code"),
    )
    forecast = MoneyColumn(
        verbose_name="Senaste prognos, tkr",
        accessor="latest_amount",
        unit=Unit.TKR,
        order_by=("latest_amount", "code"),
    )
    reason = django_tables2.Column("Orsak", accessor="latest_reason", order_by=("latest_reason", "code"))
    comment = django_tables2.Column("Senaste kommentar", accessor="latest_comment", orderable=False)
    given = django_tables2.Column(
        "Sagt i uppföljningen",
        accessor="latest_year",
        order_by=("latest_year", "latest_month", "code"),
        attrs={"td": {"class": "nowrap"}},
    )

    caption = "Investeringsprojekt"
    nothing_yet = "Inget projekt är registrerat än. Administratören registrerar dem, ett i taget eller ur en lista."

    class Meta(Table.Meta):
        model = InvestmentProject
        fields = ()
        sequence: tuple[str, ...] = (
            "code", "name", "owner", "responsible", "frame", "forecast", "reason", "comment", "given"
        )  # fmt: skip
        order_by = ("owner", "code")
        attrs = {"class": "table table-sticky"}
        empty_text = "Inga projekt stämmer med urvalet."

    def render_code(self, record: InvestmentProject) -> SafeString:
        return format_html(
            '<a class="nowrap" href="{}">{}</a>', reverse("project-page", kwargs={"pk": record.pk}), record.code
        )

    def value_code(self, record: InvestmentProject) -> str:
        return record.code

    def render_reason(self, value: str) -> str:
        return str(ProjectForecast.Reason(value).label)

    def render_given(self, record: Any) -> str:
        return Month(record.latest_year, record.latest_month).label


class ProjectFileTable(ProjectTable):
    """The register as a file, in columns that the import reads back (investments.importing): amounts in kronor."""

    start_year = NumberColumn(verbose_name="Startår")
    end_year = NumberColumn(verbose_name="Slutår")
    frame = MoneyColumn(verbose_name="Total ram", order_by=("whole_frame", "code"))
    budget_year = NumberColumn(verbose_name="Budgetår")
    budget = MoneyColumn(verbose_name="Budget")

    class Meta(ProjectTable.Meta):
        sequence = (
            "code", "name", "owner", "responsible", "start_year", "end_year", "frame", "budget_year", "budget",
            "forecast", "reason", "comment", "given",
        )  # fmt: skip


class ForecastHistoryTable(HistoryTable):
    """What has been forecast of a project, follow-up by follow-up."""

    amount = MoneyColumn(verbose_name="Prognos, tkr", unit=Unit.TKR)
    reason = django_tables2.Column("Orsak")

    caption = "Prognos per uppföljning"

    class Meta(HistoryTable.Meta):
        sequence = ("follow_up", "amount", "reason", "comment", "changed_by", "changed_at", "state")
        empty_text = "Projektet har ingen prognos i någon uppföljning ännu."
