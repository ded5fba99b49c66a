"""Rows by the values of their columns, with a statement that is written once: for the few that are read at each save,
where Django takes longer to write its own than the database to answer it. Everything else is a query set.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, connections, models, transaction
from django.db.models.sql.compiler import SQLCompiler

RowT = TypeVar("RowT", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Wanted(Generic[RowT]):
    """The rows of a model with these values, by the names of the columns. With ``lock`` they are held until the
    transaction ends, and are then as the last transaction that held them left them."""

    model: type[RowT]
    columns: Mapping[str, Any]
    lock: bool = False

    @property
    def statement(self) -> str:
        reading = _reading(self.model, connection.alias)
        where = " AND ".join(f"{reading.columns[name]} = %s" for name in self.columns)
        end = " FOR UPDATE" if self.lock and connection.features.has_select_for_update else ""
        return f"{reading.statement} WHERE {where}{end}"

    def made(self, found: Any) -> list[RowT]:
        """The rows from what the database tells of them."""
        reading = _reading(self.model, connection.alias)
        if reading.converters:
            found = _compiler(self.model).apply_converters(found, reading.converters)
        return [self.model.from_db(connection.alias, reading.names, row) for row in found]


def read(*wanted: Wanted[Any]) -> list[list[Any]]:
    """The rows of each, in no order, read one after the other: each as they are when it is read, so that what follows
    a lock is what holds while it is held. Where the database takes several statements in one message, it gets one.
    """
    if any(one.lock for one in wanted) and not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A row is locked in a transaction only.")
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not getattr(connection.features, "uses_server_side_binding", False):
            values = [value for one in wanted for value in one.columns.values()]
            cursor.execute("; ".join(one.statement for one in wanted), values)
            for one in wanted:
                found.append(one.made(cursor.fetchall()))
                cursor.nextset()
        else:
            for one in wanted:
                cursor.execute(one.statement, list(one.columns.values()))
                found.append(one.made(cursor.fetchall()))
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the rows of a model are read: each field with what turns the database's value into Python's, as Django has
    it. ``columns`` are the quoted columns by the names of the fields."""

    statement: str
    columns: Mapping[str, str]
    names: tuple[str, ...]
    converters: Any


@functools.cache
def _reading(model: type[models.Model], using: str) -> _Reading:
    """Of a database, whose kind decides how its values are turned."""
    fields, table = model._meta.concrete_fields, model._meta.db_table
    columns = {field.attname: connections[using].ops.quote_name(str(field.column)) for field in fields}
    return _Reading(
        f"SELECT {', '.join(columns.values())} FROM {connections[using].ops.quote_name(table)}",  # noqa: S608 - its own names
        columns,
        tuple(columns),
        _compiler(model).get_converters([field.get_col(table) for field in fields]),
    )


def _compiler(model: type[models.Model]) -> SQLCompiler:
    compiler: SQLCompiler = models.QuerySet(model).query.get_compiler(connection=connection)
    return compiler
