"""The follow-up that a command is asked for by its month."""

from __future__ import annotations

from followup.models import FollowUp
from sydit.errors import Refused
from sydit.periods import Month


def follow_up_of(written: str) -> FollowUp:
    """Raises :class:`Refused` where the month cannot be read or has no follow-up."""
    try:
        month = Month.parse(written)
    except ValueError as error:
        raise Refused(f"”{written}” är ingen månad. Skriv år och månad så här: 2024-10.") from error
    follow_up = FollowUp.objects.of(month).select_related("fiscal_year").first()
    if follow_up is None:
        raise Refused(f"Det finns ingen uppföljning för {month.label}.")
    return follow_up
