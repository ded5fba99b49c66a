"""``manage.py import_ledger``: look at a ledger file, or book it, from the shell.

Exit codes: 0 done (or the file could be imported), 2 refused, 3 somebody must confirm first (see the flags).
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.db import DatabaseError, transaction
from django.template.defaultfilters import filesizeformat

from followup import actuals
from followup.ledger import detect, load
from followup.ledger.cautions import cautions
from followup.ledger.labels import months_text, rows_text
from followup.ledger.load import AlreadyBooked, RefusedFile
from followup.ledger.parsed import ParsedLedger
from followup.ledger.preview import Preview, preview, preview_of_file
from followup.ledger.summary import Maps, as_json, as_text, listing, problem_line, summarise
from followup.models import FiscalYear, LedgerImport
from sydit.access import Permission, allows
from sydit.errors import Refused
from sydit.models import User

REFUSED = 2
NEEDS_CONFIRMATION = 3


class NeedsConfirmation(Refused):
    """The file can be booked, once somebody has said that its consequences are meant."""


class Confirmed(NamedTuple):
    """What the flags say is meant."""

    unassigned: bool
    published: bool


class Command(BaseCommand):
    help = "Visar vad en huvudboksfil innehåller, och bokför den med --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FIL")
        parser.add_argument("--year", type=int, metavar="ÅR", help="kalenderåret som räkenskapsåret börjar i")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--check", action="store_true", help="läs bara filen; kräver inget upplagt budgetår")
        act.add_argument("--apply", action="store_true", help="bokför filen")
        parser.add_argument("--json", action="store_true", help="skriv JSON")
        parser.add_argument("--user", metavar="NAMN", help="användaren som bokför; annars den första administratören")
        parser.add_argument("--allow-unassigned", action="store_true", help="bokför även konton utan kostnadskategori")
        parser.add_argument("--replace-published", action="store_true", help="ändra även månader som är publicerade")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        try:
            content = _content(file)
            if options["apply"]:
                self._apply(content, _name(file), options)
            else:
                self._show(content, _name(file), options)
        except RefusedFile as refused:
            self._tell(refused.parsed, _account_maps(refused.parsed)[0], as_json_too=options["json"])
            sys.exit(REFUSED)
        except NeedsConfirmation as needed:
            self.stderr.write(str(needed))
            sys.exit(NEEDS_CONFIRMATION)
        except (Refused, PermissionDenied) as refused:
            self.stderr.write(str(refused))
            sys.exit(REFUSED)

    def _show(self, content: bytes, filename: str, options: dict[str, Any]) -> None:
        """Tell what the file holds; without ``--check`` also what it would change."""
        parsed = detect.read(content, filename=filename, year=options["year"], broken_year=options["check"])
        maps, unreachable = _account_maps(parsed)
        self._tell(parsed, maps, as_json_too=options["json"])
        if parsed.problems:
            sys.exit(REFUSED)
        if unreachable:
            self.stderr.write("Databasen gick inte att läsa: investeringsprojekt och kontoregler är därför okända.")
        elif not (options["check"] or options["json"]):
            self._show_consequences(parsed, options["year"])

    def _tell(self, parsed: ParsedLedger, maps: Maps, *, as_json_too: bool) -> None:
        """The summary on standard output, and each problem on standard error."""
        summary = summarise(parsed, maps)
        if as_json_too:
            self.stdout.write(json.dumps(as_json(summary), indent=2))
            return
        for line in as_text(summary):
            self.stdout.write(line)
        for problem in parsed.problems:
            self.stderr.write(problem_line(problem))
        if parsed.problems:
            self.stderr.write(f"{parsed.filename} kan inte importeras. Inget har ändrats.")

    def _show_consequences(self, parsed: ParsedLedger, year: int | None) -> None:
        fiscal_year = _fiscal_year(parsed, year)
        found = preview_of_file(parsed, fiscal_year.year)
        for heading, totals in (
            ("Per kostnadskategori:", found.categories),
            ("Per investeringsprojekt:", found.projects),
        ):
            if totals:
                self.stdout.write(heading)
                for line in listing({total.label: total.amount for total in totals}):
                    self.stdout.write(line)
        for caution in cautions(found):
            self.stdout.write(caution)
        changed = months_text(
            change.month for change in found.months if change.booked is not None and change.difference
        )
        self.stdout.write(f"Summan ändras för {changed}." if changed else "Ingen bokförd månads summa ändras.")
        self.stdout.write("Inget har bokförts. Lägg till --apply för att bokföra filen.")

    def _apply(self, content: bytes, filename: str, options: dict[str, Any]) -> None:
        """Book the file; all of it, or nothing where it is refused or must be confirmed."""
        parsed = detect.read(content, filename=filename, year=options["year"])
        if parsed.problems:
            raise RefusedFile(parsed)
        fiscal_year = _fiscal_year(parsed, options["year"])
        by = _user(options["user"])
        try:
            with transaction.atomic():
                uploaded = load.upload(content=content, filename=filename, fiscal_year=fiscal_year, by=by)
                found = preview(uploaded)
                _require_confirmed(found, Confirmed(options["allow_unassigned"], options["replace_published"]))
                booked = load.book(ledger_import=uploaded, seen=found.replaced, by=by)
        except AlreadyBooked as already:
            self._done(parsed, str(already), already.ledger_import, as_json_too=options["json"], applied=False)
            return
        sentence = f"{booked.filename} är bokförd av {by}: {rows_text(booked.rows)}, {months_text(parsed.months)}."
        self._done(parsed, sentence, booked, as_json_too=options["json"], applied=True)

    def _done(
        self, parsed: ParsedLedger, sentence: str, booked: LedgerImport, *, as_json_too: bool, applied: bool
    ) -> None:
        if not as_json_too:
            self.stdout.write(sentence)
            return
        summary = as_json(summarise(parsed, _account_maps(parsed)[0]))
        result = {**summary, "applied": applied, "import": booked.pk, "message": sentence}
        self.stdout.write(json.dumps(result, indent=2))


def _content(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > settings.LEDGER_FILE_LIMIT:
            raise Refused(
                f"{file} är {filesizeformat(size)}, och den största fil som tas emot är "
                f"{filesizeformat(settings.LEDGER_FILE_LIMIT)}."
            )
        return file.read_bytes()
    except IsADirectoryError as error:
        raise Refused(f"{file} är en katalog. Ange en fil.") from error
    except FileNotFoundError as error:
        raise Refused(f"Filen {file} finns inte.") from error
    except OSError as error:
        raise Refused(f"Filen {file} går inte att läsa. Kontrollera rättigheterna.") from error


def _name(file: Path) -> str:
    """The file's name as text that a database can hold."""
    return file.name.encode("utf-8", "replace").decode("utf-8")


