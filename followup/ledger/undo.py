"""Undo a booked import: what it replaced is booked again, and its own lines stay for the reports that used them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from followup.ledger.cautions import Caution, Concern, require_confirmed
from followup.ledger.labels import listed, months_text
from followup.ledger.load import explaining_a_full_disk, lock_year
from followup.ledger.preview import Preview, preview
from followup.models import Account, LedgerImport, LedgerMonth
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.periods import Month


@explaining_a_full_disk()
@transaction.atomic
def undo(*, ledger_import: LedgerImport, by: User, confirmed: Collection[Concern] = ()) -> LedgerImport:
    """Make the ledger what it was before the import was booked.

    Raises :class:`Refused` where it is not booked, is undone already, or a later import has replaced any of its
    months, and :class:`followup.ledger.cautions.Unconfirmed` where a published month changes unconfirmed.
    """
    require(by, Permission.IMPORT_LEDGER)
    lock_year(ledger_import.fiscal_year_id)
    locked = LedgerImport.objects.select_for_update().filter(pk=ledger_import.pk).first()
    if locked is None or not locked.is_booked:
        raise Refused("Importen är inte bokförd, så det finns inget att ångra.")
    if refusal := why_not(locked):
        raise Refused(refusal)
    require_confirmed(cautions(preview(locked)), confirmed)
    months = list(locked.months.all())
    LedgerMonth.objects.filter(pk__in=[month.pk for month in months]).update(is_current=False)
    LedgerMonth.objects.filter(pk__in=[month.replaces_id for month in months]).update(is_current=True)
    locked.undone_at, locked.undone_by = timezone.now(), by
    locked.save(update_fields=["undone_at", "undone_by"])
    _restore_account_names(locked)
    return locked


def why_not(ledger_import: LedgerImport) -> str:
    """Why a booked import cannot be undone now, as Swedish sentences; empty where it can."""
    if ledger_import.is_undone:
        moment = timezone.localtime(ledger_import.undone_at)
        return f"Importen är redan ångrad, {moment:%Y-%m-%d %H:%M}, av {ledger_import.undone_by}. Inget har ändrats."
    later = LedgerMonth.objects.filter(
        replaces__ledger_import=ledger_import, ledger_import__undone_at=None, ledger_import__booked_at__isnull=False
    ).select_related("ledger_import")
    replaced: dict[str, list[Month]] = {}
    for month in later:
        name = f"{month.ledger_import.filename} (import {month.ledger_import_id})"
        replaced.setdefault(name, []).append(month.period)
    if not replaced:
        return ""
    named = listed([f"{months_text(months)} av {name}" for name, months in replaced.items()])
    return f"Importen kan inte ångras, för senare importer har ersatt {named}. Ångra dem först; inget har ändrats."


def cautions(found: Preview) -> tuple[Caution, ...]:
    """What must be confirmed before the import is undone; ``found`` is its receipt."""
    if not found.changed_published:
        return ()
    sentence = (
        f"I en publicerad rapport ingår {months_text(found.changed_published)}, som ändras när importen ångras. "
        "Rapporten ligger fast, men stämmer då inte längre med huvudboken."
    )
    return (Caution(Concern.PUBLISHED, sentence),)


def _restore_account_names(undone: LedgerImport) -> None:
    """Each account the import named is called what the latest import that still counts calls it."""
    names: dict[str, str] = {}
    booked = LedgerImport.objects.filter(booked_at__isnull=False, undone_at=None).order_by("booked_at", "pk")
    for earlier in booked.values_list("account_names", flat=True).iterator():
        names.update({number: name for number, name in earlier.items() if number in undone.account_names})
    Account.objects.filter(number__in=undone.account_names.keys() - names.keys()).delete()
    accounts = list(Account.objects.filter(number__in=names))
    for account in accounts:
        account.name = names[account.number]
    Account.objects.bulk_update(accounts, ["name"], batch_size=500)
