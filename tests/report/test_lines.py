"""The pages of the lines behind a figure: filter, sums, files, and who may see what."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from followup.ledger import load
from followup.ledger.content import Content
from followup.models import FollowUp, LedgerEntry
from sydit.access import Role
from sydit.report import line_export, publish
from sydit.report.build import build_report
from sydit.report.document import RowKind
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TOTAL = "/uppfoljning/2024-10/underlag/result/total/"
ALL = "/uppfoljning/2024-10/underlag/huvudbok/alla/"


@pytest.fixture
def browser(october: FollowUp, log_in: Callable[[str], Client]) -> Client:
    return log_in("controller")


def content(client: Client, address: str, **query: str) -> bytes:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.getvalue()


def csv_rows(client: Client, address: str, **query: str) -> list[list[str]]:
    text = content(client, f"{address}konteringar.csv", **query).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_totals_of_both_tables_are_links_like_their_lines(browser: Client) -> None:
    page = browser.get("/uppfoljning/2024-10/").content.decode()
    for key in ("result", "investments"):
        assert f'href="/uppfoljning/2024-10/underlag/{key}/total/"' in page


def test_a_filter_shows_the_sum_and_count_of_what_it_lets_through(browser: Client) -> None:
    page = browser.get(TOTAL, {"month": "2024-03", "account": "50"})
    booked = LedgerEntry.objects.filter(ledger_month__month=3, account__startswith="50").exclude(
        project__startswith="91"
    )
    assert page.context["total"] == sum(entry.amount for entry in booked) != 0
    assert page.context["table"].paginator.count == len(booked)
    assert "Summa i urvalet" in text_of(page)


def test_the_filters_add_up_month_by_month_to_the_figure(browser: Client) -> None:
    months = [f"2024-{number:02}" for number in range(1, 11)]
    totals = [browser.get(TOTAL, {"month": month}).context["total"] for month in months]
    assert sum(totals) == browser.get(TOTAL).context["total"] == 99_106_728


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"month": "2024-13"}, "Underlaget har ingen sådan månad."),
        ({"account": "50 2"}, "”50 2” är inget konto. Skriv kontots första siffror, till exempel 502."),
        ({"text": "x" * 101}, "Skriv högst 100 tecken."),
        ({"voucher": "A\0"}, "Null-tecken"),
    ],
)
def test_a_wrong_filter_gets_a_sentence_and_the_rest_stays(
    browser: Client, query: dict[str, str], sentence: str
) -> None:
    page = browser.get(TOTAL, {"project": "91001", **query})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert 'value="91001"' in page.content.decode()
    assert page.context["table"].paginator.count == 0  # the project's lines belong to no operating row


def test_a_file_of_a_wrong_filter_leads_back_to_the_sentence(browser: Client) -> None:
    for ending in ("csv", "xlsx"):
        answer = browser.get(f"{TOTAL}konteringar.{ending}", {"account": "50 2"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{TOTAL}?account=50+2")


def test_a_page_or_an_order_that_does_not_exist_shows_the_nearest(browser: Client) -> None:
    page = browser.get(TOTAL, {"page": "999", "sort": "finns-inte"})
    assert page.status_code == 200
    assert page.context["table"].page.number == page.context["table"].paginator.num_pages


def test_a_voucher_leads_to_all_its_lines_also_those_of_other_accounts(client: Client) -> None:
    factories.category(prefixes=("5",))
    header = "Period;Konto;Belopp;Ver.nr"
    lines = ["202401;50200;100,00;A7", "202401;24900;-100,00;A7", "202402;50200;1,00;A7"]
    year, by = factories.fiscal_year(), factories.user()
    file = "\n".join([header, *lines]).encode()
    waiting = load.upload(content=Content.of(file), filename="verifikationer.csv", fiscal_year=year, by=by)
    load.book(ledger_import=waiting, seen=[], by=by)
    follow_up = factories.follow_up()
    client.force_login(factories.user(role=Role.CONTROLLER))
    page = client.get(reverse("ledger-lines", args=[follow_up.period, "result", "costs"]))
    link = f"{ALL}?voucher=A7&amp;month=2024-01"
    assert link in page.content.decode()
    voucher = client.get(link.replace("&amp;", "&"))
    assert (voucher.context["table"].paginator.count, voucher.context["total"]) == (2, 0)


def test_a_reader_opens_the_reports_figures_but_not_the_whole_ledger(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    FollowUp.objects.update(state=FollowUp.State.READY)
    publish.approve(follow_up=FollowUp.objects.get(), by=factories.user(role=Role.HEAD))
    reader = log_in("lasare")
    page = reader.get(TOTAL)
    assert page.status_code == 200
    assert "huvudbok/alla" not in page.content.decode()
    for place in ("alla", "balanskonton", "raknas-inte", "raknas-inte-1"):
        for ending in ("", "konteringar.csv", "konteringar.xlsx"):
            assert reader.get(f"/uppfoljning/2024-10/underlag/huvudbok/{place}/{ending}").status_code == 403


def test_the_whole_ledger_is_every_line(browser: Client) -> None:
    page = browser.get(ALL)
    assert (page.context["table"].paginator.count, page.context["total"]) == (370, 735_156_728)
    for place in ("raknas-inte-1", "annat"):
        assert browser.get(f"/uppfoljning/2024-10/underlag/huvudbok/{place}/").status_code == 404


def test_the_csv_holds_each_line_with_names_and_decimal_commas(browser: Client) -> None:
    raw = content(browser, f"{TOTAL}konteringar.csv")
    assert raw.startswith(b"\xef\xbb\xbfM\xc3\xa5nad;Datum;Verifikation;Konto;")
    head, *rows = csv_rows(browser, TOTAL)
    amount = head.index("Belopp, kr")
    assert sum(Decimal(row[amount].replace(",", ".")) for row in rows) == Decimal("991067.28")
    assert all(row[head.index("Benämning")] for row in rows)


def test_files_follow_the_filter_and_the_order_of_the_page(browser: Client) -> None:
    query = {"month": "2024-03", "sort": "-amount"}
    page = browser.get(TOTAL, query)
    assert f"{TOTAL}konteringar.xlsx?month=2024-03&amp;sort=-amount" in page.content.decode()
    head, *rows = csv_rows(browser, TOTAL, **query)
    amounts = [Decimal(row[head.index("Belopp, kr")].replace(",", ".")) for row in rows]
    assert amounts == sorted(amounts, reverse=True)
    assert {row[0] for row in rows} == {"2024-03"}
    assert len(rows) == page.context["table"].paginator.count


@pytest.fixture
def dangerous(client: Client) -> Client:
    """One line whose texts a spreadsheet would run."""
    factories.category(prefixes=("5",))
    factories.booked_import("202401;50200;-5,50;;;=1+1;@SUM(A1)", "202401;50300;1,00;;;_x0041_;-2+3")
    factories.follow_up()
    client.force_login(factories.user(role=Role.CONTROLLER))
    return client


def test_no_text_in_the_csv_is_a_formula(dangerous: Client) -> None:
    head, first, second = csv_rows(dangerous, TOTAL)
    assert (first[head.index("Text")], first[head.index("Motpart")]) == ("'=1+1", "'@SUM(A1)")
    assert second[head.index("Motpart")] == "'-2+3"
    assert first[head.index("Belopp, kr")] == "-5,50"


def test_no_text_in_the_workbook_is_a_formula_and_amounts_are_numbers(dangerous: Client) -> None:
    book = load_workbook(io.BytesIO(content(dangerous, f"{TOTAL}konteringar.xlsx")))
    head, *rows = book["Konteringar"].iter_rows()
    column = {cell.value: cell.column - 1 for cell in head}
    for row in rows:
        assert {row[column[name]].data_type for name in ("Text", "Motpart", "Konto")} == {"s"}
        assert row[column["Belopp, kr"]].data_type == "n"
    assert [row[column["Text"]].value for row in rows] == ["=1+1", "_x005F_x0041_"]
    assert [row[column["Belopp, kr"]].value for row in rows] == [-5.5, 1]
    facts = {row[0].value: row[1].value for row in book["Urval"].iter_rows()}
    assert facts["Summa, kr"] == "−4,50"
    assert "SHA-256" in facts["Fil"]


def test_more_lines_than_a_workbook_holds_are_refused_with_the_way_out(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sydit.report.lines.MOST_ROWS", 100)
    assert "konteringar.xlsx" not in browser.get(TOTAL).content.decode()
    answer = browser.get(f"{TOTAL}konteringar.xlsx", follow=True)
    assert "en Excelfil härifrån högst 100. Filtrera, eller hämta raderna som CSV." in text_of(answer)
    assert len(csv_rows(browser, TOTAL)) > 100


def test_every_row_of_the_report_opens_to_lines_that_sum_to_it(browser: Client, october: FollowUp) -> None:
    for key, table in build_report(october).tables.items():
        for row in table.rows:
            if row.lines and row.kind is RowKind.LINE:
                booked = table.cell(row.key, "actual" if key == "result" else "booked").ore
                address = reverse("ledger-lines", args=[october.period, key, row.key])
                assert browser.get(address).context["total"] == booked


def test_the_text_of_a_cell_is_safe_however_it_begins() -> None:
    rows: list[line_export.Values] = [("\t=1", "\r=1", "a;b", 'a"b', "å", "", "", "", "", "", Decimal("0"), 1)]
    *_, line = line_export.csv_lines(rows)
    (cells,) = csv.reader(io.StringIO(line, newline=""), delimiter=";")
    assert cells[:5] == ["'\t=1", "'\r=1", "a;b", 'a"b', "å"]