def _account_maps(parsed: ParsedLedger) -> tuple[Maps, bool]:
    """The rules of the file's years, and whether there was no database to read them from."""
    try:
        return {year: actuals.account_map(year) for year in {cell.month.year for cell in parsed.sums}}, False
    except DatabaseError:
        return {}, True


def _fiscal_year(parsed: ParsedLedger, year: int | None) -> FiscalYear:
    years = sorted({month.year for month in parsed.months})
    if year is None and len(years) > 1:
        raise Refused(f"Filen innehåller månader från {years[0]} och {years[-1]}. Ange budgetåret med --year.")
    chosen = year if year is not None else years[0]
    fiscal_year = FiscalYear.objects.filter(year=chosen).first()
    if fiscal_year is None:
        raise Refused(f"Budgetåret {chosen} är inte upplagt. Lägg upp det under Grunddata, eller granska med --check.")
    return fiscal_year


def _user(username: str | None) -> User:
    """Who books: the one named, else the first active administrator."""
    if username is not None:
        named = User.objects.filter(username=username).first()
        if named is None:
            raise Refused(f"Det finns ingen användare ”{username}”.")
        return named
    users = User.objects.filter(is_active=True).order_by("pk")
    administrator = next((user for user in users if allows(user, Permission.IMPORT_LEDGER)), None)
    if administrator is None:
        raise Refused("Det finns ingen aktiv administratör som kan bokföra. Lägg upp en, eller ange --user.")
    return administrator


def _require_confirmed(found: Preview, confirmed: Confirmed) -> None:
    missing = []
    if found.unassigned and not confirmed.unassigned:
        missing.append("--allow-unassigned")
    if found.changed_published and not confirmed.published:
        missing.append("--replace-published")
    if missing:
        told = " ".join(cautions(found))
        raise NeedsConfirmation(f"{told} Inget har bokförts. Lägg till {' och '.join(missing)} för att bokföra ändå.")
