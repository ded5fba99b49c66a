"""What every test stands on: the test database, the browser, and tests that need a program from outside."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.test import Client

from tests.tools import all_required, find_chromium, tools

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

    from followup.models import FollowUp

# Playwright keeps an event loop in the main thread, and Django then takes every query for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # Chromium's own sandbox refuses to start as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOOLS = tools()
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Give SQLite's test database a file, so that the live server's threads have connections of their own."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """While Playwright's event loop runs, Django keeps other connections than before and after: closed with it,
    or the test database cannot be removed."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the system's Chromium, not one that Playwright would have downloaded."""
    return browser_type_launch_args | {"executable_path": find_chromium(), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A Swedish reader whose pages do not move while they are looked at."""
    return browser_context_args | {
        "locale": "sv-SE",
        "timezone_id": "Europe/Stockholm",
        "reduced_motion": "reduce",
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def october(db: None) -> FollowUp:
    """The demonstration: SYD-IT's open follow-up of October 2024, with everything entered."""
    from sydit import demo  # needs the applications, which a run of this plugin alone does not load
    from tests import loaded_once

    return loaded_once.loaded(demo.load_demo)


@pytest.fixture
def whole_demo(db: None) -> FollowUp:
    """The whole demonstration, 2023 and 2024 through October, for what compares over time."""
    from sydit import demo_years  # as above
    from tests import loaded_once

    return loaded_once.loaded(demo_years.load_years)


@pytest.fixture(autouse=True)
def nothing_kept_is_old(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept from before is computed again each time a test gets it, and must be the same: whatever a test
    writes, in whichever way, no page stays behind. Tests that count queries leave this out: ``counts_queries``."""
    if not apps.ready:
        return
    from sydit import kept  # needs the applications

    if request.node.get_closest_marker("counts_queries"):
        kept.forget()
        monkeypatch.setattr(kept, "_watched", {"default"})  # each process asks once whether the tables have triggers
        return

    def the_same(function: Callable, args: tuple, kwargs: dict, found: object) -> object:
        assert function(*args, **kwargs) == found, f"{function.__qualname__} was kept too long"
        return found

    monkeypatch.setattr(kept, "_found", the_same)


@pytest.fixture
def log_in(client: Client) -> Callable[[str], Client]:
    """The test client, logged in as a user of the demonstration by user name."""
    from sydit.models import User

    def as_user(username: str) -> Client:
        client.force_login(User.objects.get(username=username))
        return client

    return as_user


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where only tests with a database are wanted, leave out those that neither ask for one nor for what needs one, and
    those that look at contrast and width: other tests fetch the same pages from each database."""
    if not os.environ.get("ONLY_TESTS_WITH_DATABASE"):
        return
    left_out = [item for item in items if not _uses_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("only_looks"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(DATABASE_FIXTURES)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tool is missing before any fixture starts; where everything is required, fail it."""
    for marker, tool in TOOLS.items():
        if item.get_closest_marker(marker) is None:
            continue
        item.user_properties.append(("needs", marker))
        if tool.path is None:
            (pytest.fail if all_required() else pytest.skip)(tool.reason)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many tests did not run for want of a tool, and leave the counts for tests/run.py."""
    counts, ran, missing = Counter[str](), Counter[str](), Counter[str]()
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            if not isinstance(report, pytest.TestReport):
                continue
            if outcome:
                counts[outcome] += 1
            needs = [value for name, value in report.user_properties if name == "needs"]
            if report.when == "call":
                ran.update(needs)
            elif report.when == "setup" and outcome in ("skipped", "error", "failed"):
                missing.update(marker for marker in needs if TOOLS[marker].path is None)
    lines = [f"{number} not run: {TOOLS[marker].reason}" for marker, number in missing.items()]
    for line in lines:
        terminalreporter.write_line(line, yellow=True)
    _leave_counts(counts, ran, lines)


def _leave_counts(counts: Counter[str], ran: Counter[str], lines: list[str]) -> None:
    target = os.environ.get("TEST_COUNTS")
    if target:
        result = {
            "passed": counts["passed"] + counts["xpassed"],
            "failed": counts["failed"] + counts["error"],
            "skipped": counts["skipped"] + counts["xfailed"],
            "ran": dict(ran),
            "not_run": lines,
        }
        Path(target).write_text(json.dumps(result), encoding="utf-8")
