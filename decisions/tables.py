"""The list of the decisions and how each stands in a follow-up."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from decisions.models import Decision, StatusUpdate
from sydit.periods import Month
from sydit.tables import Table


class DecisionTable(Table):
    """Over ``Decision.objects.with_status_in(follow_up)``; each row opens the decision in that follow-up."""

    reference = django_tables2.Column("Beslut", order_by=("decided_on", "paragraph"))
    text = django_tables2.Column("Vad nämnden beslutade")
    status = django_tables2.Column("Status")
    comment = django_tables2.Column("Kommentar")
    has_status = django_tables2.Column("Har status", empty_values=())

    caption = "Politiskt fattade beslut"

    class Meta(Table.Meta):
        model = Decision
        fields = ("reference", "text", "status", "comment", "has_status")
        order_by = "reference"
        attrs = {"class": "table table-sticky"}
        empty_text = "Inga beslut är registrerade."

    def __init__(self, *args: Any, month: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = month

    def render_reference(self, record: Decision) -> SafeString:
        url = reverse("decision", kwargs={"month": self.month, "pk": record.pk})
        return format_html('<a class="nowrap" href="{}">{}</a>', url, record.reference)

    def render_status(self, value: str) -> SafeString:
        return format_html('<span class="badge badge-{}">{}</span>', value, StatusUpdate.Status(value).label)

    def render_comment(self, value: str) -> SafeString:
        return SafeString(linebreaks(value, autoescape=True))

    def render_has_status(self, value: bool) -> SafeString | str:
        return "Ja" if value else format_html('<span class="badge badge-missing">{}</span>', "Nej")
