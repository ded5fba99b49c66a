"""Rows that two people may edit at once: each save makes a new version, and a save on an old one is refused."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from sydit.errors import StaleEdit
from sydit.models import User
from sydit.plain import Wanted, quoted


class VersionedModel(models.Model):
    """A row with a version number that is sent along with the form and checked when it comes back."""

    version = models.PositiveIntegerField("version", default=0, editable=False)
    changed_at = models.DateTimeField("ändrad", null=True, editable=False)
    changed_by = models.ForeignKey(
        "sydit.User", models.PROTECT, verbose_name="ändrad av", null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    def save_version(self, *, by: User) -> None:
        """Store the row as its next version, and its history with it. The caller holds the follow-up's lock."""
        self.version += 1
        self.changed_at = timezone.now()
        self.changed_by = by
        if self._state.adding or self._meta.parents:  # new, or in two tables: Django's own way
            self._history_user: User = by
            self.save()
        else:
            _rewrite(self)


def _rewrite(row: VersionedModel) -> None:
    """Store a row that is there already, and copy it into its history as it then stands.

    Raises :class:`StaleEdit` where it is no longer the version that was read: the last defence, behind the locks.
    """
    meta, statements = row._meta, _statements(type(row), connection.vendor)
    fields = (field for field in meta.concrete_fields if not field.primary_key)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statements.store, [*values, row.pk, row.version - 1])
        if cursor.rowcount != 1:
            raise StaleEdit("Någon annan ändrade eller tog bort raden medan den sparades. Läs in sidan på nytt.")
        if statements.copy:
            cursor.execute(statements.copy, [row.pk])


