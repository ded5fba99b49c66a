"""The pace of a year, and what a forecast asks of the months that remain: exact, and rounded once."""

from __future__ import annotations

import pytest

from followup.pace import Pace, judgement, pace_of, pace_sentence, straight_line, times

TKR = 100_000  # öre


def said(pace: Pace) -> str:
    return " ".join(pace_sentence(pace).split())


def test_the_pace_of_october_2024_is_three_point_nine_times_that_so_far() -> None:
    october = Pace(booked=636_050_000, forecast=1_133_400_000, months=10, months_left=2)
    assert october.tenths == 39
    assert october.is_out_of_proportion
    assert said(october) == (
        "På tio månader är 6 361 tkr bokfört. Prognosen 11 334 tkr förutsätter 3,9 gånger den takten "
        "under de två månader som återstår."
    )


@pytest.mark.parametrize(
    ("forecast", "tenths"), [(1200, 10), (1149, 7), (1150, 8), (1000, 0), (1399, 20), (1400, 20), (990, -1)]
)
def test_the_pace_is_rounded_once_to_a_tenth_half_away_from_zero(forecast: int, tenths: int) -> None:
    assert Pace(booked=1000, forecast=forecast, months=10, months_left=2).tenths == tenths


@pytest.mark.parametrize(
    ("booked", "forecast", "is_told"),
    [
        (1000, 1200, False),  # as so far
        (1000, 1000, False),  # finished
        (1000, 1380, False),  # 1,9 times
        (1000, 1400, True),  # twice
        (1000, 999, True),  # more booked than forecast
        (0, 0, False),
        (0, 1, True),  # all of it left
        (-5, 10, True),
    ],
)
def test_a_pace_is_told_where_it_is_out_of_proportion(booked: int, forecast: int, is_told: bool) -> None:
    assert Pace(booked, forecast, months=10, months_left=2).is_out_of_proportion == is_told


def test_more_booked_than_forecast_is_said_as_such() -> None:
    assert said(Pace(1000 * TKR, 900 * TKR, 1, 11)) == (
        "På en månad är 1 000 tkr bokfört, vilket är mer än prognosen för hela året, 900 tkr."
    )


def test_without_anything_booked_the_whole_forecast_is_left() -> None:
    assert said(Pace(0, 900 * TKR, 11, 1)) == (
        "På elva månader är inget bokfört. Prognosen 900 tkr ska rymmas i den månad som återstår."
    )


def test_a_pace_needs_both_amounts_and_a_month_that_remains() -> None:
    assert pace_of(booked=1000, forecast=3000, month=10) == Pace(1000, 3000, 10, 2)
    assert pace_of(booked=1000, forecast=3000, month=12) is None
    assert pace_of(booked=None, forecast=3000, month=10) is None
    assert pace_of(booked=1000, forecast=None, month=10) is None


def test_tenths_are_printed_with_a_decimal_comma() -> None:
    assert [times(tenths) for tenths in (0, 9, 10, 39)] == ["0,0", "0,9", "1,0", "3,9"]


@pytest.mark.parametrize(
    ("booked", "forecast", "words"),
    [
        (1000, 1050, "Mycket låg: 0,3 gånger takten hittills"),
        (1000, 1120, "Låg: 0,6 gånger takten hittills"),
        (1000, 1160, "Rimlig: 0,8 gånger takten hittills"),
        (1000, 1240, "Rimlig: 1,2 gånger takten hittills"),
        (1000, 1300, "Hög: 1,5 gånger takten hittills"),
        (1000, 1400, "Mycket hög: 2,0 gånger takten hittills"),
        (1000, 999, "Passerad: mer är redan bokfört"),
        (1000, 1000, "Inget kvar av prognosen"),
        (0, 500, "Inget bokfört hittills"),
        (-5, 500, "Bokfört åt andra hållet"),
    ],
)
def test_whether_a_forecast_is_plausible_is_told_in_words(booked: int, forecast: int, words: str) -> None:
    assert judgement(Pace(booked, forecast, months=10, months_left=2)) == words


def test_a_straight_line_is_rounded_once_to_an_ore_half_away_from_zero() -> None:
    assert straight_line(218_500_000, 10) == 262_200_000
    assert [straight_line(ore, 8) for ore in (1, 3, -3)] == [2, 5, -5]
    assert straight_line(7, 12) == 7
