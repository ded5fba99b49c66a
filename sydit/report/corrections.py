"""A published report is corrected: the head opens its follow-up again, and either approves it anew (``publish.py``) or
abandons the correction. The publication in force stays in force all the while."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from followup.actions import lock_follow_up
from followup.in_force import rows_at
from followup.models import FollowUp
from followup.parts import Part
from sydit import occasions
from sydit.access import Permission, require
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication, User
from sydit.report import archive, readiness

DETAILS = ("registry_number", "meeting_date")  # of the follow-up itself, and frozen with the report


@transaction.atomic
def begin(*, follow_up: FollowUp, parts: Collection[Part], reason: str, seen_version: int, by: User) -> FollowUp:
    """Open the named parts of an approved follow-up again, for a new version of its report; the others stay ready.

    ``seen_version`` is the version that the user wants to correct. Raises :class:`Refused` where the follow-up is not
    approved or no part or reason is given, and ``StaleEdit`` where another version is in force.
    """
    require(by, Permission.APPROVE)
    locked = lock_follow_up(follow_up)
    if locked.corrects is not None:
        raise Refused(f"Version {locked.corrects} rättas redan.")
    if locked.state != FollowUp.State.APPROVED:
        raise Refused(f"Uppföljningen {locked} är inte godkänd, så det finns inget att rätta.")
    published = archive.latest(locked)
    if published is None or published.version != seen_version:
        raise StaleEdit("En annan version gäller nu. Läs den först.")
    if not parts or not reason.strip():
        raise Refused("Skriv varför rapporten rättas och välj minst en del som ska ändras.")
    readiness.open_parts(locked, parts, by=by)
    locked.state = FollowUp.State.OPEN
    locked.corrects, locked.correction_reason = published.version, reason.strip()
    locked.save_version(by=by)
    return locked


@transaction.atomic
def abandon(*, follow_up: FollowUp, seen_version: int, by: User) -> Publication:
    """Give a correction up; returns the publication that stays in force.

    What was entered meanwhile is put back to what it was when that one was approved, so that the rows behind a report
    and the report agree. The history keeps what was entered. ``seen_version`` is that of the follow-up on the page.
    Raises :class:`Refused`.
    """
    require(by, Permission.APPROVE)
    locked = lock_follow_up(follow_up)
    published = archive.latest(locked)
    if locked.corrects is None or published is None:
        raise Refused("Ingen rättelse pågår.")
    if locked.version != seen_version:
        raise StaleEdit("Rättelsen har kommit längre sedan du öppnade sidan. Läs den igen först.")
    occasions.put_back(follow_up=locked, moment=published.approved_at, by=by)
    then = rows_at(FollowUp, published.approved_at).get(pk=locked.pk)
    for name in DETAILS:
        setattr(locked, name, getattr(then, name))
    locked.state = FollowUp.State.APPROVED
    locked.corrects, locked.correction_reason, locked.returned_comment = None, "", ""
    locked.save_version(by=by)
    return published
