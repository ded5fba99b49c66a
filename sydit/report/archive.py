"""What is published, read as it was stored, and what the committee decided on it. ``publish.py`` is the only writer."""

from __future__ import annotations

import functools

from django.db.models import F, Q

from followup.models import FollowUp
from sydit.models import Publication
from sydit.report.document import Report, checksum


class DamagedPublication(Exception):
    """A stored document does not have the checksum it was published with."""


def latest(follow_up: FollowUp) -> Publication | None:
    """The publication in force, also while a correction of it is being made; None of what never was approved."""
    if not follow_up.is_published:
        return None
    return (
        Publication.objects.filter(follow_up=follow_up)
        .select_related("approved_by", "decision")
        .order_by("version")
        .last()
    )


@functools.lru_cache(maxsize=16)
def _read(document: str) -> Report:
    """The same text is the same report, so the last ones need not be read again; each page compares with one or two."""
    return Report.from_json(document)


def document_of(publication: Publication) -> Report:
    """The report exactly as it was published. Raises :class:`DamagedPublication`."""
    if checksum(publication.document) != publication.sha256:
        raise DamagedPublication(f"{publication}: the document does not match its checksum")
    return _read(publication.document)


def versions(follow_up: FollowUp) -> list[Publication]:
    """All that was published of a follow-up, the latest first."""
    found = Publication.objects.filter(follow_up=follow_up).select_related("approved_by", "decision")
    return list(found.order_by("-version"))


def previous(follow_up: FollowUp) -> Report | None:
    """The report that the committee was given last before this one in the same year. None where there is none."""
    return given_before(follow_up)[0]


def given_before(follow_up: FollowUp) -> tuple[Report | None, Report | None]:
    """The last report before this one in the same year, and the last of the year before. None where there is none."""
    year = follow_up.fiscal_year.year
    earlier = Q(follow_up__fiscal_year__year=year, follow_up__month__lt=follow_up.month)
    publications = (
        Publication.objects.filter(earlier | Q(follow_up__fiscal_year__year=year - 1))
        .annotate(year=F("follow_up__fiscal_year__year"))
        .order_by("follow_up__month", "version")
    )
    last = {publication.year: publication for publication in publications}
    this, before = last.get(year), last.get(year - 1)
    return (document_of(this) if this else None, document_of(before) if before else None)
