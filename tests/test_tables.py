"""The base of every list: our markup, Swedish words, and the columns for money and dates."""

from __future__ import annotations

import datetime as dt
import re

import django_tables2
import pytest
from django.test import RequestFactory

from sydit.money import Unit
from sydit.report import document as report_document
from sydit.report.document import Column, ColumnKind
from sydit.tables import DateColumn, MoneyColumn, NumberColumn, Table, paged
from sydit.templatetags.report import page_table


class Lines(Table):
    voucher = django_tables2.Column(verbose_name="Verifikation")
    booked_on = DateColumn(verbose_name="Datum")
    text = django_tables2.Column(verbose_name="Text", orderable=False)
    rows = NumberColumn(verbose_name="Rader")
    amount = MoneyColumn(verbose_name="Belopp")
    rounded = MoneyColumn(verbose_name="Belopp, tkr", unit=Unit.TKR, accessor="amount")

    caption = "Konteringar"

    class Meta(Table.Meta):
        empty_text = "Inga konteringar."


def line(number: int = 1, *, amount: int | None = -121_350_000, text: str = "Faktura") -> dict[str, object]:
    return {
        "voucher": f"V{number}",
        "booked_on": dt.date(2024, 10, 31),
        "text": text,
        "rows": 12345,
        "amount": amount,
    }


def page(lines: list[dict[str, object]], query: str = "", per_page: int = 2) -> str:
    request = RequestFactory().get(f"/konteringar/{query}")
    return re.sub("[ \n]+", " ", paged(Lines(lines), request, per_page=per_page).as_html(request))


def test_money_is_printed_with_minus_sign_and_no_break_spaces_in_the_column_s_unit():
    html = page([line()])
    assert re.search('<td class="num"[^>]*>−1\N{NO-BREAK SPACE}213\N{NO-BREAK SPACE}500,00</td>', html)
    assert re.search('<td class="num"[^>]*>−1\N{NO-BREAK SPACE}214</td>', html)


def test_a_missing_amount_is_told_and_is_not_zero():
    html = page([line(amount=None)])
    assert len(re.findall('<td class="num"[^>]*><span class="missing">saknas</span></td>', html)) == 2
    assert re.search('<td class="num"[^>]*>0,00</td>', page([line(amount=0)]))


def test_a_day_is_iso_and_a_moment_is_swedish_time():
    column = DateColumn()
    assert column.render(dt.date(2024, 10, 31)) == "2024-10-31"
    assert column.render(dt.datetime(2024, 10, 31, 23, 30, tzinfo=dt.UTC)) == "2024-11-01 00:30"


def test_the_table_scrolls_in_a_named_region_that_the_keyboard_reaches():
    html = page([line()])
    assert re.search(r'<div class="table-scroll" tabindex="0" role="region" aria-label="Konteringar">', html)
    assert "<caption><span>Konteringar</span></caption>" in html


def test_the_first_column_is_the_row_s_heading():
    html = page([line(7)])
    assert re.search(r'<th scope="row"[^>]*>V7</th>', html)
    assert html.count('scope="col"') == 6


def test_a_row_that_can_become_a_card_names_its_cells_and_says_what_each_part_is():
    html = page([line()])
    assert '<table class="table table-stack" role="table">' in html
    assert re.findall('role="(row|rowgroup|columnheader|rowheader|cell)"', html) == [
        *("rowgroup", "row", *["columnheader"] * 6),
        *("rowgroup", "row", "rowheader", *["cell"] * 5),
    ]
    assert re.findall('data-label="([^"]*)"', html) == ["Datum", "Text", "Rader", "Belopp", "Belopp, tkr"]


def test_a_table_of_figures_that_are_compared_stays_a_table():
    class Compared(Lines):
        class Meta(Lines.Meta):
            attrs = {"class": "table table-sticky"}

    html = Compared([line()]).as_html(RequestFactory().get("/"))
    assert set(re.findall('role="([^"]*)"', html)) == {"region"}
    assert "data-label" not in html


@pytest.mark.parametrize(
    ("kinds", "stacks"),
    [
        ((ColumnKind.TEXT, ColumnKind.TEXT), True),
        ((ColumnKind.TEXT, ColumnKind.AMOUNT), True),
        ((ColumnKind.TEXT, ColumnKind.AMOUNT, ColumnKind.PERCENT), False),
        ((ColumnKind.VARIANCE,), False),
    ],
)
def test_a_reports_table_of_as_much_text_as_figures_becomes_cards(kinds, stacks):
    columns = tuple(Column(str(number), "", kind) for number, kind in enumerate(kinds))
    assert page_table(report_document.Table("t", "", "", None, columns, ()), None).stacks is stacks


@pytest.mark.parametrize(("query", "state"), [("?sort=voucher", "ascending"), ("?sort=-voucher", "descending")])
def test_the_sorted_column_says_how_it_is_sorted(query, state):
    html = page([line(1), line(2)], query)
    assert html.count(f'aria-sort="{state}"') == 1
    assert html.count('aria-sort="none"') == 4  # the others that can be sorted; the text cannot


def test_an_empty_list_is_a_sentence_and_no_table():
    html = page([])
    assert "<table" not in html
    assert '<div class="empty">' in html
    assert "Inga konteringar." in html


def test_a_list_that_fits_has_no_pages():
    assert "pagination" not in page([line(1), line(2)])


def test_the_pages_are_told_in_swedish_and_the_current_one_is_marked():
    html = page([line(number) for number in range(1, 18)], "?page=2")
    assert "Sida 2 av 9" in html
    assert "(rad 3–4 av 17)" in html
    assert ">Föregående</a>" in html
    assert ">Nästa</a>" in html
    assert re.findall(r'aria-current="page"> <span class="visually-hidden">Sida</span> (\d+)</a>', html) == ["2"]


def test_the_first_and_last_page_lead_nowhere_else():
    lines = [line(number) for number in range(1, 6)]
    assert "Föregående" not in page(lines)
    assert "Nästa" not in page(lines, "?page=3")


@pytest.mark.parametrize(("query", "shown"), [("?page=99", "Sida 3 av 3"), ("?page=x", "Sida 1 av 3")])
def test_a_page_that_does_not_exist_is_the_nearest_one(query, shown):
    assert shown in page([line(number) for number in range(1, 6)], query)


def test_sorting_and_paging_keep_the_rest_of_the_address():
    html = page([line(number) for number in range(1, 6)], "?konto=68100&page=2")
    assert html.count("konto=68100") == html.count("href=")


def test_what_a_ledger_says_is_text_and_never_markup():
    html = page([line(text="<script>alert(1)</script>")])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
