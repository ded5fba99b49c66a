"""Rows by the values of their columns, with a statement that is written once: for the few that are read at each save,
where Django takes longer to write its own than the database to answer it. Everything else is a query set.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, connections, models, transaction
from django.db.models.sql.compiler import SQLCompiler

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
        return f"SELECT {self._reading.selected} {self.these}{end}"

    @property
    def these(self) -> str:
        """The end of a statement about the rows; ``values`` go with it."""
        reading = self._reading
        return f"FROM {reading.table} WHERE {' AND '.join(f'{reading.columns[name]} = %s' for name in self.columns)}"

    @property
    def values(self) -> list[Any]:
        return list(self.columns.values())

    def result(self, cursor: Any) -> list[RowT]:
        """The rows from what the database tells of them."""
        reading = self._reading
        found = reading.converted(self.model, cursor.fetchall())
        return [self.model.from_db(connection.alias, reading.names, row) for row in found]

    @property
    def _reading(self) -> _Reading:
        return _reading(self.model, connection.alias)


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
        found = self._reading.converted(self.rows.model, cursor.fetchall())
        return [self.into(*row) for row in found]

    @property
    def _reading(self) -> _Reading:
        model: type[models.Model] = self.rows.model
        return _reading(model, connection.alias, self.names)


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
    """How the rows of a model are read: what is ``selected`` and the ``table`` as they are written, all columns so by
    the names of their fields, the names of the selected ones, and what turns the database's values into Python's, as
    Django has it."""

    selected: str
    table: str
    columns: Mapping[str, str]
    names: tuple[str, ...]
    converters: Any

    def converted(self, model: type[models.Model], found: Any) -> Any:
        return _compiler(model).apply_converters(found, self.converters) if self.converters else found


@functools.cache
def _reading(model: type[models.Model], using: str, names: tuple[str, ...] = ()) -> _Reading:
    """Of a database, whose kind decides how its values are turned. No ``names`` are all."""
    table, quote = model._meta.db_table, connections[using].ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = {name: quote(str(field.column)) for name, field in fields.items()}
    names = names or tuple(fields)
    return _Reading(
        selected=", ".join(columns[name] for name in names),
        table=quote(table),
        columns=columns,
        names=names,
        converters=_compiler(model).get_converters([fields[name].get_col(table) for name in names]),
    )


def _compiler(model: type[models.Model]) -> SQLCompiler:
    compiler: SQLCompiler = models.QuerySet(model).query.get_compiler(connection=connection)
    return compiler
