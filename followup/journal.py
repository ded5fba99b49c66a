"""What has happened to a follow-up: the words in which it is told, and how stored versions become such words.

Each app names its sources in ``events.py`` (``sources(follow_up)``); ``sydit.report.history`` puts them together. A
source gives the keys of its events to one query over all of them, and tells those that stand on a page.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from followup.parts import Part
from followup.passages import differing
from sydit import alphabet
from sydit.alphabet import Alphabetical
from sydit.fields import OreField
from sydit.filters import spellings
from sydit.money import NO_BREAK_SPACE, Unit, text

EVENT = (
    "event_at",
    "event_by",
    "event_area",
    "event_source",
    "event_key",
)  # what is known of a change before it is told
Words = Callable[[Any], str]  # a stored value as the screen says it


class Area(models.TextChoices):
    """What was changed: a part of the follow-up, or something that it stands on."""

    FOLLOW_UP = "follow-up", "Uppföljningen"
    ECONOMY = Part.ECONOMY.value, Part.ECONOMY.label
    INVESTMENTS = Part.INVESTMENTS.value, Part.INVESTMENTS.label
    DECISIONS = Part.DECISIONS.value, Part.DECISIONS.label
    MEASURES = Part.MEASURES.value, Part.MEASURES.label
    TEXTS = Part.TEXTS.value, Part.TEXTS.label
    LEDGER = "ledger", "Huvudbok"
    BUDGET = "budget", "Budget"
    MASTER_DATA = "master-data", "Grunddata"


class Kind(models.TextChoices):
    """What was done."""

    STATE = "state", "Läge"
    ADDED = "added", "Inlagt"
    CARRIED = "carried", "Överfört"
    CHANGED = "changed", "Ändrat"
    REMOVED = "removed", "Borttaget"
    BOOKED = "booked", "Bokfört"
    UNDONE = "undone", "Ångrat"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that became another, both as the screen says them; empty where there was, or is, nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did at one moment: to which row, and from what to what."""

    at: dt.datetime
    by: str
    area: Area
    kind: Kind
    subject: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which changes somebody wants to see; what is None or empty lets everything through. Days are inclusive."""

    area: Area | None = None
    kind: Kind | None = None
    by: int | None = None  # the user's key
    since: dt.date | None = None
    until: dt.date | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(ABC):
    """One table's changes of a follow-up. ``rows`` has a row a change, ``at`` and ``by`` name its columns."""

    name: str
    area: Area
    rows: QuerySet[Any]
    at: str
    by: str
    search: tuple[str, ...] = ()  # the columns in which words are looked for

    @abstractmethod
    def of_kind(self, kind: Kind) -> QuerySet[Any] | None:
        """The rows of one kind; None where the source has no such changes."""

    @abstractmethod
    def tell(self, keys: Collection[int]) -> dict[int, Change]:
        """The changes with those keys, in a bounded number of queries."""

    def keys(self, asked: Asked) -> QuerySet[Any] | None:
        """What ``EVENT`` names, of each change that is asked for; None where none can be."""
        rows = self.rows if asked.kind is None else self.of_kind(asked.kind)
        if rows is None or asked.area not in (None, self.area):
            return None
        if asked.by is not None:
            rows = rows.filter(**{f"{self.by}_id": asked.by})
        if asked.since is not None:
            rows = rows.filter(**{f"{self.at}__date__gte": asked.since})
        if asked.until is not None:
            rows = rows.filter(**{f"{self.at}__date__lte": asked.until})
        for word in asked.words:
            rows = rows.filter(self.holds(word))
        events: QuerySet[Any] = (
            rows.order_by()
            .annotate(
                event_at=F(self.at),
                event_by=Alphabetical(f"{self.by}__name"),
                event_area=Value(alphabet.key(self.area.label), output_field=models.CharField()),
                event_source=Value(self.name, output_field=models.CharField()),
                event_key=F("pk"),
            )
            .values_list(*EVENT)
        )
        return events

    def people(self) -> QuerySet[Any]:
        """The keys of those who have changed something."""
        return self.rows.order_by().values_list(f"{self.by}_id")

    def holds(self, word: str) -> Q:
        """Whether a row has the word in what it tells, whichever way it is capitalised."""
        found = Q(pk__in=())
        for spelling in spellings(word):
            for column in self.search:
                found |= Q(**{f"{column}__icontains": spelling})
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions(Source):
    """The versions that django-simple-history keeps of a model's rows.

    ``fields`` are told where they differ from the version before, in the model's own words for them unless ``labels``
    and ``words`` have others. ``is_carried`` tells that a row may begin as a copy of last time's. With ``always``,
    every change is of that kind.
    """

    at: str = "history_date"
    by: str = "history_user"
    fields: tuple[str, ...]
    subject: Words
    related: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    is_carried: bool = False
    always: Kind | None = None

    def of_kind(self, kind: Kind) -> QuerySet[Any] | None:
        if self.always:
            return self.rows if kind is self.always else None
        added = self.rows.filter(history_type="+")
        if kind is Kind.ADDED:
            return added.filter(confirmed=True) if self.is_carried else added
        if kind is Kind.CARRIED:
            return added.filter(confirmed=False) if self.is_carried else None
        mark = {Kind.CHANGED: "~", Kind.REMOVED: "-"}.get(kind)
        return self.rows.filter(history_type=mark) if mark else None

    def holds(self, word: str) -> Q:
        found = Source.holds(self, word)
        for name in (*self.fields, "key"):
            choices = getattr(_column(self.rows.model, name), "choices", None) or ()
            if fitting := [value for value, label in choices if word.lower() in str(label).lower()]:
                found |= Q(**{f"{name}__in": fitting})
        return found

    def tell(self, keys: Collection[int]) -> dict[int, Change]:
        versions: QuerySet[Any] = QuerySet(self.rows.model)
        earlier = versions.filter(id=OuterRef("id"), pk__lt=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        joined = versions.select_related(*self.related, self.by)
        rows = joined.filter(pk__in=keys).annotate(version_before=Subquery(earlier))
        found = list(rows)
        before = joined.in_bulk({row.version_before for row in found if row.version_before is not None})
        return {row.pk: self._change(row, before.get(row.version_before)) for row in found}

    def _change(self, row: Any, before: Any) -> Change:
        return Change(
            at=row.history_date,
            by=str(row.history_user or ""),
            area=self.area,
            kind=self._kind_of(row),
            subject=self.subject(row),
            details=tuple(
                self._details(None, before or row) if row.history_type == "-" else self._details(row, before)
            ),
        )

    def _kind_of(self, row: Any) -> Kind:
        if self.always:
            return self.always
        if row.history_type == "+":
            return Kind.CARRIED if self.is_carried and not row.confirmed else Kind.ADDED
        return Kind.REMOVED if row.history_type == "-" else Kind.CHANGED

    def _details(self, row: Any, before: Any) -> list[Detail]:
        told = []
        for name in self.fields:
            old, new = self._said(before, name), self._said(row, name)
            if old == new or (name == "confirmed" and None in (row, before)):
                continue
            label = self.labels.get(name) or str(_column(self.rows.model, name).verbose_name)
            told.append(Detail(label[:1].upper() + label[1:], *(differing(old, new) if old and new else (old, new))))
        return told

    def _said(self, row: Any, name: str) -> str:
        value = getattr(row, name) if row is not None else None
        if value is None or value == "":
            return ""
        return self.words[name](value) if name in self.words else _said(_column(self.rows.model, name), value)


def _column(model: type[models.Model], name: str) -> Any:
    return next((column for column in model._meta.get_fields() if column.name == name), None)


def _said(column: Any, value: Any) -> str:
    """A value in the words of the screen, by what kind of column it stands in."""
    if isinstance(column, OreField):
        return tkr(value)
    if column.choices:
        return str(dict(column.choices).get(value, value))
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def tkr(ore: int) -> str:
    """As a cell of the grid, to the öre."""
    return f"{text(ore, exact=True)}{NO_BREAK_SPACE}tkr"


def kr(ore: int) -> str:
    return f"{text(ore, Unit.KR, exact=True)}{NO_BREAK_SPACE}kr"


def months(amounts: list[int]) -> str:
    """The months of a forecast, one after the other."""
    return f"{'; '.join(text(ore, exact=True) for ore in amounts)}{NO_BREAK_SPACE}tkr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Source):
    """Rows that are written once and never changed, all of one kind; ``told`` tells those on a page, by their key."""

    kind: Kind
    told: Callable[[list[Any]], Mapping[int, tuple[str, tuple[Detail, ...]]]]

    def of_kind(self, kind: Kind) -> QuerySet[Any] | None:
        return self.rows if kind is self.kind else None

    def tell(self, keys: Collection[int]) -> dict[int, Change]:
        rows = list(self.rows.filter(pk__in=keys).select_related(self.by))
        told = self.told(rows)
        return {
            row.pk: Change(getattr(row, self.at), str(getattr(row, self.by)), self.area, self.kind, *told[row.pk])
            for row in rows
        }
