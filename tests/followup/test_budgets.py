"""A budget by month is followed wherever a period is compared; only what has no month is a straight line."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from followup import actuals, beside, budgets, sections
from followup.budget_year import YearBudget, budget_through, even_months, parts, straight
from followup.classify import Kind
from followup.models import BudgetEntry, CostCategory, FollowUp
from followup.pace import judgement, pace_of
from followup.views.forecast import read_rows
from investments.models import ProjectBudgetEntry
from investments.views.forecast import read_rows as read_projects
from sydit.report import overview
from sydit.report.build import build_report
from sydit.report.document import Report
from tests import factories

SPRING = {1: 900, 6: 2100}


@given(st.integers(-(10**13), 10**13))
def test_an_even_year_is_twelve_parts_to_the_ore_that_differ_by_one_at_most(ore: int) -> None:
    months = even_months(ore)
    assert (len(months), sum(months)) == (12, ore)
    assert max(months) - min(months) <= 1
    assert all(sum(months[:month]) == straight(ore, month) for month in range(13))


@given(st.integers(-(10**9), 10**9), st.dictionaries(st.integers(1, 12), st.integers(-(10**9), 10**9)))
def test_the_months_and_what_has_none_are_the_whole_year(undated: int, months: dict[int, int]) -> None:
    budget = YearBudget(undated, months)
    assert budget.through(12) == budget.total == undated + sum(months.values())
    assert budget.through(0) == 0
    assert sum(budget.by_month) == (budget.total if months else 0)


def test_only_what_has_no_month_is_spread_over_the_year() -> None:
    assert YearBudget(120, SPRING).through(1) == 910
    assert YearBudget(120, SPRING).through(6) == 60 + 3000
    assert YearBudget(7).by_month == ()
    assert budget_through(7, (), 10) == 6
    assert YearBudget(1, {1: 2}).plus(YearBudget(10, {1: 20, 2: 30})) == YearBudget(11, {1: 22, 2: 30})


def test_an_uneven_year_is_weighed_as_it_was_planned() -> None:
    """Half is booked when the budget says two thirds: the rest must go twice as fast as planned, not as so far."""
    pace = pace_of(booked=1000, forecast=2000, month=6, parts=parts(2000, 1000))
    assert pace is not None
    assert pace.tenths == 20
    assert judgement(pace) == "Mycket hög: 2,0 gånger takten hittills mot budgetens månader"
    assert (parts(0, 5), parts(5, None), parts(-5, 5), parts(-4, -8)) == (None, None, None, (4, 8))


# --- through the database ---------------------------------------------------------------------------------------------


def by_month(category: CostCategory, months: dict[int, int]) -> None:
    by = factories.user()
    for month, amount in months.items():
        BudgetEntry.objects.create(category=category, month=month, amount=amount, recorded_by=by)


@pytest.fixture
def june() -> FollowUp:
    costs = factories.category(key="costs", prefixes=("5",), budget=1200, position=1)
    factories.category(key="rent", name="Hyror", prefixes=("6",), budget=7, position=2)
    factories.category(key="none", name="Obeslutat", prefixes=("7",), position=3)
    by_month(costs, SPRING)
    factories.booked_import("2024-01;5010;1,00", "2024-06;6010;1,00")
    return factories.follow_up(month=factories.Month(2024, 6))


@pytest.mark.django_db
def test_the_budget_is_read_by_category_in_one_query(june: FollowUp, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        read = budgets.of_categories(june.fiscal_year)
    assert read == {"costs": YearBudget(1200, SPRING), "rent": YearBudget(7)}
    assert budgets.of_category_years([2024]) == {(2024, "costs"): 4200, (2024, "rent"): 7}


@pytest.mark.django_db
def test_the_grid_shows_the_months_of_the_budget(june: FollowUp) -> None:
    known = {row.key: row.known for row in read_rows(june)}
    assert (known["costs"].budget, known["costs"].budget_through, known["costs"].budget_rest) == (4200, 3600, 600)
    assert (known["rent"].budget_through, known["rent"].parts) == (4, None)
    assert known["costs"].parts == (3600, 600)
    assert known["none"].budget_through is None


@pytest.mark.django_db
def test_the_projects_budget_has_months_too() -> None:
    project = factories.project(budget=1200)
    by = factories.user()
    ProjectBudgetEntry.objects.create(
        project=project, fiscal_year=factories.fiscal_year(), month=11, amount=500, recorded_by=by
    )
    follow_up = factories.follow_up()
    (row,) = read_projects(follow_up)
    assert (row.known.budget, row.known.budget_through) == (1700, 1000)


@pytest.mark.django_db
def test_the_report_keeps_the_months_and_the_overview_draws_them(june: FollowUp) -> None:
    report = build_report(june)
    assert report.basis.budget_by_month == {"costs": YearBudget(1200, SPRING).by_month}
    assert Report.from_json(report.to_json()) == report
    lines = [line for line in overview.result_lines(report) if line.budget is not None]
    assert [overview._through(lines, month) for month in (0, 1, 6, 12)] == [0, 1001, 3604, 4207]
    BudgetEntry.objects.exclude(month=None).delete()
    assert "budget_by_month" not in build_report(june).to_json()


@pytest.mark.django_db
def test_entries_from_before_say_whether_they_were_the_first(june: FollowUp) -> None:
    """The migration's step: of each category the first entry is the original budget, and the later ones change it."""
    BudgetEntry.objects.update(kind="original")
    step = importlib.import_module("followup.migrations.0006_kinds_of_budget_entries")
    step.later_entries_are_adjustments(apps, None)
    kinds = [(entry.category.key, entry.kind) for entry in BudgetEntry.objects.order_by("pk")]
    assert kinds == [("costs", "original"), ("rent", "original"), ("costs", "adjustment"), ("costs", "adjustment")]


@pytest.mark.django_db
def test_the_sums_of_the_report_are_those_of_the_entries(june: FollowUp) -> None:
    result = sections.result_of(june, actuals.year_to_date(june.period))
    assert [line.budget for line in result.lines] == [4200, 7, None]
    assert beside.last_year(june.period, Kind.CATEGORY).through is None
