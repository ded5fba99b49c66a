"""Rows that two people may edit at once: each save makes a new version, and a save on an old one is refused."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from sydit.errors import StaleEdit
from sydit.models import User


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
            _rewrite(self, by)


def _rewrite(row: VersionedModel, by: User) -> None:
    """Store a row that is there already, and copy it into its history as it then stands.

    Raises :class:`StaleEdit` where it is no longer the version that was read: the last defence, behind the locks.
    """
    meta, statements = row._meta, _statements(type(row), connection.vendor)
    fields = (field for field in meta.concrete_fields if not field.primary_key)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    about = (timezone.now(), by.pk)
    with connection.cursor() as cursor:
        cursor.execute(statements.store, [*values, row.pk, row.version - 1, *(() if statements.copy else about)])
        if cursor.rowcount != 1:
            raise StaleEdit("Någon annan ändrade eller tog bort raden medan den sparades. Läs in sidan på nytt.")
        if statements.copy:
            cursor.execute(statements.copy, [*about, row.pk])


@dataclass(frozen=True, slots=True)
class _Statements:
    """``copy`` is empty where the database stores a row and its history in one."""

    store: str
    copy: str


@functools.cache
def _statements(model: type[VersionedModel], vendor: str) -> _Statements:
    """Written once a model: Django takes longer to write them than the database to carry them out."""

    def quote(name: str | None) -> str:
        return connection.ops.quote_name(str(name))

    meta, history = model._meta, model.history.model._meta  # type: ignore[attr-defined]  # of django-simple-history
    table, key = quote(meta.db_table), quote(meta.pk.column)
    changed = ", ".join(f"{quote(field.column)} = %s" for field in meta.concrete_fields if not field.primary_key)
    names = ", ".join(quote(field.column) for field in meta.concrete_fields)
    about = ", ".join(quote(history.get_field(name).column) for name in ("history_date", "history_user"))
    store = f"UPDATE {table} SET {changed} WHERE {key} = %s AND {quote('version')} = %s"  # noqa: S608 - the model's own names
    copy = f"INSERT INTO {quote(history.db_table)} ({names}, history_type, {about}) SELECT {names}, '~', %s, %s FROM"
    if vendor == "postgresql":
        return _Statements(f"WITH stored AS ({store} RETURNING {names}) {copy} stored", "")
    return _Statements(store, f"{copy} {table} WHERE {key} = %s")


def require_fresh(row: VersionedModel, *, seen_version: int, called: str, changes: Iterable[str]) -> None:
    """Raises :class:`StaleEdit` if ``row`` has been saved since the user saw ``seen_version`` of it.

    ``called`` is what the screen calls the row, ``changes`` what it holds now, in Swedish.
    """
    if row.version != seen_version:
        raise StaleEdit(f"{called} har ändrats av {_who_and_when(row)}: {', '.join(changes)}.")


def _who_and_when(row: Any) -> str:
    moment = timezone.localtime(row.changed_at)
    return f"{row.changed_by} {moment:%Y-%m-%d %H:%M}"
