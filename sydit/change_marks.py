"""A table's mark, which the database changes with every write to it, so that what was computed before can be told from
what holds now.

Each table has a trigger that puts a new random mark in ``ChangeMark``, in the transaction of the write: whoever sees
the write sees the new mark, and a write that is undone takes its mark with it. A mark never comes back. The triggers
are made after every ``migrate``, for every table there is: nobody has to remember a new one.

On PostgreSQL each writer takes a row of the table's marks that nobody else holds, so that no writer waits for another.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from sydit.models import ChangeMark, User

PREFIX = "sydit_mark_"
MARKS = ChangeMark._meta.db_table

# Tables that no page is computed from, or that are never written alone.
LEFT_OUT = {
    "sydit.changemark": "holds the marks themselves",
    "sessions.session": "who is logged in; read for each request and never kept",
    "admin.logentry": "the admin's own list of what was done there",
    "followup.ledgerentry": "lines are added only together with their month, which is marked (followup.ledger.load)",
}
# Columns that are written when somebody logs in, and that no page shows.
UNSEEN: dict[type[Model], set[str]] = {User: {"last_login", "password"}}

_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {PREFIX}change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {MARKS} SET mark = gen_random_uuid()
   WHERE id = (SELECT id FROM {MARKS} WHERE of_table = TG_TABLE_NAME ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
  IF NOT FOUND THEN
    INSERT INTO {MARKS} (of_table, mark) VALUES (TG_TABLE_NAME, gen_random_uuid());
  END IF;
  RETURN NULL;
END $$
"""  # noqa: S608 - our own table
# One writer at a time, so one row is enough.
_SQLITE_MARK = f"UPDATE {MARKS} SET mark = lower(hex(randomblob(16))) WHERE of_table = '%s'"  # noqa: S608 - the same


@dataclass(frozen=True, slots=True)
class Trigger:
    table: str
    name: str
    sql: str


Marks = dict[str, tuple[str, ...]]


def current(connection: BaseDatabaseWrapper) -> Marks:
    """The marks of each table as they are now. A table that has none cannot be told from what it was."""
    marks: Marks = {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT of_table, mark FROM {MARKS} ORDER BY id")  # noqa: S608 - our own table
        for table, mark in cursor.fetchall():
            marks[table] = (*marks.get(table, ()), mark)
    return marks


def watched_models() -> list[type[Model]]:
    """Every table but those that are left out, and why is said there."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and model._meta.label_lower not in LEFT_OUT]


def is_watched(connection: BaseDatabaseWrapper) -> bool:
    """Whether every table has its triggers, as they are written here."""
    return {trigger.name for trigger in _wanted(connection)} <= set(_existing(connection))


def install(*, using: str, **_: object) -> None:
    """Make the triggers that are missing, and a new mark. Receives Django's ``post_migrate``."""
    connection = connections[using]
    tables, existing = set(connection.introspection.table_names()), _existing(connection)
    wanted = {one.name: one for one in _wanted(connection) if one.table in tables} if MARKS in tables else {}
    with connection.cursor() as cursor:
        for name, table in existing.items():
            if name not in wanted:
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER "{name}"{on}')
        if not wanted:
            return
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for name, trigger in wanted.items():
            if name not in existing:
                cursor.execute(trigger.sql)
        cursor.execute(f"DELETE FROM {MARKS}")  # noqa: S608 - our own table
        for name in sorted({trigger.table for trigger in wanted.values()}):
            cursor.execute(f"INSERT INTO {MARKS} (of_table, mark) VALUES (%s, %s)", [name, uuid.uuid4().hex])  # noqa: S608


def _existing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The tables of our triggers, by their names."""
    query = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE starts_with(tgname, %s) AND tgenabled <> 'D' AND pg_table_is_visible(tgrelid)"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND instr(name, %s) = 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [PREFIX])
        return dict(cursor.fetchall())


def _wanted(connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    for model in watched_models():
        table, unseen = model._meta.db_table, UNSEEN.get(model, set())
        seen = [str(field.column) for field in model._meta.concrete_fields if field.name not in unseen]
        columns = ' OF "' + '", "'.join(seen) + '"' if unseen else ""
        if connection.vendor == "postgresql":
            events = f"INSERT OR DELETE OR TRUNCATE OR UPDATE{columns}"
            yield _trigger(table, f'AFTER {events} ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}change()')
        else:
            for event in ("INSERT", "DELETE", f"UPDATE{columns}"):
                yield _trigger(table, f'AFTER {event} ON "{table}" BEGIN {_SQLITE_MARK % table}; END')


def _trigger(table: str, what: str) -> Trigger:
    """Named by what it does, so that one that is written otherwise here is another."""
    name = PREFIX + hashlib.sha256(what.encode()).hexdigest()[:16]
    return Trigger(table, name, f'CREATE TRIGGER "{name}" {what}')
