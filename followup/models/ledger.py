"""The ledger: imported files, the months they report, their lines, and the sums of those lines.

Nothing is overwritten. An import adds :class:`LedgerMonth` rows with their lines and sums; the one that counts for
a month is marked current. Replacing a month moves the mark, and the older lines stay for the reports that used them.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from followup.ledger.parsed import Skipped
from followup.models.plan import FiscalYear
from sydit.fields import OreField
from sydit.periods import Month


class Project(models.Model):
    """A registered project code: lines that carry it are an investment, whatever their account."""

    code = models.CharField(
        "projektkod",
        max_length=30,
        unique=True,
        # The code stands in addresses: /uppfoljning/2024-10/underlag/investments/91001/
        validators=[RegexValidator(r"^[^/.][^/]*$", "Projektkoden får inte innehålla / och inte börja med punkt.")],
    )
    name = models.CharField("namn", max_length=100)

    class Meta:
        verbose_name = "projektkod"
        verbose_name_plural = "projektkoder"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Account(models.Model):
    """What an account was called in the latest import that named it."""

    number = models.TextField("konto", unique=True)
    name = models.TextField("benämning")

    class Meta:
        verbose_name = "konto"
        verbose_name_plural = "konton"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class LedgerFile(models.Model):
    """An uploaded file, kept as it came. Its identity is its content."""

    sha256 = models.CharField("kontrollsumma", max_length=64, primary_key=True)

    class Meta:
        verbose_name = "huvudboksfil"
        verbose_name_plural = "huvudboksfiler"

    def __str__(self) -> str:
        return self.sha256[:12]


class LedgerFilePiece(models.Model):
    """A part of an uploaded file's content, packed with zlib: the parts in order are one packed stream."""

    file = models.ForeignKey(LedgerFile, models.CASCADE, verbose_name="fil", related_name="pieces")
    number = models.PositiveIntegerField("nummer")
    packed = models.BinaryField("innehåll", editable=False)

    class Meta:
        verbose_name = "del av huvudboksfil"
        verbose_name_plural = "delar av huvudboksfiler"
        ordering = ["file", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="piece_once_a_file")]

    def __str__(self) -> str:
        return f"{self.file_id[:12]} del {self.number}"


