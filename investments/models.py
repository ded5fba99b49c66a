"""Investment projects, who they belong to, their budget and forecast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from simple_history.models import HistoricalRecords

from followup.models import FiscalYear, FollowUp, ForecastBase, Project
from followup.models.plan import BudgetEntryBase
from sydit.alphabet import Alphabetical
from sydit.fields import OreField
from sydit.versions import VersionedModel

SHARED = "Gemensamt"  # who a project without a municipality belongs to


class Municipality(models.Model):
    """A member municipality (medlemskommun)."""

    name = models.CharField("namn", max_length=60, unique=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "kommun"
        verbose_name_plural = "kommuner"
        ordering = [Alphabetical("name")]

    def __str__(self) -> str:
        return self.name


class InvestmentProjectQuerySet(models.QuerySet["InvestmentProject"]):
    def in_register(self) -> InvestmentProjectQuerySet:
        """Each with ``owner_name``, ``whole_frame`` (the frame, else the sum of the years' budgets; öre) and what was
        said last, in any follow-up: ``latest_amount``, ``_reason``, ``_comment``, ``_year`` and ``_month``."""
        budgets = ProjectBudgetEntry.objects.filter(project=models.OuterRef("pk")).order_by().values("project")
        said = (
            ProjectForecast.objects.filter(project=models.OuterRef("pk"))
            .exclude(amount=None, comment="")
            .order_by("-follow_up__fiscal_year__year", "-follow_up__month")
        )
        names = {
            "amount": "amount",
            "comment": "comment",
            "year": "follow_up__fiscal_year__year",
            "month": "follow_up__month",
        }
        latest = {f"latest_{name}": models.Subquery(said.values(field)[:1]) for name, field in names.items()}
        return self.select_related("municipality").annotate(
            **latest,
            latest_reason=NullIf(models.Subquery(said.values("reason")[:1]), models.Value("")),
            owner_name=Coalesce("municipality__name", models.Value(SHARED)),
            whole_frame=Coalesce("frame", models.Subquery(budgets.annotate(sum=models.Sum("amount")).values("sum"))),
        )

    def with_latest_budget(self) -> InvestmentProjectQuerySet:
        """Each with the last year that it has a budget in, ``budget_year``, and that year's whole ``budget`` (öre)."""
        years = (
            ProjectBudgetEntry.objects.filter(project=models.OuterRef("pk"))
            .order_by()
            .values("fiscal_year__year")
            .annotate(sum=models.Sum("amount"))
            .order_by("-fiscal_year__year")
        )
        return self.annotate(
            budget_year=models.Subquery(years.values("fiscal_year__year")[:1]),
            budget=models.Subquery(years.values("sum")[:1]),
        )


class InvestmentProject(VersionedModel, Project):
    """An investment with its own project code in the ledger, of one municipality or shared (gemensamt)."""

    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        verbose_name="kommun",
        related_name="projects",
        null=True,
        blank=True,
        help_text="Lämna tomt för ett gemensamt projekt.",
    )
    frame = OreField(
        "total ram i kronor",
        null=True,
        blank=True,
        help_text="Det som är beslutat för projektets alla år. Lämna tomt om ramen är summan av årens budgetar.",
    )
    responsible = models.CharField("ansvarig", max_length=150, blank=True)
    start_year = models.PositiveSmallIntegerField("startår", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("slutår", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    history = HistoricalRecords()
    objects: ClassVar[Any] = InvestmentProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "investeringsprojekt"
        verbose_name_plural = "investeringsprojekt"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_year=None)
                | models.Q(end_year=None)
                | models.Q(end_year__gte=models.F("start_year")),
                name="project_ends_after_it_starts",
                violation_error_message="Projektet kan inte sluta innan det börjar.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> str:
        """Who it belongs to, as it is shown."""
        return self.municipality.name if self.municipality else SHARED

    @property
    def years(self) -> str:
        """From which year to which, as it is shown; empty where neither is known."""
        if self.start_year == self.end_year:
            return str(self.start_year or "")
        return f"{self.start_year or ''}\N{EN DASH}{self.end_year or ''}"


class ProjectBudgetEntry(BudgetEntryBase):
    """Original budget or a later adjustment of a project for one year."""

    project = models.ForeignKey(
        InvestmentProject, models.PROTECT, verbose_name="projekt", related_name="budget_entries"
    )
    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, verbose_name="budgetår", related_name="project_budget_entries"
    )

    class Meta:
        verbose_name = "investeringsbudget"
        verbose_name_plural = "investeringsbudget"
        ordering = ["fiscal_year__year", "project__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "project", "month"], name="project_budget_month_once_a_batch"),
            models.UniqueConstraint(
                fields=["batch", "project"], condition=models.Q(month=None), name="project_budget_year_once_a_batch"
            ),
            models.CheckConstraint(
                condition=models.Q(month=None) | models.Q(month__gte=1, month__lte=12),
                name="project_budget_month_1_to_12",
            ),
        ]

    def __str__(self) -> str:
        return f"Budget {self.project} {self.fiscal_year}"


class ProjectForecast(ForecastBase):
    """The forecast of one project, and why it differs from the budget if it does."""

    class Reason(models.TextChoices):
        DELAY = "delay", "Tidsförskjutning"
        COST = "cost", "Fördyring"
        SCOPE = "scope", "Förändrad omfattning"
        OTHER = "other", "Annat"

    ENTERED = (*ForecastBase.ENTERED, "reason")

    follow_up = models.ForeignKey(
        FollowUp, models.PROTECT, verbose_name="uppföljning", related_name="project_forecasts"
    )
    project = models.ForeignKey(InvestmentProject, models.PROTECT, verbose_name="projekt", related_name="forecasts")
    reason = models.CharField("orsak till avvikelse", max_length=10, choices=Reason, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "investeringsprognos"
        verbose_name_plural = "investeringsprognoser"
        ordering = ["follow_up", "project"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "project"], name="one_forecast_a_project")]

    def __str__(self) -> str:
        return f"{self.project} i {self.follow_up}"

    def contents(self) -> Iterator[str]:
        yield from super().contents()
        if self.reason:
            yield f"orsaken är nu {self.get_reason_display().lower()}"
