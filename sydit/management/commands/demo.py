"""``manage.py demo``: load the demonstration into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sydit import demo, demo_years
from sydit.access import Role


class Command(BaseCommand):
    help = "Loads the demonstration (2023, and 2024 through October) into an empty database; leaves any other as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", action="store_true", help="only print the demonstration's users")

    def handle(self, *args: Any, users: bool, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        if users:
            self._print_users()
        elif demo.is_loaded():
            self.stdout.write("Databasen innehåller redan uppgifter; demonstrationen läses inte in igen.")
        else:
            demo_years.load_years(self.stdout.write)
            self.stdout.write("Demonstrationen är inläst; ”manage.py demo --users” visar dess användare.")

    def _print_users(self) -> None:
        rows = demo.read_plan()["users"]
        width = max(len(row["username"]) for row in rows)
        self.stdout.write("Användare i demonstrationen:")
        for row in rows:
            self.stdout.write(f"  {row['username']:<{width}}  {demo.PASSWORD}  {Role(row['role']).label}")
