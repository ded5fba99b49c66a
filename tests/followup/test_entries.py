"""The lines as they are written: every character survives, and one reading does what two do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from followup.ledger import entries, load, parsed
from followup.ledger.cautions import Concern
from followup.ledger.content import Content
from followup.ledger.load import RefusedFile
from followup.ledger.parsed import LedgerLine
from followup.ledger.preview import preview
from followup.models import LedgerEntry, LedgerImport, MonthlyActual
from sydit.periods import Month
from tests import factories

pytestmark = pytest.mark.django_db

MARCH = Month(2024, 3)
LINES = ("202401;50200;100,00", "202401;50200;0,25;91001", "202403;60110;-12,50;;Hyra")


def stored() -> list[tuple[object, ...]]:
    return list(LedgerEntry.objects.order_by("row").values_list("row", "booked_on", "account", "text", "amount"))


def booked_at_once(*lines: str) -> LedgerImport:
    by, year = factories.user(), factories.fiscal_year()
    with transaction.atomic():
        waiting, parsed = load.upload_with_lines(
            content=Content.of(factories.ledger_csv(*lines)), filename="huvudbok.csv", fiscal_year=year, by=by
        )
        assert parsed.rows == waiting.rows == len(lines)
        return load.book(ledger_import=waiting, seen=preview(waiting).replaced, confirmed=tuple(Concern), by=by)


@pytest.mark.parametrize("text", ["", "a\tb", "a\nb", "a\r\nb", "back\\slash", r"\N", r"\.", "”å” − ☃", "'; --"])
@pytest.mark.parametrize("day", [None, dt.date(2024, 3, 31)])
def test_a_text_is_stored_as_it_stands(text: str, day: dt.date | None) -> None:
    month = factories.booked_import("202403;50200;1,00").months.get()
    LedgerEntry.objects.all().delete()
    lines = [LedgerLine(row, MARCH, "50200", -row, "91001", day, "L 1", text, "a", "b", "c") for row in (1, 2)]
    with entries.writing({MARCH: month.pk}) as store:
        store(lines)
    assert stored() == [(row, day, "50200", text, -row) for row in (1, 2)]


def test_a_line_of_another_month_is_left_out() -> None:
    month = factories.booked_import("202403;50200;1,00").months.get()
    with entries.writing({MARCH: month.pk}) as store:
        store([LedgerLine(9, Month(2024, 4), "50200", 1)])
    assert [row for row, *_ in stored()] == [2]


def test_more_lines_than_are_handed_over_at_a_time_are_all_stored() -> None:
    count = parsed.BATCH * 2 + 1
    booked_at_once(*["202403;50200;0,01"] * count)
    assert LedgerEntry.objects.count() == count


def test_one_reading_books_the_same_as_two() -> None:
    at_once = booked_at_once(*LINES)
    lines, sums = stored(), set(MonthlyActual.objects.values_list("account", "project", "amount"))
    assert {month.period for month in at_once.months.all()} == {Month(2024, 1), MARCH}
    assert sum(amount for *_, amount in lines) == at_once.total
    LedgerEntry.objects.all().delete()
    MonthlyActual.objects.all().delete()
    factories.booked_import(*LINES, "202402;50200;5,00")
    assert [line for line in stored() if line[-1] != 500] == lines
    assert set(MonthlyActual.objects.values_list("account", "project", "amount")) >= sums


def test_a_file_that_is_wrong_leaves_no_line_behind() -> None:
    with pytest.raises(RefusedFile):
        booked_at_once(*LINES, "202403;60110;tolv")
    assert not LedgerEntry.objects.exists()
    assert not LedgerImport.objects.exists()


def test_a_file_that_waits_already_is_booked_once() -> None:
    waiting = factories.uploaded_import(*LINES)
    assert booked_at_once(*LINES).pk == waiting.pk
    assert LedgerEntry.objects.count() == len(LINES)


def test_lines_stored_for_an_import_that_is_thrown_away_go_with_it() -> None:
    by, year = factories.user(), factories.fiscal_year()
    uploaded = load.upload_with_lines(
        content=Content.of(factories.ledger_csv(*LINES)), filename="huvudbok.csv", fiscal_year=year, by=by
    )
    load.discard(ledger_import=uploaded.ledger_import, by=by)
    assert not LedgerEntry.objects.exists()
