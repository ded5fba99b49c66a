"""One measured job in a process of its own, so that its peak memory is its own: ``python -m bench._import_job JOB …``.

It prints one line of JSON: seconds, and the most memory the process held. What a running server has loaded already is
loaded before the clock starts, as psql's own clock starts when it is connected.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from followup.ledger import entries, load
from followup.ledger.cautions import Concern
from followup.ledger.content import Content
from followup.ledger.preview import Preview, preview
from followup.models import (
    Account,
    FiscalYear,
    LedgerEntry,
    LedgerFile,
    LedgerFilePiece,
    LedgerImport,
    LedgerMonth,
    MonthlyActual,
)
from sydit.access import Role
from sydit.models import User

settings.DEBUG = False  # as in production: a database that is debugged keeps every statement in memory

YEAR = 2024
KILO = 1024
EVERYTHING = tuple(Concern)  # whoever measures confirms what is asked


def empty() -> None:
    """Leave nothing of the ledger; one administrator and one year."""
    models = (MonthlyActual, LedgerEntry, LedgerMonth, LedgerImport, LedgerFilePiece, LedgerFile, Account)
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("VACUUM")
    FiscalYear.objects.get_or_create(year=YEAR)
    if not User.objects.filter(username="bench").exists():
        User.objects.create_user("bench", roles=[Role.ADMINISTRATOR.value])


def applied(path: Path) -> None:
    """What ``import_ledger --apply`` does: read the file, see what it changes, book it, in one transaction."""
    with transaction.atomic():
        uploaded = _uploaded(path, lambda **file: load.upload_with_lines(**file).ledger_import)
        found = preview(uploaded)
        _book(uploaded, found, found=found)


def previewed(path: Path) -> None:
    """What an import in the browser does: read the file, see what it changes, and later read it again to book it."""
    uploaded = _uploaded(path, load.upload)
    _book(uploaded, preview(uploaded))


def _uploaded(path: Path, upload: Callable[..., LedgerImport]) -> LedgerImport:
    year = FiscalYear.objects.get(year=YEAR)
    return upload(content=Content.at(path), filename=path.name, fiscal_year=year, by=_by())


def _book(waiting: LedgerImport, shown: Preview, **known: Preview) -> None:
    load.book(ledger_import=waiting, seen=shown.replaced, confirmed=EVERYTHING, by=_by(), **known)


def _by() -> User:
    return User.objects.get(username="bench")


def read_by_calamine(path: Path) -> None:
    """Read a workbook's sheet with the library alone."""
    for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows():
        pass


def executemany(database: Path) -> Callable[[], None]:
    """Write the lines of a SQLite ledger to a bare table of another one, from tuples that are in memory already."""
    columns = ", ".join(entries.COLUMNS)
    with sqlite3.connect(database) as source:
        rows = source.execute(f"SELECT {columns} FROM followup_ledgerentry ORDER BY id").fetchall()
    bare = database.with_name("bare.sqlite3")
    bare.unlink(missing_ok=True)
    target = sqlite3.connect(bare)
    target.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000")
    target.execute(f"CREATE TABLE entry ({columns})")

    def write() -> None:
        with target:
            target.executemany(f"INSERT INTO entry VALUES ({', '.join('?' * len(entries.COLUMNS))})", rows)

    return write


def main(job: str, *paths: str) -> None:
    connection.ensure_connection()
    path = Path(paths[0]) if paths else Path()
    jobs: dict[str, Callable[[Path], None]] = {"apply": applied, "preview": previewed, "calamine": read_by_calamine}
    work = empty if job == "empty" else executemany(path) if job == "executemany" else partial(jobs[job], path)
    before = time.perf_counter()
    work()
    seconds = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILO
    print(json.dumps({"seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
