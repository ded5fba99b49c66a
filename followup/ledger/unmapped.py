"""A file whose columns are unknown is kept while somebody says what they are: it is not asked for twice.

It is removed when it has become an import, when the user gives up, and a day later at the latest, with the next upload.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from followup.ledger import detect, files
from followup.ledger.content import Content
from followup.ledger.load import LONGEST_FILENAME, lock_year, remove_unused_file
from followup.ledger.mapping import Trial, tables
from followup.ledger.parsed import LedgerLine
from followup.ledger.profile import Profile
from followup.ledger.profiles import only
from followup.models import FiscalYear, LedgerImport, UnmappedFile
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User

FIRST_LINES = 10  # shown as they are read


@transaction.atomic
def hold(*, content: Content, filename: str, fiscal_year: FiscalYear, by: User) -> UnmappedFile:
    """Keep a file for mapping; the same file again is the one that is kept."""
    require(by, Permission.IMPORT_LEDGER)
    lock_year(fiscal_year.pk)
    remove_abandoned(by=by)
    files.keep(content)
    held, _ = UnmappedFile.objects.update_or_create(
        file_id=content.sha256,
        fiscal_year=fiscal_year,
        filename=filename[-LONGEST_FILENAME:],
        defaults={"uploaded_by": by, "uploaded_at": timezone.now()},
    )
    return held


def hold_again(*, ledger_import: LedgerImport, by: User) -> UnmappedFile:
    """Keep an imported file for whoever changes how it is read. The import stays as it is. Raises :class:`Refused`."""
    require(by, Permission.IMPORT_LEDGER)
    content = files.original(ledger_import.file_id)
    if not tables(content):
        raise Refused("Filen har inga kolumner att välja bland: en SIE-fil säger själv vad den innehåller.")
    return hold(content=content, filename=ledger_import.filename, fiscal_year=ledger_import.fiscal_year, by=by)


def imported(unmapped: UnmappedFile) -> LedgerImport | None:
    """The import of the same file, where it is one that was read already."""
    return LedgerImport.objects.filter(
        fiscal_year=unmapped.fiscal_year_id, file=unmapped.file_id, filename=unmapped.filename
    ).first()


def content_of(unmapped: UnmappedFile) -> Content:
    return files.original(unmapped.file_id)


@transaction.atomic
def release(*, unmapped: UnmappedFile, by: User) -> None:
    """Let go of a file; its content goes too, unless an import keeps it."""
    require(by, Permission.IMPORT_LEDGER)
    lock_year(unmapped.fiscal_year_id)
    sha256 = unmapped.file_id
    UnmappedFile.objects.filter(pk=unmapped.pk).delete()
    remove_unused_file(sha256)


@transaction.atomic
def remove_abandoned(*, by: User) -> int:
    """Let go of what nobody has mapped in a day; returns how many files."""
    require(by, Permission.IMPORT_LEDGER)
    abandoned = list(UnmappedFile.objects.abandoned())
    UnmappedFile.objects.filter(pk__in=[unmapped.pk for unmapped in abandoned]).delete()
    for unmapped in abandoned:
        remove_unused_file(unmapped.file_id)
    return len(abandoned)


def try_out(unmapped: UnmappedFile, content: Content, profile: Profile) -> Trial:
    """How the whole file reads with a profile; nothing is stored."""
    lines: list[LedgerLine] = []

    def keep(some: Sequence[LedgerLine]) -> None:
        lines.extend(some[: FIRST_LINES - len(lines)])

    parsed = detect.read(
        content,
        filename=unmapped.filename,
        year=unmapped.fiscal_year.year,
        other_years_aside=True,
        sink=keep,
        profiles=only(profile),
    )
    return Trial(parsed, tuple(lines))
