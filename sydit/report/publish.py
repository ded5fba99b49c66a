"""Approval freezes the report document. This is the only writer of what is published; ``archive.py`` reads it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from followup.actions import lock_follow_up
from followup.models import FollowUp
from sydit.access import Permission, require
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication, User
from sydit.report import checks
from sydit.report.archive import DamagedPublication, document_of, latest
from sydit.report.build import build_report, read_inputs, report_from
from sydit.report.document import Report, checksum

__all__ = ["DamagedPublication", "approve", "document_of", "json_of", "latest", "report_of"]


@transaction.atomic
def approve(*, follow_up: FollowUp, by: User, seen: str | None = None) -> Publication:
    """Freeze the report and publish it. The follow-up accepts no more writes.

    ``seen`` is the checksum of the draft that the user had before them; another is not approved in its place.
    Raises :class:`Refused` where it is not marked ready or a check fails, ``PermissionDenied`` for the wrong role.
    """
    require(by, Permission.APPROVE)
    locked = lock_follow_up(follow_up)
    if locked.state != FollowUp.State.READY:
        raise Refused(
            "Uppföljningen är redan godkänd."
            if locked.state == FollowUp.State.APPROVED
            else "Uppföljningen är inte klarmarkerad: controllern ska klarmarkera den innan den kan godkännas."
        )
    inputs = read_inputs(locked)
    if failed := checks.red(checks.all_checks(inputs)):
        raise Refused(f"Uppföljningen kan inte godkännas än. {' '.join(check.message for check in failed)}")
    document = report_from(inputs).to_json()
    if seen is not None and seen != checksum(document):
        raise StaleEdit("Rapporten har ändrats sedan du öppnade sidan, och är inte godkänd. Läs den igen först.")
    publication = Publication.objects.create(
        follow_up=locked,
        version=locked.publications.count() + 1,
        document=document,
        sha256=checksum(document),
        approved_at=timezone.now(),
        approved_by=by,
    )
    locked.state = FollowUp.State.APPROVED
    locked.save_version(by=by)
    return publication


def report_of(follow_up: FollowUp) -> Report:
    """The published report of an approved follow-up, otherwise the draft as it stands now."""
    publication = latest(follow_up)
    return document_of(publication) if publication else build_report(follow_up)


def json_of(follow_up: FollowUp) -> str:
    """The report's JSON; a published one to the letter as it was stored, so that its checksum can be computed again.

    Raises :class:`DamagedPublication`.
    """
    publication = latest(follow_up)
    if publication is None:
        return build_report(follow_up).to_json()
    document_of(publication)
    return publication.document
