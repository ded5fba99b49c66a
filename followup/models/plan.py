"""The plan of a fiscal year: its categories, which accounts belong to them, and the budget."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from followup.classify import BALANCE_CLASSES
from sydit.fields import OreField
from sydit.periods import MONTH_NAMES


class FiscalYear(models.Model):
    """A budget year (budgetår), which is a calendar year."""

    year = models.PositiveSmallIntegerField(
        "år", unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = "budgetår"
        verbose_name_plural = "budgetår"
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class CostCategory(models.Model):
    """A row of the economic result (kostnadskategori), for one year. ``key`` is the same from year to year."""

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="budgetår", related_name="categories")
    key = models.SlugField("nyckel", max_length=60, help_text="Samma från år till år, så att år kan jämföras.")
    name = models.CharField("namn", max_length=100)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "kostnadskategori"
        verbose_name_plural = "kostnadskategorier"
        ordering = ["-fiscal_year__year", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "key"],
                name="category_key_once_a_year",
                violation_error_message="Nyckeln finns redan för det budgetåret.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.fiscal_year}"


class AccountRule(models.Model):
    """Account prefix → category for one year; the longest prefix wins.

    A rule without a category says that the accounts do not count (räknas inte), and why.
    """

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="budgetår", related_name="account_rules")
    prefix = models.CharField(
        "kontoprefix",
        max_length=20,
        validators=[RegexValidator(r"^[0-9A-Za-zÅÄÖåäö]+$", "Skriv kontots första siffror, utan mellanslag.")],
        help_text="Kontots första siffror. Längsta träff vinner.",
    )
    category = models.ForeignKey(
        CostCategory,
        models.PROTECT,
        verbose_name="kostnadskategori",
        related_name="account_rules",
        null=True,
        blank=True,
        help_text="Lämna tomt om kontona inte ska räknas, och skriv då varför.",
    )
    reason = models.CharField("räknas inte, därför att", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "kontoregel"
        verbose_name_plural = "kontoregler"
        ordering = ["-fiscal_year__year", "prefix"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "prefix"],
                name="account_prefix_once_a_year",
                violation_error_message="Prefixet finns redan för det budgetåret.",
            ),
            models.CheckConstraint(
                condition=models.Q(category__isnull=False, reason="")
                | models.Q(category__isnull=True) & ~models.Q(reason=""),
                name="rule_has_category_or_reason",
                violation_error_message="Ange antingen en kostnadskategori eller varför kontona inte räknas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} → {self.category.name if self.category else 'räknas inte'}"

    def clean(self) -> None:
        """A rule maps result accounts to a category of its own year."""
        if self.prefix.startswith(BALANCE_CLASSES):
            raise ValidationError({"prefix": "Balanskonton (klass 1 och 2) räknas aldrig med och behöver ingen regel."})
        if self.category and self.category.fiscal_year_id != self.fiscal_year_id:
            raise ValidationError({"category": "Kostnadskategorin hör till ett annat budgetår än kontoregeln."})


class BudgetEntryBase(models.Model):
    """One decided amount of a year's budget, for the year as a whole or for one of its months.

    Appended, never edited: a correction is a new entry.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original", "Ursprunglig budget"
        ADJUSTMENT = "adjustment", "Ändring"
        TRANSFER = "transfer", "Omfördelning"

    kind = models.CharField("slag", max_length=10, choices=Kind, default=Kind.ORIGINAL)
    month = models.PositiveSmallIntegerField(
        "månad",
        null=True,
        blank=True,
        choices=list(enumerate((name.capitalize() for name in MONTH_NAMES), start=1)),
        help_text="Lämna tomt om beloppet gäller hela året.",
    )
    amount = OreField("belopp i kronor", help_text="Med huvudbokens tecken: intäkter negativa, kostnader positiva.")
    decided_on = models.DateField("beslutsdatum", null=True, blank=True)
    paragraph = models.CharField("paragraf", max_length=20, blank=True)
    note = models.CharField("anteckning", max_length=200, blank=True)
    recorded_at = models.DateTimeField("inlagd", auto_now_add=True)
    recorded_by = models.ForeignKey("sydit.User", models.PROTECT, verbose_name="inlagd av", related_name="+")
    # What was entered at once: a transfer's two sides, a year's months, a file. None = one by itself.
    batch = models.UUIDField("ändring", null=True, editable=False)

    class Meta:
        abstract = True


class BudgetEntry(BudgetEntryBase):
    """Original budget or a later adjustment of a category (budgetpost)."""

    category = models.ForeignKey(
        CostCategory, models.PROTECT, verbose_name="kostnadskategori", related_name="budget_entries"
    )
    file = models.ForeignKey(
        "followup.LedgerFile",
        models.PROTECT,
        verbose_name="ur fil",
        related_name="budget_entries",
        null=True,
        editable=False,
    )
    filename = models.CharField("filnamn", max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "budgetpost"
        verbose_name_plural = "budgetposter"
        ordering = ["category__fiscal_year__year", "category__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "category", "month"], name="budget_month_once_a_batch"),
            models.UniqueConstraint(
                fields=["batch", "category"], condition=models.Q(month=None), name="budget_year_once_a_batch"
            ),
            models.CheckConstraint(
                condition=models.Q(month=None) | models.Q(month__gte=1, month__lte=12), name="budget_month_1_to_12"
            ),
        ]

    def __str__(self) -> str:
        return f"Budget {self.category}"
