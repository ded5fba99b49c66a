"""The only writer of the ledger: upload, book and discard an import, each in one transaction.

An upload stores the file as it came and the sums of its months, and touches nothing that is booked. Booking adds the
lines and moves the current mark of each month; what was booked before stays stored, without the mark.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.utils import timezone

from followup import actuals
from followup.ledger import detect, entries, files, profiles
from followup.ledger.cautions import Concern, cautions, require_confirmed
from followup.ledger.content import Content
from followup.ledger.control import require_agreement
from followup.ledger.parsed import Cell, ParsedLedger, Problem
from followup.ledger.preview import Preview, Sums, preview
from followup.ledger.profile import Profiles, to_json
from followup.models import Account, FiscalYear, LedgerEntry, LedgerFile, LedgerImport, LedgerMonth, MonthlyActual
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.forms import LARGEST_ORE
from sydit.models import User
from sydit.money import shown
from sydit.periods import Month

LONGEST_FILENAME = 200  # the end of it, where a path or a name is longer
LONGEST_CODE = 100  # of an account or a project: a database cannot index a text of any length
READ_DIFFERENTLY = "Filen läses inte längre som när den laddades upp. Ladda upp den igen; inget har bokförts."
BATCH = 2_000  # account names written at a time
Progress = Callable[[int], object]  # told the lines read so far; what it raises ends the import, which changes nothing

logger = logging.getLogger(__name__)


class RefusedFile(Refused):
    """The file cannot be booked: ``parsed.problems`` says why and where. Nothing has changed."""

    def __init__(self, parsed: ParsedLedger) -> None:
        super().__init__(f"Filen {parsed.filename} kan inte importeras: {parsed.problems[0].message}")
        self.parsed = parsed


class AlreadyBooked(Refused):
    """Exactly this file is what is booked for all its months. Nothing has changed."""

    def __init__(self, ledger_import: LedgerImport) -> None:
        moment = timezone.localtime(ledger_import.booked_at)
        super().__init__(
            f"Filen är redan bokförd: {ledger_import.filename}, {moment:%Y-%m-%d %H:%M}, "
            f"av {ledger_import.booked_by}. Inget har ändrats."
        )
        self.ledger_import = ledger_import


class Uploaded(NamedTuple):
    """An import that waits, and what its file holds."""

    ledger_import: LedgerImport
    parsed: ParsedLedger


@contextmanager
def explaining_a_full_disk() -> Iterator[None]:
    """A database that cannot write becomes :class:`Refused`; its own words may quote a line, so no log has them."""
    try:
        yield
    except OperationalError as error:
        logger.error("the ledger could not be written: %s", type(error.__cause__ or error).__name__)
        raise Refused(
            "Databasen kunde inte skriva, kanske för att disken är full eller förbindelsen bröts. "
            "Inget har ändrats. Försök igen, och hör av dig till driften om det händer på nytt."
        ) from error


@explaining_a_full_disk()
def upload(
    *,
    content: Content,
    filename: str,
    fiscal_year: FiscalYear,
    by: User,
    progress: Progress | None = None,
    known: Profiles | None = None,
) -> LedgerImport:
    """Read a file and store it for preview. Nothing is booked; a file that waits already is that import.

    ``known`` are the import profiles that it may be read with, the stored ones if not given.
    Raises :class:`RefusedFile` where anything in it is wrong, :class:`AlreadyBooked` where it is what is booked.
    """
    require(by, Permission.IMPORT_LEDGER)
    parsed = read_for_year(
        content, filename=filename[-LONGEST_FILENAME:], fiscal_year=fiscal_year, progress=progress, known=known
    )
    if parsed.problems:
        raise RefusedFile(parsed)
    return _store_upload(parsed, content, fiscal_year, by)


@explaining_a_full_disk()
@transaction.atomic
def upload_with_lines(
    *,
    content: Content,
    filename: str,
    fiscal_year: FiscalYear,
    by: User,
    progress: Progress | None = None,
    known: Profiles | None = None,
) -> Uploaded:
    """As :func:`upload`, with the lines stored while the file is read, so that :func:`book` need not read it again.

    For whoever uploads and books in one transaction: nothing is written where that is given up.
    """
    require(by, Permission.IMPORT_LEDGER)
    lock_year(fiscal_year.pk)
    filename = filename[-LONGEST_FILENAME:]
    known = profiles.stored() if known is None else known
    try:
        with transaction.atomic():
            return _read_and_store(content, filename, fiscal_year, by, progress, known)
    except _LookCloserError:
        parsed = read_for_year(content, filename=filename, fiscal_year=fiscal_year, progress=progress, known=known)
        if parsed.problems:
            raise RefusedFile(parsed) from None
        return Uploaded(_store_upload(parsed, content, fiscal_year, by), parsed)


class _LookCloserError(Exception):
    """The file is known already, or something in it is wrong: then it takes the way of a preview."""


def _read_and_store(
    content: Content, filename: str, fiscal_year: FiscalYear, by: User, progress: Progress | None, known: Profiles
) -> Uploaded:
    if LedgerFile.objects.filter(pk=content.sha256).exists():
        raise _LookCloserError
    # Before the writer opens: while a COPY runs, the connection answers no other query.
    ids = entries.reserve_months(fiscal_year.year)
    with files.packing(content) as packed:
        with entries.writing(ids) as store:
            parsed = detect.read(
                content, filename=filename, year=fiscal_year.year, sink=store, progress=progress, profiles=known
            )
        parsed = _for_year(parsed, fiscal_year)
        if parsed.problems:
            raise _LookCloserError
        return Uploaded(_store_upload(parsed, content, fiscal_year, by, ids, packed.result()), parsed)


def read_for_year(
    content: Content,
    *,
    filename: str,
    fiscal_year: FiscalYear,
    progress: Progress | None = None,
    known: Profiles | None = None,
) -> ParsedLedger:
    """The file with all that speaks against booking it in the year.

    Lines of another year are left out where nothing else is wrong: whoever books the file is asked about them.
    """
    known = profiles.stored() if known is None else known

    def read(*, other_years_aside: bool) -> ParsedLedger:
        year = fiscal_year.year
        parsed = detect.read(
            content,
            filename=filename,
            year=year,
            other_years_aside=other_years_aside,
            progress=progress,
            profiles=known,
        )
        return _for_year(parsed, fiscal_year)

    parsed = read(other_years_aside=False)
    if parsed.problems and len({month.year for month in parsed.months}) > 1:
        without_other_years = read(other_years_aside=True)
        return parsed if without_other_years.problems else without_other_years
    return parsed


def _for_year(parsed: ParsedLedger, fiscal_year: FiscalYear) -> ParsedLedger:
    """The file with what speaks against booking it in the year, besides what the parsers found."""
    problems = [
        Problem(f"{month.label.capitalize()} ligger utanför budgetåret {fiscal_year}.")
        for month in parsed.months
        if month.year != fiscal_year.year and not parsed.problems
    ]
    problems += [
        Problem(f"Konto eller projekt är längre än {LONGEST_CODE} tecken.", value=shown(code))
        for code in sorted({code for cell in parsed.sums for code in (cell.account, cell.project)})
        if len(code) > LONGEST_CODE
    ]
    if sum(abs(ore) for ore in parsed.sums.values()) > LARGEST_ORE:
        problems.append(Problem("Beloppen i filen är tillsammans större än vad en huvudbok kan innehålla."))
    return dataclasses.replace(parsed, problems=(*parsed.problems, *problems))


@transaction.atomic
def _store_upload(
    parsed: ParsedLedger,
    content: Content,
    fiscal_year: FiscalYear,
    by: User,
    ids: Mapping[Month, int] | None = None,
    ready: Content | None = None,
) -> LedgerImport:
    """``ids`` are those of months whose lines are stored already, ``ready`` the file packed before."""
    lock_year(fiscal_year.pk)
    _refuse_booked(parsed.sha256, parsed.months, parsed.sums)
    files.keep(content, ready)
    said = to_json(parsed.profile) if parsed.profile else {}
    waiting = LedgerImport.objects.filter(
        fiscal_year=fiscal_year,
        file_id=parsed.sha256,
        booked_at=None,
        filename=parsed.filename,
        rows=parsed.rows,
        total=parsed.total,
        profile=said,
    ).first()
    if waiting:
        return waiting
    ledger_import = LedgerImport.objects.create(
        fiscal_year=fiscal_year,
        file_id=parsed.sha256,
        filename=parsed.filename,
        format=parsed.format,
        encoding=parsed.encoding,
        rows=parsed.rows,
        total=parsed.total,
        account_names=dict(parsed.account_names),
        notices=list(parsed.notices),
        skipped=[dataclasses.asdict(kind) for kind in parsed.skipped],
        rows_outside=parsed.rows_outside,
        disagreement=parsed.disagreement,
        joined=parsed.joined,
        profile=said,
        uploaded_by=by,
    )
    _store_months(ledger_import, parsed, ids or {})
    return ledger_import


def lock_year(fiscal_year_id: int) -> None:
    """One writer at a time: whoever holds the year's row sees what is booked, and nobody else can change it."""
    FiscalYear.objects.select_for_update().get(pk=fiscal_year_id)


