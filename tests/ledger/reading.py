"""What the tests of the ledger parsers share: reading a text or rows, and what they expect of it."""

from __future__ import annotations

from pathlib import Path

from followup.ledger import detect
from followup.ledger.parsed import LedgerLine, ParsedLedger, Problem

DEMO = Path(__file__).parents[2] / "sydit" / "demo_data"
HEADER = "Period;Konto;Projekt;Text;Belopp"


def read(text: str | bytes, *, encoding: str = "utf-8", year: int | None = None) -> ParsedLedger:
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return detect.read(content, filename="test", year=year)


def lines(text: str | bytes, *, encoding: str = "utf-8", year: int | None = None) -> list[LedgerLine]:
    """The lines of a file that must be without problems."""
    content = text if isinstance(text, bytes) else text.encode(encoding)
    found: list[LedgerLine] = []
    parsed = detect.read(content, filename="test", year=year, sink=found.extend)
    assert parsed.problems == ()
    return found


def only_problem(text: str | bytes, *, year: int | None = None) -> Problem:
    parsed = read(text, year=year)
    assert len(parsed.problems) == 1, parsed.problems
    return parsed.problems[0]


def amounts(text: str | bytes) -> list[int]:
    return [line.amount for line in lines(text)]


def with_amounts(*texts: str, separator: str = ";") -> str:
    rows = [f"202410{separator}35110{separator}{separator}x{separator}{amount}" for amount in texts]
    return "\n".join([HEADER.replace(";", separator), *rows]) + "\n"
