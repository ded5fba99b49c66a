from __future__ import annotations

import pytest

from followup.ledger import detect
from followup.ledger.columns import Kind
from followup.ledger.profile import DELIMITED, Profile, Profiles, Shape

from .reading import amounts, only_problem, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Konto,Period,Belopp,Text\n50200,202412,1234,50\n", "1234,50"),
        ("Konto,Period,Belopp,\n35110,202410,1234,50,\n35120,202410,99,25,\n", "1234,50"),
        ("Konto,Period,Belopp,Text\n35110,202410,900.50,x\n35110,202410,1,234.50\n", "1,234.50"),
        ("Konto,Period,Belopp,Text\n35110,202410,900,x\n35110,202410,1,234.50\n35110,202410,2,100.00\n", "1,234.50"),
    ],
)
def test_an_amount_torn_by_the_comma_between_the_fields_refuses_the_file(text: str, value: str) -> None:
    problems = read(text).problems
    assert problems[0].value == value
    assert (problems[0].column, read(text).rows) == ("Belopp", 0)


def test_a_text_of_figures_on_one_row_of_many_is_a_text() -> None:
    assert amounts("Konto,Period,Belopp,Text\n35110,202410,12,50\n35110,202410,13,hyra\n") == [1200, 1300]


@pytest.mark.parametrize("amount", ["12.50", '"12,50"', "-12.5", "12.50-"])
def test_an_amount_with_decimals_of_its_own_shows_that_figures_beside_it_are_a_text(amount: str) -> None:
    rows = "".join(f"35110,202410,{kronor},{kronor % 90 + 10}\n" for kronor in range(1, 40))
    text = f"Konto,Period,Belopp,Text\n{rows}35110,202410,{amount},99\n"
    assert len(amounts(text)) == 40


def test_figures_beside_every_amount_are_asked_about_and_a_profile_answers() -> None:
    text = "Konto,Period,Belopp,Text\n50200,202412,1234,50\n50200,202412,7,10\n"
    assert read(text).is_askable
    kinds = (Kind.ACCOUNT, Kind.PERIOD, Kind.AMOUNT, Kind.TEXT)
    told = Profile("Med text", Shape(DELIMITED, ",", ("Konto", "Period", "Belopp", "Text")), kinds)
    parsed = detect.read(text.encode(), filename="x", profiles=Profiles((told,)))
    assert (parsed.problems, parsed.total) == ((), 124100)
    torn = detect.read(text.replace("50\n", "50,Hyra\n").encode(), filename="x", profiles=Profiles((told,)))
    assert torn.problems


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
