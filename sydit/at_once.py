"""Several statements in one message to the database: for what is done at each save, where asking takes longer than
answering.

PostgreSQL takes such a message. Outside a transaction it is one of its own ("Multiple Statements in a Simple Query" in
its manual), and each statement sees what was committed before it began ("Read Committed Isolation Level"): after one
that locks, the next sees what holds while it is held.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from django.db import DatabaseError, ProgrammingError, connection
from psycopg.errors import DuplicatePreparedStatement, FeatureNotSupported, InvalidSqlStatementName


class Statement(Protocol):
    """What is asked of the database, and what is made of its answer."""

    @property
    def statement(self) -> str: ...
    @property
    def values(self) -> list[Any]: ...
    def result(self, cursor: Any) -> Any: ...


def takes_messages() -> bool:
    """Whether the database takes several statements in one message."""
    return connection.vendor == "postgresql" and not getattr(connection.features, "uses_server_side_binding", False)


def in_one_message(*statements: Statement) -> list[Any]:
    """The results of statements that are carried out one after the other. Only where :func:`takes_messages`."""
    return _send(statements, [one.statement for one in statements])


def at_once(*statements: Statement) -> list[Any]:
    """As :func:`in_one_message`, with plans that the session keeps: not inside a transaction, which an error would end,
    nor where somebody reads along which tables are asked (``sydit.kept``). Where a plan turns out to be gone, nothing
    was done: the message is sent again without plans, and so are the session's later ones.
    """
    texts = [one.statement for one in statements]
    if connection.in_atomic_block or connection.execute_wrappers:
        return _send(statements, texts)
    connection.ensure_connection()
    plans = _plans.setdefault(connection.connection, {})
    try:
        return _send(statements, [plans.get(text) or _plan(text, plans) for text in texts])
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") not in _PLAN_IS_GONE:
            raise
        plans.update(zip(texts, texts, strict=True))
        return _send(statements, texts)


def _send(statements: Sequence[Statement], texts: Sequence[str]) -> list[Any]:
    results = []
    with connection.cursor() as cursor:
        cursor.execute("; ".join(texts), [value for one in statements for value in one.values])
        for one in statements:
            results.append(one.result(cursor))
            cursor.nextset()
    return results


# By the driver's connections, what carries out a statement: its plan, which takes twice as long to make as to carry
# out, or the statement itself. A pooler may have given the session to somebody else, and a plan is then gone, or there
# already; a migration may have changed a table, and a plan that is there is then of no use.
_plans: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_PLAN_IS_GONE = {InvalidSqlStatementName.sqlstate, FeatureNotSupported.sqlstate}


def _plan(statement: str, plans: dict[str, str]) -> str:
    """What carries out the plan of a statement; its name is the statement's, so that two are never taken for one."""
    name, number = f"sydit_{sha256(statement.encode()).hexdigest()[:32]}", count(1)
    numbered = re.sub("%s", lambda _: f"${next(number)}", statement)
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"PREPARE {name} AS {numbered}")
        except ProgrammingError as error:
            if not isinstance(error.__cause__, DuplicatePreparedStatement):
                raise
    given = ", ".join(["%s"] * statement.count("%s"))
    plans[statement] = f"EXECUTE {name} ({given})" if given else f"EXECUTE {name}"
    return plans[statement]
