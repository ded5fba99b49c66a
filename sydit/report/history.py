"""The history of a follow-up: what every app tells of it, as one list that is paged in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

import decisions.events
import followup.events
import investments.events
from followup.journal import EVENT, Area, Asked, Change, Detail, Kind, Rows, Source
from followup.models import FollowUp
from sydit.alphabet import Alphabetical
from sydit.models import Publication, User

EVERYTHING = Asked()
AT_A_TIME = 300  # changes that are told at once where all of them are wanted
ORDERS = {"at": "event_at", "by": "event_by", "area": "event_area"}  # by what a list can be sorted


def sources(follow_up: FollowUp) -> tuple[Source, ...]:
    """Everything that keeps a history of the follow-up, or of what it stands on."""
    return (
        *followup.events.sources(follow_up),
        *investments.events.sources(follow_up),
        *decisions.events.sources(follow_up),
        _publications(follow_up),
    )


def _publications(follow_up: FollowUp) -> Source:
    return Rows(
        name="publication",
        area=Area.FOLLOW_UP,
        rows=Publication.objects.filter(follow_up=follow_up).defer("document"),
        at="approved_at",
        by="approved_by",
        search=("sha256",),
        kind=Kind.STATE,
        told=_publications_told,
    )


def _publications_told(rows: list[Publication]) -> Mapping[int, tuple[str, tuple[Detail, ...]]]:
    return {row.pk: ("Publicerad rapport", tuple(_publication_told(row))) for row in rows}


def _publication_told(row: Publication) -> Iterator[Detail]:
    yield Detail("Version", "", str(row.version))
    yield Detail("Kontrollsumma", "", row.sha256)
    for kept in row.reasons:
        yield Detail("Publicerad ändå", kept["message"], kept["reason"])


@dataclass(frozen=True)
class History:
    """The changes of a follow-up that are asked for. Its queries do not grow with the number of changes."""

    follow_up: FollowUp
    asked: Asked = EVERYTHING

    @cached_property
    def count(self) -> int:
        events = self._events
        return events.count() if events is not None else 0

    def part(self, start: int, stop: int | None, order: str = "-at") -> list[Change]:
        """The changes from ``start`` to ``stop``, by ``ORDERS`` (``-``: the other way) and the latest first."""
        events = self._ordered(order)
        return self._told(list(events[start:stop])) if events is not None else []

    def every(self, order: str = "-at") -> Iterator[Change]:
        """All of them; which they are is read once, and they are told some at a time."""
        events = list(self._ordered(order) or ())
        for start in range(0, len(events), AT_A_TIME):
            yield from self._told(events[start : start + AT_A_TIME])

    def _ordered(self, order: str) -> QuerySet[Any] | None:
        column = ORDERS[order.removeprefix("-")]
        first = [f"{'-' if order.startswith('-') else ''}{column}"]
        then = [] if column == "event_at" else ["-event_at"]
        last = ["event_source", "event_key"] if order == "at" else ["-event_source", "-event_key"]
        return None if self._events is None else self._events.order_by(*first, *then, *last)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.name: source for source in sources(self.follow_up)}

    @cached_property
    def _events(self) -> QuerySet[Any] | None:
        queries = [keys for source in self._sources.values() if (keys := source.keys(self.asked)) is not None]
        return queries[0].union(*queries[1:], all=True) if queries else None

    def _told(self, events: list[tuple[Any, ...]]) -> list[Change]:
        name, key = EVENT.index("event_source"), EVENT.index("event_key")
        keys: dict[str, list[int]] = {}
        for event in events:
            keys.setdefault(event[name], []).append(event[key])
        told = {source: self._sources[source].tell(wanted) for source, wanted in keys.items()}
        return [told[event[name]][event[key]] for event in events]


def people(follow_up: FollowUp) -> QuerySet[User]:
    """Those who have changed anything, by name."""
    first, *others = (source.people() for source in sources(follow_up))
    found = {pk for (pk,) in first.union(*others) if pk is not None}
    return User.objects.filter(pk__in=found).order_by(Alphabetical("name"), "username")
