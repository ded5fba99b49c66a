"""What a follow-up is called in the records: its registry number (diarienummer) and the committee's meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from followup.actions import lock_follow_up
from followup.models import FollowUp
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.versions import require_fresh


@transaction.atomic
def change_details(
    *, follow_up: FollowUp, registry_number: str, meeting_date: dt.date | None, seen_version: int, by: User
) -> bool:
    """Set both until the follow-up is approved, also while it waits for that; returns whether anything changed.

    ``seen_version`` is the follow-up's: what else has happened to it since then is no conflict. Raises
    :class:`Refused` where it is approved or the meeting lies before the period's month, and ``StaleEdit``.
    """
    require(by, Permission.KEEP_DETAILS)
    locked = lock_follow_up(follow_up)
    if locked.state == FollowUp.State.APPROVED:
        raise Refused("Uppföljningen är godkänd och tar inte emot ändringar. Inget har sparats.")
    if meeting_date and meeting_date < locked.period.first_day:
        raise Refused(f"Sammanträdet {meeting_date} är före {locked}, som uppföljningen gäller. Inget har sparats.")
    if _details(locked) == (registry_number, meeting_date):
        return False
    seen = locked.history.filter(version=seen_version).first()
    if seen is None or _details(seen) != _details(locked):
        require_fresh(locked, seen_version=seen_version, called="Rapportens uppgifter", changes=_contents(locked))
    locked.registry_number, locked.meeting_date = registry_number, meeting_date
    locked.save_version(by=by)
    return True


def _details(row: Any) -> tuple[str, dt.date | None]:
    """Of a follow-up, or of an earlier version of it."""
    return row.registry_number, row.meeting_date


def _contents(row: FollowUp) -> Iterator[str]:
    yield f"diarienumret är nu {row.registry_number}" if row.registry_number else "diarienumret är nu tomt"
    yield f"sammanträdet är nu {row.meeting_date}" if row.meeting_date else "sammanträdet har nu inget datum"
