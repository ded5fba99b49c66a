"""``manage.py report 2024-10 --format json|html|xlsx``: the report of a follow-up, as its pages give it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from followup.models import FollowUp
from sydit.errors import NO_DATABASE, Refused
from sydit.management.follow_ups import follow_up_of
from sydit.report import publish, standalone, xlsx

REFUSED = 2

Renderer = Callable[[FollowUp], bytes]

RENDERERS: Mapping[str, Renderer] = {
    "json": lambda follow_up: publish.json_of(follow_up).encode(),
    "html": lambda follow_up: standalone.render(publish.report_of(follow_up), publish.latest(follow_up)).encode(),
    "xlsx": lambda follow_up: xlsx.render(publish.report_of(follow_up)),
}


class Command(BaseCommand):
    help = "Skriver rapporten för en uppföljning: den publicerade om den är godkänd, annars utkastet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="MÅNAD", help="uppföljningens månad, till exempel 2024-10")
        parser.add_argument("--format", default="json", metavar="|".join(RENDERERS))
        parser.add_argument("--output", type=Path, metavar="FIL", help="filen som skrivs; annars standard ut")

    def handle(self, *args: Any, month: str, format: str, output: Path | None, **options: Any) -> None:  # noqa: A002, ARG002
        try:
            content = _renderer(format)(follow_up_of(month))
            if output is None:
                self._print(content, is_text=format != "xlsx")
            else:
                _write(output, content)
        except Refused as refused:
            self.stderr.write(str(refused))
            sys.exit(REFUSED)
        except DatabaseError:
            self.stderr.write(NO_DATABASE)
            sys.exit(REFUSED)

    def _print(self, content: bytes, *, is_text: bool) -> None:
        """The exact bytes where standard output takes bytes; a workbook goes nowhere else."""
        raw = getattr(self.stdout, "buffer", None)
        if raw is not None and (is_text or not self.stdout.isatty()):
            raw.write(content)
            raw.flush()
        elif is_text:
            self.stdout.write(content.decode())
        else:
            raise Refused("En arbetsbok kan inte visas i terminalen. Ange en fil med --output.")


def _renderer(name: str) -> Renderer:
    if name not in RENDERERS:
        raise Refused(f"Formatet ”{name}” finns inte. Välj något av {', '.join(RENDERERS)}.")
    return RENDERERS[name]


def _write(output: Path, content: bytes) -> None:
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Refused(f"Filen {output} går inte att skriva. Kontrollera katalogen och rättigheterna.") from error
