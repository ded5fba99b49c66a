"""What has been said of something, follow-up by follow-up: every version that was ever saved, the latest first."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from followup.carrying import CarriedModel
from followup.models import FollowUp
from sydit.periods import Month
from sydit.tables import DateColumn, Table


def versions_of(model: type[CarriedModel], **subject: Any) -> QuerySet[Any]:
    """Every version of a subject's rows, for a :class:`HistoryTable`: ``versions_of(StatusUpdate, decision=…)``.

    ``year`` and ``month`` are the follow-up's; ``newest`` is the version in force there.
    """
    history: Any = model.history  # type: ignore[attr-defined]  # of django-simple-history
    here = FollowUp.objects.filter(pk=OuterRef("follow_up_id"))
    current: QuerySet[CarriedModel] = QuerySet(model).filter(pk=OuterRef("id"))
    versions: QuerySet[Any] = (
        history.filter(**subject)
        .exclude(history_type="-")
        .select_related("changed_by")
        .annotate(
            year=Subquery(here.values("fiscal_year__year")),
            month=Subquery(here.values("month")),
            newest=Subquery(current.values("version")),
        )
        .order_by("-year", "-month", "-history_id")
    )
    return versions


class HistoryTable(Table):
    """The versions from :func:`versions_of`; a subclass adds the columns of its model."""

    follow_up = django_tables2.Column("Uppföljning", accessor="year", attrs={"td": {"class": "nowrap"}})
    comment = django_tables2.Column("Kommentar")
    changed_by = django_tables2.Column("Vem")
    changed_at = DateColumn(verbose_name="När")
    state = django_tables2.Column("Läge", accessor="confirmed")

    class Meta(Table.Meta):
        orderable = False

    def render_follow_up(self, record: Any) -> str:
        return Month(record.year, record.month).label

    def render_comment(self, value: str) -> SafeString:
        return SafeString(linebreaks(value, autoescape=True))

    def render_state(self, record: Any) -> SafeString:
        if record.version != record.newest:
            return format_html('<span class="muted">{}</span>', "Ersatt")
        if not record.confirmed:
            return format_html('<span class="badge badge-missing">{}</span>', "Överfört, inte bekräftat")
        return format_html('<span class="badge badge-ok">{}</span>', "Gäller")
