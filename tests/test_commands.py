"""The commands for the shell: the same actions and the same report as in the browser, with exit codes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from django.core.management import call_command
from django.db import OperationalError

from followup import actuals
from followup.ledger.cautions import Concern
from followup.models import FiscalYear, FollowUp, LedgerEntry, LedgerFile, LedgerImport
from sydit.access import Role
from sydit.periods import Month
from sydit.report import publish
from tests import factories

pytestmark = pytest.mark.django_db

LINES = ("202401;50200;1000,00", "202402;40233;500,25;91002", "202402;19300;-7,00", "202402;50200;0,75")


class Ran(NamedTuple):
    code: int
    out: str
    error: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


def run(*arguments: object) -> Ran:
    out, error = StringIO(), StringIO()
    try:
        call_command(*map(str, arguments), stdout=out, stderr=error)
    except SystemExit as left:
        return Ran(int(left.code or 0), out.getvalue(), error.getvalue())
    return Ran(0, out.getvalue(), error.getvalue())


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    """Writes a ledger file."""

    def write(*lines: str, name: str = "huvudbok.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(factories.ledger_csv(*lines))
        return path

    return write


Ledger = Callable[..., Path]


def test_check_tells_what_a_file_holds_on_an_empty_database(ledger: Ledger) -> None:
    path = ledger(*LINES)
    ran = run("import_ledger", path, "--check", "--json")
    assert ran.code == 0
    assert {key: value for key, value in ran.json.items() if key not in ("filename", "notices", "skipped")} == {
        "format": "delimited",
        "encoding": "utf-8",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows": 4,
        "total_ore": 150100,
        "months": {"2024-01": 100000, "2024-02": 50100},
        "accounts": {"40233": 50025, "50200": 100075},
        "projects": {"91002": 50025},
        "balance_accounts": {"19300": -700},
        "set_aside": {},
        "account_months": {"40233": {"2024-02": 50025}, "50200": {"2024-01": 100000, "2024-02": 75}},
        "reported_months": ["2024-01", "2024-02"],
        "problems": [],
        "profile": None,
    }
    assert not LedgerImport.objects.exists()
    assert not FiscalYear.objects.exists()


def test_check_knows_registered_projects_and_accounts_that_do_not_count(ledger: Ledger) -> None:
    factories.project(code="91002")
    factories.account_rule(prefix="59", reason="Intern omföring")
    told = run(
        "import_ledger",
        ledger("202401;12110;5,00;91002", "202401;59000;1,00", "202401;12110;2,00"),
        "--check",
        "--json",
    ).json
    assert told["accounts"] == {"12110": 500}
    assert told["balance_accounts"] == {"12110": 200}
    assert told["set_aside"] == {"59000": 100}
    assert told["total_ore"] == 500


def test_check_of_a_wrong_file_prints_its_problems_and_exits_2(ledger: Ledger) -> None:
    ran = run("import_ledger", ledger("202401;50200;1,00", "202401;50200;tolv"), "--check", "--json")
    assert ran.code == 2
    [problem] = ran.json["problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (3, "Belopp", "tolv")
    assert "tolv" in problem["message"]


def test_check_reads_a_broken_fiscal_year(ledger: Ledger) -> None:
    ran = run("import_ledger", ledger("202407;50200;1,00", "202506;50200;2,00"), "--check", "--json", "--year", "2024")
    assert ran.code == 0
    assert ran.json["months"] == {"2024-07": 100, "2025-06": 200}


def test_check_needs_no_database(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(year: int) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(actuals, "account_map", unreachable)
    ran = run("import_ledger", ledger(*LINES), "--check", "--json")
    assert ran.code == 0
    assert ran.json["total_ore"] == 150100
    assert "Databasen gick inte att läsa" in ran.error


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A file that only an import profile can read."""
    path = tmp_path / "loner.csv"
    path.write_bytes(factories.ODD_CSV)
    return path


def test_a_stored_profile_is_used_by_itself_and_told(odd: Path) -> None:
    assert run("import_ledger", odd, "--check").code == 2
    factories.import_profile()
    ran = run("import_ledger", odd, "--check", "--json")
    assert (ran.code, ran.json["total_ore"], ran.json["profile"]) == (0, 100000, "Lönesystemet")


