"""What a forecast is weighed against, and what may be proposed: exact öre, and absent is not zero."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.grid_columns import explained, owed_comment, straight_sentence
from followup.outlook import Kind, Known, Outlook, proposals, whole
from followup.thresholds import Threshold
from sydit.money import Unit

TKR = 100_000  # öre
TELECOM = Known(1100 * TKR, 917 * TKR, 2185 * TKR, 1000 * TKR, 300 * TKR, 2300 * TKR)
NOTHING = Known(None, None, None, None, None, None)


def amounts(known: Known) -> dict[Kind, int | None]:
    return {one.kind: one.amount for one in proposals(known, 10)}


def plain(text: str) -> str:
    return " ".join(text.split())


def test_octobers_telecommunications_lie_below_a_straight_line() -> None:
    row = Outlook(TELECOM, 2400 * TKR, 10)
    assert (row.straight, row.left, row.change) == (2622 * TKR, 215 * TKR, 100 * TKR)
    assert row.variance == -1300 * TKR
    assert row.pace is not None
    assert row.pace.tenths == 5


def test_the_proposals_are_computed_from_what_is_known_and_say_how() -> None:
    assert amounts(TELECOM) == {
        Kind.RUN_RATE: 2622 * TKR,
        Kind.BUDGET: (2185 + 183) * TKR,
        Kind.LAST_YEAR: 2485 * TKR,
        Kind.PREVIOUS: 2300 * TKR,
    }
    assert [plain(explained(one, Unit.TKR)) for one in proposals(TELECOM, 10)] == [
        "Utfall 2 185 ÷ 10 månader × 12 = 2 622 tkr.",
        "Utfall 2 185 + budget för återstående månader 183 = 2 368 tkr.",
        "Utfall 2 185 + fjolårets återstående månader 300 = 2 485 tkr.",
        "Föregående prognos 2 300 = 2 300 tkr.",
    ]


def test_a_proposal_that_lacks_something_is_not_there_and_says_what() -> None:
    assert set(amounts(NOTHING).values()) == {None}
    assert all("saknas" in one.missing or "Ingen" in one.missing for one in proposals(NOTHING, 10))
    without_year = amounts(replace(TELECOM, last_year_rest=None))
    assert (without_year[Kind.LAST_YEAR], without_year[Kind.RUN_RATE]) == (None, 2622 * TKR)


def test_income_is_weighed_as_income() -> None:
    known = replace(TELECOM, actual=-1000 * TKR)
    pace = Outlook(known, -1200 * TKR, 10).pace
    assert pace is not None
    assert pace.tenths == 10


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12)), max_size=8))
def test_the_sum_of_the_rows_is_exact(rows: list[tuple[int, int]]) -> None:
    outlooks = [Outlook(replace(TELECOM, actual=actual), forecast, 10) for actual, forecast in rows]
    total = whole(outlooks, 10)
    assert total.left == sum(forecast - actual for actual, forecast in rows)
    assert total.variance == sum(row.variance or 0 for row in outlooks)


def test_what_is_missing_in_a_row_is_missing_in_the_sum() -> None:
    total = whole([Outlook(TELECOM, 1, 10), Outlook(TELECOM, None, 10)], 10)
    assert (total.forecast, total.variance) == (None, None)
    assert total.straight == 2 * 2622 * TKR
    assert straight_sentence(total).endswith("Årsprognosen är inte komplett.")


@pytest.mark.parametrize(
    ("variance", "comment", "is_owed"),
    [(-100 * TKR, "", True), (-100 * TKR, " \n", True), (-100 * TKR, "Hyran", False), (-1 * TKR, "", False)],
)
def test_a_comment_is_owed_where_the_variance_passes_the_threshold(variance: int, comment: str, is_owed: bool) -> None:
    known = replace(TELECOM, budget=10_000 * TKR)
    assert bool(owed_comment(Threshold(100, 5), known, variance, comment)) == is_owed
