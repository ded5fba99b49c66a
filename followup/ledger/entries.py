"""The ledger's lines and their sums, written as fast as the database takes them.

For the lines that is COPY on PostgreSQL, and many a statement elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from followup.ledger.parsed import Cell, LedgerLine, Sink
from followup.models import LedgerEntry, LedgerImport, LedgerMonth, MonthlyActual
from sydit.periods import Month

# Those of a LedgerLine, in its order: month stands for the month that the line belongs to.
COLUMNS = (
    "row",
    "ledger_month_id",
    "account",
    "amount",
    "project",
    "booked_on",
    "voucher",
    "text",
    "cost_center",
    "activity",
    "counterparty",
)
_TABS = len(COLUMNS) - 1


def reserve_months(year: int) -> dict[Month, int]:
    """Ids for the months of a calendar year that lines are stored under before the months themselves.

    What a file holds is known when it has been read, and its lines are written while it is read. Call it in a
    transaction that holds the year's lock; ids that are not used are left out for ever, as those of a rollback.
    """
    table = LedgerMonth._meta.db_table
    months = [Month(year, number) for number in range(1, 13)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(months)]
            )
            return {month: number for month, (number,) in zip(months, cursor.fetchall(), strict=True)}
        # A transaction that may write is the only one (transaction_mode IMMEDIATE), so nobody else takes the next ids.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone()
        return {month: last + number for number, month in enumerate(months, 1)}


def are_stored(ledger_import: LedgerImport) -> bool:
    """Whether the import's lines are written already."""
    return LedgerEntry.objects.filter(ledger_month__in=list(ledger_import.months.all())).exists()


@contextmanager
def writing(month_ids: Mapping[Month, int]) -> Iterator[Sink]:
    """A function that stores lines under their months; one of another month is left out.

    Whoever reads the file sees from its sums whether that is all of it. While it is open, the connection answers
    nothing else.
    """
    table = LedgerEntry._meta.db_table
    columns = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                yield _copied(month_ids, copy.write)
            return
        # Many lines a statement: SQLite looks up and writes the last id of the table once for each. A batch has fewer
        # values than the 32 766 that a statement may have.
        one = f"({', '.join('?' * len(COLUMNS))})"

        def insert(lines: int, values: list[Any]) -> None:
            # As one of many statements, whose values never reach a log; and by the driver, since Django looks through
            # a statement for each "%s".
            many = ", ".join([one] * lines)
            with connection.wrap_database_errors:
                connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES {many}", [values])  # noqa: S608

        yield _inserted(month_ids, insert)


def store_sums(month_ids: Mapping[Month, int], sums: Mapping[Cell, int]) -> None:
    """Store the öre of each cell under its month."""
    table = MonthlyActual._meta.db_table
    columns = "(ledger_month_id, account, project, amount)"
    rows = ((month_ids[cell.month], cell.account, cell.project, ore) for cell, ore in sums.items())
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {table} {columns} VALUES (%s, %s, %s, %s)", list(rows))  # noqa: S608
            return
        with cursor.copy(f"COPY {table} {columns} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class _Days(dict[dt.date | None, str | None]):
    """Each day as the database reads it; a ledger repeats its days on every line."""

    def __init__(self, absent: str | None) -> None:
        super().__init__({None: absent})

    def __missing__(self, day: dt.date | None) -> str | None:
        self[day] = written = str(day)
        return written


def _copied(month_ids: Mapping[Month, int], write: Callable[[bytes], object]) -> Sink:
    """Lines in COPY's text format (PostgreSQL's documentation, COPY, "Text Format")."""
    days = _Days(r"\N")

    def store(lines: Sequence[LedgerLine]) -> None:
        records = "".join(_records(lines, month_ids, days))
        if _holds_more(records, lines):
            records = "".join(_records([LedgerLine(*map(_escaped, line)) for line in lines], month_ids, days))
        write(records.encode())

    return store


def _records(lines: Iterable[LedgerLine], month_ids: Mapping[Month, int], days: _Days) -> Iterator[str]:
    month: Month | None = None
    month_id: int | None = None
    for row, line_month, account, amount, project, day, voucher, text, cost_center, activity, counterparty in lines:
        if line_month is not month:  # a month's hash costs as much as the rest: lines of one month follow each other
            month, month_id = line_month, month_ids.get(line_month)
        if month_id is not None:
            yield (
                f"{row}\t{month_id}\t{account}\t{amount}\t{project}\t{days[day]}\t{voucher}\t{text}"
                f"\t{cost_center}\t{activity}\t{counterparty}\n"
            )


def _holds_more(records: str, lines: Sequence[LedgerLine]) -> bool:
    """Whether a text among them has characters that part records: told by all at once, since hardly any file has."""
    return (
        "\r" in records
        or records.count("\n") > len(lines)
        or records.count("\t") > len(lines) * _TABS
        or records.count("\\") > sum(line.booked_on is None for line in lines)
    )


def _escaped(value: Any) -> Any:
    return value.translate(_ESCAPES) if type(value) is str else value


_ESCAPES = {ord("\\"): r"\\", ord("\t"): r"\t", ord("\n"): r"\n", ord("\r"): r"\r"}


def _inserted(month_ids: Mapping[Month, int], write: Callable[[int, list[Any]], object]) -> Sink:
    """Lines as the values of :data:`COLUMNS`, one line's after the other's; ``write`` is told of how many lines."""
    days = _Days(None)

    def store(lines: Sequence[LedgerLine]) -> None:
        values: list[Any] = []
        month: Month | None = None
        month_id: int | None = None
        for row, line_month, account, amount, project, day, voucher, text, cost_center, activity, counterparty in lines:
            if line_month is not month:
                month, month_id = line_month, month_ids.get(line_month)
            if month_id is not None:
                values += (
                    row, month_id, account, amount, project, days[day], voucher, text, cost_center, activity,
                    counterparty,
                )  # fmt: skip
        if values:
            write(len(values) // len(COLUMNS), values)

    return store
