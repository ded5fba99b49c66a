"""SIE types 1 to 3: a year's balances and a month's changes become lines, each öre once."""

from __future__ import annotations

import pytest

from tests.ledger.sie_files import file, read, row_of

RESULT = "#RES 0 5010 300.00"


def psaldo(month: str, objects: str, amount: str, account: str = "5010") -> str:
    return f"#PSALDO 0 {month} {account} {objects} {amount}"


def sums(*body: str, sietyp: int = 3):
    result = read(file(*body, sietyp=sietyp))
    assert result.problems == []
    return {(month, project): ore for (month, _, project), ore in result.sums().items()}


def test_a_months_change_is_a_line_and_its_row_is_known():
    content = file(psaldo("202401", "{}", "100"), psaldo("202402", "{}", "0.00"), "#RES 0 5010 100.00", sietyp=2)
    result = read(content)
    assert [(str(line.month), line.amount, line.row) for line in result.lines] == [
        ("2024-01", 10000, row_of(content, "#PSALDO 0 202401")),
        ("2024-02", 0, row_of(content, "#PSALDO 0 202402")),
    ]
    assert "inga verifikationer" in result.findings.notices[0]


def test_by_the_standard_the_row_without_objects_is_the_total():
    rows = [psaldo("202401", "{}", "300"), psaldo("202401", '{6 "P1"}', "120"), psaldo("202401", '{1 "A"}', "300")]
    assert sums(RESULT, *rows) == {("2024-01", "P1"): 12000, ("2024-01", ""): 18000}


def test_where_the_row_without_objects_is_the_remainder_all_rows_count():
    rows = [psaldo("202401", "{}", "100"), psaldo("202401", '{6 "P1"}', "120"), psaldo("202402", '{1 "A"}', "80")]
    assert sums(RESULT, *rows) == {("2024-01", "P1"): 12000, ("2024-01", ""): 10000, ("2024-02", ""): 8000}


def test_remainders_beside_dimensions_that_overlap_count_each_ore_once():
    rows = [psaldo("202401", "{}", "100"), psaldo("202401", '{6 "P1"}', "50"), psaldo("202401", '{1 "A"}', "200")]
    assert sums(RESULT, *rows) == {("2024-01", "P1"): 5000, ("2024-01", ""): 25000}


def test_balance_accounts_are_tried_against_closing_less_opening_balance():
    balances = ["#IB 0 1930 1000", "#UB 0 1930 700"]
    rows = [psaldo("202401", "{}", "-100", "1930"), psaldo("202401", "{6 P1}", "-200", "1930")]
    assert sums(*balances, *rows) == {("2024-01", "P1"): -20000, ("2024-01", ""): -10000}


def test_rows_that_fit_both_ways_follow_the_files_other_accounts():
    told = ["#RES 0 6000 30", psaldo("202401", "{}", "10", "6000"), psaldo("202401", "{6 P1}", "20", "6000")]
    both = [psaldo("202401", "{}", "300"), psaldo("202401", "{6 P1}", "50"), psaldo("202402", "{6 P1}", "-50")]
    found = read(file(RESULT, *told, *both, sietyp=3)).sums()
    assert found["2024-01", "5010", ""] == 30000
    assert found["2024-01", "5010", "P1"] == 5000


def test_rows_of_combined_objects_split_by_project_too():
    rows = [psaldo("202401", "{}", "300"), psaldo("202401", "{1 A 6 P1}", "100"), psaldo("202401", "{1 B 6 P1}", "20")]
    assert sums(RESULT, *rows) == {("2024-01", "P1"): 12000, ("2024-01", ""): 18000}


def test_each_project_is_split_off_by_the_kind_of_list_it_stands_in():
    rows = [psaldo("202401", "{}", "300"), psaldo("202401", "{6 P1}", "30"), psaldo("202401", "{1 A 6 P2}", "20")]
    later = [psaldo("202402", "{}", "0"), psaldo("202402", "{1 A 6 P1}", "7")]
    assert sums(RESULT, *rows, *later) == {
        ("2024-01", "P1"): 3000,
        ("2024-01", "P2"): 2000,
        ("2024-01", ""): 25000,
        ("2024-02", "P1"): 700,
        ("2024-02", ""): -700,
    }


def test_a_project_in_two_kinds_of_list_counts_once():
    rows = [psaldo("202401", "{}", "300"), psaldo("202401", "{6 P1}", "30"), psaldo("202401", "{1 A 6 P1}", "20")]
    assert sums(RESULT, *rows) == {("2024-01", "P1"): 3000, ("2024-01", ""): 27000}


def test_objects_that_mean_no_project_split_nothing_off():
    rows = [psaldo("202401", "{}", "300"), psaldo("202401", "{6 DRIFT}", "250"), psaldo("202401", '{6 "P1 "}', "50")]
    assert sums(RESULT, *rows) == {("2024-01", "P1"): 5000, ("2024-01", ""): 25000}


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([RESULT, psaldo("202401", "{}", "299")], "ger 299,00"),
        ([RESULT, psaldo("202401", "{}", "100"), psaldo("202401", "{6 P1}", "100")], "ofullständig"),
        ([psaldo("202401", "{}", "100"), psaldo("202401", "{6 P1}", "100")], "flera sätt"),
        ([RESULT, psaldo("202401", "{}", "5", "6000")], "inga periodsaldon"),
        ([psaldo("202501", "{}", "5")], "räkenskapsåret"),
        ([psaldo("20241", "{}", "5")], "ingen månad"),
        ([psaldo("202413", "{}", "5")], "ingen månad"),
        ([psaldo("202401", "{}", "5,")], "belopp"),
        (["#PSALDO 1 202401 5010 {} 5"], "årsnummer"),
        (["#PSALDO 0 202401 {} 5"], "konto"),
        (["#RES 0 5010 3O"], "belopp"),
        ([RESULT, RESULT], "två saldon"),
        (["#PSALDP 0 202401 5010 {} 5"], "liknar"),
        (["#PSALDO0 202401 5010 {} 5"], "liknar"),
        (["#RES0 5010 5"], "liknar"),
    ],
)
def test_rows_that_cannot_be_trusted_are_a_problem(rows, word):
    problem = read(file(*rows, sietyp=3)).findings.problems[0]
    assert word in problem.message
    assert problem.row


