"""``manage.py check_text 2024-10 --file FILE``: the figure check on any text, against the report of a follow-up."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from sydit.errors import NO_DATABASE, Refused
from sydit.management.follow_ups import follow_up_of
from sydit.report import archive, publish
from sydit.report.text_check import Mark, check
from sydit.report.text_subject import last_texts_of, subject_of

REFUSED = 2
LARGEST_FILE = 2_000_000  # bytes


class Command(BaseCommand):
    help = "Granskar siffrorna i en text mot uppföljningens rapport och visar vad en läsare skulle haka upp sig på."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="MÅNAD", help="uppföljningens månad, till exempel 2024-10")
        parser.add_argument("--file", type=Path, required=True, metavar="FIL", help="textfilen (UTF-8 eller Windows)")
        parser.add_argument("--json", action="store_true", help="märkningarna som JSON, med plats i tecken")

    def handle(self, *args: Any, month: str, file: Path, json: bool, **options: Any) -> None:  # noqa: ARG002
        try:
            follow_up = follow_up_of(month)
            text = _text(file)
            report = publish.report_of(follow_up)
            subject = subject_of(report.tables, archive.previous(follow_up), last_texts_of(follow_up))
        except Refused as refused:
            self.stderr.write(str(refused))
            sys.exit(REFUSED)
        except DatabaseError:
            self.stderr.write(NO_DATABASE)
            sys.exit(REFUSED)
        marks = check(text, subject)
        self.stdout.write(_as_json(marks) if json else "\n".join(_as_list(text, marks)))


def _text(file: Path) -> str:
    """The file decoded as it is: line ends and all, so that a mark's place is its place in the file."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Refused(f"Filen {file} är för stor: högst {LARGEST_FILE // 1_000_000} MB text granskas åt gången.")
        content = file.read_bytes()
    except OSError as error:
        raise Refused(f"Filen {file} går inte att läsa. Kontrollera namnet och rättigheterna.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _as_json(marks: Sequence[Mark]) -> str:
    return json.dumps({"marks": [asdict(mark) for mark in marks]}, ensure_ascii=False, indent=1)


def _as_list(text: str, marks: Sequence[Mark]) -> list[str]:
    if not marks:
        return ["Inget att anmärka på."]
    lines = []
    for mark in marks:
        place = f"Rad {text.count(chr(10), 0, mark.start) + 1}" if mark.quote else "Hela texten"
        quote = f" ”{' '.join(mark.quote.split())}”" if mark.quote else ""
        lines.append(f"{place}: {mark.kind.label}{quote}. {mark.message}")
        if mark.suggestion:
            lines.append(f"    Förslag: {' '.join(mark.suggestion.split())}")
    return lines
