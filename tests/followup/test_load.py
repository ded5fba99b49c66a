"""Uploading, booking and discarding an import: all of it or nothing, and nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Sum

from followup import actuals
from followup.ledger import detect, load
from followup.ledger.cautions import Concern
from followup.ledger.content import Content
from followup.ledger.load import AlreadyBooked, RefusedFile
from followup.ledger.parsed import LedgerLine
from followup.ledger.preview import preview
from followup.models import Account, LedgerEntry, LedgerFile, LedgerImport, LedgerMonth, MonthlyActual
from sydit.access import Role
from sydit.errors import Refused
from sydit.periods import Month
from tests import factories

pytestmark = pytest.mark.django_db

ALL = frozenset(Concern)
JANUARY_AND_MARCH = ("202401;50200;100,00", "202401;50200;0,25;91001", "202403;60110;-12,50;;Hyra")


def everything() -> dict[str, object]:
    """All that is stored of the ledger, to see that nothing has changed."""
    models = (Account, LedgerFile, LedgerImport, LedgerMonth, LedgerEntry, MonthlyActual)
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in models}


def lines_per_cell() -> dict[tuple[int, str, str], int]:
    rows = LedgerEntry.objects.values_list("ledger_month", "account", "project").annotate(Sum("amount")).order_by()
    return {(month, account, project): int(ore) for month, account, project, ore in rows}


def sums_per_cell() -> dict[tuple[int, str, str], int]:
    booked = MonthlyActual.objects.filter(ledger_month__ledger_import__booked_at__isnull=False)
    return {
        (month, account, project): ore
        for month, account, project, ore in booked.values_list("ledger_month", "account", "project", "amount")
    }


def current() -> dict[str, tuple[str, int]]:
    months = LedgerMonth.objects.filter(is_current=True).select_related("ledger_import")
    return {str(month.period): (month.ledger_import.filename, month.total) for month in months}


def test_an_upload_books_nothing() -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH)
    assert (waiting.rows, waiting.total, waiting.is_booked) == (3, 8775, False)
    assert not LedgerEntry.objects.exists()
    assert current() == {}


def test_booking_stores_each_line_and_marks_its_months() -> None:
    factories.booked_import(*JANUARY_AND_MARCH)
    assert list(LedgerEntry.objects.values_list("row", "account", "project", "amount")) == [
        (2, "50200", "", 10000),
        (3, "50200", "91001", 25),
        (4, "60110", "", -1250),
    ]
    assert current() == {"2024-01": ("huvudbok.csv", 10025), "2024-03": ("huvudbok.csv", -1250)}
    assert Account.objects.get(number="60110").name == "Hyra"


def test_the_monthly_sums_are_the_sums_of_the_lines() -> None:
    factories.booked_import(*JANUARY_AND_MARCH, *JANUARY_AND_MARCH, "202403;50200;0,00")
    factories.booked_import("202403;50200;7,00", "202402;19300;1,00", filename="mars.csv")
    factories.uploaded_import("202403;50200;8,00")
    assert lines_per_cell() == sums_per_cell()
    assert sum(sums_per_cell().values()) == LedgerEntry.objects.aggregate(Sum("amount"))["amount__sum"]


def test_a_file_for_one_month_replaces_that_month_only() -> None:
    year_to_date = factories.booked_import(*JANUARY_AND_MARCH)
    march = factories.booked_import("202403;60110;-99,00", filename="mars.csv")
    assert current() == {"2024-01": ("huvudbok.csv", 10025), "2024-03": ("mars.csv", -9900)}
    replaced = LedgerMonth.objects.get(ledger_import=march).replaces
    assert replaced is not None
    assert replaced.ledger_import == year_to_date
    assert replaced.entries.count() == 1  # still there, for the reports that used them


def test_the_report_reads_the_latest_import_of_each_month() -> None:
    factories.category(prefixes=("5", "6"))
    factories.booked_import(*JANUARY_AND_MARCH)
    factories.booked_import("202403;60110;-99,00", filename="mars.csv")
    booked = actuals.year_to_date(Month(2024, 3))
    assert sum(booked.placed.amounts.values()) == 10025 - 9900
    assert booked.missing == (Month(2024, 2),)


def test_the_same_file_again_changes_nothing_and_says_so() -> None:
    factories.booked_import(*JANUARY_AND_MARCH)
    before = everything()
    with pytest.raises(AlreadyBooked, match=r"redan bokförd.*Inget har ändrats"):
        factories.uploaded_import(*JANUARY_AND_MARCH, filename="annat-namn.csv")
    assert everything() == before


def test_a_file_whose_month_was_replaced_can_be_booked_again() -> None:
    factories.booked_import(*JANUARY_AND_MARCH)
    factories.booked_import("202403;60110;-99,00", filename="mars.csv")
    factories.booked_import(*JANUARY_AND_MARCH, filename="igen.csv")
    assert current() == {"2024-01": ("igen.csv", 10025), "2024-03": ("igen.csv", -1250)}
    assert LedgerFile.objects.count() == 2


def test_a_file_that_waits_already_is_uploaded_once() -> None:
    first = factories.uploaded_import(*JANUARY_AND_MARCH)
    assert factories.uploaded_import(*JANUARY_AND_MARCH) == first
    assert LedgerImport.objects.count() == 1


def test_two_uploads_of_one_file_are_booked_once() -> None:
    first = factories.uploaded_import(*JANUARY_AND_MARCH)
    second = factories.uploaded_import(*JANUARY_AND_MARCH, filename="annat-namn.csv")
    load.book(ledger_import=first, seen=(), confirmed=ALL, by=factories.user())
    before = everything()
    with pytest.raises(AlreadyBooked):
        load.book(ledger_import=second, seen=preview(second).replaced, confirmed=ALL, by=factories.user())
    assert everything() == before


def test_booking_twice_changes_nothing_and_says_so() -> None:
    booked = factories.booked_import(*JANUARY_AND_MARCH)
    before = everything()
    with pytest.raises(AlreadyBooked):
        load.book(ledger_import=booked, seen=(), confirmed=ALL, by=factories.user())
    assert everything() == before


def test_nobody_replaces_a_month_that_they_have_not_seen() -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH)
    factories.booked_import("202403;60110;-99,00", filename="mars.csv")
    before = everything()
    with pytest.raises(Refused, match="ändrats sedan du öppnade"):
        load.book(ledger_import=waiting, seen=(), confirmed=ALL, by=factories.user())
    assert everything() == before


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("202401;50200;tolv", "tolv"),
        ("202413;50200;1,00", "202413"),
        ("202401;;1,00", "Konto"),
    ],
)
def test_a_file_that_is_wrong_anywhere_changes_nothing(line: str, where: str) -> None:
    before = everything()
    with pytest.raises(RefusedFile) as refused:
        factories.uploaded_import(*JANUARY_AND_MARCH, line)
    problem = refused.value.parsed.problems[0]
    assert problem.row == 5
    assert where in problem.message
    assert everything() == before


def test_a_file_without_lines_is_refused() -> None:
    with pytest.raises(RefusedFile):
        factories.uploaded_import()
    assert not LedgerImport.objects.exists()


def test_amounts_beyond_what_a_database_can_sum_are_refused() -> None:
    with pytest.raises(RefusedFile, match="större än vad en huvudbok kan innehålla"):
        factories.uploaded_import("202401;50200;999999999999999", "202401;50200;-999999999999999;91001")


SIE = b"#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#RAR 0 20240101 20241231\n"


@pytest.mark.parametrize("line", [b'#TRANS 5020 {} 1.00 20240115 "a\x00b"', b"#TRANS " + b"5" * 4000 + b" {} 1.00"])
def test_what_a_database_cannot_hold_is_refused(line: bytes) -> None:
    content = SIE + b'#VER "A" 1 20240115\n{\n' + line + b"\n#TRANS 1930 {} -1.00\n}\n"
    with pytest.raises(RefusedFile):
        load.upload(
            content=Content.of(content), filename="b.se", fiscal_year=factories.fiscal_year(), by=factories.user()
        )
    assert not LedgerImport.objects.exists()


def test_a_sie_file_of_a_broken_year_is_refused_for_a_calendar_year() -> None:
    content = (
        b"#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#RAR 0 20240701 20250630\n"
        b'#VER "A" 1 20250115\n{\n#TRANS 5020 {} 10.00\n#TRANS 1930 {} -10.00\n}\n'
    )
    with pytest.raises(RefusedFile):
        load.upload(
            content=Content.of(content), filename="b.se", fiscal_year=factories.fiscal_year(), by=factories.user()
        )
    assert not LedgerImport.objects.exists()


class KilledError(Exception):
    """Something that no code expects, such as a lost connection."""


@pytest.fixture
def killed_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading of a file ends after its second line has been stored."""
    read = detect.read

    def dying(*args: object, **kwargs: object) -> object:
        sink = kwargs.get("sink")

        def die(lines: Sequence[LedgerLine]) -> None:
            sink(lines[:2])  # type: ignore[operator]
            raise KilledError

        return read(*args, **{**kwargs, "sink": die} if sink else kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(load.detect, "read", dying)


@pytest.mark.usefixtures("killed_half_way")
def test_an_import_that_breaks_half_way_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH)
    before = everything()
    with pytest.raises(KilledError):
        load.book(ledger_import=waiting, seen=(), confirmed=ALL, by=factories.user())
    assert everything() == before


