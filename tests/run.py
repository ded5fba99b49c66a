"""``python -m tests.run [PYTEST ARGUMENTS]``: every test on SQLite, then those that use a database on PostgreSQL.

A test that touches no database (money, parsers, the report document) cannot tell one from the other: it runs once,
as does one that looks at how pages are made (contrast, width).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.tools import all_required

# What a developer has set for the application must not reach the tests.
APPLICATION_SETTINGS = ("DATABASE_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "HTTPS", "LOG_LEVEL")
ON_POSTGRES = [sys.executable, "-m", "tests.postgres"]
USING_A_DATABASE = {"ONLY_TESTS_WITH_DATABASE": "1"}  # read in tests/conftest.py


@dataclass(frozen=True, slots=True)
class Run:
    """How the tests went on one database; ``counts`` stays empty if pytest did not come to its end."""

    database: str
    code: int
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    ran: dict[str, int] = field(default_factory=dict)
    not_run: tuple[str, ...] = ()
    finished: bool = True

    @property
    def counts(self) -> str:
        if not self.finished:
            return f"did not come to its end (exit code {self.code})"
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run both, tell both; 0 only if all that was asked for passed."""
    runs = [run_on("SQLite", arguments, [], {}), run_on("PostgreSQL", arguments, ON_POSTGRES, USING_A_DATABASE)]
    problems = [problem for run in runs for problem in problems_of(run)]
    print("\n=== Tests on all databases ===")
    for run in runs:
        print(f"{run.database + ':':<12}{run.counts}")
        for line in run.not_run:
            print(f"{'':<12}{line}")
    for problem in problems:
        print(problem)
    total = Run("all", 0, *(sum(getattr(run, name) for run in runs) for name in ("passed", "failed", "skipped")))
    print(total.counts, flush=True)
    return 1 if problems else 0


def problems_of(run: Run) -> list[str]:
    """Why a run is no success: tests failed, it never ended, or none of the browser tests that must run did."""
    problems = []
    if run.code:
        problems.append(f"The tests on {run.database} did not pass (exit code {run.code}).")
    if all_required() and not run.ran.get("browser"):
        problems.append(f"No browser test ran on {run.database}, and REQUIRE_ALL=1 demands them.")
    return problems


def run_on(database: str, arguments: list[str], wrapper: list[str], choice: dict[str, str]) -> Run:
    """Run pytest once, with the real migrations; ``wrapper`` is the command that lends it a database.

    ``choice`` is what tells tests/conftest.py which tests to leave out.
    """
    print(f"\n=== Tests on {database} ===", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        counts = Path(scratch) / "counts.json"
        environment = {key: value for key, value in os.environ.items() if key not in APPLICATION_SETTINGS}
        pytest = [
            sys.executable,
            "-m",
            "pytest",
            "--migrations",
            "-n",
            str(processes()),
            "--dist",
            "worksteal",
            *arguments,
        ]
        code = subprocess.call(wrapper + pytest, env=environment | choice | {"TEST_COUNTS": str(counts)})
        if not counts.is_file():
            return Run(database, code, finished=False)
        result = json.loads(counts.read_text(encoding="utf-8"))
    return Run(database, code, **result | {"not_run": tuple(result["not_run"])})


def processes() -> int:
    """A test process for each core this process may use, four at most: more only wait for one another."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(4, cores or 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
