"""Texts in the order of the Swedish alphabet, whichever database sorts them: å, ä and ö last, and capital and small
letters alike.

A database's own order depends on how it was made (by bytes, or by the rules of the machine's language), so both are
given a key to sort by, whose characters' own order is the alphabet's.
"""

from __future__ import annotations

import functools
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, F, Func, QuerySet, TextField, Value
from django.db.models.sql.compiler import SQLCompiler

# The three that follow z here are å, ä and ö, which follow it in the alphabet. Other letters with marks are sorted as
# those without, but for the ones that Swedish takes for its own.
_ALIKE = {
    "a": "áàâã",
    "c": "ç",
    "e": "éèêë",
    "i": "íìîï",
    "n": "ñ",
    "o": "óòôõ",
    "s": "š",
    "u": "úùû",
    "y": "ýÿü",
    "z": "ž",
    "{": "å",
    "|": "äæ",
    "}": "öøœ",
}
_SMALL = {letter.upper(): letter for letter in "abcdefghijklmnopqrstuvwxyz"}
_KEYS = _SMALL | {
    form: key for key, letters in _ALIKE.items() for letter in letters for form in (letter, letter.upper())
}
_FROM, _TO = "".join(_KEYS), "".join(_KEYS.values())
_TABLE = str.maketrans(_FROM, _TO)


def key(text: str) -> str:
    """What Python sorts a text by."""
    return text.translate(_TABLE)


class Alphabetical(Func):
    """The key of a text in the database, by the name of its column."""

    function = "TRANSLATE"
    output_field = TextField()

    def __init__(self, column: Any) -> None:
        super().__init__(column, Value(_FROM), Value(_TO))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(function)s(%(expressions)s) COLLATE "C"', **more)


def alphabetically(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows in the order that they have, but where that is by texts: those are in the alphabet's. A choice's value
    is no text."""
    return rows.order_by(*(_alphabetical(rows, part) for part in rows.query.order_by))


def _alphabetical(rows: QuerySet[Any], part: Any) -> Any:
    if not isinstance(part, str):
        return part
    name = part.removeprefix("-")
    field = F(name).resolve_expression(rows.query.clone()).output_field
    if not isinstance(field, (CharField, TextField)) or field.choices:
        return part
    return Alphabetical(name).desc() if part.startswith("-") else Alphabetical(name).asc()


def prepare(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Give SQLite the function that PostgreSQL has. Receives Django's ``connection_created``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(Alphabetical.function, 3, _translate, deterministic=True)


def _translate(text: str | None, letters: str, keys: str) -> str | None:
    return None if text is None else text.translate(_table(letters, keys))


@functools.cache
def _table(letters: str, keys: str) -> dict[int, int]:
    return str.maketrans(letters, keys)
