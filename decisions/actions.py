"""What may be done to decisions: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

from django.db import transaction

from decisions.models import Decision, StatusUpdate
from followup.actions import open_for_writing
from followup.models import FollowUp
from sydit.access import Permission, require
from sydit.models import User
from sydit.versions import require_fresh


@transaction.atomic
def update_status(
    *, follow_up: FollowUp, decision: Decision, status: str, comment: str, seen_version: int, by: User
) -> bool:
    """Set how a decision stands in a follow-up; returns whether anything changed.

    Raises ``Refused`` where the follow-up is closed and ``StaleEdit`` where somebody else changed the status
    meanwhile; nothing is saved then.
    """
    require(by, Permission.UPDATE_DECISIONS)
    locked = open_for_writing(follow_up)
    row = StatusUpdate.objects.filter(follow_up=locked, decision=decision).first()
    row = row or StatusUpdate(follow_up=locked, decision=decision)
    if (row.status, row.comment) == (status, comment):
        return False
    require_fresh(
        row,
        seen_version=seen_version,
        called=f"Beslutet {decision.reference}",
        changes=[f"status är nu {row.get_status_display()}", f"kommentaren är nu ”{row.comment}”"],
    )
    row.status, row.comment = status, comment
    row.save_version(by=by)
    return True
