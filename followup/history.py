"""What has been said of something, follow-up by follow-up: every version that was ever saved, the latest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
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


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did in a register, in Swedish."""

    at: dt.datetime
    by: str
    what: str


def events_in(history: Any, tell: Callable[[Any, Any], Iterable[str]]) -> tuple[Event, ...]:
    """What has happened to a row, the latest first, out of its stored ``history``.

    ``tell`` says in words what one version made of the one before, which is None for the first.
    """
    versions = list(history.select_related("history_user").order_by("history_date", "history_id"))
    told = [
        Event(new.history_date, str(new.history_user or ""), what)
        for old, new in pairwise([None, *versions])
        if new is not None
        for what in tell(old, new)
    ]
    return tuple(reversed(told))


def changed_fields(old: Any, new: Any, fields: Iterable[tuple[str, str]]) -> Iterable[str]:
    """”Ändrat: ansvarig, text”, where any of the ``fields`` (name, what it is called) differs."""
    changed = [label for name, label in fields if getattr(old, name) != getattr(new, name)]
    return [f"Ändrat: {', '.join(changed)}"] if changed else []
