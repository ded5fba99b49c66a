"""A follow-up, and what people enter in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from followup.carrying import CarriedModel
from followup.models.plan import CostCategory, FiscalYear
from sydit.fields import OreField
from sydit.money import text
from sydit.periods import MONTHS_A_YEAR, Month
from sydit.versions import VersionedModel


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def of(self, month: Month) -> FollowUpQuerySet:
        return self.filter(fiscal_year__year=month.year, month=month.month)

    def before(self, follow_up: FollowUp) -> FollowUpQuerySet:
        """Those of earlier months, the latest first."""
        year, month = follow_up.fiscal_year.year, follow_up.month
        earlier = models.Q(fiscal_year__year__lt=year) | models.Q(fiscal_year__year=year, month__lt=month)
        return self.filter(earlier).order_by("-fiscal_year__year", "-month")

    def published(self) -> FollowUpQuerySet:
        """Those with a publication in force, also while it is being corrected."""
        return self.filter(models.Q(state=FollowUp.State.APPROVED) | models.Q(corrects__isnull=False))

    def after(self, follow_up: FollowUp) -> FollowUpQuerySet:
        """Those of later months, the earliest first."""
        year, month = follow_up.fiscal_year.year, follow_up.month
        later = models.Q(fiscal_year__year__gt=year) | models.Q(fiscal_year__year=year, month__gt=month)
        return self.filter(later).select_related("fiscal_year").order_by("fiscal_year__year", "month")


class FollowUp(VersionedModel):
    """One occasion (uppföljning): a fiscal year and the month through which actuals count."""

    class State(models.TextChoices):
        OPEN = "open", "Öppen"
        READY = "ready", "Klarmarkerad"
        APPROVED = "approved", "Godkänd"

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="budgetår", related_name="follow_ups")
    month = models.PositiveSmallIntegerField("till och med månad")
    state = models.CharField("läge", max_length=10, choices=State, default=State.OPEN)
    registry_number = models.CharField("diarienummer", max_length=60, blank=True)
    meeting_date = models.DateField("nämndens sammanträde", null=True, blank=True)
    returned_comment = models.TextField("kommentar vid återsändning", blank=True)
    # The version of the publication in force while a correction of it is being made, and why it is made.
    corrects = models.PositiveSmallIntegerField("version som rättas", null=True, blank=True, editable=False)
    correction_reason = models.TextField("skäl till rättelsen", blank=True, editable=False)

    history = HistoricalRecords()
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "uppföljning"
        verbose_name_plural = "uppföljningar"
        ordering = ["-fiscal_year__year", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "month"], name="one_follow_up_a_month"),
            models.CheckConstraint(condition=models.Q(month__gte=1, month__lte=12), name="follow_up_month_1_to_12"),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(state="approved"),
                name="an_approved_follow_up_is_not_being_corrected",
            ),
        ]

    def __str__(self) -> str:
        return self.period.label

    @property
    def period(self) -> Month:
        """The last month whose actuals count."""
        return Month(self.fiscal_year.year, self.month)

    @property
    def months_left(self) -> int:
        """How many months of the year come after the follow-up's."""
        return MONTHS_A_YEAR - self.month

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_published(self) -> bool:
        """Whether a publication is in force, also while it is being corrected."""
        return self.state == self.State.APPROVED or self.corrects is not None


class ForecastQuerySet(models.QuerySet[Any]):
    def carried(self, follow_up: FollowUp) -> ForecastQuerySet:
        """Those of a follow-up whose comment is last time's and has not been confirmed."""
        return self.filter(follow_up=follow_up, confirmed=False).exclude(comment="")


class ForecastBase(CarriedModel):
    """The expected outcome of a whole year (årsprognos). No amount = nobody has entered one.

    A new follow-up begins with last time's comments, unconfirmed, and without amounts.
    """

    amount = OreField("årsprognos", null=True, blank=True)
    comment = models.TextField("kommentar", blank=True, max_length=4000)
    # Öre of each month after the follow-up's, where somebody gave them; ``amount`` is then their sum with the actual.
    months = models.JSONField("återstående månader", null=True, blank=True)

    ENTERED: ClassVar[tuple[str, ...]] = ("amount", "comment", "months")  # the fields that a user enters

    objects = ForecastQuerySet.as_manager()

    class Meta:
        abstract = True

    def contents(self) -> Iterator[str]:
        """What the row holds now, in Swedish, for whoever saved after somebody else."""
        yield "ingen prognos" if self.amount is None else f"prognosen är nu {text(self.amount, exact=True)} tkr"
        if self.months:
            yield f"fördelad på månader: {', '.join(text(ore, exact=True) for ore in self.months)} tkr"
        if self.comment:
            yield f"kommentaren är nu ”{self.comment}”"


class Forecast(ForecastBase):
    """The forecast of one category."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, verbose_name="uppföljning", related_name="forecasts")
    category = models.ForeignKey(
        CostCategory, models.PROTECT, verbose_name="kostnadskategori", related_name="forecasts"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "årsprognos"
        verbose_name_plural = "årsprognoser"
        ordering = ["follow_up", "category__position", "category_id"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "category"], name="one_forecast_a_category")]

    def __str__(self) -> str:
        return f"{self.category} i {self.follow_up}"


class ReportText(VersionedModel):
    """A text of the report that the controller writes; a blank line begins a new paragraph."""

    class Key(models.TextChoices):
        INTRODUCTION = "introduction", "Inledning"
        ANALYSIS = "analysis", "Ekonomisk analys"
        ACTION_PLAN = "action-plan", "Åtgärdsplan för budget i balans"
        AFTER_MEASURES = "after-measures", "Efter åtgärdsplanens tabell"

    MOST_CHARACTERS = 100_000
    REQUIRED = (Key.ANALYSIS, Key.ACTION_PLAN)  # a report without one of them is not published

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, verbose_name="uppföljning", related_name="texts")
    key = models.CharField("text", max_length=30, choices=Key)
    body = models.TextField("innehåll", blank=True, max_length=MOST_CHARACTERS)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "rapporttext"
        verbose_name_plural = "rapporttexter"
        ordering = ["follow_up", "key"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "key"], name="one_text_of_each_kind")]

    def __str__(self) -> str:
        return f"{self.get_key_display()} i {self.follow_up}"