def test_a_file_that_reads_differently_than_when_it_was_previewed_is_not_booked() -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH)
    MonthlyActual.objects.filter(account="60110").update(account="60120")
    before = everything()
    with pytest.raises(Refused, match="läses inte längre som när den laddades upp"):
        load.book(ledger_import=waiting, seen=(), confirmed=ALL, by=factories.user())
    assert everything() == before


def test_a_month_that_was_not_previewed_is_not_booked() -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH)
    MonthlyActual.objects.filter(ledger_month__month=3).delete()
    waiting.months.get(month=3).delete()
    before = everything()
    with pytest.raises(Refused, match="läses inte längre som när den laddades upp"):
        load.book(ledger_import=waiting, seen=(), confirmed=ALL, by=factories.user())
    assert everything() == before


def test_a_discarded_import_leaves_nothing_behind() -> None:
    before = everything()
    load.discard(ledger_import=factories.uploaded_import(*JANUARY_AND_MARCH), by=factories.user())
    assert everything() == before


def test_discarding_keeps_a_file_that_another_import_holds() -> None:
    factories.booked_import(*JANUARY_AND_MARCH)
    factories.booked_import("202403;60110;-99,00", filename="mars.csv")
    before = everything()
    load.discard(ledger_import=factories.uploaded_import(*JANUARY_AND_MARCH), by=factories.user())
    assert everything() == before