class LedgerImport(models.Model):
    """One imported file (huvudboksimport): uploaded and previewed first, booked when it is confirmed.

    A booked import may be undone, which brings back what it replaced; its lines stay, for the reports that used them.
    """

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="budgetår", related_name="imports")
    file = models.ForeignKey(LedgerFile, models.PROTECT, verbose_name="fil", related_name="imports")
    filename = models.CharField("filnamn", max_length=200)
    format = models.CharField("format", max_length=20)
    encoding = models.CharField("teckenkodning", max_length=20, blank=True)
    rows = models.PositiveIntegerField("rader")
    total = OreField("summa")
    account_names = models.JSONField("kontobenämningar", default=dict)
    notices = models.JSONField("upplysningar", default=list)  # Swedish sentences from the reading of the file
    skipped = models.JSONField("överhoppade rader", default=list)  # reason, rows and total (öre) of each kind
    rows_outside = models.PositiveIntegerField("rader utanför budgetåret", default=0)  # left out, among the skipped
    disagreement = models.TextField("avvikelse", blank=True)  # how the lines differ from the file's own sums of them
    joined = models.TextField("flera blad", blank=True)  # the sheets of a workbook that were read as one ledger
    profile = models.JSONField("importprofil", default=dict)  # that decided the columns, as it was then; {} = none
    uploaded_at = models.DateTimeField("uppladdad", auto_now_add=True)
    uploaded_by = models.ForeignKey("sydit.User", models.PROTECT, verbose_name="uppladdad av", related_name="+")
    booked_at = models.DateTimeField("bokförd", null=True, blank=True)
    booked_by = models.ForeignKey(
        "sydit.User", models.PROTECT, verbose_name="bokförd av", related_name="+", null=True, blank=True
    )
    # What the ledger itself showed for what was booked; it agreed when the file was booked. None = not stated.
    control_total = OreField("huvudbokens saldo", null=True, blank=True)
    confirmed = models.JSONField("bekräftat", default=list)  # the sentences that were confirmed when it was booked
    undone_at = models.DateTimeField("ångrad", null=True, blank=True)
    undone_by = models.ForeignKey(
        "sydit.User", models.PROTECT, verbose_name="ångrad av", related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "huvudboksimport"
        verbose_name_plural = "huvudboksimporter"
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(booked_at__isnull=True, booked_by__isnull=True)
                | models.Q(booked_at__isnull=False, booked_by__isnull=False),
                name="booked_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False, booked_at__isnull=False),
                name="undone_by_somebody_once_booked",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_booked(self) -> bool:
        """Whether it has been booked; it may be undone since."""
        return self.booked_at is not None

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def skipped_rows(self) -> tuple[Skipped, ...]:
        """The rows of the file that are no booked lines, and why."""
        return tuple(Skipped(row["reason"], row["rows"], row["total"]) for row in self.skipped)

    def months_to_replace(self) -> list[LedgerMonth]:
        """The months booked now that it would replace."""
        months = {month.period for month in self.months.all()}
        return [month for month in LedgerMonth.objects.current(self.fiscal_year.year) if month.period in months]


class LedgerMonthQuerySet(models.QuerySet["LedgerMonth"]):
    def current(self, year: int) -> LedgerMonthQuerySet:
        """The months of a year that are booked now, in order."""
        return self.filter(is_current=True, year=year).order_by("month")


class LedgerMonth(models.Model):
    """One month as one import reports it. At most one is current for each month."""

    ledger_import = models.ForeignKey(LedgerImport, models.PROTECT, verbose_name="import", related_name="months")
    year = models.PositiveSmallIntegerField("år")
    month = models.PositiveSmallIntegerField("månad")
    total = OreField("summa")
    is_current = models.BooleanField("gäller", default=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name="ersätter", null=True, blank=True, related_name="replaced_by"
    )

    objects = LedgerMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "bokförd månad"
        verbose_name_plural = "bokförda månader"
        ordering = ["year", "month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ledger_import", "year", "month"], name="month_once_an_import"),
            models.UniqueConstraint(
                fields=["year", "month"], condition=models.Q(is_current=True), name="one_current_month"
            ),
            models.CheckConstraint(condition=models.Q(month__gte=1, month__lte=12), name="ledger_month_1_to_12"),
        ]

    def __str__(self) -> str:
        return str(self.period)

    @property
    def period(self) -> Month:
        return Month(self.year, self.month)


class LedgerEntry(models.Model):
    """One booked line (kontering) as it stood in the file; no text of it is cut."""

    # Without a constraint and an index of its own: to check each of a million lines takes longer than to write them,
    # they are only ever written together with their months, and the index below begins with the month.
    ledger_month = models.ForeignKey(
        LedgerMonth, models.PROTECT, verbose_name="månad", related_name="entries", db_constraint=False, db_index=False
    )
    row = models.PositiveIntegerField("rad i filen")
    booked_on = models.DateField("bokföringsdatum", null=True)
    voucher = models.TextField("verifikation", blank=True)
    account = models.TextField("konto")
    project = models.TextField("projekt", blank=True)
    cost_center = models.TextField("ansvar", blank=True)
    activity = models.TextField("verksamhet", blank=True)
    counterparty = models.TextField("motpart", blank=True)
    text = models.TextField("text", blank=True)
    amount = OreField("belopp")

    class Meta:
        verbose_name = "kontering"
        verbose_name_plural = "konteringar"
        ordering = ["ledger_month", "row", "id"]
        indexes = [models.Index(fields=["ledger_month", "account", "project"], name="entry_by_account")]

    def __str__(self) -> str:
        return f"{self.voucher} {self.account}"


class MonthlyActual(models.Model):
    """The sum of a month's lines per account and project: what every report reads."""

    ledger_month = models.ForeignKey(LedgerMonth, models.PROTECT, verbose_name="månad", related_name="sums")
    account = models.TextField("konto")
    project = models.TextField("projekt", blank=True)
    amount = OreField("belopp")

    class Meta:
        verbose_name = "månadsutfall"
        verbose_name_plural = "månadsutfall"
        constraints = [
            models.UniqueConstraint(fields=["ledger_month", "account", "project"], name="one_sum_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.ledger_month} {self.account}"
