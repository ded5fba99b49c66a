"""What people had entered in a follow-up when it was approved: read out of the rows' history, and put back."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import models
from django.db.models import Max

from followup.models import FollowUp
from sydit.models import User
from sydit.versions import VersionedModel

_ABOUT_THE_SAVE = frozenset({"version", "changed_at", "changed_by"})

RowT = TypeVar("RowT", bound=models.Model)


def rows_at(model: type[models.Model], moment: dt.datetime) -> Any:
    """A query for the rows of a model with history, as they stood at a moment."""
    return model.history.as_of(moment)  # type: ignore[attr-defined]  # of django-simple-history


def approved_at(follow_up_id: int) -> dt.datetime | None:
    """When the version in force of a follow-up was approved; None where it has none."""
    moments = FollowUp.objects.filter(pk=follow_up_id).values_list(Max("publications__approved_at"), flat=True)
    moment: dt.datetime | None = moments.get()
    return moment


def put_back(model: type[RowT], follow_up: FollowUp, *, moment: dt.datetime, by: User) -> list[RowT]:
    """Let a follow-up's rows say what they said at a moment; returns those that were saved again.

    A row that came later is removed and one that was removed comes back; the history keeps what they said meanwhile.
    The caller holds the follow-up's lock.
    """
    here: models.QuerySet[Any] = models.QuerySet(model).filter(follow_up=follow_up)
    now = {row.pk: row for row in here}
    then = {row.pk: row for row in rows_at(model, moment).filter(follow_up=follow_up)}
    for pk in now.keys() - then.keys():
        now[pk]._history_user = by  # noqa: SLF001 - what django-simple-history reads
        now[pk].delete()
    changed = [row for pk, row in sorted(then.items()) if pk not in now or _contents(row) != _contents(now[pk])]
    for row in changed:
        _save(row, now.get(row.pk), by)
    return changed


def _contents(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in _ABOUT_THE_SAVE
    }


def _save(row: Any, now: Any, by: User) -> None:
    """The row as the latest version of itself."""
    if isinstance(row, VersionedModel):
        row.version = now.version if now else row.version
        row.save_version(by=by)
    else:
        row._history_user = by  # noqa: SLF001 - as above
        row.save()
