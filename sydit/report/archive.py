"""What is published, read as it was stored. ``publish.py`` is the only writer."""

from __future__ import annotations

from followup.models import FollowUp
from sydit.models import Publication
from sydit.report.document import Report, checksum


class DamagedPublication(Exception):
    """A stored document does not have the checksum it was published with."""


def latest(follow_up: FollowUp) -> Publication | None:
    """The publication in force, if the follow-up is approved."""
    if follow_up.state != FollowUp.State.APPROVED:
        return None
    return Publication.objects.filter(follow_up=follow_up).select_related("approved_by").order_by("version").last()


def document_of(publication: Publication) -> Report:
    """The report exactly as it was published. Raises :class:`DamagedPublication`."""
    if checksum(publication.document) != publication.sha256:
        raise DamagedPublication(f"{publication}: the document does not match its checksum")
    return Report.from_json(publication.document)


def previous(follow_up: FollowUp) -> Report | None:
    """The report that the committee was given last before this one in the same year. None where there is none."""
    publication = (
        Publication.objects.filter(
            follow_up__fiscal_year=follow_up.fiscal_year_id,
            follow_up__month__lt=follow_up.month,
            follow_up__state=FollowUp.State.APPROVED,
        )
        .order_by("follow_up__month", "version")
        .last()
    )
    return document_of(publication) if publication else None