def test_other_years_are_told_and_not_booked():
    result = read(file("#RES -1 5010 5", "#PSALDO -1 202301 5010 {} 5", "#PSALDO 0 202401 5010 {} 7", sietyp=2))
    assert result.by_account() == {"5010": 700}
    assert [skip.total for skip in result.findings.skipped.values()] == [500]


def test_a_file_of_year_balances_becomes_lines_in_its_last_month_and_says_so():
    rows = ["#IB 0 1930 1000", "#UB 0 1930 700", "#IB 0 1510 50", "#UB 0 2440 100", RESULT, "#RES 0 3010 -50"]
    result = read(file("#OMFATTN 20241031", *rows, "#RES -1 5010 9", sietyp=1))
    assert result.problems == []
    assert {str(line.month) for line in result.lines} == {"2024-10"}
    assert result.by_account() == {"1930": -30000, "1510": -5000, "2440": 10000, "5010": 30000, "3010": -5000}
    assert ["oktober 2024" in notice for notice in result.findings.notices] == [True]


def test_year_balances_without_omfattn_go_to_the_years_last_month():
    assert {str(line.month) for line in read(file(RESULT, sietyp=1)).lines} == {"2024-12"}


def test_year_balances_that_do_not_balance_are_refused():
    result = read(file("#IB 0 1930 0", "#UB 0 1930 -299", RESULT, sietyp=1))
    assert result.lines == []
    assert "1,00 kr" in result.problems[0][1]


def test_closing_balances_without_opening_ones_are_told_and_not_booked():
    result = read(file("#UB 0 1930 700", RESULT, sietyp=1))
    assert result.by_account() == {"5010": 30000}
    assert any("#IB" in notice for notice in result.findings.notices)


def test_months_without_a_years_balance_are_told():
    rows = [RESULT, psaldo("202401", "{}", "300"), psaldo("202401", "{}", "7", "6000")]
    assert any("6000" in notice for notice in read(file(*rows, sietyp=2)).findings.notices)


def test_year_balances_without_a_year_are_a_problem():
    assert read(file(RESULT, sietyp=1, head="#FLAGGA 0\n#SIETYP {sietyp}\n")).problems[0][0] == 3


def test_type_4_without_vouchers_is_read_as_type_3_where_it_has_months():
    assert sums(RESULT, psaldo("202401", "{}", "300"), sietyp=4) == {("2024-01", ""): 30000}


def test_beside_vouchers_the_months_are_not_booked_and_may_have_a_thirteenth():
    rows = [psaldo("202413", "{}", "5"), "#VER A 1 20240131", "{", "#TRANS 5010 {} 1", "#TRANS 1930 {} -1", "}"]
    result = read(file(*rows))
    assert (result.problems, result.by_account()) == ([], {"5010": 100, "1930": -100})


def test_type_4_without_vouchers_and_months_is_refused():
    result = read(file(RESULT, sietyp=4))
    assert result.lines == []
    assert "inga verifikationer" in result.problems[0][1]


def test_the_same_books_in_every_type_agree():
    year = ["#IB 0 1930 1000", "#UB 0 1930 700", RESULT]
    months = [
        psaldo("202401", "{}", "100"), psaldo("202402", "{}", "200"), psaldo("202402", "{6 P1}", "50"),
        psaldo("202401", "{}", "-100", "1930"), psaldo("202402", "{}", "-200", "1930"),
    ]  # fmt: skip
    vouchers = [
        "#VER A 1 20240131", "{", "#TRANS 5010 {} 100", "#TRANS 1930 {} -100", "}",
        "#VER A 2 20240228", "{", "#TRANS 5010 {} 150", "#TRANS 5010 {6 P1} 50", "#TRANS 1930 {} -200", "}",
    ]  # fmt: skip
    by_type = [
        read(file(*year, sietyp=1)), read(file(*year, *[row for row in months if "P1" not in row], sietyp=2)),
        read(file(*year, *months, sietyp=3)), read(file(*year, *months, *vouchers, sietyp=4)),
    ]  # fmt: skip
    assert [result.problems for result in by_type] == [[]] * 4
    assert all(result.by_account() == by_type[0].by_account() for result in by_type)
    assert by_type[2].sums() == by_type[3].sums()


def test_rows_of_a_dimension_below_the_projects_count_where_no_project_has_rows():
    below = '#UNDERDIM 61 "Delprojekt" 6'
    parts = [psaldo("202401", "{}", "300"), psaldo("202401", "{61 D1}", "120")]
    assert sums(below, RESULT, *parts) == {("2024-01", "D1"): 12000, ("2024-01", ""): 18000}
    assert sums(below, RESULT, *parts, psaldo("202401", "{6 P1}", "200")) == {
        ("2024-01", "P1"): 20000,
        ("2024-01", ""): 10000,
    }
