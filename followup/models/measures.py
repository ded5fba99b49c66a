"""The measures of the plan for a balanced budget (åtgärdsplan för budget i balans)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db import models
from django.db.models.functions import RowNumber
from simple_history.models import HistoricalRecords

from followup.carrying import CarriedModel
from followup.models.followup import FollowUp
from followup.models.plan import CostCategory
from sydit.fields import OreField
from sydit.money import shown


class MeasureQuerySet(models.QuerySet["Measure"]):
    def in_plan(self, follow_up: FollowUp) -> MeasureQuerySet:
        """The measures of a follow-up in the order in which they came into the plan, each with its category."""
        return (
            self.filter(follow_up=follow_up)
            .select_related("category", "changed_by", "follow_up__fiscal_year")
            .order_by("pk")
        )

    def in_force(self) -> MeasureQuerySet:
        """Those that the plan counts on."""
        return self.exclude(status=Measure.Status.DROPPED)

    def later(self, measure: Measure) -> MeasureQuerySet:
        """The measure in later follow-ups, the earliest first."""
        same = self.filter(key=measure.key, follow_up__in=FollowUp.objects.after(measure.follow_up))
        same = same.select_related("follow_up__fiscal_year")
        return same.order_by("follow_up__fiscal_year__year", "follow_up__month")

    def later_in_year(self, measure: Measure) -> MeasureQuerySet:
        """The measure in the later follow-ups of the same year, the earliest first."""
        return self.later(measure).filter(follow_up__fiscal_year=measure.follow_up.fiscal_year_id)

    def in_register(self) -> MeasureQuerySet:
        """Each measure once: as it stands in its latest follow-up."""
        by_age = models.Window(
            RowNumber(),
            partition_by="key",
            order_by=[models.F("follow_up__fiscal_year__year").desc(), models.F("follow_up__month").desc()],
        )
        latest = Measure.objects.order_by().annotate(by_age=by_age).filter(by_age=1)
        return self.filter(pk__in=latest.values("pk")).select_related("category", "follow_up__fiscal_year")

    def of_same(self, measure: Measure) -> MeasureQuerySet:
        """The measure in every follow-up, the latest first."""
        same = self.filter(key=measure.key).select_related("follow_up__fiscal_year", "changed_by")
        return same.order_by("-follow_up__fiscal_year__year", "-follow_up__month")


class Measure(CarriedModel):
    """One measure as it stands in one follow-up. ``key`` is the same from follow-up to follow-up.

    Effects are öre and positive where the result gets better, unlike the ledger's sign; None is not yet estimated.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Planerad"
        ONGOING = "ongoing", "Pågår"
        DONE = "done", "Genomförd"
        DROPPED = "dropped", "Avbruten"

    UNDER_WAY = (Status.PLANNED, Status.ONGOING)

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, verbose_name="uppföljning", related_name="measures")
    key = models.UUIDField("nyckel", default=uuid.uuid4, editable=False)
    what = models.TextField("åtgärd", max_length=1000)
    category = models.ForeignKey(
        CostCategory,
        models.PROTECT,
        verbose_name="kostnadskategori",
        related_name="measures",
        null=True,
        blank=True,
    )
    owner = models.CharField("ansvarig", max_length=100, blank=True)
    due_on = models.DateField("klar senast", null=True, blank=True)
    effect_this_year = OreField("effekt i år", null=True, blank=True)
    effect_full_year = OreField("effekt på helår", null=True, blank=True)
    effect_so_far = OreField("effekt hittills", null=True, blank=True)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.PLANNED)

    history = HistoricalRecords()
    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "åtgärd"
        verbose_name_plural = "åtgärder"
        ordering = ["follow_up", "pk"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "key"], name="one_measure_a_follow_up")]

    def __str__(self) -> str:
        return shown(self.what)

    @property
    def is_in_force(self) -> bool:
        """Whether the plan counts on it."""
        return self.status != self.Status.DROPPED

    def is_copy_of(self, measure: Measure) -> bool:
        """Whether it is the same in a later follow-up, and nobody has said anything of it there."""
        return not self.confirmed and self.follow_up.period > measure.follow_up.period

    def is_past_due(self, today: dt.date) -> bool:
        return self.status in self.UNDER_WAY and self.due_on is not None and self.due_on < today

    @property
    def marks(self) -> list[str]:
        """What is to be mended before the committee reads the plan, in Swedish."""
        return [*([] if self.confirmed else ["inte bekräftad"]), *self.lacks]

    @property
    def lacks(self) -> list[str]:
        """What nobody has entered of a measure that the plan counts on, in Swedish."""
        return list(self._lacks())

    def _lacks(self) -> Iterator[str]:
        if not self.is_in_force:
            return
        if self.effect_this_year is None:
            yield "saknar belopp"
        if not self.owner:
            yield "saknar ansvarig"
        if self.due_on is None:
            yield "saknar datum"
