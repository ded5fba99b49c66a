"""Columns that nobody reads and that say what the amounts beside them mean: asked about, never passed over."""

from __future__ import annotations

import pytest

from .reading import amounts, only_problem, read

ROWS = "50200;202410;{};123,50\n60110;202410;{};0,50\n"


def _table(name: str, debit: str, credit: str) -> str:
    return f"Konto;Period;{name};Belopp\n" + ROWS.format(debit, credit)


@pytest.mark.parametrize("name", ["Tecken", "D/K", "Deb/Kred", "S/H"])
@pytest.mark.parametrize(("debit", "credit"), [("+", "-"), ("D", "K"), ("Dr.", "Cr."), ("S", "H"), ("Deb", "Kre")])
def test_a_sign_or_side_in_a_column_of_its_own_is_read(name: str, debit: str, credit: str) -> None:
    assert amounts(_table(name, debit, credit)) == [12350, -50]


@pytest.mark.parametrize(("name", "debit", "credit"), [("Typ", "D", "K"), ("+/-", "+", "-"), ("", "", "-")])
def test_a_side_under_a_name_that_is_not_known_is_asked_about(name: str, debit: str, credit: str) -> None:
    problem = only_problem(_table(name, debit, credit))
    assert problem.row == 3
    assert problem.value == credit
    assert "debet eller kredit" in problem.message
    assert read(_table(name, debit, credit)).is_askable


def test_a_side_is_looked_for_in_the_whole_file() -> None:
    rows = "50200;202410;D;123,50\n" * 500 + "50200;202410;K;0,50\n"
    assert only_problem(f"Konto;Period;Typ;Belopp\n{rows}").row == 502


@pytest.mark.parametrize(("first", "second"), [("", "-"), ("-", "-"), ("K", "L"), ("D", "D"), ("K", "")])
def test_a_column_that_says_no_side_is_left_alone(first: str, second: str) -> None:
    assert amounts(_table("Status", first, second)) == [12350, 50]


def test_a_side_beside_amounts_with_their_signs_is_left_alone() -> None:
    assert amounts("Konto;Period;Typ;Belopp\n50200;202410;D;123,50\n60110;202410;K;-0,50\n") == [12350, -50]


def test_credit_with_minus_signs_only_is_not_guessed() -> None:
    header = "Konto;Period;Debet;Kredit\n"
    problem = only_problem(f"{header}50200;202410;123,50;\n60110;202410;;-0,50\n")
    assert problem.column == "Kredit"
    assert "minustecken" in problem.message
    reversal = f"{header}50200;202410;123,50;\n60110;202410;;0,75\n60110;202410;;-0,25\n"
    assert amounts(reversal) == [12350, -75, 25]
    assert amounts(f"{header}50200;202410;-123,50;\n60110;202410;;-0,50\n") == [-12350, 50]


def test_amounts_in_another_currency_are_asked_about() -> None:
    rows = "50200;202410;10,00;SEK\n60110;202410;5,00;EUR\n"
    problem = only_problem(f"Konto;Period;Belopp;Valuta\n{rows}")
    assert (problem.row, problem.column, problem.value) == (3, "Valuta", "EUR")
    assert amounts(f"Konto;Period;Belopp SEK;Valuta\n{rows}") == [1000, 500]
    assert amounts(f"Konto;Period;Belopp;Valuta\n{rows.replace('EUR', 'sek')}") == [1000, 500]
    beside = "Konto;Period;Belopp;Valutabelopp;Valuta\n50200;202410;115,00;10,00;EUR\n"
    assert amounts(beside) == [11500]


def test_a_total_called_s_a_is_left_out_and_checked() -> None:
    rows = "Konto;Period;Belopp\n50200;202410;10,00\n60110;202410;5,00\n"
    assert amounts(f"{rows}S:a;;15,00\n") == [1000, 500]
    assert "Summaraden" in only_problem(f"{rows}S:a;;15,01\n").message


@pytest.mark.parametrize(
    "unit",
    ["Belopp i tusental", "Alla belopp i 1000-tal kronor", "Belopp i 1 000 kr", "Belopp i mnkr", "Valuta: EUR",
     "Belopp i EUR", "MSEK (avrundat)"],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["{}\nKonto;Period;Belopp\n{}", "Konto;Period;Belopp\n{1}{0}\n"])
def test_another_unit_above_or_below_the_table_is_asked_about(unit: str, layout: str) -> None:
    text = layout.format(unit, "50200;202410;123,50\n")
    assert "i kronor" in only_problem(text).message
    assert read(text).is_askable


@pytest.mark.parametrize("remark", ["Belopp i kr", "Valuta: SEK", "Sida 1 av 1 000", "Utskriven 2024-11-05 08.12"])
def test_kronor_around_the_table_are_kronor(remark: str) -> None:
    assert amounts(f"{remark}\nKonto;Period;Belopp\n50200;202410;123,50\n{remark}\n") == [12350]


def test_a_line_whose_separators_are_lost_is_no_remark() -> None:
    rows = "Period;Konto;Text;Belopp\n202410;50200;x;123,50\n202410 60110 Hyra -0,50\n"
    assert read(rows).problems[0].row == 3


@pytest.mark.parametrize("months", ["jan;feb;mar;apr", "Jan 2024;Feb 2024;Mar 2024", "202401;202402;202403"])
def test_a_table_with_months_as_columns_is_refused_for_what_it_is(months: str) -> None:
    problem = only_problem(f"Konto;Kontotext;{months};Totalt\n50200;Löner;1,00;2,00;3,00\n")
    assert "Månaderna står som kolumner" in problem.message


def test_the_columns_of_programs_in_english_are_known() -> None:
    assert amounts("Account No.;Posting Date;Debit Amount;Credit Amount\n50200;2024-10-31;5,00;0,00\n") == [500]
    assert amounts("Account;Accounting period;Amount\n50200;202410;5,00\n") == [500]


@pytest.mark.parametrize("mark", ["Budget", "Prognos 2", "Årsbudget", "Preliminär", "Makulerad"])
@pytest.mark.parametrize("name", ["Typ", "Slag"])
def test_rows_that_say_they_are_not_booked_are_asked_about(mark: str, name: str) -> None:
    problem = only_problem(_table(name, "Utfall", mark))
    assert (problem.row, problem.column, problem.value) == (3, name, mark)


def test_a_budget_row_is_found_wherever_it_stands_in_a_column_of_types() -> None:
    rows = "50200;202410;Utfall;1,00\n" * 500 + "50200;202410;Budget;1,00\n"
    assert only_problem(f"Konto;Period;Version;Belopp\n{rows}").row == 502


def test_words_of_other_columns_are_no_types() -> None:
    assert amounts(_table("Enhet", "Budgetavdelningen", "Planering")) == [12350, 50]
    assert amounts(_table("Text", "Budget", "Prognos")) == [12350, 50]


def test_a_total_in_capitals_is_no_account() -> None:
    rows = "Konto;Period;Belopp\n50200;202410;123,50\nTOTALT;202410;{}\n"
    assert amounts(rows.format("123,50")) == [12350]
    assert "Summaraden" in only_problem(rows.format("123,51")).message
    assert amounts("Konto;Period;Belopp\nDIFF;202410;1,00\n") == [100]
