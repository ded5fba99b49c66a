"""The lists of the decisions: the register, a follow-up's, what changed in it, and one decision's history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from decisions.models import Change, Decision, StatusUpdate
from followup.history import HistoryTable
from sydit.periods import Month
from sydit.tables import DateColumn, NumberColumn, Table

LONG = {"td": {"class": "long"}}
_CHANGE_BADGES = {Change.UNTOUCHED: "missing", Change.STATUS: "info", Change.COMMENT: "info", Change.NEW: "info"}


def status_badge(value: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', value, StatusUpdate.Status(value).label)


def paragraphs(text: str) -> SafeString:
    return SafeString(linebreaks(text, autoescape=True))


class StatusColumn(django_tables2.Column):  # type: ignore[misc]
    """How a decision stands, as a badge with its word."""

    def render(self, value: str) -> SafeString:
        return status_badge(value)

    def value(self, value: str) -> str:
        return str(StatusUpdate.Status(value).label)


class LongTextColumn(django_tables2.Column):  # type: ignore[misc]
    """Text of several lines."""

    attrs = LONG

    def render(self, value: str) -> SafeString:
        return paragraphs(value)

    def value(self, value: str) -> str:
        return value


class RegisterTable(Table):
    """Over ``Decision.objects.with_latest_status()``; each row opens the decision's own page."""

    reference = django_tables2.Column("Beslut", order_by=("decided_on", "paragraph"))
    text = django_tables2.Column("Vad nämnden beslutade", attrs=LONG)
    responsible = django_tables2.Column("Ansvarig", order_by=("responsible", "decided_on", "paragraph"))
    due_on = DateColumn(verbose_name="Förfaller", order_by=("due_on", "decided_on", "paragraph"))
    latest_status = StatusColumn("Senaste status", order_by=("latest_status", "decided_on", "paragraph"))
    latest_comment = LongTextColumn("Senaste kommentar", orderable=False)
    given = django_tables2.Column(
        "Sagt i uppföljningen",
        accessor="latest_year",
        order_by=("latest_year", "latest_month", "decided_on", "paragraph"),
        attrs={"td": {"class": "nowrap"}},
    )
    closed = django_tables2.Column(
        "Avslutat",
        accessor="closed_on",
        order_by=("closed_on", "closed_paragraph", "decided_on", "paragraph"),
    )

    caption = "Beslut"
    nothing_yet = "Inget beslut är registrerat än. Nämndsekreteraren registrerar dem, ett i taget eller ur en lista."

    class Meta(Table.Meta):
        model = Decision
        fields = ()
        sequence: tuple[str, ...] = (
            "reference", "text", "responsible", "due_on", "latest_status", "latest_comment", "given", "closed"
        )  # fmt: skip
        order_by = "reference"
        attrs = {"class": "table table-sticky table-stack"}
        empty_text = "Inga beslut stämmer med urvalet."

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def render_reference(self, record: Decision) -> SafeString:
        url = reverse("decision-page", kwargs={"pk": record.pk})
        return format_html('<a class="nowrap" href="{}">{}</a>', url, record.reference)

    def value_reference(self, record: Decision) -> str:
        return record.reference

    def render_due_on(self, value: dt.date, record: Decision) -> SafeString | str:
        if not record.is_past_due(self.today):
            return value.isoformat()
        return format_html('{} <span class="badge badge-warning">Förfallet</span>', value.isoformat())

    def value_due_on(self, value: dt.date) -> dt.date:
        return value

    def render_given(self, record: Any) -> str:
        return Month(record.latest_year, record.latest_month).label

    def render_closed(self, record: Decision) -> str:
        return record.closed_reference


class RegisterFileTable(RegisterTable):
    """The register as a file, in columns that the import reads back (decisions.importing)."""

    reference = django_tables2.Column(order_by=("decided_on", "paragraph"), visible=False)
    decided_on = DateColumn(verbose_name="Datum")
    paragraph = NumberColumn(verbose_name="Paragraf")

    class Meta(RegisterTable.Meta):
        sequence = (
            "decided_on", "paragraph", "text", "responsible", "due_on", "latest_status", "latest_comment", "given",
            "closed", "reference",
        )  # fmt: skip


class DecisionTable(Table):
    """Over ``Decision.objects.with_status_in(follow_up)``; each row opens the decision in that follow-up."""

    reference = django_tables2.Column("Beslut", order_by=("decided_on", "paragraph"))
    text = django_tables2.Column("Vad nämnden beslutade", attrs=LONG)
    status = StatusColumn("Status")
    comment = LongTextColumn("Kommentar")
    confirmed = django_tables2.Column("Genomgånget")

    caption = "Politiskt fattade beslut"

    class Meta(Table.Meta):
        model = Decision
        fields: tuple[str, ...] = ("reference", "text", "status", "comment", "confirmed")
        order_by = "reference"
        attrs = {"class": "table table-sticky table-stack"}
        empty_text = "Inga beslut är registrerade."

    def __init__(self, *args: Any, month: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = month

    def render_reference(self, record: Decision) -> SafeString:
        url = reverse("decision", kwargs={"month": self.month, "pk": record.pk})
        return format_html('<a class="nowrap" href="{}">{}</a>', url, record.reference)

    def render_confirmed(self, value: bool) -> SafeString | str:
        return "Ja" if value else format_html('<span class="badge badge-missing">{}</span>', "Nej")


class ChangeTable(DecisionTable):
    """Over ``Decision.objects.with_change_in(follow_up)``: last time's status and comment beside this time's."""

    change = django_tables2.Column("Vad som hänt", order_by=("change", "decided_on", "paragraph"))
    previous_status = StatusColumn("Förra gången")
    previous_comment = LongTextColumn("Förra kommentaren", orderable=False)

    caption = "Ändrat sedan förra uppföljningen"

    class Meta(DecisionTable.Meta):
        fields = ("reference", "change", "previous_status", "status", "previous_comment", "comment")
        sequence = fields
        exclude = ("text", "confirmed")

    def render_change(self, value: str) -> SafeString:
        change = Change(value)
        return format_html('<span class="badge badge-{}">{}</span>', _CHANGE_BADGES.get(change, "ok"), change.label)


class StatusHistoryTable(HistoryTable):
    """What has been said of a decision, follow-up by follow-up."""

    status = StatusColumn("Status")

    caption = "Status per uppföljning"

    class Meta(HistoryTable.Meta):
        sequence = ("follow_up", "status", "comment", "changed_by", "changed_at", "state")
        empty_text = "Beslutet har ingen status i någon uppföljning ännu."

    def render_status(self, record: Any) -> SafeString:  # the library would give the word instead of the value
        return status_badge(record.status)
