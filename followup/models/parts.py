"""Which parts of a follow-up are marked ready."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.followup import FollowUp
from followup.parts import Part
from sydit.models import User


class PartReadyManager(models.Manager["PartReady"]):
    def by_part(self, follow_up: FollowUp) -> dict[Part, PartReady]:
        """The parts of a follow-up that are marked ready, in their order."""
        rows = {row.part: row for row in self.filter(follow_up=follow_up).select_related("by")}
        return {part: rows[part] for part in Part if part in rows}


class PartReady(models.Model):
    """A part (``Part``) that its role has marked ready (klarmarkerad); no row, and it is open.

    ``sydit.report.readiness`` writes it.
    """

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, verbose_name="uppföljning", related_name="ready_parts")
    part = models.CharField("del", max_length=20, choices=Part)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="klarmarkerad av", related_name="+")
    at = models.DateTimeField("klarmarkerad")
    # Why the part was marked though something remains: reasons by the name of the check (``Check.name``).
    reasons = models.JSONField("skäl", default=dict, blank=True)

    history = HistoricalRecords()
    objects: ClassVar[PartReadyManager] = PartReadyManager()

    class Meta:
        verbose_name = "klarmarkerad del"
        verbose_name_plural = "klarmarkerade delar"
        ordering = ["follow_up", "part"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "part"], name="part_is_marked_ready_once")]

    def __str__(self) -> str:
        moment = timezone.localtime(self.at)
        return f"Delen {self.get_part_display()} är klarmarkerad av {self.by} {moment:%Y-%m-%d %H:%M}"

    def record(self, *, by: User) -> None:
        """Store the row, and its history with it. The caller holds the follow-up's lock."""
        self._history_user: Any = by
        self.save()

    def open_again(self, *, by: User) -> None:
        """Take the mark away; its history stays. The caller holds the follow-up's lock."""
        self._history_user = by
        self.delete()
