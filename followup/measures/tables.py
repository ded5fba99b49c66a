"""The measures as lists: the register, the plan of a follow-up as a file, and one measure's history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from followup.history import HistoryTable
from followup.models import Measure
from sydit.money import NO_BREAK_SPACE, Unit
from sydit.tables import DateColumn, MoneyColumn, Table


class StatusColumn(django_tables2.Column):  # type: ignore[misc]
    """How a measure stands, as a badge with its word."""

    def render(self, record: Any) -> SafeString:
        return format_html('<span class="badge badge-{}">{}</span>', record.status, self.value(record))

    def value(self, record: Any) -> str:
        return str(Measure.Status(record.status).label)


def _effect(label: str, name: str) -> MoneyColumn:
    return MoneyColumn(verbose_name=label, accessor=name, unit=Unit.TKR, order_by=(name, "pk"))


class RegisterTable(Table):
    """Over ``Measure.objects.in_register()``; each row opens the measure's own page."""

    what = django_tables2.Column("Åtgärd", order_by=("what", "pk"))
    category = django_tables2.Column("Kostnadskategori", accessor="category__name", order_by=("category__name", "pk"))
    owner = django_tables2.Column("Ansvarig", order_by=("owner", "pk"))
    due_on = DateColumn(verbose_name="Klar senast", order_by=("due_on", "pk"))
    status = StatusColumn("Status", order_by=("status", "pk"))
    this_year = _effect("Effekt i år, tkr", "effect_this_year")
    full_year = _effect("Effekt på helår, tkr", "effect_full_year")
    so_far = _effect("Effekt hittills, tkr", "effect_so_far")
    given = django_tables2.Column(
        "Sagt i uppföljningen",
        accessor="follow_up",
        order_by=("follow_up__fiscal_year__year", "follow_up__month", "pk"),
        attrs={"td": {"class": "nowrap"}},
    )
    marks = django_tables2.Column("Att ordna", orderable=False)

    caption = "Åtgärder"
    nothing_yet = "Ingen åtgärd är inlagd än. De läggs in i en uppföljning, under Åtgärder, och samlas här."

    class Meta(Table.Meta):
        model = Measure
        fields = ()
        sequence: tuple[str, ...] = (
            "what", "category", "owner", "due_on", "status", "this_year", "full_year", "so_far", "given", "marks"
        )  # fmt: skip
        order_by: tuple[str, ...] = ("-given",)
        attrs = {"class": "table table-sticky table-stack"}
        empty_text = "Inga åtgärder stämmer med urvalet."

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def render_what(self, value: str, record: Measure) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("measure-page", kwargs={"key": record.key}), value)

    def value_what(self, value: str) -> str:
        return value

    def render_due_on(self, value: dt.date, record: Measure) -> SafeString | str:
        if not record.is_past_due(self.today):
            return value.isoformat()
        return format_html('{} <span class="badge badge-warning">Förfallet</span>', value.isoformat())

    def value_due_on(self, value: dt.date) -> dt.date:
        return value

    def render_given(self, record: Measure) -> str:
        return record.follow_up.period.label

    def render_marks(self, value: list[str]) -> SafeString:
        badges = ((mark.capitalize(),) for mark in value)
        return format_html_join(" ", '<span class="badge badge-missing">{}</span>', badges)

    def value_marks(self, value: list[str]) -> str:
        return ", ".join(value)


def _sum(bound_column: Any, table: Any) -> object:
    """What the plan counts on gives together, on every page the same; what is missing in one is missing in the sum."""
    ore = table.sums[bound_column.accessor]
    return bound_column.default if ore is None else bound_column.column.render(ore)


def _summed(label: str, name: str) -> MoneyColumn:
    return MoneyColumn(verbose_name=label, accessor=name, unit=Unit.TKR, order_by=(name, "pk"), footer=_sum)


class PlanTable(RegisterTable):
    """Over ``Measure.objects.in_plan()``; each row opens the measure in its follow-up. ``today`` is the day that the
    follow-up speaks of, so that its plan says the same whenever it is read.

    ``sums`` are the effects in öre by field, of all measures that the plan counts on and not of the page's alone.
    """

    what = django_tables2.Column("Åtgärd", order_by=("what", "pk"), footer="Summa utom avbrutna")
    this_year = _summed(f"I{NO_BREAK_SPACE}år", "effect_this_year")
    full_year = _summed(f"På{NO_BREAK_SPACE}helår", "effect_full_year")
    so_far = _summed("Hittills", "effect_so_far")

    caption = "Åtgärder"
    remark = "Effekt i tkr, positivt är bättre"
    nothing_yet = ""

    class Meta(RegisterTable.Meta):
        sequence = ("what", "marks", "category", "owner", "due_on", "status", "this_year", "full_year", "so_far")
        exclude: tuple[str, ...] = ("given",)
        order_by = ()
        empty_text = "Här samlas åtgärderna som ska ge budget i balans. De följer med till nästa uppföljning."

    def __init__(self, *args: Any, sums: Mapping[str, int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sums = sums

    def render_what(self, value: str, record: Measure) -> SafeString:
        place = {"month": record.follow_up.period, "pk": record.pk}
        return format_html('<a href="{}">{}</a>', reverse("measure", kwargs=place), value)


class FileTable(RegisterTable):
    """Measures as a file, in columns that the import reads back (followup.measures.importing): effects in kronor."""

    this_year = MoneyColumn(verbose_name="Effekt i år", accessor="effect_this_year")
    full_year = MoneyColumn(verbose_name="Effekt på helår", accessor="effect_full_year")
    so_far = MoneyColumn(verbose_name="Effekt hittills", accessor="effect_so_far")
    key = django_tables2.Column("Nyckel")

    class Meta(RegisterTable.Meta):
        sequence = (*RegisterTable.Meta.sequence, "key")
        order_by = ()


class MeasureHistoryTable(HistoryTable):
    """What has been said of a measure, follow-up by follow-up."""

    status = StatusColumn("Status")
    owner = django_tables2.Column("Ansvarig")
    due_on = DateColumn(verbose_name="Klar senast")
    this_year = MoneyColumn(verbose_name="I år, tkr", accessor="effect_this_year", unit=Unit.TKR)
    full_year = MoneyColumn(verbose_name="På helår, tkr", accessor="effect_full_year", unit=Unit.TKR)
    so_far = MoneyColumn(verbose_name="Hittills, tkr", accessor="effect_so_far", unit=Unit.TKR)

    caption = "Åtgärden per uppföljning"

    class Meta(HistoryTable.Meta):
        exclude = ("comment",)
        sequence = (
            "follow_up", "status", "owner", "due_on", "this_year", "full_year", "so_far", "changed_by", "changed_at",
            "state",
        )  # fmt: skip
