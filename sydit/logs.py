"""How errors are written to the log: without what a database says of the rows it refused.

PostgreSQL quotes the row (DETAIL, CONTEXT) in its errors, and a booked line may name a supplier or a person.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import TypeAlias

from django.db import Error as DatabaseError

HIDDEN = "(databasens text visas inte: den kan innehålla uppgifter ur huvudboken)"
_DRIVERS = ("psycopg", "sqlite3")
_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Formatter(logging.Formatter):
    """The ordinary one, but that an error of the database, or one that it caused, is told by its class and place."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        if ei[1] is None:
            return super().formatException(ei)
        told = traceback.TracebackException.from_exception(ei[1])
        _hide(told, ei[1])
        return "".join(told.format()).rstrip()


def _hide(told: traceback.TracebackException, error: BaseException) -> None:
    """In the whole chain of causes. ``_str`` is where the library keeps an error's words."""
    if isinstance(error, DatabaseError) or type(error).__module__.startswith(_DRIVERS):
        told._str = f"{_state(error)}{HIDDEN}"  # type: ignore[attr-defined]  # noqa: SLF001
    for told_cause, cause in ((told.__cause__, error.__cause__), (told.__context__, error.__context__)):
        if told_cause is not None and cause is not None:
            _hide(told_cause, cause)


def _state(error: BaseException) -> str:
    """PostgreSQL's own code of the error, which tells what happened without saying to what."""
    code = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return f"SQLSTATE {code} " if code else ""