def _refuse_booked(sha256: str, months: Collection[Month], sums: Sums | Mapping[Cell, int]) -> None:
    """A file changes nothing if each of its months is booked from it already, with the sums that it is read to have.

    Read in another way (a profile has turned its sign), it is another booking.
    """
    booked = LedgerMonth.objects.filter(is_current=True, ledger_import__file=sha256).select_related(
        "ledger_import__booked_by"
    )
    by_month = {month.period: month for month in booked if month.period in months}
    if months and set(months) == set(by_month) and actuals.sums_by_month(each.pk for each in by_month.values()) == sums:
        raise AlreadyBooked(by_month[max(months)].ledger_import)


def _store_months(ledger_import: LedgerImport, parsed: ParsedLedger, ids: Mapping[Month, int]) -> None:
    totals = parsed.by_month()
    months = {
        month: LedgerMonth.objects.create(
            pk=ids.get(month),
            ledger_import=ledger_import,
            year=month.year,
            month=month.month,
            total=totals.get(month, 0),
        ).pk
        for month in parsed.months
    }
    entries.store_sums(months, parsed.sums)


@explaining_a_full_disk()
@transaction.atomic
def book(
    *,
    ledger_import: LedgerImport,
    seen: Iterable[int],
    by: User,
    confirmed: Collection[Concern] = (),
    control_total: int | None = None,
    today: dt.date | None = None,
    found: Preview | None = None,
    progress: Progress | None = None,
) -> LedgerImport:
    """Book an uploaded import: its months replace what is booked for them.

    ``seen`` are the ledger months that the preview compared with (``Preview.replaced``). Raises :class:`Refused`
    where other months are booked now, so that nobody replaces what they have not seen.

    ``confirmed`` is what the user says is meant; raises :class:`followup.ledger.cautions.Unconfirmed` where
    something else must be, judged as of ``today``. ``control_total`` (öre) is what the ledger itself shows for what
    is booked; raises :class:`followup.ledger.control.DoesNotAgree` where the file differs from it.

    ``found`` is the import's preview, from whoever has made it in the transaction that books.
    """
    require(by, Permission.IMPORT_LEDGER)
    lock_year(ledger_import.fiscal_year_id)
    locked = LedgerImport.objects.select_for_update().filter(pk=ledger_import.pk).first()
    if locked is None:
        raise Refused("Importen har tagits bort av någon annan. Inget har ändrats.")
    if locked.is_undone:
        raise Refused("Importen är ångrad. Läs in filen på nytt för att bokföra den igen; inget har bokförts.")
    if locked.is_booked:
        raise AlreadyBooked(locked)
    months = {month.pk: month.period for month in locked.months.all()}
    _refuse_booked(locked.file_id, months.values(), actuals.sums_by_month(months))
    replaced = locked.months_to_replace()
    if {month.pk for month in replaced} != set(seen):
        raise Refused(
            "Huvudboken har ändrats sedan du öppnade förhandsgranskningen. Granska importen igen; inget har bokförts."
        )
    found = found or preview(locked, today=today)
    if control_total is not None:
        require_agreement(control_total, found)
    asked = cautions(found)
    require_confirmed(asked, confirmed)
    if not entries.are_stored(locked):
        _write_entries(locked, progress)
    _move_mark(locked, {month.period: month for month in replaced})
    _remember_account_names(locked.account_names)
    locked.booked_at, locked.booked_by = timezone.now(), by
    locked.control_total, locked.confirmed = control_total, [caution.text for caution in asked]
    locked.save(update_fields=["booked_at", "booked_by", "control_total", "confirmed"])
    return locked


