from hypothesis import given
from hypothesis import strategies as st

from followup.budget_year import YearBudget
from followup.economy import UNASSIGNED_KEY, difference, economic_result, total

CATEGORIES = [("intakter", "Intäkter"), ("lokaler", "Lokaler")]


def result(**given_amounts: object):
    amounts = {
        "budgets": {"intakter": YearBudget(-1000), "lokaler": YearBudget(900)},
        "actuals": {"intakter": -700, "lokaler": 800},
        "forecasts": {"intakter": -1000, "lokaler": 1100},
        "unassigned": None,
    } | given_amounts
    return economic_result(CATEGORIES, **amounts)


def test_variance_is_budget_minus_forecast_and_a_deficit_is_positive() -> None:
    assert result().line("lokaler").variance == -200
    assert result().total.forecast == 100
    assert result().total.variance == -200


def test_a_category_without_lines_in_an_imported_period_has_booked_zero() -> None:
    assert result(actuals={"intakter": -700}).line("lokaler").actual == 0


def test_a_month_without_import_makes_every_actual_missing() -> None:
    missing = result(actuals=None, unassigned=5)
    assert [line.actual for line in missing.lines] == [None, None, None]
    assert missing.total.actual is None


def test_a_forecast_that_nobody_entered_is_missing_and_so_is_its_sum() -> None:
    lacking = result(forecasts={"intakter": -1000})
    assert lacking.line("lokaler").forecast is None
    assert lacking.line("lokaler").variance is None
    assert lacking.total.forecast is None
    assert lacking.total.budget == -100


def test_a_forecast_row_without_amount_is_missing_too() -> None:
    assert result(forecasts={"intakter": -1000, "lokaler": None}).total.forecast is None


def test_unassigned_lines_are_a_row_of_their_own_and_count_in_the_sum() -> None:
    with_unassigned = result(unassigned=50)
    assert with_unassigned.line(UNASSIGNED_KEY).actual == 50
    assert with_unassigned.total.actual == 150


def test_no_unassigned_line_is_no_row() -> None:
    assert [line.key for line in result().lines] == ["intakter", "lokaler"]


amounts = st.lists(st.none() | st.integers())


@given(amounts)
def test_a_sum_with_a_missing_part_is_missing_and_otherwise_exact(parts: list[int | None]) -> None:
    assert total(parts) == (None if None in parts else sum(p for p in parts if p is not None))


@given(st.none() | st.integers(), st.none() | st.integers())
def test_a_difference_with_a_missing_part_is_missing(a: int | None, b: int | None) -> None:
    assert difference(a, b) == (None if a is None or b is None else a - b)
