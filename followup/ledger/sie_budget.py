"""The budget that a SIE file may carry: ``#PBUDGET``, a month's amount per account and object.

Source: SIE file format 4B, chapter 11. The rows are built as those of ``#PSALDO``, but no balance tells whether the
row with ``{}`` holds the objects' rows: it is read as the standard says, as all of the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from followup.ledger.content import Content
from followup.ledger.parsed import Findings
from followup.ledger.sie_balances import Balances, MonthRow
from followup.ledger.sie_header import Dimensions, SieError, fiscal_year
from followup.ledger.sie_lexer import FieldError, as_bytes_of_one_width, decode, encoding_of, labelled
from followup.ledger.sie_months import Reading, account_lines, readings
from sydit.money import shown
from sydit.periods import Month


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What is budgeted on an account in a month, in öre with the ledger's sign."""

    row: int
    month: Month
    account: str
    amount: int
    project: str = ""


def budget(content: Content, findings: Findings) -> list[BudgetLine]:
    """The file's budget of year 0; empty where it has none. What can't be read ends up in ``findings``."""
    content = as_bytes_of_one_width(content)
    encoding = encoding_of(content)
    collected = Balances(findings, fiscal_year(content, encoding, findings), Dimensions())
    for found in labelled(content, "PBUDGET"):
        row = found.row
        try:
            collected.take(row, "PBUDGET", decode(found.rest.rstrip(b"\x1a"), encoding), 0)
        except (FieldError, SieError) as error:
            column = error.column if isinstance(error, SieError) else "Fält"
            findings.problem(str(error), row=row, column=column, value=shown(error.value))
    return [line for account, rows in collected.months.items() for line in _lines(account, rows)]


def _lines(account: str, rows: list[MonthRow]) -> Iterator[BudgetLine]:
    for line in account_lines(account, _reading(rows)):
        yield BudgetLine(line.row, line.month, account, line.amount, line.project)


def _reading(rows: list[MonthRow]) -> Reading:
    """Each month's total is the row with ``{}``; where it has none, its projects, or else the first dimension."""
    standard = readings(rows)[0]
    totals: dict[Month, int] = {}
    shown_with: dict[Month, int] = {}
    for month in dict.fromkeys(row.month for row in rows):
        counted = _counted([row for row in rows if row.month == month], standard)
        totals[month] = sum(row.amount for row in counted)
        shown_with[month] = counted[0].row
    return standard._replace(totals=totals, rows=shown_with)


def _counted(rows: list[MonthRow], standard: Reading) -> list[MonthRow]:
    """The rows that are all of one month."""
    plain = [row for row in rows if not row.objects.dimensions]
    by_project = [row for row in standard.parts if row.month == rows[0].month]
    return plain or by_project or [row for row in rows if row.objects.dimensions == rows[0].objects.dimensions]