@transaction.atomic
def discard(*, ledger_import: LedgerImport, by: User) -> None:
    """Remove an import that is not booked. Raises :class:`Refused` where it is."""
    require(by, Permission.IMPORT_LEDGER)
    lock_year(ledger_import.fiscal_year_id)
    locked = LedgerImport.objects.select_for_update().filter(pk=ledger_import.pk).first()
    if locked is None:
        return
    if locked.is_undone:
        raise Refused("Importen är ångrad och ligger kvar i listan. Den kan inte kastas.")
    if locked.is_booked:
        raise Refused("Importen är redan bokförd och kan inte kastas, men den kan ångras.")
    MonthlyActual.objects.filter(ledger_month__ledger_import=locked).delete()
    LedgerEntry.objects.filter(ledger_month__ledger_import=locked).delete()
    locked.months.all().delete()
    locked.delete()
    remove_unused_file(locked.file_id)


def discard_other_readings(*, kept: LedgerImport, by: User) -> None:
    """Remove what waits of the same file as it was read before somebody changed how."""
    same = LedgerImport.objects.filter(
        fiscal_year=kept.fiscal_year_id, file=kept.file_id, filename=kept.filename, booked_at=None
    )
    for other in same.exclude(pk=kept.pk):
        discard(ledger_import=other, by=by)


