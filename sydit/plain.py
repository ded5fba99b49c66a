"""Rows by the values of their columns, with a statement that is written once: for the few that are read at each save,
where Django takes longer to write its own than the database to answer it. Everything else is a query set.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models import Expression

from sydit.at_once import in_one_message, takes_messages

RowT = TypeVar("RowT", bound=models.Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[RowT]):
    """The rows of a model with these values, by the names of the columns. With ``lock`` they are held until the
    transaction ends, and are then as the last transaction that held them left them."""

    model: type[RowT]
    columns: Mapping[str, Any]
    lock: bool = False

    @property
    def statement(self) -> str:
        end = " FOR UPDATE" if self.lock and connection.features.has_select_for_update else ""
        return f"SELECT {_reading(self.model).selected} {self.these}{end}"

    @property
    def these(self) -> str:
        """The end of a statement about the rows; ``values`` go with it."""
        return _these(self.model, tuple(self.columns))

    @property
    def values(self) -> list[Any]:
        return list(self.columns.values())

    def result(self, cursor: Any) -> list[RowT]:
        """The rows from what the database tells of them."""
        reading = _reading(self.model)
        return [self.model.from_db(DEFAULT_DB_ALIAS, reading.names, row) for row in reading.converted(cursor)]


@dataclass(frozen=True, slots=True)
class Columns(Generic[T]):
    """Of the rows, what stands in the columns with these names, made ``into`` something: in a third of the time that
    models take, which are for what is to be written."""

    rows: Wanted[Any]
    names: tuple[str, ...]
    into: Callable[..., T]

    lock = False

    @property
    def statement(self) -> str:
        return f"SELECT {self._reading.selected} {self.rows.these}"

    @property
    def values(self) -> list[Any]:
        return self.rows.values

    def result(self, cursor: Any) -> list[T]:
        return [self.into(*row) for row in self._reading.converted(cursor)]

    @property
    def _reading(self) -> _Reading:
        model: type[models.Model] = self.rows.model
        return _reading(model, self.names)


@dataclass(frozen=True, slots=True)
class Held:
    """The rows are held until the transaction ends, and not read. Where the database holds rows."""

    rows: Wanted[Any]

    @property
    def statement(self) -> str:
        return f"SELECT 1 {self.rows.these} FOR UPDATE"

    @property
    def values(self) -> list[Any]:
        return self.rows.values

    def result(self, cursor: Any) -> int:
        """How many they are."""
        return int(cursor.rowcount)


def read(*wanted: Wanted[Any] | Columns[Any]) -> list[list[Any]]:
    """The rows of each, in no order, read one after the other: each as they are when it is read, so that what follows
    a lock is what holds while it is held. Where the database takes several statements in one message, it gets one.
    """
    if any(one.lock for one in wanted) and not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A row is locked in a transaction only.")
    if takes_messages():
        return in_one_message(*wanted)
    found = []
    with connection.cursor() as cursor:
        for one in wanted:
            cursor.execute(one.statement, one.values)
            found.append(one.result(cursor))
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """How rows of a model are read: what is ``selected``, as it is written; the names of its fields; and by their
    places what turns the database's values into Python's, each in turn, as Django has it."""

    selected: str
    names: tuple[str, ...]
    converters: Mapping[int, tuple[Iterable[Callable[..., Any]], Expression]]

    def converted(self, cursor: Any) -> Iterator[list[Any]]:
        for row in map(list, cursor.fetchall()):
            for place, (converters, expression) in self.converters.items():
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            yield row


@functools.cache
def _reading(model: type[models.Model], names: tuple[str, ...] = ()) -> _Reading:
    """No ``names`` are all."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = names or tuple(fields)
    selected = ", ".join(quoted(fields[name].column) for name in names)
    compiler = models.QuerySet(model).query.get_compiler(connection=connection)
    converters = compiler.get_converters([fields[name].get_col(model._meta.db_table) for name in names])
    return _Reading(selected, names, converters)


@functools.cache
def _these(model: type[models.Model], names: tuple[str, ...]) -> str:
    columns = {field.attname: quoted(field.column) for field in model._meta.concrete_fields}
    return f"FROM {quoted(model._meta.db_table)} WHERE {' AND '.join(f'{columns[name]} = %s' for name in names)}"


def quoted(name: str | None) -> str:
    """The name of a table or a column, as a statement has it."""
    return connection.ops.quote_name(str(name))
