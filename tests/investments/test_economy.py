"""The arithmetic of the investments and what is said about it: exact, and rounded once."""

from __future__ import annotations

import pytest

from investments.economy import FrameLine, Pace, ProjectLine, by_owner, pace_of, total_of
from investments.sentences import notes, pace_sentence, times

TKR = 100_000  # öre


def line(
    key: str = "91002",
    *,
    owner: str = "Lekeberg",
    budget: int | None = 3000 * TKR,
    booked: int | None = 1000 * TKR,
    forecast: int | None = 3000 * TKR,
    reason: str = "",
    comment: str = "",
) -> ProjectLine:
    return ProjectLine(key, f"Projekt {key}", budget, booked, forecast, owner, reason, comment)


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
    assert pace_of(line(), 10) == Pace(1000 * TKR, 3000 * TKR, 10, 2)
    assert pace_of(line(), 12) is None
    assert pace_of(line(booked=None), 10) is None
    assert pace_of(line(forecast=None), 10) is None


def test_tenths_are_printed_with_a_decimal_comma() -> None:
    assert [times(tenths) for tenths in (0, 9, 10, 39)] == ["0,0", "0,9", "1,0", "3,9"]


def test_lines_are_grouped_by_owner_and_their_sums_are_the_whole() -> None:
    lines = (line("1", owner="Gemensamt"), line("2"), line("3", owner="Gemensamt", budget=None))
    owned = by_owner(lines)
    assert {owner: [one.key for one in group] for owner, group in owned.items()} == {
        "Gemensamt": ["1", "3"],
        "Lekeberg": ["2"],
    }
    assert total_of(owned["Gemensamt"]).budget is None
    assert sum(total_of(group).booked or 0 for group in owned.values()) == total_of(lines).booked


def test_what_is_left_of_the_frame_is_missing_where_the_frame_is() -> None:
    assert FrameLine(500, 200).left == 300
    assert FrameLine(None, 200).left is None


def test_a_project_is_explained_where_somebody_said_why() -> None:
    lines = (
        line("1", forecast=3100 * TKR, reason="Fördyring", comment="Dyrare servrar."),
        line("2", forecast=2900 * TKR, reason="Tidsförskjutning"),
        line("3", comment="Allt enligt plan."),
        line("4", forecast=2000 * TKR),
        line("5", forecast=None, reason="Annat"),
    )
    assert [" ".join(note.split()) for note in notes(lines)] == [
        "Projekt 1: ett underskott om 100 tkr, fördyring. Dyrare servrar.",
        "Projekt 2: ett överskott om 100 tkr, tidsförskjutning.",
        "Projekt 3: Allt enligt plan.",
        "Projekt 5: annat.",
    ]
