"""Rows by the values of their columns, with a statement that is written once: for the few that are read at each save,
where Django takes longer to write its own than the database to answer it. Everything else is a query set.
"""

from __future__ import annotations

import functools
from typing import TypeVar

from django.db import connection, models, transaction

RowT = TypeVar("RowT", bound=models.Model)


def rows(model: type[RowT], *, lock: bool = False, **columns: object) -> list[RowT]:
    """The rows of a model with these values (``follow_up_id=5``), in no order. With ``lock`` they are held until the
    transaction ends, and are then as the last transaction that held them left them.
    """
    if lock and not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A row is locked in a transaction only.")
    statement = _statement(model, tuple(columns), lock and connection.features.has_select_for_update)
    return list(models.QuerySet(model).raw(statement, list(columns.values())))


@functools.cache
def _statement(model: type[models.Model], columns: tuple[str, ...], lock: bool) -> str:
    quote = connection.ops.quote_name
    own = {field.attname: field.column for field in model._meta.concrete_fields}
    where = " AND ".join(f"{quote(str(own[column]))} = %s" for column in columns)
    end = " FOR UPDATE" if lock else ""
    return f"SELECT * FROM {quote(model._meta.db_table)} WHERE {where}{end}"  # noqa: S608 - the model's own names
