"""What nobody books in silence: each consequence is asked about, enforced below the views, and kept on the import."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from followup.forms import BookForm
from followup.ledger import load
from followup.ledger.cautions import Caution, Concern, Unconfirmed, cautions, remarks
from followup.ledger.content import Content
from followup.ledger.control import DoesNotAgree
from followup.ledger.preview import preview
from followup.models import FollowUp, LedgerEntry, LedgerImport
from sydit.periods import Month
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

YEAR_TO_DATE = ("202401;50200;1,00", "202402;50200;1,00", "202403;50200;1,00")


@pytest.fixture(autouse=True)
def plan() -> None:
    factories.category(prefixes=("5",))


def asked(*lines: str, today: dt.date | None = None) -> list[Concern]:
    """What booking these lines is refused for."""
    waiting = factories.uploaded_import(*lines, filename="ny.csv")
    try:
        load.book(ledger_import=waiting, seen=preview(waiting).replaced, by=factories.user(), today=today)
    except Unconfirmed as unconfirmed:
        assert not LedgerEntry.objects.filter(ledger_month__ledger_import=waiting).exists()
        return [caution.concern for caution in unconfirmed.cautions]
    return []


def test_an_ordinary_file_asks_nothing() -> None:
    assert asked(*YEAR_TO_DATE) == []


def test_accounts_without_category_are_asked_about() -> None:
    assert asked("202401;88888;1,00") == [Concern.UNASSIGNED]


@pytest.mark.parametrize(
    "months",
    [("202401", "202403"), ("202401", "202402"), ("202402", "202403"), ("202403", "202404"), ("202402", "202404")],
)
def test_a_booked_month_that_a_file_of_several_months_lacks_is_asked_about(months: tuple[str, ...]) -> None:
    factories.booked_import(*YEAR_TO_DATE)
    assert asked(*(f"{month};50200;0,50" for month in months)) == [Concern.MISSING_MONTHS]


def test_a_file_of_later_months_asks_nothing_of_months_that_were_never_booked_or_come_after_it() -> None:
    factories.booked_import(YEAR_TO_DATE[2])
    assert asked("202402;50200;1,00", "202403;50200;1,00") == []
    factories.booked_import("202404;50200;1,00", filename="april.csv")
    assert asked("202402;50200;2,00", "202403;50200;1,00") == []


def sie(covers: str, *months: str, results: str = "") -> LedgerImport:
    """A SIE file with a voucher in each of the months, that says how far it covers."""
    vouchers = (
        f"#VER A {month} 2024{month}15 Hyra\n{{\n#TRANS 50200 {{}} 1.00\n#TRANS 19300 {{}} -1.00\n}}\n"
        for month in months
    )
    head = f"#FLAGGA 0\n#SIETYP 4\n#RAR 0 20240101 20241231\n#OMFATTN {covers}\n{results}"
    return load.upload(
        content=Content.of((head + "".join(vouchers)).encode()),
        filename="ny.se",
        fiscal_year=factories.fiscal_year(),
        by=factories.user(),
    )


def test_a_booked_month_that_a_file_covers_without_a_line_is_asked_about() -> None:
    factories.booked_import(*YEAR_TO_DATE, "202404;50200;0,00", "202405;19300;1,00", "202405;24900;-1,00")
    waiting = sie("20240531", "01", "03")
    [caution] = cautions(preview(waiting))
    assert caution.concern is Concern.MISSING_MONTHS
    assert caution.text.startswith("Filen säger sig omfatta februari och maj 2024 men har ingen kontering där.")
    with pytest.raises(Unconfirmed):
        load.book(ledger_import=waiting, seen=preview(waiting).replaced, by=factories.user())


def test_a_month_without_lines_that_was_never_booked_is_not_asked_about() -> None:
    factories.booked_import(YEAR_TO_DATE[0])
    assert cautions(preview(sie("20240331", "01", "03"))) == ()


@pytest.mark.parametrize(
    "lines",
    [("202403;50200;2,00",), ("202402;50200;2,00",), ("202404;50200;2,00",), ("202401;50200;2,00",)],
)
def test_a_file_for_one_month_replaces_that_month_and_asks_nothing(lines: tuple[str, ...]) -> None:
    factories.booked_import(*YEAR_TO_DATE)
    assert asked(*lines) == []


def test_a_month_that_was_never_booked_is_told_and_not_asked_about() -> None:
    waiting = factories.uploaded_import(YEAR_TO_DATE[0], YEAR_TO_DATE[2])
    assert cautions(preview(waiting)) == ()
    assert remarks(preview(waiting)) == ("Februari 2024 saknas: ingen import redovisar någon kontering där.",)


def test_months_that_have_not_begun_are_asked_about() -> None:
    assert asked(*YEAR_TO_DATE, today=dt.date(2024, 2, 29)) == [Concern.FUTURE]
    assert asked(*YEAR_TO_DATE, today=dt.date(2024, 3, 1)) == []


def test_the_months_that_have_not_begun_are_named() -> None:
    waiting = factories.uploaded_import(*YEAR_TO_DATE)
    [caution] = cautions(preview(waiting, today=dt.date(2024, 1, 31)))
    assert caution.text == "Filen innehåller februari och mars 2024, men nu är det januari 2024."


def test_a_changed_month_of_a_published_report_is_asked_about() -> None:
    factories.booked_import(*YEAR_TO_DATE)
    factories.follow_up(month=Month(2024, 2), state=FollowUp.State.APPROVED)
    assert asked("202403;50200;2,00") == []
    assert asked("202402;50200;1,00", "202402;50200;0,00") == []
    assert asked("202402;50200;2,00") == [Concern.PUBLISHED]


def test_lines_outside_the_year_are_asked_about_and_left_out_with_their_sum() -> None:
    outside = "202501;50200;3,00", "202312;50200;-4,00", "202501;50200;0,50"
    assert asked(*YEAR_TO_DATE, *outside) == [Concern.OUTSIDE_YEAR]
    booked = factories.booked_import(*YEAR_TO_DATE, *outside)
    assert (booked.rows, booked.total, booked.rows_outside) == (3, 300, 3)
    assert {(kind.reason, kind.rows, kind.total) for kind in booked.skipped_rows} == {
        ("januari 2025 ligger utanför budgetåret 2024", 2, 350),
        ("december 2023 ligger utanför budgetåret 2024", 1, -400),
    }
    assert LedgerEntry.objects.count() == 3


def test_a_file_with_nothing_in_the_year_or_with_another_fault_is_refused() -> None:
    for lines in (("202501;50200;3,00",), (*YEAR_TO_DATE, "202501;50200;3,00", "202401;50200;tolv")):
        with pytest.raises(load.RefusedFile):
            factories.uploaded_import(*lines)


def test_everything_that_is_not_confirmed_is_told_at_once() -> None:
    factories.booked_import(*YEAR_TO_DATE)
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    lines = ("202401;50200;9,00", "202402;88888;1,00", "202501;50200;1,00")
    assert asked(*lines, today=dt.date(2023, 12, 31)) == [
        concern for concern in Concern if concern not in (Concern.DISAGREES, Concern.SEVERAL_SHEETS)
    ]


def test_vouchers_that_do_not_give_the_files_own_results_are_asked_about() -> None:
    waiting = sie("20240131", "01", results="#RES 0 50200 1.00\n")
    assert cautions(preview(waiting)) == ()
    four = "".join(f"#RES 0 5020{last} {last + 2}.00\n" for last in range(4))
    cut_off = sie("20240131", "01", results=four + "#IB 0 19300 7.00\n#UB 0 19300 9.00\n")
    [caution] = cautions(preview(cut_off))
    assert caution.concern is Concern.DISAGREES
    assert "konto 50200 (1,00 kr mot 2,00 kr), 50201" in caution.text.replace("\N{NO-BREAK SPACE}", " ")
    assert ("och 1 till" in caution.text, "19300" in caution.text) == (True, False)


def test_balance_accounts_that_disagree_are_told_and_not_asked_about() -> None:
    waiting = sie("20240131", "01", results="#IB 0 19300 7.00\n#UB 0 19300 9.00\n")
    assert cautions(preview(waiting)) == ()
    assert "19300" in waiting.notices[0]


def test_what_was_confirmed_is_kept_with_the_import() -> None:
    assert factories.booked_import(*YEAR_TO_DATE).confirmed == []
    [sentence] = factories.booked_import("202401;50200;2,00", "202402;50200;1,00", filename="ny.csv").confirmed
    assert sentence.startswith("Filen innehåller flera månader men inte mars 2024, som är bokfört sedan tidigare.")


LINES = ("202401;50200;100,00", "202401;24900;-100,00", "202401;59000;7,00", "202401;12110;30,00;91002")


@pytest.fixture
def ledger() -> LedgerImport:
    """100 in operations, 30 in investments, 7 set aside by a rule, −100 on a balance account."""
    factories.project(code="91002")
    factories.account_rule(prefix="59", reason="Intern omföring")
    return factories.uploaded_import(*LINES)


def book(waiting: LedgerImport, control_total: int) -> LedgerImport:
    return load.book(ledger_import=waiting, seen=(), control_total=control_total, by=factories.user())


def test_a_control_total_that_agrees_is_kept_with_the_import(ledger: LedgerImport) -> None:
    assert book(ledger, 13000).control_total == 13000
    assert factories.booked_import("202402;50200;1,00").control_total is None


@pytest.mark.parametrize(
    ("control_total", "sentence"),
    [
        (13001, "130,00 kr: 0,01 kr mindre. Inget har bokförts."),
        (12000, "130,00 kr: 10,00 kr mer. Inget har bokförts."),
        (-13000, "rätta med omvänt tecken"),
        (3700, "hela filens summa"),
        (13700, "enligt kontoregel inte räknas"),
        (10000, "driften utan investeringar"),
    ],
)
def test_a_control_total_that_differs_stops_the_booking(
    ledger: LedgerImport, control_total: int, sentence: str
) -> None:
    with pytest.raises(DoesNotAgree) as refused:
        book(ledger, control_total)
    assert sentence in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")
    assert not LedgerEntry.objects.exists()
    assert LedgerImport.objects.get().booked_at is None


@pytest.fixture
def pages(client: Client) -> Client:
    client.force_login(factories.user())
    return client


def test_a_difference_is_shown_and_what_was_typed_and_ticked_is_still_there(
    pages: Client, ledger: LedgerImport
) -> None:
    factories.booked_import("202402;50200;1,00", filename="februari.csv")
    ledger = factories.uploaded_import(*LINES, "202403;50200;0,00")
    address = reverse("import", args=[ledger.pk])
    typed = {"control_total": "120,00", "missing-months": "on"}
    answer = pages.post(address, typed)
    assert answer.status_code == 422
    assert "Huvudbokens saldo är angivet till 120,00 kr" in text_of(answer)
    page = answer.content.decode()
    assert 'value="120,00"' in page
    assert page.count("checked") == 1
    assert pages.post(address, {**typed, "control_total": "130"}).status_code == 302
    assert "130,00 kr, stämde på öret när filen bokfördes" in text_of(pages.get(address))


def test_an_amount_that_cannot_be_read_books_nothing(pages: Client, ledger: LedgerImport) -> None:
    answer = pages.post(reverse("import", args=[ledger.pk]), {"control_total": "hundra"})
    assert (answer.status_code, "hundra" in text_of(answer)) == (422, True)
    assert not LedgerEntry.objects.exists()


def test_each_question_is_a_box_that_must_be_ticked(pages: Client, ledger: LedgerImport) -> None:
    factories.booked_import("202402;50200;1,00", filename="februari.csv")
    ledger = factories.uploaded_import(*LINES, "202403;50200;0,00")
    address = reverse("import", args=[ledger.pk])
    assert 'name="missing-months"' in pages.get(address).content.decode()
    answer = pages.post(address)
    assert (answer.status_code, "Kryssa i rutan om det är meningen." in text_of(answer)) == (422, True)
    assert not LedgerEntry.objects.filter(ledger_month__ledger_import=ledger).exists()


def test_markup_in_what_is_asked_is_shown_as_text() -> None:
    assert "<b>" not in str(BookForm(asked=[Caution(Concern.UNASSIGNED, "Konto <b>8")]))


def test_read_and_left_out_are_the_file_to_the_ore(pages: Client, ledger: LedgerImport) -> None:
    found = preview(ledger)
    assert (found.operations, found.investments, found.set_aside, found.balance) == (10000, 3000, 700, -10000)
    assert found.read == ledger.total == 3700
    page = text_of(pages.get(reverse("import", args=[ledger.pk])))
    assert "Bokförs i ekonomin 130,00" in page
    assert "Räknas inte, enligt kontoregel 7,00" in page
    assert "Räknas inte, balanskonton −100,00" in page
    assert "Alla konteringar 4 37,00" in page
    assert "Stämmer på öret" in page


def test_skipped_rows_are_shown_with_reason_number_and_sum(pages: Client) -> None:
    waiting = factories.uploaded_import(*YEAR_TO_DATE, "202501;50200;3,00")
    page = text_of(pages.get(reverse("import", args=[waiting.pk])))
    assert "Januari 2025 ligger utanför budgetåret 2024 1 3,00" in page