@dataclass(frozen=True, slots=True)
class Marked:
    """A column of yes or no that becomes yes when another one changes, or ``anyway``. By the names of their fields."""

    name: str
    when: str
    anyway: bool


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A statement for :func:`sydit.at_once.at_once`: what a user ``entered`` is stored as the row's next version, and
    copied into its history, and its result is whether that was done. It is where a row has these ``columns``, the
    version that was seen among them (None where nothing is stored), and something else than what was entered and
    ``marked``; where ``during`` is found; and where ``unless`` is not. Columns by the names of their fields.
    """

    model: type[VersionedModel]
    columns: Mapping[str, Any]
    entered: Mapping[str, Any]
    marked: Marked
    by: User
    during: Wanted[Any]
    unless: Wanted[Any]

    @property
    def statement(self) -> str:
        columns = tuple((name, value is None) for name, value in self.columns.items())
        mark = (self.marked.name, self.marked.when)
        return _rewriting(self.model, columns, tuple(self.entered), mark, self.during.these, self.unless.these)

    @property
    def values(self) -> list[Any]:
        fields = {field.attname: field for field in self.model._meta.concrete_fields}
        stored = {name: fields[name].get_db_prep_save(value, connection) for name, value in self.entered.items()}
        entered = [*stored.values(), stored[self.marked.when], self.marked.anyway]
        given = (value for value in self.columns.values() if value is not None)
        guards = (*given, *entered, *self.during.values, *self.unless.values)
        return [*entered, timezone.now(), self.by.pk, *guards]

    def result(self, cursor: Any) -> bool:
        return bool(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class Adding:
    """As :class:`Rewriting`, of a ``row`` that is new: its first version is stored, with its history, where no other
    stands in its place."""

    row: VersionedModel
    by: User
    during: Wanted[Any]
    unless: Wanted[Any]

    @property
    def statement(self) -> str:
        return _adding(type(self.row), self.during.these, self.unless.these)

    @property
    def values(self) -> list[Any]:
        stamp = {"version": 1, "changed_at": timezone.now(), "changed_by_id": self.by.pk}
        stored = (
            field.get_db_prep_save(stamp.get(field.attname, getattr(self.row, field.attname)), connection)
            for field in self.row._meta.concrete_fields
            if not field.primary_key
        )
        return [*stored, *self.during.values, *self.unless.values]

    def result(self, cursor: Any) -> bool:
        return bool(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class _Statements:
    """``copy`` is empty where the database stores a row and its history in one."""

    store: str
    copy: str


@functools.cache
def _statements(model: type[VersionedModel], vendor: str) -> _Statements:
    """Written once a model: Django takes longer to write them than the database to carry them out."""
    meta = model._meta
    table, key = quoted(meta.db_table), quoted(meta.pk.column)
    changed = ", ".join(f"{quoted(field.column)} = %s" for field in meta.concrete_fields if not field.primary_key)
    store = f"UPDATE {table} SET {changed} WHERE {key} = %s AND {quoted('version')} = %s"  # noqa: S608 - the model's own names
    if vendor == "postgresql":
        return _Statements(_with_history(model, store, "~"), "")
    return _Statements(store, f"{_copy(model, '~')} {table} WHERE {key} = %s")


@functools.cache
def _rewriting(
    model: type[VersionedModel],
    columns: tuple[tuple[str, bool], ...],
    entered: tuple[str, ...],
    marked: tuple[str, str],
    during: str,
    unless: str,
) -> str:
    """The statement of a :class:`Rewriting`; each column with whether nothing is stored in it."""
    these = {field.attname: quoted(field.column) for field in model._meta.concrete_fields}
    mark, when = (these[name] for name in marked)
    becomes = {these[name]: "%s" for name in entered} | {mark: f"({mark} OR {when} <> %s OR %s)"}
    stamp = {these["changed_at"]: "%s", these["changed_by_id"]: "%s"}
    set_to = (f"{column} = {value}" for column, value in (becomes | stamp).items())
    conditions = (f"{these[name]} IS NULL" if is_empty else f"{these[name]} = %s" for name, is_empty in columns)
    version = these["version"]
    store = (
        f"UPDATE {quoted(model._meta.db_table)} SET {version} = {version} + 1, {', '.join(set_to)}"  # noqa: S608 - the model's own names
        f" WHERE {' AND '.join(conditions)}"
        f" AND ({', '.join(becomes)}) IS DISTINCT FROM ({', '.join(becomes.values())})"
        f" AND {_guards(during, unless)}"
    )
    return _with_history(model, store, "~")


@functools.cache
def _adding(model: type[VersionedModel], during: str, unless: str) -> str:
    """The statement of an :class:`Adding`."""
    columns = [quoted(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    store = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)})"
        f" SELECT {', '.join('%s' for _ in columns)} WHERE {_guards(during, unless)} ON CONFLICT DO NOTHING"
    )
    return _with_history(model, store, "+")


def _guards(during: str, unless: str) -> str:
    return f"EXISTS (SELECT 1 {during}) AND NOT EXISTS (SELECT 1 {unless})"


def _with_history(model: type[VersionedModel], store: str, kind: str) -> str:
    """PostgreSQL stores a row and copies it into its history in one; ``store`` writes it, and ``kind`` is history's."""
    names = ", ".join(quoted(field.column) for field in model._meta.concrete_fields)
    return f"WITH stored AS ({store} RETURNING {names}) {_copy(model, kind)} stored"


def _copy(model: type[VersionedModel], kind: str) -> str:
    """The beginning of the statement that copies a row into its history, from what is named after it: at the moment
    and by whom it was changed."""
    history = model.history.model._meta  # type: ignore[attr-defined]  # of django-simple-history
    row = ", ".join(quoted(field.column) for field in model._meta.concrete_fields)
    into = f"INSERT INTO {quoted(history.db_table)} ({row}, history_type, history_date, history_user_id)"
    return f"{into} SELECT {row}, '{kind}', changed_at, changed_by_id FROM"


def require_fresh(row: VersionedModel, *, seen_version: int, called: str, changes: Iterable[str]) -> None:
    """Raises :class:`StaleEdit` if ``row`` has been saved since the user saw ``seen_version`` of it.

    ``called`` is what the screen calls the row, ``changes`` what it holds now, in Swedish.
    """
    if row.version != seen_version:
        raise StaleEdit(f"{called} har ändrats av {_who_and_when(row)}: {', '.join(changes)}.")


def _who_and_when(row: Any) -> str:
    moment = timezone.localtime(row.changed_at)
    return f"{row.changed_by} {moment:%Y-%m-%d %H:%M}"
