"""What the committee decided on a published report, noted afterwards: beside the frozen document, never in it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from decisions.models import ReportDecision, reference
from followup.actions import lock_follow_up
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import Publication, User
from sydit.money import shown
from sydit.versions import require_fresh


@transaction.atomic
def note(
    *, publication: Publication, decided_on: dt.date, paragraph: int, wording: str, seen_version: int, by: User
) -> bool:
    """Note the decision on a version, or change what was noted; returns whether anything changed.

    Raises :class:`Refused` where the day cannot be, ``StaleEdit`` where somebody else noted something meanwhile.
    """
    require(by, Permission.UPDATE_DECISIONS)
    lock_follow_up(publication.follow_up)  # two first notes cannot cross
    last_day = publication.follow_up.period.last_day
    if not last_day < decided_on <= timezone.localdate():
        raise Refused(
            f"Nämnden kan inte ha beslutat om rapporten {decided_on}: skriv en dag efter periodens slut, {last_day}, "
            "och inte senare än i dag."
        )
    row = ReportDecision.objects.filter(publication=publication).select_related("changed_by").first()
    row = row or ReportDecision(publication=publication)
    told = (decided_on, paragraph, wording)
    if (row.decided_on, row.paragraph, row.wording) == told:
        return False
    require_fresh(
        row,
        seen_version=seen_version,
        called="Nämndens beslut om rapporten",
        changes=[f"det är nu {reference(row.decided_on, row.paragraph)}: ”{shown(row.wording, 80)}”"] if row.pk else [],
    )
    row.decided_on, row.paragraph, row.wording = told
    row.save_version(by=by)
    return True
