"""When a variance is owed a word."""

from __future__ import annotations

import pytest

from followup.thresholds import Threshold

THRESHOLD = Threshold(tkr=100, percent=5)
TKR = 100_000


@pytest.mark.parametrize(
    ("budget", "variance", "passed"),
    [
        (798 * TKR, -41 * TKR, True),  # 5,1 % of the budget
        (1_000 * TKR, 50 * TKR, True),
        (1_000 * TKR, 50 * TKR - 1, False),
        (-43_306 * TKR, 550 * TKR, True),  # 1,3 % of the budget, but more than 100 tkr
        (43_306 * TKR, 100 * TKR, True),
        (43_306 * TKR, -100 * TKR + 1, False),
        (0, 1, True),
        (0, 0, False),
        (None, 500 * TKR, False),
        (1_000 * TKR, None, False),
    ],
)
def test_either_limit_is_enough(budget: int | None, variance: int | None, passed: bool) -> None:
    assert THRESHOLD.is_passed(budget=budget, variance=variance) is passed
