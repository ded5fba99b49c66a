from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sydit.report.document import Column, ColumnKind, Difference, DocumentError, Ratio, Report
from tests.report.sample import october, result_table


def test_a_report_goes_to_json_and_back_without_loss() -> None:
    assert Report.from_json(october().to_json()) == october()


def test_json_tells_how_a_column_follows_from_others_and_only_then() -> None:
    tables = [
        block
        for section in json.loads(october().to_json())["sections"]
        for block in section["blocks"]
        if block["type"] == "table"
    ]
    formulas = {column["key"]: column.get("formula") for column in tables[2]["columns"]}
    assert formulas == {
        "budget": None,
        "booked": None,
        "remaining": {"type": "difference", "minuend": "budget", "subtrahend": "booked"},
        "used": {"type": "ratio", "part": "booked", "whole": "budget"},
        "forecast": None,
        "variance": {"type": "difference", "minuend": "budget", "subtrahend": "forecast"},
    }
    assert "formula" not in tables[2]["columns"][0]


@pytest.mark.parametrize("formula", [Difference("budget", "nothing"), Ratio("nothing", "budget")])
def test_a_formula_names_columns_that_are_there(formula: Difference | Ratio) -> None:
    table = result_table()
    with pytest.raises(ValueError, match="nothing"):
        replace(table, columns=(*table.columns[:3], Column("variance", "Avvikelse", ColumnKind.VARIANCE, formula)))


def test_a_row_has_a_cell_for_every_column() -> None:
    table = result_table()
    with pytest.raises(ValueError, match="row c0 has 4 cells, not 3"):
        replace(table, columns=table.columns[:3])


@pytest.mark.parametrize("damage", ['"type": "difference"', '"subtrahend": "forecast"'])
def test_a_formula_that_this_code_does_not_know_is_no_document(damage: str) -> None:
    text = october().to_json()
    assert damage in text
    with pytest.raises(DocumentError):
        Report.from_json(text.replace(damage, '"type": "unknown"'))