def test_a_profile_is_forced_by_name(odd: Path, ledger: Ledger) -> None:
    factories.category(prefixes=("5",))
    factories.import_profile(by=factories.user())
    assert "passar inte filen" in run("import_ledger", ledger(*LINES), "--profile", "Lönesystemet", "--apply").error
    assert "Det finns ingen importprofil ”x”" in run("import_ledger", odd, "--profile", "x", "--check").error
    ran = run("import_ledger", odd, "--profile", "Lönesystemet", "--apply", *(concern.flag for concern in Concern))
    assert ran.code == 0
    assert LedgerImport.objects.get().profile["name"] == "Lönesystemet"


def test_without_check_or_apply_the_consequences_are_told_and_nothing_is_booked(ledger: Ledger) -> None:
    factories.category(name="Personalkostnader", prefixes=("5",))
    ran = run("import_ledger", ledger(*LINES))
    assert ran.code == 0
    text = ran.out.replace("\N{NO-BREAK SPACE}", " ")
    assert "4 rader, januari och februari 2024, summa 1 494,00 kr." in text
    assert "Personalkostnader  1 000,75 kr" in text
    assert "Konton utan kostnadskategori: 40233" in text
    assert "Inget har bokförts." in text
    assert not LedgerImport.objects.exists()


def test_apply_books_and_a_second_time_changes_nothing(ledger: Ledger) -> None:
    factories.category(prefixes=("4", "5"))
    by, path = factories.user(name="Anna"), ledger(*LINES)
    ran = run("import_ledger", path, "--apply")
    assert (ran.code, ran.error) == (0, "")
    assert "huvudbok.csv är bokförd av Anna: 4 rader, januari och februari 2024." in ran.out
    assert LedgerImport.objects.get().booked_by == by
    again = run("import_ledger", path, "--apply")
    assert again.code == 0
    assert "redan bokförd" in again.out
    assert LedgerEntry.objects.count() == 4


def test_apply_as_json_tells_what_was_done(ledger: Ledger) -> None:
    factories.category(prefixes=("4", "5"))
    factories.user()
    path = ledger(*LINES)
    first, second = (run("import_ledger", path, "--apply", "--json").json for _ in range(2))
    assert (first["applied"], second["applied"]) == (True, False)
    assert first["import"] == second["import"] == LedgerImport.objects.get().pk
    assert first["total_ore"] == 150100


def test_accounts_without_category_need_confirmation(ledger: Ledger) -> None:
    factories.fiscal_year()
    factories.user()
    path = ledger(*LINES)
    ran = run("import_ledger", path, "--apply")
    assert ran.code == 3
    assert "--allow-unassigned" in ran.error
    assert not LedgerImport.objects.exists()
    assert not LedgerFile.objects.exists()
    assert run("import_ledger", path, "--apply", "--allow-unassigned").code == 0
    assert LedgerEntry.objects.count() == 4


def test_changing_a_published_month_needs_confirmation(ledger: Ledger) -> None:
    factories.category(prefixes=("4", "5"))
    factories.booked_import("202401;50200;999,00")
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    path = ledger(*LINES)
    ran = run("import_ledger", path, "--apply", "--allow-unassigned")
    assert ran.code == 3
    assert "--replace-published" in ran.error
    assert LedgerEntry.objects.count() == 1
    assert run("import_ledger", path, "--apply", "--replace-published").code == 0


def test_a_published_month_that_stays_the_same_needs_none(ledger: Ledger) -> None:
    factories.category(prefixes=("4", "5"))
    factories.booked_import("202401;50200;1000,00")
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    assert run("import_ledger", ledger(*LINES), "--apply").code == 0