def test_a_booked_import_cannot_be_discarded() -> None:
    booked = factories.booked_import(*JANUARY_AND_MARCH)
    before = everything()
    with pytest.raises(Refused, match="redan bokförd"):
        load.discard(ledger_import=booked, by=factories.user())
    assert everything() == before


def test_a_discarded_import_cannot_be_booked() -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH)
    load.discard(ledger_import=waiting, by=factories.user())
    waiting.pk = 1
    with pytest.raises(Refused, match="tagits bort"):
        load.book(ledger_import=waiting, seen=(), confirmed=ALL, by=factories.user())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_writes_the_ledger(role: Role) -> None:
    by, waiting = factories.user(role=role), factories.uploaded_import(*JANUARY_AND_MARCH)
    before = everything()
    with pytest.raises(PermissionDenied):
        factories.uploaded_import("202402;50200;1,00", by=by)
    with pytest.raises(PermissionDenied):
        load.book(ledger_import=waiting, seen=(), confirmed=ALL, by=by)
    with pytest.raises(PermissionDenied):
        load.discard(ledger_import=waiting, by=by)
    assert everything() == before


def test_a_long_filename_keeps_its_end() -> None:
    waiting = factories.uploaded_import(*JANUARY_AND_MARCH, filename="x" * 300 + ".csv")
    assert len(waiting.filename) == load.LONGEST_FILENAME
    assert waiting.filename.endswith(".csv")


def test_texts_are_stored_as_they_stand_in_the_file() -> None:
    text = "=SUMMA(A1) 'åäö' \\t %s " + "x" * 3000
    factories.booked_import(f'202401;50200;1,00;;;"{text}"')
    assert LedgerEntry.objects.get().text == text


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    started: list[threading.Thread] = []
    yield started
    for thread in started:
        thread.join(timeout=120)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_the_same_month_at_once_the_second_is_refused(threads: list[threading.Thread]) -> None:
    by = factories.user()
    waiting = [factories.uploaded_import(f"202403;60110;{n},00", by=by, filename=f"{n}.csv") for n in (1, 2)]
    ready, outcomes = threading.Barrier(2), list[str]()

    def book(ledger_import: LedgerImport) -> None:
        ready.wait()
        try:
            load.book(ledger_import=ledger_import, seen=(), confirmed=ALL, by=by)
        except Refused as refused:
            outcomes.append(str(refused))
        else:
            outcomes.append("booked")
        finally:
            connection.close()

    threads.extend(threading.Thread(target=book, args=(each,)) for each in waiting)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(outcomes)[1] == "booked"
    assert "ändrats sedan du öppnade" in sorted(outcomes)[0]
    assert LedgerEntry.objects.count() == 1
    assert len(current()) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_upload_the_same_file_at_once_get_the_same_import(threads: list[threading.Thread]) -> None:
    by, year = factories.user(), factories.fiscal_year()
    ready, made = threading.Barrier(2), list[int]()

    def upload() -> None:
        ready.wait()
        made.append(factories.uploaded_import(*JANUARY_AND_MARCH, by=by, year=year).pk)
        connection.close()

    threads.extend(threading.Thread(target=upload) for _ in range(2))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(made) == 2
    assert len(set(made)) == 1
