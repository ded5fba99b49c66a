from __future__ import annotations

import datetime as dt

import pytest

from followup.ledger import detect, styles, values
from sydit.periods import Month

from .reading import HEADER, amounts, lines, only_problem, read, with_amounts


@pytest.mark.parametrize(
    ("texts", "ore"),
    [
        (["1 234,50", "1.234"], [123450, 123400]),
        (["1.234", "1,234.50"], [None, 123450]),
        (["1.234", "12.50"], [None, 1250]),
        (["1.234", "12,50"], [123400, 1250]),
        (["1,234", "1,234,567"], [123400, 123456700]),
        (["1234.50", "-0.5"], [123450, -50]),
        (["1 234,50-", "(2,00)", "−3,00", "–4,00", "1\xa0234\u202f567,00"], [-123450, -200, -300, -400, 123456700]),
    ],
)  # fmt: skip
def test_the_column_decides_its_decimal_mark(texts: list[str], ore: list[int | None]) -> None:
    parsed = read(with_amounts(*texts))
    if None in ore:
        assert parsed.problems
        assert {problem.row for problem in parsed.problems} <= {2, 3}
    else:
        assert amounts(with_amounts(*texts)) == ore


def test_an_ambiguous_amount_is_asked_about_where_nothing_decides() -> None:
    problem = only_problem(with_amounts("1.234", "500"))
    assert (problem.row, problem.column, problem.value) == (2, "Belopp", "1.234")


def test_two_decimal_marks_in_one_column_contradict() -> None:
    problem = only_problem(with_amounts("1,50", "1.50"))
    assert (problem.row, problem.value) == (3, "1.50")


@pytest.mark.parametrize("bad", ["", "abc", "1,005", "1 23,00", "1,2,3", "--5", "1e5", "#VÄRDEFEL!", "12,5O", "=A1"])
def test_an_unreadable_amount_is_a_problem_with_its_place(bad: str) -> None:
    problem = only_problem(with_amounts("7,00", bad, "8,00"))
    assert (problem.row, problem.column, problem.value) == (3, "Belopp", bad)


@pytest.mark.parametrize(
    ("period", "month"),
    [("202410", 10), ("2024-10", 10), ("2410", 10), ("2024/10", 10), ("okt 2024", 10), ("oktober 2024", 10),
     ("202410.0", 10), ("2024M10", 10), ("202410 Oktober", 10), ("202410 - okt", 10),
     ("2024-10-31", 10), ("20241031", 10), ("10/2024", 10), ('="202403"', 3), ("mar-24", 3), ("2024.03", 3)],
)  # fmt: skip
def test_a_period_is_read_in_every_style(period: str, month: int) -> None:
    (line,) = lines(f"Period;Konto;Belopp\n{period};35110;1,00\n".replace('="202403"', '"=""202403"""'))
    assert line.month == Month(2024, month)


@pytest.mark.parametrize("period", ["10", "P10", "okt", "oktober", "1"])
def test_a_bare_month_needs_its_year(period: str) -> None:
    text = f"Period;Konto;Belopp\n{period};35110;1,00\n"
    assert "saknar år" in only_problem(text).message
    assert lines(text, year=2024)[0].month == Month(2024, 1 if period == "1" else 10)


def test_a_year_column_gives_a_bare_month_its_year() -> None:
    assert lines("År;Period;Konto;Belopp\n2023;10;35110;1,00\n2024;10;35110;1,00\n".replace("2023;10", "2023;11"))[
        0
    ].month == Month(2023, 11)


@pytest.mark.parametrize("period", ["202413", "202400", "2024-13"])
def test_closing_and_opening_periods_are_asked_about(period: str) -> None:
    problem = only_problem(f"Period;Konto;Belopp\n{period};35110;1,00\n")
    assert (problem.row, problem.column, problem.value) == (2, "Period", period)
    assert "bokslutsperiod" in problem.message


@pytest.mark.parametrize("period", ["", "202499", "24", "hej", "2024", "2024-1O"])
def test_an_unknown_period_is_a_problem_with_its_place(period: str) -> None:
    problem = only_problem(f"Period;Konto;Belopp\n{period};35110;1,00\n")
    assert (problem.row, problem.column, problem.value) == (2, "Period", period)


@pytest.mark.parametrize(
    "day",
    [
        "20241031",
        "2024-10-31",
        "31.10.2024",
        "2024-10-31 00:00:00",
        "2024-10-31T08:12",
        "31 okt 2024",
        "241031",
        "2024/10/31",
        "31/10/2024",
    ],
)
def test_a_date_is_read_in_every_certain_style(day: str) -> None:
    assert lines(f"Datum;Konto;Belopp\n{day};35110;1,00\n")[0].booked_on == dt.date(2024, 10, 31)


@pytest.mark.parametrize("day", ["10/31/2024", "05/10/2024", "2024-02-30", "2024-13-01", "31", "igår", "201210"])
def test_an_uncertain_or_impossible_date_is_a_problem(day: str) -> None:
    problem = only_problem(f"Datum;Konto;Belopp\n{day};35110;1,00\n")
    assert (problem.row, problem.column, problem.value) == (2, "Datum", day)


def test_a_month_outside_the_year_is_a_problem_with_its_place() -> None:
    problem = only_problem("Period;Konto;Belopp\n202412;35110;1,00\n202501;35110;1,00\n", year=2024)
    assert (problem.row, problem.column, problem.value) == (3, "Period", "202501")


