"""Decisions of the committee, and how each stands in a follow-up."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from followup.models import FollowUp
from sydit.versions import VersionedModel


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_status_in(self, follow_up: FollowUp) -> DecisionQuerySet:
        """Each decision with ``status`` and ``comment`` in the follow-up (None without), and ``has_status``."""
        here = models.FilteredRelation("status_updates", condition=models.Q(status_updates__follow_up=follow_up))
        return self.alias(here=here).annotate(
            status=models.F("here__status"),
            comment=models.F("here__comment"),
            has_status=models.Q(here__isnull=False),
        )


class Decision(models.Model):
    """A decision of the committee (beslut): the day and paragraph of its minutes, and what was to be done."""

    decided_on = models.DateField("beslutsdatum")
    paragraph = models.PositiveSmallIntegerField("paragraf", help_text="Bara numret, utan §.")
    text = models.TextField("beslut", max_length=4000)

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
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """``2024-01-30 § 10``"""
        return f"{self.decided_on:%Y-%m-%d} §\N{NO-BREAK SPACE}{self.paragraph}"

    def following(self) -> Decision | None:
        """The decision after this one, oldest first; None after the last."""
        later = models.Q(decided_on__gt=self.decided_on)
        same_day = models.Q(decided_on=self.decided_on, paragraph__gt=self.paragraph)
        return Decision.objects.filter(later | same_day).order_by("decided_on", "paragraph").first()


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    def before(self, follow_up: FollowUp) -> StatusUpdateQuerySet:
        """Those of earlier follow-ups, the latest first."""
        year = follow_up.fiscal_year.year
        earlier_year = models.Q(follow_up__fiscal_year__year__lt=year)
        same_year = models.Q(follow_up__fiscal_year__year=year, follow_up__month__lt=follow_up.month)
        earlier = self.filter(earlier_year | same_year).select_related("follow_up__fiscal_year")
        return earlier.order_by("-follow_up__fiscal_year__year", "-follow_up__month")


class StatusUpdate(VersionedModel):
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
