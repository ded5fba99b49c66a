"""Approval freezes the report document. This is the only writer of what is published; ``archive.py`` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from followup.actions import lock_follow_up
from followup.models import FollowUp
from followup.parts import Check
from sydit.access import Permission, require
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication, User
from sydit.report import checks, editions, readiness
from sydit.report.archive import DamagedPublication, document_of, latest
from sydit.report.build import read_inputs, report_from
from sydit.report.document import Report, checksum

__all__ = ["DamagedPublication", "approve", "document_of", "json_of", "latest", "report_of"]

ANOTHER_DRAFT = "Rapporten har ändrats sedan du öppnade sidan, och är inte godkänd. Läs den igen först."


@transaction.atomic
def approve(
    *, follow_up: FollowUp, by: User, seen: str | None = None, reasons: Mapping[str, str] | None = None
) -> Publication:
    """Freeze the report and publish it. The follow-up accepts no more writes.

    ``seen`` is the checksum of the draft that the user had before them; another is not approved in its place.
    ``reasons`` say, by the name of each yellow check, why the report is published all the same; those that were given
    when the parts were marked ready stand where none is given here. Both are kept with the publication.
    Raises :class:`Refused` where it is not marked ready, a check fails or a reason is missing, ``PermissionDenied``
    for the wrong role.
    """
    require(by, Permission.APPROVE)
    locked = lock_follow_up(follow_up)
    if locked.state != FollowUp.State.READY:
        raise Refused(
            "Uppföljningen är redan godkänd."
            if locked.state == FollowUp.State.APPROVED
            else "Uppföljningen är inte klarmarkerad: alla dess delar ska vara det innan den kan godkännas."
        )
    inputs = read_inputs(locked)
    found = checks.all_checks(inputs)
    if failed := checks.red(found):
        raise Refused(f"Uppföljningen kan inte godkännas än. {' '.join(check.message for check in failed)}")
    document = report_from(inputs).to_json()
    if seen is not None and seen != checksum(document):
        raise StaleEdit(ANOTHER_DRAFT)
    publication = Publication.objects.create(
        follow_up=locked,
        version=locked.publications.count() + 1,
        document=document,
        sha256=checksum(document),
        approved_at=timezone.now(),
        approved_by=by,
        correction_reason=locked.correction_reason,
        reasons=_kept(checks.yellow(found), readiness.reasons_of(locked) | dict(reasons or {})),
    )
    locked.state = FollowUp.State.APPROVED
    locked.corrects, locked.correction_reason = None, ""
    locked.save_version(by=by)
    return publication


def _kept(remarks: tuple[Check, ...], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """What remained and why it was published, as the publication keeps it. Raises :class:`Refused`."""
    given = readiness.given_for(remarks, reasons)
    return [
        {"check": check.name, "part": check.part, "message": check.message, "reason": given[check.name]}
        for check in remarks
    ]


def report_of(follow_up: FollowUp) -> Report:
    """The published report in force, otherwise the draft as it stands now."""
    return editions.find(follow_up).report


def json_of(follow_up: FollowUp) -> str:
    """The report's JSON; a published one to the letter as it was stored, so that its checksum can be computed again.

    Raises :class:`DamagedPublication`.
    """
    return editions.find(follow_up).json
