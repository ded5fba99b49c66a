"""What was computed from the database and its arguments alone, kept until a table that it was read from is written.

Which tables those are is seen while it is computed: every statement tells its tables. It is kept in the memory of each
process, under the tables' marks (``sydit.change_marks``): every process of every host asks the database whether they
are the same, so what is kept is never older than a commit. Nothing is kept of a computation during which one of its
tables was written, nor of one that reads a table without a mark.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.urls import get_script_prefix

from sydit import change_marks
from sydit.change_marks import Marks

P = ParamSpec("P")
T = TypeVar("T")

MOST = 400  # results at a time in a process; a page of the report is about 50 kB


@dataclass(frozen=True, slots=True)
class _Result:
    """What was computed, and the marks that its tables had."""

    value: Any
    seen: Marks

    def holds(self, marks: Marks) -> bool:
        return all(marks.get(table) == mark for table, mark in self.seen.items())


class _Store:
    """The results by function and arguments; the one that was asked for longest ago is let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, _Result] = OrderedDict()

    def get(self, key: Hashable, marks: Marks) -> _Result | None:
        with self._lock:
            found = self._results.get(key)
            if found is None or not found.holds(marks):
                return None
            self._results.move_to_end(key)
            return found

    def put(self, key: Hashable, result: _Result) -> None:
        with self._lock:
            self._results[key] = result
            self._results.move_to_end(key)
            if len(self._results) > MOST:
                self._results.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._results.clear()


@dataclass(slots=True)
class _Reading:
    """A computation under way: the marks when it began, and the tables that it has read."""

    marks: Marks
    tables: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        """Wraps every statement (Django's ``execute_wrapper``)."""
        self.tables |= _tables_in(str(sql))
        return execute(sql, *others)

    @property
    def seen(self) -> Marks | None:
        """The marks of the tables; None where one has none."""
        if not self.tables <= self.marks.keys():
            return None
        return {table: self.marks[table] for table in self.tables}


class _Readings(threading.local):
    """Those under way in this thread, each inside the one before, and what has been computed since the first began:
    it is kept when that one ends, if none of its tables was written meanwhile."""

    def __init__(self) -> None:
        self.open: list[_Reading] = []
        self.computed: dict[Hashable, _Result] = {}


_store = _Store()
_readings = _Readings()
_watched: set[str] = set()  # databases in which every table was found to have its triggers


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """A function whose result follows from its arguments, the database and the settings: computed again only after a
    write to a table that it reads. What it returns must be immutable. An argument is told from another by its value, a
    row by all its fields, so that a row which was read before somebody changed it is never taken for the row as it is
    now. One may call another: then what the inner one reads is read by the outer one too.
    """

    @functools.wraps(function)
    def result(*args: P.args, **kwargs: P.kwargs) -> T:
        marks = _readings.open[-1].marks if _readings.open else _marks()
        if not marks:
            return function(*args, **kwargs)
        key = (
            function,
            get_script_prefix(),
            tuple(_key(value) for value in args),
            tuple((name, _key(value)) for name, value in sorted(kwargs.items())),
        )
        if found := _readings.computed.get(key) or _store.get(key, marks):
            for reading in _readings.open:
                reading.tables.update(found.seen)
            return cast("T", _found(function, args, kwargs, found.value))
        with _reading(marks) as reading:
            value = function(*args, **kwargs)
            if (seen := reading.seen) is not None:
                _readings.computed[key] = _Result(value, seen)
        return value

    return result


@contextmanager
def together() -> Iterator[None]:
    """What is asked for inside is found with one look at the marks, and what is computed is kept with another."""
    marks = _readings.open[-1].marks if _readings.open else _marks()
    if not marks:
        yield
        return
    with _reading(marks):
        yield


@contextmanager
def _reading(marks: Marks) -> Iterator[_Reading]:
    reading = _Reading(marks)
    _readings.open.append(reading)
    try:
        with connection.execute_wrapper(reading):
            yield reading
        if _readings.open == [reading] and _readings.computed:
            now = change_marks.current(connection)
            for key, computed in _readings.computed.items():
                if computed.holds(now):
                    _store.put(key, computed)
    finally:
        _readings.open.pop()
        if not _readings.open:
            _readings.computed.clear()


@functools.lru_cache(maxsize=500)
def _tables_in(sql: str) -> frozenset[str]:
    """The tables that a statement names, whether it reads or writes them."""
    return _all_tables().intersection(re.findall(r"\w+", sql))


@functools.cache
def _all_tables() -> frozenset[str]:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return frozenset(tables - {change_marks.MARKS})


def forget(**_: object) -> None:
    """Keep nothing of what was computed until now. Receives Django's ``setting_changed``."""
    _store.clear()


def _found(function: Callable[..., object], args: Any, kwargs: Any, found: object) -> object:  # noqa: ARG001 - see below
    """The result that is kept. The tests put another in its place, which computes it again and compares."""
    return found


def _marks() -> Marks:
    """As they are now; empty where nothing may be kept: while a template may change, or where a write could go
    unmarked."""
    if settings.DEBUG:
        return {}
    if connection.alias not in _watched:
        if not change_marks.is_watched(connection):
            return {}
        _watched.add(connection.alias)
    return change_marks.current(connection)


def _key(value: object) -> Hashable:
    if isinstance(value, Model):
        fields = tuple((name, _key(field)) for name, field in vars(value).items() if name != "_state")
        related = tuple((name, _key(one)) for name, one in value._state.fields_cache.items())
        return (type(value), fields, related)
    if isinstance(value, list):
        return tuple(_key(one) for one in value)
    if isinstance(value, dict):
        return tuple((name, _key(one)) for name, one in value.items())
    assert isinstance(value, Hashable)
    return value
