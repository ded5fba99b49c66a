"""The ledger's lines and the files they come from, written as fast as the database takes them.

That is COPY on PostgreSQL, and many lines at a time elsewhere.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction

from followup.ledger.parsed import LedgerLine
from followup.ledger.source import PIECE, Source
from followup.models import LedgerEntry, LedgerFile, LedgerImport, LedgerMonth
from sydit.periods import Month

Sink = Callable[[LedgerLine], object]

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
BATCH = 1_000  # lines handed to COPY at a time
INSERTED = 2_000  # lines of an INSERT: their values are fewer than the 32 766 that SQLite takes
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


def keep_file(content: Source) -> None:
    """Store the file as it came, compressed, unless it is stored already. Call it in a transaction."""
    if LedgerFile.objects.filter(pk=content.sha256).exists():
        return
    if connection.vendor != "postgresql":
        LedgerFile.objects.create(sha256=content.sha256, compressed=b"".join(_compressed(content)))
        return
    try:
        with transaction.atomic():
            _copy_file(content)
    except psycopg.errors.UniqueViolation:
        return  # somebody else stored the same file at the same moment


def _copy_file(content: Source) -> None:
    """Piece by piece: as a parameter of an INSERT it would be held several times over, in hexadecimal."""
    table = LedgerFile._meta.db_table
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} (sha256, compressed) FROM STDIN") as copy:
        copy.write(f"{content.sha256}\t\\\\x")
        for piece in _compressed(content):
            copy.write(piece.hex())
        copy.write("\n")


def _compressed(content: Source) -> Iterator[bytes]:
    packer = zlib.compressobj(level=1)  # a third larger than with the usual level, in a fourth of the time
    for piece in content.pieces():
        yield packer.compress(piece)
    yield packer.flush()


def original(sha256: str) -> Source:
    """A stored file as it came."""
    return Source.copied(_unpacked(LedgerFile.objects.values_list("compressed", flat=True).get(pk=sha256)))


def _unpacked(packed: bytes | memoryview) -> Iterator[bytes]:
    unpacker, rest = zlib.decompressobj(), memoryview(packed)
    for start in range(0, len(rest), PIECE):
        yield unpacker.decompress(rest[start : start + PIECE])
    if not unpacker.eof:
        raise zlib.error("a stored file ends too early")


def are_stored(ledger_import: LedgerImport) -> bool:
    """Whether the import's lines are written already."""
    return LedgerEntry.objects.filter(ledger_month__in=list(ledger_import.months.all())).exists()


@contextmanager
def writing(month_ids: Mapping[Month, int]) -> Iterator[Sink]:
    """A function that stores a line under its month; one of another month is left out.

    Whoever reads the file sees from its sums whether that is all of it. While it is open, the connection answers
    nothing else.
    """
    table = LedgerEntry._meta.db_table
    columns = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy, _copied(month_ids, copy.write) as store:
                yield store
            return
        # Many lines a statement: SQLite looks up and writes the last id of the table once for each statement.
        one = f"({', '.join('?' * len(COLUMNS))})"

        def insert(lines: int, values: list[Any]) -> None:
            # As one of many statements, whose values never reach a log; and by the driver, since Django looks through
            # a statement for each "%s".
            many = ", ".join([one] * lines)
            with connection.wrap_database_errors:
                connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES {many}", [values])  # noqa: S608

        with _inserted(month_ids, insert) as store:
            yield store


class _Days(dict[dt.date | None, str | None]):
    """Each day as the database reads it; a ledger repeats its days on every line."""

    def __init__(self, absent: str | None) -> None:
        super().__init__({None: absent})

    def __missing__(self, day: dt.date | None) -> str | None:
        self[day] = written = str(day)
        return written


@contextmanager
def _copied(month_ids: Mapping[Month, int], write: Callable[[bytes], object]) -> Iterator[Sink]:
    """Lines in COPY's text format (PostgreSQL's documentation, COPY, "Text Format")."""
    lines: list[LedgerLine] = []
    days = _Days(r"\N")

    def flush() -> None:
        records = "".join(_records(lines, month_ids, days))
        if _holds_more(records, lines):
            records = "".join(_records([LedgerLine(*map(_escaped, line)) for line in lines], month_ids, days))
        write(records.encode())
        lines.clear()

    def store(line: LedgerLine) -> None:
        lines.append(line)
        if len(lines) >= BATCH:
            flush()

    yield store
    flush()


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


def _holds_more(records: str, lines: list[LedgerLine]) -> bool:
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


@contextmanager
def _inserted(month_ids: Mapping[Month, int], write: Callable[[int, list[Any]], object]) -> Iterator[Sink]:
    """Lines as the values of :data:`COLUMNS`, one line's after the other's; ``write`` is told of how many lines."""
    values: list[Any] = []
    days = _Days(None)
    full = INSERTED * len(COLUMNS)
    month: Month | None = None
    month_id: int | None = None

    def store(line: LedgerLine) -> None:
        nonlocal month, month_id
        row, line_month, account, amount, project, day, voucher, text, cost_center, activity, counterparty = line
        if line_month is not month:
            month, month_id = line_month, month_ids.get(line_month)
        if month_id is None:
            return
        values.extend(
            (row, month_id, account, amount, project, days[day], voucher, text, cost_center, activity, counterparty)
        )
        if len(values) >= full:
            write(INSERTED, values)
            values.clear()

    yield store
    if values:
        write(len(values) // len(COLUMNS), values)