def remove_unused_file(sha256: str) -> None:
    """Remove a file that no import keeps, and nobody is mapping the columns of."""
    LedgerFile.objects.filter(pk=sha256, imports=None, unmapped=None, budget_entries=None).delete()


@transaction.atomic
def settled(ledger_import: LedgerImport) -> LedgerImport | None:
    """The import as it stands once whoever is writing in its year has finished or given up; None where it is gone."""
    lock_year(ledger_import.fiscal_year_id)
    return LedgerImport.objects.filter(pk=ledger_import.pk).first()


def _move_mark(ledger_import: LedgerImport, replaced: Mapping[Month, LedgerMonth]) -> None:
    LedgerMonth.objects.filter(pk__in=[month.pk for month in replaced.values()]).update(is_current=False)
    months = list(ledger_import.months.all())
    for month in months:
        month.is_current = True
        month.replaces = replaced.get(month.period)
    LedgerMonth.objects.bulk_update(months, ["is_current", "replaces"])


def _remember_account_names(names: Mapping[str, str]) -> None:
    Account.objects.bulk_create(
        [Account(number=number, name=name) for number, name in names.items()],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name"],
        batch_size=BATCH,
    )


def _write_entries(ledger_import: LedgerImport, progress: Progress | None = None) -> None:
    """Read the stored file again and store each line; what is stored must be what was previewed."""
    months = {month.period: month.pk for month in ledger_import.months.all()}
    # Fetched before the writer opens: while a COPY runs, the connection answers no other query.
    content = files.original(ledger_import.file_id)
    year, said = ledger_import.fiscal_year.year, profiles.recorded(ledger_import.profile)
    with entries.writing(months) as store:
        parsed = detect.read(
            content,
            filename=ledger_import.filename,
            year=year,
            sink=store,
            other_years_aside=bool(ledger_import.rows_outside),
            progress=progress,
            profiles=said,
        )
    stored = actuals.sums_by_month(months.values())
    if parsed.problems or parsed.rows != ledger_import.rows or parsed.sums != stored:
        raise Refused(READ_DIFFERENTLY)
