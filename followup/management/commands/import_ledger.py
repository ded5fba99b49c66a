"""``manage.py import_ledger``: look at a ledger file, book it, or undo what was booked, from the shell.

Exit codes: 0 done (or the file could be imported), 2 refused, 3 somebody must confirm first (see the flags).
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.db import DatabaseError, transaction
from django.template.defaultfilters import filesizeformat

from followup import actuals
from followup.ledger import detect, load, profiles, undo
from followup.ledger.cautions import Concern, Unconfirmed, cautions, remarks
from followup.ledger.content import Content
from followup.ledger.control import require_agreement
from followup.ledger.labels import months_text, rows_text, skipped_sentence
from followup.ledger.load import AlreadyBooked, RefusedFile
from followup.ledger.parsed import ParsedLedger
from followup.ledger.preview import preview, preview_of_file
from followup.ledger.profile import NO_PROFILES, Profiles
from followup.ledger.summary import Maps, as_json, as_text, differences, listing, problem_line, summarise
from followup.models import FiscalYear, LedgerImport
from sydit.access import Permission, allows
from sydit.errors import NO_DATABASE, Refused
from sydit.models import User
from sydit.money import AmountError, parse

REFUSED = 2
NEEDS_CONFIRMATION = 3


class Command(BaseCommand):
    help = "Visar vad en huvudboksfil innehåller, bokför den med --apply, eller ångrar en bokförd import med --undo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FIL", nargs="?")
        parser.add_argument("--year", type=int, metavar="ÅR", help="kalenderåret som räkenskapsåret börjar i")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--check", action="store_true", help="läs bara filen; kräver inget upplagt budgetår")
        act.add_argument("--apply", action="store_true", help="bokför filen")
        act.add_argument("--undo", type=int, metavar="NUMMER", help="ångra importen med det numret (ingen fil)")
        parser.add_argument("--json", action="store_true", help="skriv JSON")
        parser.add_argument("--user", metavar="NAMN", help="användaren som bokför; annars den första administratören")
        parser.add_argument(
            "--control-total",
            type=_kronor,
            metavar="KRONOR",
            help='huvudbokens eget saldo för det som bokförs, som "7 351 567,28"; stämmer det inte bokförs inget',
        )
        parser.add_argument(
            "--profile", metavar="NAMN", help="läs filen med just den importprofilen; annars den som passar, om någon"
        )
        for concern in Concern:
            parser.add_argument(
                concern.flag,
                action="append_const",
                const=concern,
                dest="confirmed",
                default=[],
                help=concern.confirmation.lower(),
            )

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        try:
            self._act(file, options)
        except RefusedFile as refused:
            self._tell(refused.parsed, _account_maps(refused.parsed)[0], as_json_too=options["json"])
            self._ask_for_year(refused.parsed, options)
            sys.exit(REFUSED)
        except Unconfirmed as needed:
            flags = " ".join(caution.concern.flag for caution in needed.cautions)
            self.stderr.write(f"{needed} Om det är meningen, lägg till: {flags}")
            sys.exit(NEEDS_CONFIRMATION)
        except (Refused, PermissionDenied) as refused:
            self.stderr.write(str(refused))
            sys.exit(REFUSED)
        except DatabaseError:
            self.stderr.write(NO_DATABASE)
            sys.exit(REFUSED)

    def _act(self, file: Path | None, options: dict[str, Any]) -> None:
        if options["undo"] is not None:
            self._undo(file, options)
        elif file is None:
            raise Refused("Ange filen som ska läsas, eller --undo med en imports nummer.")
        elif options["apply"]:
            self._apply(_content(file), _name(file), options)
        else:
            self._show(_content(file), _name(file), options)

    def _show(self, content: Content, filename: str, options: dict[str, Any]) -> None:
        """Tell what the file holds; without ``--check`` also what it would change."""
        parsed = _looked_at(content, filename, options)
        maps, unreachable = _account_maps(parsed)
        self._tell(parsed, maps, as_json_too=options["json"])
        if parsed.problems:
            self._ask_for_year(parsed, options)
            sys.exit(REFUSED)
        if unreachable:
            self.stderr.write("Databasen gick inte att läsa: investeringsprojekt och kontoregler är därför okända.")
        elif not (options["check"] or options["json"]):
            self._show_consequences(parsed, options)

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

    def _ask_for_year(self, parsed: ParsedLedger, options: dict[str, Any]) -> None:
        """What is outside a year that somebody names is asked about; without it, the file has no year."""
        if options["year"] is None and not options["check"] and len({month.year for month in parsed.months}) > 1:
            self.stderr.write(
                "Med --year och ett budgetår läses filen för det året, och raderna utanför det kan lämnas därhän."
            )

    def _show_consequences(self, parsed: ParsedLedger, options: dict[str, Any]) -> None:
        fiscal_year = _fiscal_year(parsed, options["year"])
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
            self.stdout.write(f"{caution.text} ({caution.concern.flag})")
        for remark in remarks(found):
            self.stdout.write(remark)
        if options["control_total"] is not None:
            require_agreement(options["control_total"], found)
            self.stdout.write("Det som bokförs stämmer på öret med huvudbokens saldo.")
        for line in differences(found):
            self.stdout.write(line)
        self.stdout.write("Inget har bokförts. Lägg till --apply för att bokföra filen.")

    def _apply(self, content: Content, filename: str, options: dict[str, Any]) -> None:
        """Book the file; all of it, or nothing where it is refused or must be confirmed."""
        known = _profiles(options["profile"])
        year = options["year"]
        # Without the year, the file is read once more to learn it.
        fiscal_year = FiscalYear.objects.filter(year=year).first() or _read_for_year(content, filename, year, known)[1]
        by = _user(options["user"])
        try:
            with load.explaining_a_full_disk(), transaction.atomic():
                uploaded, parsed = load.upload_with_lines(
                    content=content, filename=filename, fiscal_year=fiscal_year, by=by, known=known
                )
                found = preview(uploaded)
                booked = load.book(
                    ledger_import=uploaded,
                    seen=found.replaced,
                    found=found,
                    confirmed=options["confirmed"],
                    control_total=options["control_total"],
                    by=by,
                )
        except AlreadyBooked as already:
            parsed, _ = _read_for_year(content, filename, fiscal_year.year, known)
            self._done(parsed, str(already), already.ledger_import, as_json_too=options["json"], applied=False)
            return
        sentence = (
            f"{booked.filename} är bokförd av {by}: {rows_text(booked.rows)}, {months_text(parsed.months)}. "
            f"Den ångras med --undo {booked.pk}."
        )
        self._done(parsed, sentence, booked, told=remarks(found), as_json_too=options["json"], applied=True)

    def _done(
        self,
        parsed: ParsedLedger,
        sentence: str,
        booked: LedgerImport,
        *,
        told: Iterable[str] = (),
        as_json_too: bool,
        applied: bool,
    ) -> None:
        """Tell what happened; what the file's reader should know goes before it, as nobody saw a preview."""
        if not as_json_too:
            for line in (*map(skipped_sentence, parsed.skipped), *parsed.notices, *told, sentence):
                self.stdout.write(line)
            return
        summary = as_json(summarise(parsed, _account_maps(parsed)[0]))
        summary["notices"] += told
        result = {**summary, "applied": applied, "import": booked.pk, "message": sentence}
        self.stdout.write(json.dumps(result, indent=2))

    def _undo(self, file: Path | None, options: dict[str, Any]) -> None:
        if file is not None:
            raise Refused("--undo gäller en import och ingen fil. Ange antingen filen eller importens nummer.")
        booked = LedgerImport.objects.filter(pk=options["undo"]).first()
        if booked is None:
            raise Refused(f"Det finns ingen import med nummer {options['undo']}.")
        by = _user(options["user"])
        undone = undo.undo(ledger_import=booked, confirmed=options["confirmed"], by=by)
        months = months_text(month.period for month in undone.months.all())
        sentence = f"{undone.filename} är ångrad av {by}: {months} är som före importen."
        told = json.dumps({"undone": undone.pk, "message": sentence}, indent=2) if options["json"] else sentence
        self.stdout.write(told)


