"""What is to be mended in the decisions of a follow-up before its report is published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from decisions.models import Decision
from followup.models import FollowUp
from followup.parts import Check, Level, Part
from sydit.kept import kept


@kept
def decisions(follow_up: FollowUp) -> tuple[Check, ...]:
    """Somebody has given each decision its status, or confirmed last time's."""
    return tuple(_untouched_in(follow_up))


def _untouched_in(follow_up: FollowUp) -> Iterator[Check]:
    here = Decision.objects.in_follow_up(follow_up)
    for decision in here.untouched_in(follow_up).with_status_in(follow_up):
        page = reverse("decision", kwargs={"month": follow_up.period, "pk": decision.pk})
        yield Check(Level.RED, Part.DECISIONS, f"untouched/{decision.pk}", _untouched(decision), page)


def _untouched(decision: Any) -> str:
    """``decision`` with its status in the follow-up."""
    if decision.status is None:
        return f"Beslutet {decision.reference} har ingen status i uppföljningen."
    return f"Beslutet {decision.reference} är orört sedan förra gången: bekräfta eller skriv om status och kommentar."
