"""Writing master data: the one action behind the admin's pages and the commands that load it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.versions import VersionedModel


@transaction.atomic
def save(instance: models.Model, *, by: User) -> None:
    """Store a row of master data and its history.

    Raises :class:`Refused` where a field's own rules do not hold, ``PermissionDenied`` for the wrong role.
    """
    require(by, Permission.KEEP_MASTER_DATA)
    try:
        instance.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    if isinstance(instance, VersionedModel):
        instance.save_version(by=by)  # so that whoever edits the row elsewhere is told
        return
    instance._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001 - what django-simple-history reads
    instance.save()


@transaction.atomic
def delete(instance: models.Model, *, by: User) -> None:
    """Remove a row that nothing depends on. Raises :class:`Refused` otherwise."""
    require(by, Permission.KEEP_MASTER_DATA)
    instance._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001 - the same
    try:
        instance.delete()
    except ProtectedError as error:
        raise Refused(f"”{instance}” används och kan inte tas bort.") from error
