from __future__ import annotations

import pytest

from .reading import amounts, only_problem, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Konto,Period,Belopp,Text\n50200,202412,1234,50\n", "1234,50"),
        ("Konto,Period,Belopp,\n35110,202410,1234,50,\n35120,202410,99,25,\n", "1234,50"),
        ("Konto,Period,Belopp,Text\n35110,202410,900,x\n35110,202410,1,234.50\n35110,202410,2,100.00\n", "1,234.50"),
    ],
)
def test_an_amount_torn_by_the_comma_between_the_fields_refuses_the_file(text: str, value: str) -> None:
    problems = read(text).problems
    assert problems[0].value == value
    assert (problems[0].column, read(text).rows) == ("Belopp", 0)


def test_a_text_of_figures_on_one_row_of_many_is_a_text() -> None:
    assert amounts("Konto,Period,Belopp,Text\n35110,202410,12,50\n35110,202410,13,hyra\n") == [1200, 1300]


@pytest.mark.parametrize("value", ["50", "K", "-"])
def test_what_stands_without_a_name_beside_the_amount_is_asked_about(value: str) -> None:
    text = f"Konto;Period;Belopp;\n35110;202410;1,50;\n35110;202410;2,00;{value}\n"
    problem = only_problem(text)
    assert (problem.row, problem.value, read(text).is_askable) == (3, value, True)
    assert "utan namn" in problem.message


def test_a_remark_without_a_name_beside_the_amount_is_told() -> None:
    parsed = read("Konto;Period;Belopp;\n35110;202410;1,50;SEK\n")
    assert parsed.total == 150
    assert parsed.notices == ("Kolumnen till höger om Belopp har inget namn i rubriken och läses inte.",)