def _kronor(typed: str) -> int:
    """An option's kronor as öre."""
    try:
        return parse(typed, decimal="," if typed.count(",") == 1 and "." not in typed else None)
    except AmountError as error:
        raise ArgumentTypeError(str(error)) from error


def _profiles(name: str | None) -> Profiles:
    """The import profile asked for, else all of them; none where there is no database to read them from."""
    if name is not None:
        return profiles.named(name)
    try:
        return profiles.stored()
    except DatabaseError:
        return NO_PROFILES


def _looked_at(content: Content, filename: str, options: dict[str, Any]) -> ParsedLedger:
    """The file as it would be booked in the year asked for; with ``--check``, or where that is none, as it is."""
    known, year = _profiles(options["profile"]), options["year"]
    try:
        fiscal_year = None if options["check"] else FiscalYear.objects.filter(year=year).first()
    except DatabaseError:
        fiscal_year = None
    if fiscal_year:
        return load.read_for_year(content, filename=filename, fiscal_year=fiscal_year, known=known)
    return detect.read(content, filename=filename, year=year, broken_year=options["check"], profiles=known)


def _read_for_year(
    content: Content, filename: str, year: int | None, allowed: Profiles
) -> tuple[ParsedLedger, FiscalYear]:
    """The file and the year it is booked in: the one asked for, else the one the file says.

    Raises :class:`RefusedFile` where the file cannot be booked in it.
    """
    known = None if year is None else FiscalYear.objects.filter(year=year).first()
    if known:
        parsed = load.read_for_year(content, filename=filename, fiscal_year=known, known=allowed)
    else:
        parsed = detect.read(content, filename=filename, year=year, profiles=allowed)
    if parsed.problems:
        raise RefusedFile(parsed)
    return parsed, known or _fiscal_year(parsed, year)


def _content(file: Path) -> Content:
    try:
        size = file.stat().st_size
        if size > settings.LEDGER_FILE_LIMIT:
            raise Refused(
                f"{file} är {filesizeformat(size)}, och den största fil som tas emot är "
                f"{filesizeformat(settings.LEDGER_FILE_LIMIT)}."
            )
        return Content.at(file)
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
