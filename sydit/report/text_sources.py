"""What a draft of a text is made of: today's figures and comments, or what was written last time."""

from __future__ import annotations

import enum

from django.conf import settings

from followup.models import FollowUp, Forecast, ReportText
from sydit.report import publish, text_drafts
from sydit.report.catalogue import catalogue_of
from sydit.report.text_review import Desk


class Source(enum.StrEnum):
    FIGURES = "siffror"
    LAST_TIME = "forra"

    @property
    def label(self) -> str:
        return "Skriv ett utkast" if self is Source.FIGURES else "Börja från förra gångens text"

    def has(self, key: ReportText.Key, desk: Desk) -> bool:
        """Whether there may be something to make a draft of."""
        if self is Source.FIGURES:
            return key in (ReportText.Key.INTRODUCTION, ReportText.Key.ANALYSIS)
        return bool(desk.last_texts.get(key, "").strip())


def draft(key: ReportText.Key, source: Source, desk: Desk) -> str:
    """The draft; empty where there is nothing to make one of."""
    follow_up, now = desk.inputs.follow_up, desk.subject.catalogue
    if source is Source.LAST_TIME:
        before = FollowUp.objects.before(follow_up).select_related("fiscal_year").first()
        body = desk.last_texts.get(key, "")
        if before is None or not body.strip():
            return ""
        return text_drafts.from_last_time(body, catalogue_of(publish.report_of(before).tables), now)
    if key == ReportText.Key.INTRODUCTION:
        return text_drafts.introduction(now, follow_up.period, settings.ORGANISATION)
    if key == ReportText.Key.ANALYSIS:
        comments = Forecast.objects.filter(follow_up=follow_up).values_list("category__key", "comment")
        return text_drafts.analysis(now, dict(comments), follow_up.period)
    return ""