def test_without_a_year_a_file_may_span_twelve_months_and_no_more() -> None:
    rows = [f"{2024 + month // 12}{month % 12 + 1:02d};35110;1,00" for month in range(6, 19)]
    header = "Period;Konto;Belopp"
    assert len(lines("\n".join([header, *rows[:12]]))) == 12
    assert only_problem("\n".join([header, *rows])).row == 14


@pytest.mark.parametrize(
    ("cell", "account"),
    [("50200", "50200"), ("50200.0", "50200"), ("0351", "0351"), ("K35110", "K35110"),
     ("35110 Driftbidrag", "35110"), ("35110 - Driftbidrag", "35110"),
     ('"=""0351"""', "0351"), ("12345678", "12345678")],
)  # fmt: skip
def test_an_account_is_read_as_text(cell: str, account: str) -> None:
    assert lines(f"Period;Konto;Belopp\n202410;{cell};1,00\n")[0].account == account


@pytest.mark.parametrize("cell", ["", "12", "351 10", "50200.5", "5,02E+04", "35�10", "Driftbidrag", "35110x91"])
def test_an_unreadable_account_is_a_problem(cell: str) -> None:
    problem = only_problem(f"Period;Konto;Belopp\n202410;{cell};1,00\n") if cell != "35110x91" else None
    assert problem is None or (problem.row, problem.column, problem.value) == (2, "Konto", cell)


@pytest.mark.parametrize("cell", ["", "NULL", "DRIFT", "0", "00000", "-", "null", " "])
def test_these_mean_no_project(cell: str) -> None:
    assert lines(f"{HEADER}\n202410;35110;{cell};x;1,00\n")[0].project == ""


@pytest.mark.parametrize(
    ("cell", "code"),
    [("91001", "91001"), ("91001 IT Invest", "91001"), ("91001.0", "91001"), ("P-12", "P-12"), ("0091", "0091")],
)
def test_a_project_is_its_code(cell: str, code: str) -> None:
    assert lines(f"{HEADER}\n202410;35110;{cell};x;1,00\n")[0].project == code


@pytest.mark.parametrize("period", ["2024.1", 2024.1, 2024.2])
def test_a_period_that_may_have_lost_its_last_zero_is_asked_about(period: str | float) -> None:
    with pytest.raises(values.AmbiguousDateError, match="ÅÅÅÅMM"):
        values.period(period)
    if not isinstance(period, str):
        with pytest.raises(values.AmbiguousDateError):
            styles.period(period, styles.Style.YEAR_DASH_MONTH)


def test_a_period_with_two_decimals_is_that_month() -> None:
    assert [values.period(text) for text in ("2024.10", "2024.01", 2024.11)] == [
        Month(2024, 10), Month(2024, 1), Month(2024, 11),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value", ["#N/A", "#SAKNAS!", "#REF!", "#VÄRDE!", "#REFERENS!", "####", "9.1001E+04", "9,1E+4"]
)
def test_a_project_that_a_spreadsheet_destroyed_is_refused_with_its_place(value: str) -> None:
    problem = only_problem(f"{HEADER}\n202410;35110;{value};x;1,00\n")
    assert (problem.row, problem.column, problem.value) == (2, "Projekt", value)


def test_an_account_in_scientific_notation_is_refused() -> None:
    problem = only_problem(f"{HEADER}\n202410;5E4;;x;1,00\n")
    assert (problem.row, problem.column, problem.value) == (2, "Konto", "5E4")


@pytest.mark.parametrize(("text", "code"), [("DRIFT Drift", ""), ("Drift Vatten", "Drift Vatten"), ("5E4", "5E4")])
def test_no_project_may_be_said_by_code_and_name_in_one_cell(text: str, code: str) -> None:
    assert values.project(text).code == code


@pytest.mark.parametrize(
    ("periods", "is_accepted"),
    [("202503", True), ("202410 202509", True), ("202511", True), ("202512", False), ("202312", False),
     ("202401 202501", False)],
)  # fmt: skip
def test_a_broken_year_holds_any_months_of_twelve_that_begin_in_the_year(periods: str, is_accepted: bool) -> None:
    text = "Konto;Period;Belopp\n" + "".join(f"50200;{period};1,00\n" for period in periods.split())
    parsed = detect.read(text.encode(), filename="test", year=2024, broken_year=True)
    assert (parsed.problems == ()) is is_accepted


def test_a_period_may_be_a_date_with_a_time() -> None:
    assert values.period("2024-10-01 00:00:00") == Month(2024, 10)


@pytest.mark.parametrize("dash", ["-", "–", "\N{MINUS SIGN}"])
def test_a_dash_in_debit_or_credit_is_nothing_but_not_in_both(dash: str) -> None:
    header = "Konto;Period;Debet;Kredit"
    assert amounts(f"{header}\n35110;202410;1,50;{dash}\n35110;202410;{dash};2,00\n") == [150, -200]
    assert only_problem(f"{header}\n35110;202410;{dash};{dash}\n").row == 2


def test_a_header_cut_to_belop_is_the_amount_where_nothing_else_is() -> None:
    assert amounts("Konto;Period;Belop\n35110;202410;1,50\n") == [150]
    assert amounts("Konto;Period;Belop;Belopp\n35110;202410;9,00;1,50\n") == [150]
