"""How well forecasts came true: what repeats itself, told from what varies."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.accuracy import Accuracy, Observation, remarks, total_of
from sydit.periods import Month

TKR = 100_000
AUGUST = Month(2023, 8)


def observed(
    deviation: int, *, budget: int | None = 1_000 * TKR, month: Month = AUGUST, forecast: int = 0
) -> Observation:
    return Observation("lokalhyror", "Lokalhyror", month, budget, forecast, forecast - deviation)


def test_a_deviation_is_positive_where_the_year_ended_better_than_forecast() -> None:
    assert Observation("a", "A", AUGUST, 0, forecast=500, outcome=400).deviation == 100
    assert Observation("income", "I", AUGUST, 0, forecast=-500, outcome=-400).deviation == -100


def test_the_same_miss_every_time_is_bias_and_no_spread() -> None:
    always = Accuracy([observed(-100 * TKR)] * 3)
    assert (always.bias, always.spread) == (-100 * TKR, 0)
    assert (always.bias_percent, always.spread_percent) == (-10, 0)


def test_now_too_high_and_now_too_low_is_spread_and_no_bias() -> None:
    either = Accuracy([observed(100 * TKR), observed(-100 * TKR)])
    assert (either.bias, either.spread) == (0, 100 * TKR)
    assert (either.bias_percent, either.spread_percent) == (0, 10)


@pytest.mark.parametrize("budget", [0, None])
def test_a_share_of_no_budget_is_no_number(budget: int | None) -> None:
    one = observed(TKR, budget=budget)
    assert one.percent is None
    assert (Accuracy([one]).bias_percent, Accuracy([one]).spread_percent) == (None, None)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=12))
def test_bias_and_spread_are_the_mean_and_the_mean_distance_from_it(deviations: list[int]) -> None:
    accuracy = Accuracy([observed(deviation) for deviation in deviations])
    mean = fmean(deviations)
    assert accuracy.bias == pytest.approx(mean, abs=1)
    assert accuracy.spread == pytest.approx(fmean(abs(deviation - mean) for deviation in deviations), abs=1)


def test_the_total_is_the_exact_sum_and_lacks_a_budget_where_one_does() -> None:
    total = total_of([observed(5, forecast=10), observed(-7, forecast=3, budget=None)])
    assert (total.forecast, total.deviation, total.budget) == (13, -2, None)


def test_remarks_tell_the_same_month_first_and_bias_from_spread() -> None:
    earlier = [observed(-120 * TKR), observed(40_000, month=Month(2023, 12)), observed(-60 * TKR, month=Month(2024, 8))]
    assert [words.replace("\N{NO-BREAK SPACE}", " ") for words in remarks(earlier, 8)] == [
        "Utfallet har i genomsnitt blivit 90 tkr sämre än prognosen (9 % av budgeten), med en spridning på 30 tkr "
        "(2 prognoser: augusti 2023, augusti 2024).",
        "Utfallet har i genomsnitt blivit 60 tkr sämre än prognosen (6 % av budgeten), med en spridning på 40 tkr "
        "(3 prognoser: augusti 2023, december 2023, augusti 2024).",
    ]
    assert [words.replace("\N{NO-BREAK SPACE}", " ") for words in remarks(earlier[:1], 8)] == [
        "Utfallet blev 120 tkr sämre än prognosen i augusti 2023 (12 % av budgeten)."
    ]
    assert remarks(earlier[1:2], 8) == ("Prognosen i december 2023 stämde med utfallet.",)
    assert remarks([], 8) == ()
