"""The people who use the application."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from sydit.access import Permission, Role, allows


def validate_roles(roles: object) -> None:
    if not (isinstance(roles, list) and set(roles) <= set(Role.values) and len(set(roles)) == len(roles)):
        raise ValidationError("Rollerna ska vara en lista med kända roller, var och en högst en gång.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """The first user of a new installation, who may create the others."""
        return self.create_user(username, password, **{"roles": [Role.ADMINISTRATOR], **fields})


class User(AbstractBaseUser):
    """Somebody who logs in. What they may do follows from ``roles`` alone (sydit.access)."""

    username = models.CharField(
        "användarnamn",
        max_length=150,
        unique=True,
        validators=[validate_slug],
        error_messages={"unique": "Användarnamnet finns redan."},
    )
    name = models.CharField("namn", max_length=150)
    email = models.EmailField("e-post", blank=True)
    roles = models.JSONField("roller", default=list, blank=True, validators=[validate_roles])
    is_active = models.BooleanField("aktiv", default=True, help_text="Avmarkera i stället för att ta bort.")

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "användare"
        verbose_name_plural = "användare"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    # What Django's admin asks. Master data is kept by those whose role says so, all of it or none.

    @property
    def is_staff(self) -> bool:
        return allows(self, Permission.KEEP_MASTER_DATA)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:  # noqa: ARG002 - the admin's signature
        return self.is_staff

    def has_perms(self, perms: Collection[str], obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        return self.is_staff


def note_login(*, user: User, **_: object) -> None:
    """When somebody logged in last; no part of their history. Receives Django's ``user_logged_in``."""
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())


class Publication(models.Model):
    """A published report (publicerad rapport): the frozen document itself, never changed after it is stored.

    Only ``sydit.report.publish`` writes it, and ``sydit.report.archive`` reads it.
    """

    follow_up = models.ForeignKey(
        "followup.FollowUp", models.PROTECT, verbose_name="uppföljning", related_name="publications"
    )
    version = models.PositiveSmallIntegerField("version")
    document = models.TextField("rapportdokument")  # JSON of sydit.report.document.Report
    sha256 = models.CharField("kontrollsumma", max_length=64)
    approved_at = models.DateTimeField("godkänd")
    approved_by = models.ForeignKey(User, models.PROTECT, verbose_name="godkänd av", related_name="+")
    correction_reason = models.TextField("skäl till rättelsen", blank=True)  # empty of the first version
    # What remained to look over, and why it was published all the same: objects with check, part, message and reason.
    reasons = models.JSONField("skäl", default=list, blank=True)

    class Meta:
        verbose_name = "publicerad rapport"
        verbose_name_plural = "publicerade rapporter"
        ordering = ["follow_up", "version"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "version"], name="one_publication_a_version")]

    def __str__(self) -> str:
        return f"{self.follow_up} version {self.version}"

    @property
    def edition(self) -> str:
        """As ``sydit.report.editions`` names it in an address."""
        return f"version/{self.version}"


class ChangeMark(models.Model):
    """A mark that the database itself changes with every write to a table (``sydit.change_marks``); nothing else reads
    or writes it."""

    of_table = models.CharField("tabell", max_length=63, db_index=True, db_default="")
    mark = models.CharField("märke", max_length=36)

    class Meta:
        verbose_name = "ändringsmärke"
        verbose_name_plural = "ändringsmärken"

    def __str__(self) -> str:
        return self.mark