def test_apply_of_a_wrong_file_changes_nothing_and_says_where(ledger: Ledger) -> None:
    factories.fiscal_year()
    factories.user()
    ran = run("import_ledger", ledger(*LINES, "202401;50200;tolv"), "--apply")
    assert ran.code == 2
    assert "Rad 6, Belopp, ”tolv”" in ran.error
    assert "Inget har ändrats." in ran.error
    assert not LedgerImport.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Det finns ingen aktiv administratör"),
        (("--user", "ingen"), "Det finns ingen användare ”ingen”."),
        (("--user", "lasare"), "Din roll ger inte rätt"),
        (("--user", "slutat"), "Din roll ger inte rätt"),
        (("--year", "2023"), "2024"),
    ],
)
def test_apply_that_cannot_be_done_is_explained(ledger: Ledger, arguments: tuple[str, ...], sentence: str) -> None:
    factories.category(prefixes=("4", "5"))
    factories.user(role=Role.READER, username="lasare")
    factories.user(username="slutat", is_active=False)
    ran = run("import_ledger", ledger(*LINES), "--apply", *arguments)
    assert ran.code == 2
    assert sentence in ran.error
    assert not LedgerImport.objects.exists()


def test_apply_needs_the_year_to_be_set_up(ledger: Ledger) -> None:
    factories.user()
    ran = run("import_ledger", ledger(*LINES), "--apply")
    assert (ran.code, "Budgetåret 2024 är inte upplagt." in ran.error) == (2, True)


def test_a_file_that_is_missing_or_a_directory_is_explained(tmp_path: Path) -> None:
    missing, directory = run("import_ledger", tmp_path / "ingen.csv"), run("import_ledger", tmp_path, "--check")
    assert (missing.code, directory.code) == (2, 2)
    assert "ingen.csv finns inte." in missing.error
    assert "är en katalog" in directory.error


def test_a_file_beyond_the_limit_is_refused(ledger: Ledger, settings: Any) -> None:
    settings.LEDGER_FILE_LIMIT = 20
    ran = run("import_ledger", ledger(*LINES), "--check")
    assert (ran.code, "den största fil som tas emot" in ran.error) == (2, True)


@pytest.fixture
def follow_up() -> FollowUp:
    factories.category(name="Personal & annat", prefixes=("4", "5"), budget=100)
    factories.booked_import(*LINES)
    return factories.follow_up(month=Month(2024, 2))


def test_the_report_as_json_is_the_document(follow_up: FollowUp) -> None:
    ran = run("report", "2024-02")
    assert ran.code == 0
    assert ran.out.strip() == publish.report_of(follow_up).to_json().strip()
    assert ran.json["follow_up"] == "2024-02"


def test_the_report_as_html_stands_alone(follow_up: FollowUp, tmp_path: Path) -> None:
    path = tmp_path / "rapport.html"
    assert run("report", "2024-02", "--format", "html", "--output", path).code == 0
    page = path.read_text(encoding="utf-8")
    assert "Budgetuppföljning februari 2024" in page
    assert "Personal &amp; annat" in page
    assert "--color-ink" in page
    for absent in ("<link", "<script", "<nav", "Logga ut", "href="):
        assert absent not in page


def test_the_report_as_workbook_is_written_to_a_file_or_to_bytes(follow_up: FollowUp, tmp_path: Path) -> None:
    path = tmp_path / "rapport.xlsx"
    assert run("report", "2024-02", "--format", "xlsx", "--output", path).code == 0
    assert openpyxl.load_workbook(path).sheetnames
    standard_output = TextIOWrapper(BytesIO())
    call_command("report", "2024-02", "--format", "xlsx", stdout=standard_output)
    assert openpyxl.load_workbook(standard_output.buffer).sheetnames


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2024-03",), "Det finns ingen uppföljning för mars 2024."),
        (("2024-13",), "”2024-13” är ingen månad."),
        (("oktober",), "”oktober” är ingen månad."),
        (("2024-02", "--format", "docx"), "Formatet ”docx” finns inte. Välj något av json, html, xlsx."),
        (("2024-02", "--output", "/no/such/folder/x"), "går inte att skriva"),
        (("2024-02", "--format", "xlsx"), "Ange en fil med --output."),
    ],
)
def test_a_report_that_cannot_be_given_is_explained(
    follow_up: FollowUp, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = run("report", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.error
