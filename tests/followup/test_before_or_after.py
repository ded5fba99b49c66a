"""One transaction, one file: whatever happens on the way, the ledger is as before or as after, and never between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection

from followup.ledger import detect, load, undo
from followup.ledger.parsed import tally
from followup.ledger.preview import preview
from followup.models import Account, LedgerEntry, LedgerFile, LedgerImport, LedgerMonth, MonthlyActual
from sydit.errors import Refused
from sydit.models import User
from tests import factories
from tests.followup.test_load import everything

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TOP = Path(__file__).parent.parent.parent
OLD = [f"2024{month:02};50200;1,00;;Löner" for month in (1, 2)]
NEW = [f"2024{month:02};50200;{row},00;;Lön;{'text ' * 20}" for month in (1, 2, 3) for row in range(1000)]


@pytest.fixture
def by() -> User:
    """Who books; two months are booked before."""
    factories.category(prefixes=("5",))
    by = factories.user()
    factories.booked_import(*OLD, by=by, filename="gammal.csv")
    return by


def database_url() -> str:
    """Where another process finds the test database."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgresql://{at['USER']}@{quote(str(at['HOST']), safe='')}/{at['NAME']}"


def run_killed(point: str, *arguments: object) -> int:
    """The exit code of ``import_ledger`` in a process that is killed at a point; minus the signal where it was."""
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.followup.killed", point, *map(str, arguments)]
    return subprocess.run(command, cwd=TOP, env=environment, capture_output=True, check=False, timeout=300).returncode


BEFORE = ("line:1", "line:3500", "line:6500", "line:9000", "statement:2", "statement:5", "before-commit")


@pytest.mark.usefixtures("by")
def test_a_killed_process_leaves_the_ledger_as_it_was_or_as_it_became(tmp_path: Path) -> None:
    path = tmp_path / "ny.csv"
    path.write_bytes(factories.ledger_csv(*NEW))
    before = everything()
    killed = []
    for point in BEFORE:
        code = run_killed(point, path, "--apply")
        if code == 0:  # the point was never reached: the file is booked, which is no wound either
            undo.undo(ledger_import=LedgerImport.objects.latest("pk"), by=User.objects.get())
            before = everything()
            continue
        assert code == -signal.SIGKILL, point
        killed.append(point)
        assert everything() == before, point
    assert len(killed) >= len(BEFORE) - 2
    assert run_killed("after-commit", path, "--apply") == -signal.SIGKILL
    assert everything() != before
    assert LedgerEntry.objects.filter(ledger_month__is_current=True).count() == len(NEW)
    assert run_killed("line:1000000", path, "--apply") == 0  # and it goes on: the file is booked already
    assert LedgerEntry.objects.filter(ledger_month__is_current=True).count() == len(NEW)


@pytest.mark.usefixtures("by")
def test_a_killed_undo_leaves_the_import_booked() -> None:
    booked = LedgerImport.objects.get()
    before = everything()
    for point in ("statement:1", "statement:2", "before-commit"):
        assert run_killed(point, "--undo", booked.pk) == -signal.SIGKILL
        assert everything() == before, point
    assert run_killed("after-commit", "--undo", booked.pk) == -signal.SIGKILL
    assert not LedgerMonth.objects.filter(is_current=True).exists()


@pytest.fixture
def small_disk() -> Iterator[Callable[[], None]]:
    """Lets SQLite's file grow by no more than a few pages."""
    if connection.vendor != "sqlite":
        pytest.skip("a database file of limited size is SQLite's; the test beside this one holds for every database")

    def pragma(text: str) -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute(f"PRAGMA {text}").fetchone()[0])

    most = pragma("max_page_count")

    def shrink() -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # no free pages inside the file
        pragma(f"max_page_count = {pragma('page_count') + 8}")

    yield shrink
    pragma(f"max_page_count = {most}")


def test_a_full_disk_leaves_everything_as_it_was(by: User, small_disk: Callable[[], None]) -> None:
    waiting = factories.uploaded_import(*NEW, by=by)
    before = everything()
    small_disk()
    with pytest.raises(Refused, match=r"Databasen kunde inte skriva.*Inget har ändrats"):
        load.book(ledger_import=waiting, seen=preview(waiting).replaced, by=by)
    assert everything() == before


def test_a_full_disk_while_a_file_is_stored_leaves_everything_as_it_was(
    by: User, small_disk: Callable[[], None]
) -> None:
    before = everything()
    small_disk()
    with pytest.raises(Refused, match="Databasen kunde inte skriva"):
        factories.uploaded_import(*(f"202401;{account};1,00" for account in range(50000, 59000)), by=by)
    assert everything() == before


def test_a_database_that_fails_at_any_line_leaves_everything_as_it_was(
    by: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = factories.uploaded_import(*NEW, by=by)
    seen = preview(waiting).replaced
    before = everything()

    def failing_at(number: int) -> Callable[..., Any]:
        def failing(lines: Iterable[Any], *args: Any) -> Any:
            def read() -> Iterator[Any]:
                for row, line in enumerate(lines):
                    if row == number:
                        raise OperationalError("could not extend file: text text")
                    yield line

            return tally(read(), *args)

        return failing

    for number in (0, 1, 1500, 2999):
        monkeypatch.setattr(detect, "tally", failing_at(number))
        with pytest.raises(Refused, match="Databasen kunde inte skriva"):
            load.book(ledger_import=waiting, seen=seen, by=by)
        assert everything() == before
    assert "text text" not in caplog.text


def at_once(*actions: Callable[[], object]) -> list[str]:
    """What each says when they all begin together: "" where it went through."""
    ready, said = threading.Barrier(len(actions)), list[str]()

    def run(action: Callable[[], object]) -> None:
        ready.wait()
        try:
            action()
        except Refused as refused:
            said.append(str(refused))
        else:
            said.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(said)


def test_of_two_who_undo_at_once_the_second_is_told(by: User) -> None:
    booked = LedgerImport.objects.get()
    said = at_once(*[lambda: undo.undo(ledger_import=booked, by=by)] * 2)
    assert said[0] == ""
    assert "redan ångrad" in said[1]
    assert not LedgerMonth.objects.filter(is_current=True).exists()


def test_of_one_who_undoes_and_one_who_replaces_at_once_the_second_is_refused(by: User) -> None:
    booked = LedgerImport.objects.get()
    waiting = factories.uploaded_import(*NEW, by=by)
    seen = preview(waiting).replaced
    said = at_once(
        lambda: undo.undo(ledger_import=booked, by=by),
        lambda: load.book(ledger_import=waiting, seen=seen, by=by),
    )
    assert said[0] == ""
    assert "Ångra dem först" in said[1] or "ändrats sedan du öppnade" in said[1]
    booked.refresh_from_db()
    waiting.refresh_from_db()
    assert booked.is_undone != waiting.is_booked


def test_two_who_book_the_same_import_at_once_book_it_once(by: User) -> None:
    waiting = factories.uploaded_import(*NEW, by=by)
    seen = preview(waiting).replaced
    said = at_once(*[lambda: load.book(ledger_import=waiting, seen=seen, by=by)] * 2)
    assert said[0] == ""
    assert "redan bokförd" in said[1]
    assert LedgerEntry.objects.filter(ledger_month__ledger_import=waiting).count() == len(NEW)
    assert MonthlyActual.objects.filter(ledger_month__ledger_import=waiting).count() == 3
    assert (LedgerFile.objects.count(), Account.objects.count()) == (2, 1)
