"""The budget in a SIE file."""

from __future__ import annotations

import pytest

from followup.ledger.content import Content
from followup.ledger.parsed import Findings
from followup.ledger.sie_budget import budget
from tests.ledger.sie_files import file, row_of


def told(*rows: str) -> dict[tuple[str, str], int]:
    findings = Findings()
    lines = budget(Content.of(file(*rows, sietyp=3).encode("cp437")), findings)
    assert findings.problems == []
    return {(str(line.month), line.project): line.amount for line in lines}


def row(month: str, objects: str, amount: str, year: str = "0") -> str:
    return f"#PBUDGET {year} {month} 5010 {objects} {amount}"


def test_each_month_is_a_line_of_this_years_budget():
    rows = [row("202401", "{}", "100"), row("202402", "{}", "0"), row("202301", "{}", "7", "-1")]
    assert told(*rows) == {("2024-01", ""): 10000, ("2024-02", ""): 0}


def test_projects_are_parted_from_the_total_and_counted_once():
    rows = [row("202401", "{}", "100"), row("202401", "{6 P1}", "30"), row("202401", "{1 A}", "100")]
    assert told(*rows) == {("2024-01", "P1"): 3000, ("2024-01", ""): 7000}


@pytest.mark.parametrize("rows", [["{6 P1}"], ["{1 A}", "{6 P1}"], ["{6 P1}", "{1 A}"]])
def test_a_budget_only_on_objects_is_counted_once(rows):
    assert told(*[row("202401", objects, "30") for objects in rows]) == {("2024-01", "P1"): 3000}


def test_a_month_without_a_total_is_the_sum_of_its_projects():
    rows = [row("202401", "{}", "100"), row("202401", "{6 P1}", "30"), row("202402", "{6 P1}", "40")]
    assert told(*rows, row("202402", "{1 A 6 P2}", "5"), row("202403", "{1 A}", "9")) == {
        ("2024-01", "P1"): 3000,
        ("2024-01", ""): 7000,
        ("2024-02", "P1"): 4000,
        ("2024-02", "P2"): 500,
        ("2024-03", ""): 900,
    }


def test_a_row_that_cannot_be_read_is_a_problem_with_its_place():
    findings = Findings()
    content = file(row("202401", "{}", "1O0"))
    assert budget(Content.of(content.encode("cp437")), findings) == []
    assert [problem.row for problem in findings.problems] == [row_of(content, "#PBUDGET")]


def test_a_file_without_budget_has_none():
    assert told("#RES 0 5010 5") == {}
