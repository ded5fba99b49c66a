"""``import_ledger`` asks for the same confirmations as the browser, by flags, and undoes what it booked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError
from openpyxl import Workbook

from followup.models import FollowUp, LedgerEntry, LedgerImport, LedgerMonth
from sydit.periods import Month
from tests import factories
from tests.test_commands import run

pytestmark = pytest.mark.django_db

Ledger = Callable[..., Path]
JANUARY_AND_MARCH = ("202401;50200;100,00", "202403;50200;50,00", "202403;24900;-50,00")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Writes a ledger file."""

    def write(*lines: str) -> Path:
        path = tmp_path / "huvudbok.csv"
        path.write_bytes(factories.ledger_csv(*lines))
        return path

    return write


@pytest.fixture(autouse=True)
def plan() -> None:
    factories.category(prefixes=("5",))
    factories.user(name="Anna")


@pytest.mark.parametrize(
    ("lines", "flag"),
    [
        (("202401;88888;1,00", "202402;50200;1,00"), "--allow-unassigned"),
        (("202401;50200;2,00", "202402;50200;1,00"), "--replace-published"),
        (("202401;50200;1,00", "202403;50200;1,00"), "--allow-missing-months"),
        (("202401;50200;1,00", "202402;50200;1,00", "209912;50200;1,00"), "--allow-outside-year"),
    ],
)
def test_what_is_asked_needs_its_flag_and_no_other(ledger: Ledger, lines: tuple[str, ...], flag: str) -> None:
    factories.booked_import("202401;50200;1,00", "202402;50200;1,00", filename="gammal.csv")
    if flag == "--replace-published":
        factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    path = ledger(*lines)
    ran = run("import_ledger", path, "--year", 2024, "--apply")
    assert ran.code == 3
    assert ran.error.strip().endswith(f"Inget har ändrats. Om det är meningen, lägg till: {flag}")
    assert LedgerImport.objects.count() == 1
    assert run("import_ledger", path, "--year", 2024, "--apply", flag).code == 0


def test_a_month_that_has_not_begun_needs_its_flag(ledger: Ledger) -> None:
    year = factories.fiscal_year(year=2099)
    factories.category(prefixes=("5",), year=year, key="later")
    path = ledger("209912;50200;1,00")
    ran = run("import_ledger", path, "--apply")
    assert (ran.code, "--allow-future" in ran.error) == (3, True)
    assert run("import_ledger", path, "--apply", "--allow-future").code == 0


def test_without_apply_the_questions_are_told_with_their_flags(ledger: Ledger) -> None:
    ran = run("import_ledger", ledger("202401;88888;1,00"))
    assert ran.code == 0
    assert "(--allow-unassigned)" in ran.out


def test_a_control_total_that_agrees_is_stored(ledger: Ledger) -> None:
    ran = run("import_ledger", ledger(*JANUARY_AND_MARCH), "--apply", "--control-total", "150,00")
    assert (ran.code, LedgerImport.objects.get().control_total) == (0, 15000)


@pytest.mark.parametrize("apply", [(), ("--apply",)])
def test_a_control_total_that_differs_refuses(ledger: Ledger, apply: tuple[str, ...]) -> None:
    ran = run("import_ledger", ledger(*JANUARY_AND_MARCH), *apply, "--control-total=100")
    assert ran.code == 2
    assert "50,00\N{NO-BREAK SPACE}kr" in ran.error.replace(" kr", "\N{NO-BREAK SPACE}kr")
    assert not LedgerImport.objects.exists()


def test_a_control_total_that_cannot_be_read_is_explained(ledger: Ledger) -> None:
    with pytest.raises(CommandError, match=r"1\.234"):
        run("import_ledger", ledger(*JANUARY_AND_MARCH), "--control-total", "1.234")


SIE = """#FLAGGA 0
#SIETYP 2
#RAR 0 20240101 20241231
#PSALDO 0 202403 50200 {} 1.00
"""
NO_VOUCHERS = "Filen har inga verifikationer: varje rad är ett kontos summa för en månad."
NOTHING_BEFORE = "Januari och februari 2024 saknas: ingen import redovisar någon kontering där."


def test_what_a_reader_should_know_is_told_also_where_the_file_is_booked(tmp_path: Path) -> None:
    path = tmp_path / "mars.se"
    path.write_bytes(SIE.encode("cp437"))
    ran = run("import_ledger", path, "--apply")
    assert ran.code == 0
    assert ran.out.splitlines()[:2] == [NO_VOUCHERS, NOTHING_BEFORE]
    assert ran.out.splitlines()[2].startswith("mars.se är bokförd av Anna")


def test_what_a_reader_should_know_is_in_the_json_too(tmp_path: Path) -> None:
    path = tmp_path / "mars.se"
    path.write_bytes(SIE.encode("cp437"))
    assert run("import_ledger", path, "--apply", "--json").json["notices"] == [NO_VOUCHERS, NOTHING_BEFORE]


