"""What stands in a follow-up from the beginning: last time's rows, to be confirmed or rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from sydit.models import User
from sydit.versions import VersionedModel

if TYPE_CHECKING:
    from followup.models import FollowUp  # whose models stand on this module
    from followup.parts import Part


class CarriedModel(VersionedModel):
    """A row of a follow-up (``follow_up``) that may begin as a copy of last time's.

    A copy is not ``confirmed``: nobody has said yet that it holds. Whoever saves it, changed or not, confirms it.
    """

    confirmed = models.BooleanField("bekräftad", default=True, editable=False)

    follow_up: Any  # each model's own foreign key

    class Meta:
        abstract = True


CarriedT = TypeVar("CarriedT", bound=CarriedModel)


def copy_rows(rows: Iterable[CarriedModel], *, fields: Iterable[str], to: FollowUp, by: User) -> int:
    """Copy the rows' ``fields`` into a follow-up that has none of them yet, unconfirmed; returns how many.

    ``by`` is who opened the follow-up. The caller holds its lock.
    """
    names, now = tuple(fields), timezone.now()
    copies = [_copy(row, names, follow_up=to, changed_by=by, changed_at=now) for row in rows]
    if copies:
        bulk_create_with_history(copies, type(copies[0]), batch_size=500, default_user=by)
    return len(copies)


def followers(later: Iterable[CarriedT]) -> list[CarriedT]:
    """Which of a subject's rows in later follow-ups, the earliest first, are still copies that nobody has confirmed.

    The first that is confirmed, or whose follow-up is closed, stands, and so does what began as a copy of it. The
    follow-ups are locked in their order: the caller holds the earlier one's lock and none of a row in them.
    """
    from followup.actions import lock_follow_up  # its models stand on this module

    found = []
    for row in later:
        if row.confirmed or not lock_follow_up(row.follow_up).is_open:
            break
        found.append(row)
    return found


def copies_in(
    later: Iterable[FollowUp], stored: Mapping[int, CarriedT], part: Part, *, new: Callable[[FollowUp], CarriedT]
) -> list[CarriedT]:
    """A subject's copies in later follow-ups, the earliest first: as :func:`followers`, and a ``new`` one where the
    follow-up has none and still takes changes in the part. ``stored`` are the subject's rows by follow-up.
    """
    from followup.actions import lock_follow_up  # its models stand on this module
    from followup.ready import closed_sentence

    found = []
    for follow_up in later:
        row = stored.get(follow_up.pk)
        if row is not None and row.confirmed:
            break
        locked = lock_follow_up(follow_up)
        if not locked.is_open or (row is None and closed_sentence(locked, part)):
            break
        found.append(row or new(locked))
    return found


def bring_along(row: CarriedModel, copies: Iterable[CarriedModel], *, fields: Iterable[str], by: User) -> None:
    """Let the copies (:func:`followers`) say what the row has come to say; they stay unconfirmed."""
    names = tuple(fields)
    for copy in copies:
        for name in names:
            setattr(copy, name, getattr(row, name))
        copy.confirmed = False
        copy.save_version(by=by)


def _copy(row: CarriedModel, names: tuple[str, ...], **stamp: Any) -> CarriedModel:
    return type(row)(**{name: getattr(row, name) for name in names}, **stamp, confirmed=False, version=1)
