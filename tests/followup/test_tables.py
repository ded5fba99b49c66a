"""The lists of the economy's pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from followup.models import LedgerEntry
from followup.tables import LedgerEntryTable
from sydit.tables import paged
from tests import factories

pytestmark = pytest.mark.django_db

COLUMNS = ["month", "booked_on", "voucher", "account", "project", "text", "counterparty", "amount"]


def rows(order: str = "") -> list[list[str]]:
    request = RequestFactory().get("/", {"sort": order} if order else {})
    table = paged(LedgerEntryTable(LedgerEntry.objects.all()), request)
    return [[str(cell) for cell in row.cells] for row in table.paginated_rows]


def test_a_line_shows_where_it_was_booked_and_what_its_account_is_called() -> None:
    factories.booked_import("202401;50200;-1234,50;91002;Löner <arkiv>;Januari;870")
    assert rows() == [
        [
            "2024-01",
            "–",
            "–",
            '50200 <span class="muted">Löner &lt;arkiv&gt;</span>',
            "91002",
            "Januari",
            "870",
            "−1\N{NO-BREAK SPACE}234,50",
        ]
    ]


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_sorts_both_ways_to_exactly_the_opposite_order(column: str) -> None:
    factories.booked_import(*(f"20240{1 + n % 3};{50200 + n % 2};{n % 4},00;;;{n}" for n in range(12)))
    assert rows(column) == rows(f"-{column}")[::-1]


def test_a_page_costs_two_queries_however_many_lines(django_assert_num_queries: Any) -> None:
    factories.booked_import(*(f"202401;{50000 + n};1,00" for n in range(60)))
    with django_assert_num_queries(2):  # the page's lines with their month and account name, and the count
        assert len(rows()) == 50
