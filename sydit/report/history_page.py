"""The page of a follow-up's history: filter, list and workbook. Nothing here, or anywhere, edits it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_tables2
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from django_tables2.data import TableData
from django_tables2.utils import OrderBy

from followup.journal import Area, Asked, Change, Detail, Kind
from followup.models import FollowUp
from followup.pages import follow_up_for
from sydit.export import xlsx_response
from sydit.filters import FilterForm, SearchField, list_context
from sydit.forms import DateField
from sydit.models import User
from sydit.money import shown
from sydit.periods import Month
from sydit.report.history import History, people
from sydit.tables import DateColumn, Table

LONGEST = 300  # characters of a value on the page; the workbook has all of it
NOTHING = "inget"


class HistoryFilter(FilterForm):
    """What to show of the history."""

    q = SearchField()
    omrade = forms.ChoiceField(label="Del", required=False, choices=[("", "Alla"), *Area.choices])
    slag = forms.ChoiceField(label="Händelse", required=False, choices=[("", "Allt"), *Kind.choices])
    vem = forms.ModelChoiceField(label="Vem", required=False, queryset=User.objects.none(), empty_label="Alla")
    fran = DateField(label="Från och med", required=False)
    till = DateField(label="Till och med", required=False)

    def __init__(self, data: QueryDict, *, people: QuerySet[User]) -> None:
        self._people = people
        super().__init__(data)

    def full_clean(self) -> None:
        field = self.fields["vem"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self._people
        super().full_clean()

    @property
    def asked(self) -> Asked:
        area, kind, by = self.chosen("omrade"), self.chosen("slag"), self.chosen("vem")
        return Asked(
            area=Area(area) if area else None,
            kind=Kind(kind) if kind else None,
            by=by.pk if by else None,
            since=self.chosen("fran"),
            until=self.chosen("till"),
            words=tuple((self.chosen("q") or "").split()),
        )


class _Changes(TableData):  # type: ignore[misc]
    """A :class:`History` as the library reads data: how many there are, in which order, and from where to where."""

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._order = "-at"

    def __len__(self) -> int:
        history: History = self.data
        return history.count

    def __getitem__(self, key: slice) -> list[Change]:
        history: History = self.data
        return history.part(key.start or 0, key.stop, self._order)

    def __iter__(self) -> Iterator[Change]:
        history: History = self.data
        return history.every(self._order)

    def order_by(self, aliases: tuple[str, ...]) -> None:
        self._order = str(OrderBy(aliases[0])) if aliases else "-at"


class HistoryTable(Table):
    """The changes, the latest first."""

    at = DateColumn(verbose_name="När")
    by = django_tables2.Column(verbose_name="Vem", empty_values=(None, ""))
    area = django_tables2.Column(verbose_name="Del")
    subject = django_tables2.Column(verbose_name="Vad", orderable=False)
    kind = django_tables2.Column(verbose_name="Händelse", orderable=False)
    details = django_tables2.Column(verbose_name="Från → till", orderable=False, empty_values=(None, ()))

    caption = "Historik"

    class Meta(Table.Meta):
        order_by = "-at"
        empty_text = "Inga ändringar stämmer med urvalet."

    def __init__(self, history: History, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Changes(history), *args, **kwargs)

    def render_area(self, value: Area) -> str:
        return str(value.label)

    def render_kind(self, value: Kind) -> str:
        return str(value.label)

    def render_details(self, value: tuple[Detail, ...]) -> SafeString:
        return format_html(
            '<ul class="changes">{}</ul>', format_html_join("", "<li>{}</li>", ((_html(d),) for d in value))
        )

    def value_area(self, value: Area) -> str:
        return str(value.label)

    def value_kind(self, value: Kind) -> str:
        return str(value.label)

    def value_details(self, value: tuple[Detail, ...]) -> str:
        return "\n".join(f"{detail.label}: {_words(detail)}" for detail in value)


def _html(detail: Detail) -> SafeString:
    cut = Detail(detail.label, shown(detail.old, LONGEST), shown(detail.new, LONGEST))
    return format_html('<span class="muted">{}:</span> {}', cut.label, _words(cut))


def _words(detail: Detail) -> str:
    if not detail.old:
        return detail.new
    return f"{detail.old} → {detail.new or NOTHING}"


@require_safe
def history(request: HttpRequest, month: Month) -> HttpResponse:
    follow_up = follow_up_for(request, month)
    chosen, table = _filtered(request, follow_up)
    context = list_context(request, chosen, table, export="history-xlsx", month=month)
    return render(request, "report/history.html", {**context, "follow_up": follow_up})


@require_safe
def export(request: HttpRequest, month: Month) -> HttpResponse:
    """The same changes, all pages, as a workbook."""
    _, table = _filtered(request, follow_up_for(request, month))
    return xlsx_response(request, table, filename=f"historik-{month}.xlsx", note=f"Uppföljning {month.label}")


def _filtered(request: HttpRequest, follow_up: FollowUp) -> tuple[HistoryFilter, HistoryTable]:
    chosen = HistoryFilter(request.GET, people=people(follow_up))
    return chosen, HistoryTable(History(follow_up, chosen.asked))