def test_a_file_that_was_cut_off_needs_its_flag_and_can_be_looked_at_without(tmp_path: Path) -> None:
    path = tmp_path / "januari.se"
    voucher = "#VER A 1 20240115\n{\n#TRANS 50200 {} 1.00\n#TRANS 19300 {} -1.00\n}\n"
    path.write_text(f"#FLAGGA 0\n#SIETYP 4\n#RAR 0 20240101 20241231\n#RES 0 50200 2.00\n{voucher}", encoding="cp437")
    assert run("import_ledger", path, "--check").code == 0
    ran = run("import_ledger", path, "--apply")
    assert (ran.code, "--allow-disagreement" in ran.error) == (3, True)
    assert run("import_ledger", path, "--apply", "--allow-disagreement").code == 0


def test_undo_restores_what_stood_before(ledger: Ledger) -> None:
    first = factories.booked_import("202401;50200;1,00", filename="gammal.csv")
    ran = run("import_ledger", ledger(*JANUARY_AND_MARCH), "--apply")
    second = LedgerImport.objects.exclude(pk=first.pk).get()
    assert f"--undo {second.pk}" in ran.out
    ran = run("import_ledger", "--undo", second.pk)
    assert (ran.code, ran.out.strip()) == (
        0,
        "huvudbok.csv är ångrad av Anna: januari och mars 2024 är som före importen.",
    )
    assert [month.ledger_import for month in LedgerMonth.objects.filter(is_current=True)] == [first]


def test_undoing_a_published_month_needs_its_flag() -> None:
    booked = factories.booked_import("202401;50200;1,00")
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    ran = run("import_ledger", "--undo", booked.pk)
    assert (ran.code, "--replace-published" in ran.error) == (3, True)
    assert run("import_ledger", "--undo", booked.pk, "--replace-published", "--json").json["undone"] == booked.pk


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Ange filen som ska läsas"),
        (("--undo", 4711), "Det finns ingen import med nummer 4711."),
        (("huvudbok.csv", "--undo", 1), "--undo gäller en import och ingen fil."),
    ],
)
def test_what_cannot_be_undone_is_explained(arguments: tuple[Any, ...], sentence: str) -> None:
    ran = run("import_ledger", *arguments)
    assert (ran.code, sentence in ran.error) == (2, True)
    assert not LedgerEntry.objects.exists()


def test_what_would_change_is_found_once_where_it_is_booked_at_once(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.ledger.load.preview", None)
    assert run("import_ledger", ledger("202401;50200;2,00"), "--apply")[0] == 0
    assert LedgerEntry.objects.count() == 1


def test_sheets_that_are_read_together_need_their_flag(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "huvudbok.xlsx"
    for number, name in enumerate(("jan", "feb"), 1):
        sheet = book.create_sheet(name)
        sheet.append(["Period", "Konto", "Belopp"])
        sheet.append([202400 + number, 50200, number])
    book.save(path)
    looked = run("import_ledger", path)
    assert ("”feb” (februari 2024, 1 rad, 2,00" in looked.out, "(--allow-several-sheets)" in looked.out) == (True, True)
    refused = run("import_ledger", path, "--apply")
    assert (refused.code, "--allow-several-sheets" in refused.error) == (3, True)
    assert not LedgerImport.objects.exists()
    assert run("import_ledger", path, "--apply", "--allow-several-sheets").code == 0
    assert [month.total for month in LedgerMonth.objects.current(2024)] == [100, 200]
    assert "flera blad" in LedgerImport.objects.get().confirmed[0]


def test_what_differs_from_what_is_booked_is_told_per_month_and_account(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.booked_import("202401;50200;100,00", "202402;50200;1,00", "202402;24900;-1,00")
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    path = ledger("202401;50200;90,50", "202401;50300;9,50", "202402;50200;2,00", "202402;24900;-1,00")
    told = run("import_ledger", path).out.replace("\N{NO-BREAK SPACE}", " ")
    assert re.sub(" +", " ", told.partition("per månad:\n")[2].partition("Inget har")[0]).splitlines() == [
        " januari 2024 (publicerad) 0,00 kr",
        " februari 2024 1,00 kr",
        "Skillnad mot det som är bokfört, per månad och konto:",
        " 2024-01 50200 (Övriga kostnader) −9,50 kr",
        " 2024-01 50300 (Övriga kostnader) 9,50 kr",
        " 2024-02 50200 (Övriga kostnader) 1,00 kr",
    ]
    monkeypatch.setattr("followup.ledger.summary.MOST_CHANGES", 1)
    assert "… och 2 till" in run("import_ledger", path).out
    assert "Inget som är bokfört ändras." in run("import_ledger", ledger("202403;50200;1,00")).out


def test_a_file_of_several_years_tells_how_to_name_the_year(ledger: Ledger) -> None:
    path = ledger("202401;50200;1,00", "202501;50200;1,00")
    for more in ((), ("--apply",)):
        ran = run("import_ledger", path, *more)
        assert (ran.code, "Med --year" in ran.error) == (2, True)
    assert "Med --year" not in run("import_ledger", path, "--check").error
    assert "--allow-outside-year" in run("import_ledger", path, "--year", 2024).out
