"""What is to be mended in the investments of a follow-up before its report is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from followup.checks import carried_comments, of_lines
from followup.models import FollowUp
from followup.parts import Check, Part
from investments.economy import ProjectLine
from investments.models import ProjectForecast


def investments(follow_up: FollowUp, projects: Sequence[ProjectLine]) -> Iterator[Check]:
    page = reverse("investments", kwargs={"month": follow_up.period})
    yield from of_lines(Part.INVESTMENTS, projects, {line.key: line.comment for line in projects}, page)
    unconfirmed = ProjectForecast.objects.carried(follow_up).values_list("project__code", "project__name")
    yield from carried_comments(Part.INVESTMENTS, unconfirmed, page)
