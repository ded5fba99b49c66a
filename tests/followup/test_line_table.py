"""The list of booked lines: what a row shows, and that pages in any order hold every line once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from followup import actuals, lines
from followup.line_table import LedgerEntryTable
from followup.lines import LineFilter, LineSet
from sydit.periods import Month
from sydit.report.document import Lines
from sydit.tables import PER_PAGE, paged
from tests import factories

pytestmark = pytest.mark.django_db

COLUMNS = ["month", "booked_on", "voucher", "account", "project", "text", "counterparty", "amount"]
DECEMBER = Month(2024, 12)
NOTHING = LineFilter()


def all_lines(chosen: LineFilter = NOTHING, of: Lines | None = None, projects: tuple[str, ...] = ()) -> LineSet:
    return LineSet(actuals.ledger_sources(DECEMBER), projects, of, chosen)


def rows(order: str = "", page: int = 1, voucher_url: str = "") -> list[list[str]]:
    request = RequestFactory().get("/", {"page": page, **({"sort": order} if order else {})})
    table = paged(LedgerEntryTable(all_lines(), voucher_url=voucher_url), request)
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


@pytest.mark.parametrize("order", ["", "-month", "amount", "-account"])
def test_pages_hold_every_line_once_also_where_a_month_ends_within_one(order: str) -> None:
    factories.booked_import(*(f"20240{1 + n % 3};50200;{n % 7},00;;;rad {n}" for n in range(130)))
    pages = [row[5] for page in range(1, 6) for row in rows(order, page)]
    assert len(pages) == 130
    assert sorted(pages) == sorted(f"rad {n}" for n in range(130))


def test_months_stand_in_the_calendars_order_whatever_was_imported_last() -> None:
    factories.booked_import("202402;50200;1,00", filename="februari.csv")
    factories.booked_import("202401;50200;1,00", filename="januari.csv")
    assert [row[0] for row in rows()] == ["2024-01", "2024-02"]


def test_a_page_costs_four_queries_however_many_lines(django_assert_num_queries: Any) -> None:
    factories.booked_import(*(f"202401;{50000 + n};1,00" for n in range(60)))
    sources = actuals.ledger_sources(DECEMBER)
    with django_assert_num_queries(4):  # counts, sums, the page's lines and what their accounts are called
        table = paged(LedgerEntryTable(LineSet(sources, (), None)), RequestFactory().get("/"))
        assert len([list(row.cells) for row in table.paginated_rows]) == PER_PAGE


def test_only_months_order_more_lines_than_a_database_sorts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_SORTED", 2)
    factories.booked_import("202402;50200;1,00", "202401;50200;2,00", "202401;50200;3,00")
    assert [row[-1] for row in rows("-amount")] == [row[-1] for row in rows("month")] == ["2,00", "3,00", "1,00"]


# --- which lines ------------------------------------------------------------------------------------------------------

LEDGER = (
    "202401;50200;100,00;;;Lön januari;870",
    "202401;50210;10,00;91002;;Lön projekt;870",
    "202402;60100;20,00;999;;Hyra Ängen;Åkes Hus",
    "202402;24900;-130,00;;;Motkonto;",
)


def found(chosen: LineFilter = NOTHING, of: Lines | None = None) -> tuple[int, int]:
    """How many lines and öre."""
    factories.booked_import(*LEDGER)
    selected = all_lines(chosen, of, projects=("91002",))
    assert len(selected.in_months(0, 100)) == len(list(selected.every())) == selected.count
    assert sum(entry.amount for entry in selected.every()) == selected.total
    return selected.count, selected.total


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (LineFilter(), (4, 0)),
        (LineFilter(month=Month(2024, 1)), (2, 11_000)),
        (LineFilter(account="502"), (2, 11_000)),
        (LineFilter(account="5021"), (1, 1_000)),
        (LineFilter(project="91002"), (1, 1_000)),
        (LineFilter(text="lön"), (2, 11_000)),
        (LineFilter(text="ängen"), (1, 2_000)),
        (LineFilter(text="åkes"), (1, 2_000)),
        (LineFilter(text="100%"), (0, 0)),
        (LineFilter(voucher="finns inte"), (0, 0)),
        (LineFilter(month=Month(2024, 2), account="5"), (0, 0)),
    ],
)
def test_a_filter_lets_through_what_it_says_and_sums_it(chosen: LineFilter, expected: tuple[int, int]) -> None:
    assert found(chosen) == expected


def test_an_accounts_row_has_no_line_of_a_registered_project_but_those_of_others() -> None:
    assert found(of=Lines(accounts=("50200", "50210", "60100"))) == (2, 12_000)


def test_a_projects_row_has_its_lines_whatever_their_account() -> None:
    assert found(of=Lines(projects=("91002",))) == (1, 1_000)
