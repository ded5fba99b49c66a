"""Rows that two people may edit at once: each save makes a new version, and a save on an old one is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
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
        self._history_user: User = by
        self.save()


def require_fresh(row: VersionedModel, *, seen_version: int, called: str, changes: Iterable[str]) -> None:
    """Raises :class:`StaleEdit` if ``row`` has been saved since the user saw ``seen_version`` of it.

    ``called`` is what the screen calls the row, ``changes`` what it holds now, in Swedish.
    """
    if row.version != seen_version:
        raise StaleEdit(f"{called} har ändrats av {_who_and_when(row)}: {', '.join(changes)}.")


def _who_and_when(row: Any) -> str:
    moment = timezone.localtime(row.changed_at)
    return f"{row.changed_by} {moment:%Y-%m-%d %H:%M}"
