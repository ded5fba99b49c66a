"""Decisions of the committee, and how each stands in a follow-up."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db import models
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from followup.carrying import CarriedModel
from followup.models import FollowUp
from sydit.versions import VersionedModel


class Change(models.TextChoices):
    """What a follow-up says of a decision, against what was said last."""

    UNTOUCHED = "untouched", "Inte genomgånget"
    NEW = "new", "Första statusen"
    STATUS = "status", "Ändrad status"
    COMMENT = "comment", "Ny kommentar"
    SAME = "same", "Oförändrat"


class Progress(NamedTuple):
    """How many decisions a follow-up deals with, and how many have been given their status in it."""

    total: int
    given: int

    @property
    def left(self) -> int:
        return self.total - self.given


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> DecisionQuerySet:
        """Those that the committee has not closed."""
        return self.filter(closed_on=None)

    def closed(self) -> DecisionQuerySet:
        return self.exclude(closed_on=None)

    def past_due(self, today: dt.date) -> DecisionQuerySet:
        """Open decisions that should have been carried out before today."""
        return self.open().filter(due_on__lt=today)

    def untouched_in(self, follow_up: FollowUp) -> DecisionQuerySet:
        """Open decisions whose status nobody has given in the follow-up; a carried one counts once it is confirmed."""
        given = StatusUpdate.objects.filter(follow_up=follow_up, confirmed=True)
        return self.open().exclude(pk__in=given.values("decision"))

    def in_follow_up(self, follow_up: FollowUp) -> DecisionQuerySet:
        """Those that a follow-up deals with.

        The open ones that were taken before the meeting it is for (:func:`meeting_day`), and those whose status was
        given, unless an earlier meeting has closed them since. An approved follow-up deals with what it has a status
        for, whatever has been registered since.
        """
        given = StatusUpdate.objects.filter(follow_up=follow_up, confirmed=True)
        with_status = models.Q(pk__in=given.values("decision"))
        if follow_up.state == FollowUp.State.APPROVED:
            return self.filter(with_status)
        meeting = meeting_day(follow_up)
        is_closed_before = models.Q(closed_on__isnull=False, closed_on__lt=meeting)
        return self.filter(with_status & ~is_closed_before | models.Q(closed_on=None, decided_on__lt=meeting))

    def with_status_in(self, follow_up: FollowUp) -> DecisionQuerySet:
        """Each with ``status`` and ``comment`` in the follow-up (None without), and whether they are ``confirmed``."""
        here = models.FilteredRelation("status_updates", condition=models.Q(status_updates__follow_up=follow_up))
        return self.alias(here=here).annotate(
            status=models.F("here__status"),
            comment=models.F("here__comment"),
            confirmed=Coalesce(models.F("here__confirmed"), False),
        )

    def with_status_before(self, follow_up: FollowUp) -> DecisionQuerySet:
        """Each with ``previous_status`` and ``previous_comment``: as they were given last before the follow-up."""
        earlier = StatusUpdate.objects.before(follow_up).filter(decision=models.OuterRef("pk"))
        return self._with_latest(earlier, "previous", "status", "comment")

    def with_change_in(self, follow_up: FollowUp) -> DecisionQuerySet:
        """Each with its status in the follow-up and the one before, and what differs, as ``change``."""
        then: tuple[tuple[models.Q, Change], ...] = (
            (models.Q(confirmed=False), Change.UNTOUCHED),
            (models.Q(previous_status=None), Change.NEW),
            (~models.Q(status=models.F("previous_status")), Change.STATUS),
            (~models.Q(comment=models.F("previous_comment")), Change.COMMENT),
        )
        whens = [models.When(condition, then=models.Value(change)) for condition, change in then]
        change = models.Case(*whens, default=models.Value(Change.SAME), output_field=models.CharField())
        return self.with_status_in(follow_up).with_status_before(follow_up).annotate(change=change)

    def count_changes(self) -> dict[Change, int]:
        """How many there are of each kind, of those from :meth:`with_change_in`."""
        rows: models.QuerySet[Any] = self.order_by()
        counted = dict(rows.values_list("change").annotate(models.Count("pk")))
        return {change: counted.get(change, 0) for change in Change}

    def progress_in(self, follow_up: FollowUp) -> Progress:
        """How far somebody has come through the decisions of a follow-up."""
        counts = (
            self.in_follow_up(follow_up)
            .with_status_in(follow_up)
            .aggregate(total=models.Count("pk"), given=models.Count("pk", filter=models.Q(confirmed=True)))
        )
        return Progress(**counts)

    def with_latest_status(self) -> DecisionQuerySet:
        """Each with ``latest_status``, ``latest_comment``, ``latest_year`` and ``latest_month``: as given last."""
        given = StatusUpdate.objects.filter(decision=models.OuterRef("pk"), confirmed=True).latest_first()
        return self._with_latest(given, "latest", "status", "comment").annotate(
            latest_year=models.Subquery(given.values("follow_up__fiscal_year__year")[:1]),
            latest_month=models.Subquery(given.values("follow_up__month")[:1]),
        )

    def _with_latest(self, updates: StatusUpdateQuerySet, prefix: str, *names: str) -> DecisionQuerySet:
        return self.annotate(**{f"{prefix}_{name}": models.Subquery(updates.values(name)[:1]) for name in names})


class Decision(VersionedModel):
    """A decision of the committee (beslut): the day and paragraph of its minutes, and what was to be done.

    The administration proposes in a follow-up that it be closed; the committee closes it, and the day and paragraph of
    the meeting that did are noted here.
    """

    decided_on = models.DateField("beslutsdatum")
    paragraph = models.PositiveSmallIntegerField("paragraf", help_text="Bara numret, utan §.")
    text = models.TextField("beslut", max_length=4000)
    responsible = models.CharField("ansvarig", max_length=150, blank=True)
    due_on = models.DateField("förfaller", null=True, blank=True)
    closed_on = models.DateField("avslutat", null=True, editable=False)
    closed_paragraph = models.PositiveSmallIntegerField("avslutat, paragraf", null=True, editable=False)

    history = HistoricalRecords()
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "beslut"
        verbose_name_plural = "beslut"
        ordering = ["decided_on", "paragraph"]
        constraints = [
            models.UniqueConstraint(
                fields=["decided_on", "paragraph"],
                name="one_decision_a_paragraph",
                violation_error_message="Det finns redan ett beslut med det datumet och den paragrafen.",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None, closed_paragraph=None)
                | models.Q(closed_on__gte=models.F("decided_on"), closed_paragraph__isnull=False),
                name="closed_by_a_meeting_after_the_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """``2024-01-30 § 10``"""
        return reference(self.decided_on, self.paragraph)

    @property
    def closed_reference(self) -> str:
        """The meeting that closed it, ``2024-12-10 § 5``; empty while it is open."""
        return reference(self.closed_on, self.closed_paragraph) if self.closed_on and self.closed_paragraph else ""

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def is_past_due(self, today: dt.date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today

    def following(self, among: DecisionQuerySet | None = None) -> Decision | None:
        """The decision after this one, oldest first; None after the last."""
        later = models.Q(decided_on__gt=self.decided_on)
        same_day = models.Q(decided_on=self.decided_on, paragraph__gt=self.paragraph)
        decisions = Decision.objects.all() if among is None else among
        return decisions.filter(later | same_day).order_by("decided_on", "paragraph").first()

    def preceding(self, among: DecisionQuerySet) -> Decision | None:
        """The decision before this one, oldest first; None before the first."""
        earlier = models.Q(decided_on__lt=self.decided_on)
        same_day = models.Q(decided_on=self.decided_on, paragraph__lt=self.paragraph)
        return among.filter(earlier | same_day).order_by("-decided_on", "-paragraph").first()


def meeting_day(follow_up: FollowUp) -> dt.date:
    """The meeting that a follow-up is for; the day after its period where none is set."""
    return follow_up.meeting_date or follow_up.period.shifted(1).first_day


def reference(day: dt.date, paragraph: int) -> str:
    """``2024-01-30 § 10``"""
    return f"{day:%Y-%m-%d} §\N{NO-BREAK SPACE}{paragraph}"


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    def before(self, follow_up: FollowUp) -> StatusUpdateQuerySet:
        """Those of earlier follow-ups, the latest first."""
        year = follow_up.fiscal_year.year
        earlier_year = models.Q(follow_up__fiscal_year__year__lt=year)
        same_year = models.Q(follow_up__fiscal_year__year=year, follow_up__month__lt=follow_up.month)
        return self.filter(earlier_year | same_year).select_related("follow_up__fiscal_year").latest_first()

    def latest_first(self) -> StatusUpdateQuerySet:
        return self.order_by("-follow_up__fiscal_year__year", "-follow_up__month")

    def after(self, follow_up: FollowUp) -> StatusUpdateQuerySet:
        """Those of later follow-ups, the earliest first."""
        year = follow_up.fiscal_year.year
        later_year = models.Q(follow_up__fiscal_year__year__gt=year)
        same_year = models.Q(follow_up__fiscal_year__year=year, follow_up__month__gt=follow_up.month)
        found = self.filter(later_year | same_year).select_related("follow_up__fiscal_year")
        return found.order_by("follow_up__fiscal_year__year", "follow_up__month")

    def reported_in(self, follow_up: FollowUp) -> StatusUpdateQuerySet:
        """What a follow-up's report says: not of decisions that were closed while their status was only carried, nor,
        until the follow-up is approved, of those that an earlier meeting than its own has closed."""
        said = self.filter(follow_up=follow_up).exclude(confirmed=False, decision__closed_on__isnull=False)
        if follow_up.state == FollowUp.State.APPROVED:
            return said
        return said.exclude(decision__closed_on__isnull=False, decision__closed_on__lt=meeting_day(follow_up))


class StatusUpdate(CarriedModel):
    """The state of a decision in one follow-up, with the administration's comment."""

    class Status(models.TextChoices):
        NOT_STARTED = "not-started", "Ej påbörjat"
        ONGOING = "ongoing", "Pågår"
        DONE = "done", "Avklarat"
        DROPPED = "dropped", "Avskrivs"

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, verbose_name="uppföljning", related_name="status_updates")
    decision = models.ForeignKey(Decision, models.PROTECT, verbose_name="beslut", related_name="status_updates")
    status = models.CharField("status", max_length=20, choices=Status)
    comment = models.TextField("kommentar", blank=True, max_length=4000)

    history = HistoricalRecords()
    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "status"
        verbose_name_plural = "status"
        ordering = ["follow_up", "decision"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "decision"], name="one_status_a_follow_up")]

    def __str__(self) -> str:
        return f"{self.decision} i {self.follow_up}"


class ReportDecision(VersionedModel):
    """What the committee decided on a version of a report (``decisions.report_decisions``)."""

    publication = models.OneToOneField(
        "sydit.Publication", models.PROTECT, verbose_name="publicerad rapport", related_name="decision"
    )
    decided_on = models.DateField("sammanträde")
    paragraph = models.PositiveIntegerField("paragraf")
    wording = models.TextField("beslutets lydelse", max_length=4000)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "nämndens beslut om en rapport"
        verbose_name_plural = "nämndens beslut om rapporter"
        ordering = ["publication"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """``2024-12-10 § 5``"""
        return reference(self.decided_on, self.paragraph)
