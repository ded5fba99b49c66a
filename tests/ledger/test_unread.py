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
