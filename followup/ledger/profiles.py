"""Stored import profiles: which there are, and how one is saved and removed."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from followup.ledger.profile import (
    NO_PROFILES,
    Fault,
    Profile,
    Profiles,
    Shape,
    columns_text,
    faults,
    from_json,
    to_json,
)
from followup.models import ImportProfile
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.money import shown
from sydit.versions import require_fresh


class UnusableProfile(Refused):
    """The profile says too little, or contradicts itself: :attr:`faults` says where. Nothing has changed."""

    def __init__(self, *found: Fault) -> None:
        super().__init__(" ".join(fault.message for fault in found))
        self.faults = found


def stored() -> Profiles:
    """All profiles: a file is read with the one of its shape."""
    return Profiles(tuple(row.profile for row in ImportProfile.objects.all()))


def named(name: str) -> Profiles:
    """Only the profile with that name, by force. Raises :class:`Refused` where there is none."""
    row = ImportProfile.objects.filter(name=name).first()
    if row is None:
        names = ", ".join(f"”{known}”" for known in ImportProfile.objects.values_list("name", flat=True))
        raise Refused(f"Det finns ingen importprofil ”{shown(name)}”. De som finns: {names or 'inga'}.")
    return only(row.profile)


def only(profile: Profile) -> Profiles:
    return Profiles((profile,), is_forced=True)


def recorded(said: dict[str, Any]) -> Profiles:
    """What an import was read with, so that it is read in the same way again."""
    return only(from_json(said)) if said else NO_PROFILES


def of_shape(shape: Shape) -> ImportProfile | None:
    """The stored profile of files with the shape."""
    return ImportProfile.objects.filter(fingerprint=shape.fingerprint).first()


@transaction.atomic
def save(*, profile: Profile, replaces: int | None, seen_version: int, by: User) -> ImportProfile:
    """Store the profile of a shape, in place of the one that was there.

    ``replaces`` and ``seen_version`` are the stored profile that the user saw, if any. Raises
    :class:`UnusableProfile`, and ``StaleEdit`` where somebody else has saved one meanwhile.
    """
    require(by, Permission.IMPORT_LEDGER)
    if found := faults(profile):
        raise UnusableProfile(*found)
    row = ImportProfile.objects.select_for_update(of=("self",)).filter(fingerprint=profile.shape.fingerprint).first()
    _require_free_name(profile.name, row)
    if row is None:
        row = ImportProfile(fingerprint=profile.shape.fingerprint, created_by=by)
    else:
        _require_seen(row, seen_version if row.pk == replaces else 0)
    said = to_json(profile)
    if row.pk and row.said == said:
        return row
    row.name, row.said = profile.name, said
    try:
        with transaction.atomic():
            row.save_version(by=by)
    except IntegrityError as error:
        raise Refused("Någon annan sparade en profil samtidigt. Inget har sparats; försök igen.") from error
    return row


@transaction.atomic
def remove(*, pk: int, by: User) -> ImportProfile:
    """Remove a profile; imports that were read with it keep what it said. Raises :class:`Refused` where it is gone."""
    require(by, Permission.IMPORT_LEDGER)
    row = ImportProfile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Refused("Profilen är redan borttagen.")
    row._history_user = by  # noqa: SLF001 - what django-simple-history reads
    row.delete()
    return row


def _require_free_name(name: str, row: ImportProfile | None) -> None:
    others = ImportProfile.objects.filter(name__iexact=name)
    if row:
        others = others.exclude(pk=row.pk)
    if others.exists():
        raise UnusableProfile(
            Fault(
                f"Det finns redan en profil som heter ”{name}”, för filer med andra kolumner. Välj ett annat namn.",
                "name",
            )
        )


def _require_seen(row: ImportProfile, seen_version: int) -> None:
    require_fresh(
        row,
        seen_version=seen_version,
        called=f"Profilen ”{row.name}” för filer med samma kolumner",
        changes=[f"nu är {columns_text(row.profile)}"],
    )
