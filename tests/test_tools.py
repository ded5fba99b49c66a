"""Finding the programs that some tests need, and what a test run says where they are missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import Run, problems_of
from tests.tools import find_chromium, find_office

SAMPLE = """
import pytest

@pytest.mark.browser
def test_page(): pass

@pytest.mark.browser
def test_other_page(): pass

def test_sum(): pass

@pytest.fixture
def db(): pass

@pytest.fixture
def row(db): pass

def test_row(row): pass

@pytest.mark.only_looks
def test_look(row): pass
"""


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder on PATH, empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("SOFFICE", raising=False)
    return tmp_path


def run_sample(folder: Path, **environment: str) -> tuple[subprocess.CompletedProcess[str], dict[str, object]]:
    """Run the sample with the project's conftest where no Chromium is to be found."""
    root = Path(__file__).parent.parent
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser\n  only_looks\n", encoding="utf-8")
    (folder / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    counts = folder / "counts.json"
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "REQUIRE_ALL"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", folder],
        env=clean | {"CHROMIUM": "/nowhere", "TEST_COUNTS": str(counts), "PYTHONPATH": str(root), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done, json.loads(counts.read_text(encoding="utf-8"))


def test_chromium_is_taken_from_the_environment_first(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(only, "chromium")
    monkeypatch.setenv("CHROMIUM", program(only, "my-own"))

    assert find_chromium() == str(only / "my-own")


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_chromium_is_found_on_path_by_each_known_name(only: Path, name: str) -> None:
    assert find_chromium() is None
    assert find_chromium() or program(only, name) == find_chromium()


def test_a_chromium_that_is_named_but_not_there_is_not_replaced_by_another(
    only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(only, "chromium")
    monkeypatch.setenv("CHROMIUM", str(only / "gone"))

    assert find_chromium() is None


def test_libreoffice_is_found_on_path(only: Path) -> None:
    assert find_office() is None
    assert program(only, "soffice") == find_office()


@pytest.mark.slow
def test_browser_tests_without_a_browser_are_skipped_counted_and_told(tmp_path: Path) -> None:
    done, counts = run_sample(tmp_path)

    line = "2 not run: browser tests need Chromium, which was not found (install it, or set CHROMIUM to its path)"
    assert done.returncode == 0
    assert line in done.stdout.splitlines()
    assert "3 passed, 2 skipped" in done.stdout
    assert counts == {"passed": 3, "failed": 0, "skipped": 2, "ran": {}, "not_run": [line]}


@pytest.mark.slow
def test_browser_tests_without_a_browser_fail_where_everything_is_required(tmp_path: Path) -> None:
    done, counts = run_sample(tmp_path, REQUIRE_ALL="1")

    assert done.returncode == 1
    assert counts["failed"] == 2
    assert counts["passed"] == 3


@pytest.mark.slow
def test_on_the_second_database_only_tests_that_use_one_run(tmp_path: Path) -> None:
    done, counts = run_sample(tmp_path, ONLY_TESTS_WITH_DATABASE="1")

    assert "1 passed, 4 deselected" in done.stdout
    assert counts["passed"] == 1


def test_a_run_that_passed_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_ALL", raising=False)

    assert problems_of(Run("SQLite", 0, passed=3)) == []


def test_a_run_that_ended_early_is_a_problem() -> None:
    assert problems_of(Run("PostgreSQL", 3, finished=False))


def test_no_browser_test_at_all_is_a_problem_where_everything_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_ALL", "1")

    assert problems_of(Run("SQLite", 0, passed=3))
    assert problems_of(Run("SQLite", 0, passed=3, ran={"browser": 1})) == []
