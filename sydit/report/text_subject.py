"""What the texts of a follow-up are checked against: its report, the previous one, and what was written last time."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from followup import in_force
from followup.models import FollowUp, ReportText
from followup.thresholds import Threshold
from sydit.kept import kept
from sydit.report.catalogue import catalogue_of
from sydit.report.document import Amount, Paragraph, Report, RowKind, Table
from sydit.report.text_check import Subject


def subject_of(tables: Mapping[str, Table], previous: Report | None, last_texts: Mapping[str, str]) -> Subject:
    """``tables`` are the report's, ``last_texts`` those of the follow-up before."""
    return Subject(
        catalogue=catalogue_of(tables, previous),
        owed=owed_rows(tables),
        previous_texts=(*last_texts.values(), *_paragraphs(previous)),
    )


def owed_rows(tables: Mapping[str, Table]) -> tuple[str, ...]:
    """The keys of the result's rows whose variance is owed a word (``followup.thresholds``)."""
    threshold = Threshold(settings.COMMENT_FROM_TKR, settings.COMMENT_FROM_PERCENT)
    if (result := tables.get("result")) is None:
        return ()
    return tuple(
        row.key
        for row in result.rows
        if row.kind is RowKind.LINE
        and isinstance(budget := result.cell(row.key, "budget"), Amount)
        and isinstance(variance := result.cell(row.key, "variance"), Amount)
        and threshold.is_passed(budget=budget.ore, variance=variance.ore)
    )


@kept
def last_texts_of(follow_up: FollowUp) -> Mapping[str, str]:
    """The texts of the follow-up before this one, by key; empty where there is none.

    While that one is being corrected, they are those of its version in force.
    """
    before = FollowUp.objects.before(follow_up).first()
    if before is None:
        return {}
    rows = ReportText.objects.all()
    if before.corrects is not None and (moment := in_force.approved_at(before.pk)):
        rows = in_force.rows_at(ReportText, moment)
    return dict(rows.filter(follow_up=before).values_list("key", "body"))


def _paragraphs(report: Report | None) -> tuple[str, ...]:
    """What people wrote: the chapters' paragraphs that no figure of the report made."""
    written = {"economy", "action-plan"}
    return tuple(
        block.text
        for section in (report.sections if report else ())
        if section.key in written
        for block in section.blocks
        if isinstance(block, Paragraph)
    )
