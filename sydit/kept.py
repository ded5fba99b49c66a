"""What was computed from the database and its arguments alone, kept for as long as nothing in the database changes.

Kept in the memory of each process, under the marks of ``sydit.change_marks``: every process of every host asks the
database whether they are the same, so what is kept is never older than a commit. Nothing is kept of a computation
during which something was written, nor where a table has no trigger.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.urls import get_script_prefix

from sydit import change_marks

P = ParamSpec("P")
T = TypeVar("T")
Marks = tuple[Any, ...]

MOST = 200  # results at a time in a process; a page of the report is about 50 kB


class _Store:
    """The results under the marks that were seen last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: Marks = ()
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, marks: Marks, key: Hashable) -> tuple[Any, ...]:
        """The result in a tuple of one; empty where it is not kept."""
        with self._lock:
            if marks != self._marks or key not in self._results:
                return ()
            self._results.move_to_end(key)
            return (self._results[key],)

    def put(self, marks: Marks, key: Hashable, result: object) -> None:
        with self._lock:
            if marks != self._marks:
                self._results.clear()
                self._marks = marks
            self._results[key] = result
            if len(self._results) > MOST:
                self._results.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._results.clear()


_store = _Store()
_watched: set[str] = set()  # databases in which every table was found to have its triggers


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """A function whose result follows from its arguments, the database and the settings: computed again only after a
    write. What it returns must be immutable. An argument is told from another by its value, a row by all its fields,
    so that a row which was read before somebody changed it is never taken for the row as it is now.
    """

    @functools.wraps(function)
    def result(*args: P.args, **kwargs: P.kwargs) -> T:
        marks = _marks()
        if not marks:
            return function(*args, **kwargs)
        key = (
            function,
            get_script_prefix(),
            tuple(_key(value) for value in args),
            tuple((name, _key(value)) for name, value in sorted(kwargs.items())),
        )
        for found in _store.get(marks, key):
            return cast("T", _found(function, args, kwargs, found))
        computed = function(*args, **kwargs)
        if change_marks.current(connection) == marks:
            _store.put(marks, key, computed)
        return computed

    return result


def forget(**_: object) -> None:
    """Keep nothing of what was computed until now. Receives Django's ``setting_changed``."""
    _store.clear()


def _found(function: Callable[..., object], args: Any, kwargs: Any, found: object) -> object:  # noqa: ARG001 - see below
    """The result that is kept. The tests put another in its place, which computes it again and compares."""
    return found


def _marks() -> Marks:
    """Empty where nothing may be kept: while a template may change, or where a write could go unmarked."""
    if settings.DEBUG:
        return ()
    if connection.alias not in _watched:
        if not change_marks.is_watched(connection):
            return ()
        _watched.add(connection.alias)
    return change_marks.current(connection)


def _key(value: object) -> Hashable:
    if isinstance(value, Model):
        fields = tuple((name, field) for name, field in vars(value).items() if name != "_state")
        related = tuple((name, _key(one)) for name, one in value._state.fields_cache.items())
        return (type(value), fields, related)
    assert isinstance(value, Hashable)
    return value
