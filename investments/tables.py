"""The register of the investment projects as a list."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followup.models import FollowUp
from investments.models import InvestmentProject, ProjectForecast
from sydit.money import Unit
from sydit.periods import Month
from sydit.tables import MoneyColumn, Table


class ProjectTable(Table):
    """Over ``InvestmentProject.objects.in_register()``; each row opens the project as of the newest follow-up."""

    code = django_tables2.Column("Projektkod")
    name = django_tables2.Column("Projekt", order_by=("name", "code"))
    owner = django_tables2.Column("Kommun", order_by=("owner_name", "position", "code"))
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

    class Meta(Table.Meta):
        model = InvestmentProject
        fields = ()
        sequence = ("code", "name", "owner", "frame", "forecast", "reason", "comment", "given")
        order_by = ("owner", "code")
        attrs = {"class": "table table-sticky"}
        empty_text = "Inga projekt stämmer med urvalet."

    def __init__(self, *args: Any, latest: FollowUp | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def render_code(self, record: InvestmentProject) -> SafeString | str:
        if self.latest is None:
            return record.code
        url = reverse("project", kwargs={"month": self.latest.period, "pk": record.pk})
        return format_html('<a class="nowrap" href="{}">{}</a>', url, record.code)

    def value_code(self, record: InvestmentProject) -> str:
        return record.code

    def render_reason(self, value: str) -> str:
        return str(ProjectForecast.Reason(value).label)

    def render_given(self, record: Any) -> str:
        return Month(record.latest_year, record.latest_month).label
