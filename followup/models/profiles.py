"""Import profiles, and the files that wait for somebody to say what their columns are."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.ledger import profile
from followup.ledger.profile import Profile
from followup.models.ledger import LedgerFile
from followup.models.plan import FiscalYear
from sydit.alphabet import Alphabetical
from sydit.versions import VersionedModel


class ImportProfile(VersionedModel):
    """What the columns are of files with one shape (importprofil). Imports keep their own copy of what was said."""

    name = models.CharField("namn", max_length=80, unique=True)
    fingerprint = models.CharField("formens kontrollsumma", max_length=64, unique=True, editable=False)
    said = models.JSONField("kolumner", editable=False)  # followup.ledger.profile.to_json
    created_at = models.DateTimeField("skapad", auto_now_add=True)
    created_by = models.ForeignKey("sydit.User", models.PROTECT, verbose_name="skapad av", related_name="+")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "importprofil"
        verbose_name_plural = "importprofiler"
        ordering = [Alphabetical("name")]

    def __str__(self) -> str:
        return self.name

    @property
    def profile(self) -> Profile:
        return profile.from_json(self.said)


class UnmappedFileQuerySet(models.QuerySet["UnmappedFile"]):
    def abandoned(self) -> UnmappedFileQuerySet:
        return self.filter(uploaded_at__lt=timezone.now() - UnmappedFile.KEPT)

    def kept(self) -> UnmappedFileQuerySet:
        """What still waits for somebody."""
        return self.filter(uploaded_at__gte=timezone.now() - UnmappedFile.KEPT).select_related(
            "uploaded_by", "fiscal_year"
        )


class UnmappedFile(models.Model):
    """An uploaded file that was refused because its columns are unknown, kept while somebody says what they are."""

    KEPT = dt.timedelta(days=1)

    file = models.ForeignKey(LedgerFile, models.PROTECT, verbose_name="fil", related_name="unmapped")
    filename = models.CharField("filnamn", max_length=200)
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="budgetår", related_name="+")
    uploaded_at = models.DateTimeField("uppladdad", default=timezone.now)
    uploaded_by = models.ForeignKey("sydit.User", models.PROTECT, verbose_name="uppladdad av", related_name="+")

    objects = UnmappedFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fil utan kända kolumner"
        verbose_name_plural = "filer utan kända kolumner"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.filename
