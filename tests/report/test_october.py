"""The October 2024 report, from the ledger file's öre to each format: the 80 figures of the committee's document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from lxml import html

from followup.models import FollowUp
from sydit.demo import DATA
from sydit.report.build import build_report
from sydit.report.document import Amount, Report, Row
from tests.report.sample import PRINTED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GOLDEN = Path(__file__).parent.parent / "data" / "october-2024.json"


def plain(text: str) -> str:
    """A printed figure with ordinary blanks, as PRINTED has it."""
    return " ".join(text.split())


def test_all_eighty_figures_are_printed_as_the_committees_document_prints_them(october: FollowUp) -> None:
    tables = build_report(october).tables
    printed = {
        key: tuple((row.label, *(plain(cell.text) for cell in row.cells)) for row in tables[key].rows)
        for key in PRINTED
    }
    assert printed == PRINTED
    assert sum(len(row) - 1 for rows in PRINTED.values() for row in rows) == 80


def test_the_page_shows_the_documents_tables_cell_for_cell(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = html.fromstring(log_in("controller").get("/uppfoljning/2024-10/").content)
    for key, rows in PRINTED.items():
        (table,) = page.xpath(f"//table[@id='tabell-{key}']")
        shown = [
            (
                plain(row.xpath("string(th)")),
                *(re.sub(r"^(underskott|över budget) ", "", plain(cell.text_content())) for cell in row.xpath("td")),
            )
            for row in table.xpath("tbody/tr | tfoot/tr")
        ]
        assert shown == list(rows)


def test_a_deficit_is_told_by_a_word_beside_the_figure(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = html.fromstring(log_in("controller").get("/uppfoljning/2024-10/").content)
    cells = [plain(cell.text_content()) for cell in page.xpath("//table[@id='tabell-result']//td")]
    negative = [cell for cell in cells if "−1 300" in cell or "−813" in cell]
    assert negative == ["underskott −1 300", "underskott −813"]


def test_the_introduction_is_made_from_the_figures(october: FollowUp) -> None:
    first = build_report(october).sections[0]
    assert [plain(block.text) for block in first.blocks] == [
        "Till och med 31 oktober redovisar SYD-IT ett underskott om 991 tkr.",
        "För helåret 2024 räknar förvaltningen med ett underskott om 813 tkr.",
    ]


def test_no_text_of_the_report_writes_a_deficit_with_a_minus(october: FollowUp) -> None:
    for section in build_report(october).sections:
        for block in section.blocks:
            assert not re.search(r"(under|över)skott om\s*[-−–]", getattr(block, "text", ""))


def test_the_sections_stand_in_the_order_of_the_document(october: FollowUp) -> None:
    assert [section.heading for section in build_report(october).sections] == [
        "1 Inledning",
        "1.1 Politiskt fattade beslut",
        "2 Ekonomisk rapport",
        "Ekonomiskt resultat",
        "Investeringar",
        "3 Åtgärdsplan för budget i balans",
        "Underlag",
    ]


def test_every_total_is_the_exact_sum_of_its_lines(october: FollowUp) -> None:
    for table in [build_report(october).tables[key] for key in PRINTED]:
        *lines, total = table.rows
        for place, column in enumerate(table.columns):
            cell = total.cells[place]
            if isinstance(cell, Amount):
                assert cell.ore == sum(row.cells[place].ore for row in lines), column.key


def test_the_json_is_the_golden_one(october: FollowUp) -> None:
    """What identifies stored rows differs from one database to the next and is left out of the comparison."""
    document = json.loads(build_report(october).to_json())
    for source in document["basis"]["sources"]:
        source |= {"ledger_month": 0, "imported_at": ""}
    decisions = next(section for section in document["sections"] if section["key"] == "decisions")
    for number, row in enumerate(decisions["blocks"][0]["rows"]):
        row["key"] = str(number)
    (basis,) = [section for section in document["sections"] if section["key"] == "basis"]
    imported = basis["blocks"][1]["rows"][0]["cells"]["imported"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d av Demo Administratör", imported["text"])
    imported |= {"value": "", "text": ""}
    assert document == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_json_has_the_shape_that_other_programs_read(october: FollowUp) -> None:
    document = json.loads(build_report(october).to_json())
    assert (document["schema"], document["follow_up"]) == (1, "2024-10")
    tables = {
        block["key"]: block
        for section in document["sections"]
        for block in section["blocks"]
        if block["type"] == "table"
    }
    assert [column["key"] for column in tables["result"]["columns"]] == ["budget", "actual", "forecast", "variance"]
    assert [column["key"] for column in tables["investments"]["columns"]] == [
        "budget",
        "booked",
        "remaining",
        "used",
        "forecast",
        "variance",
    ]
    total = tables["result"]["rows"][-1]
    assert total["kind"] == "total"
    assert total["cells"]["actual"] == {"ore": 99_106_728, "text": "991"}
    assert tables["investments"]["rows"][0]["cells"]["used"] == {"value": 40, "text": "40"}


def test_the_document_goes_to_json_and_back_without_loss(october: FollowUp) -> None:
    report = build_report(october)
    assert Report.from_json(report.to_json()) == report


@pytest.mark.parametrize("ending", ["csv", "txt", "xlsx", "se"])
def test_each_form_of_the_months_ledger_gives_the_same_report(october: FollowUp, ending: str) -> None:
    before = rows_of_the_document(october)
    file = DATA / f"ledger-2024-10.{ending}"
    call_command("import_ledger", str(file), "--year", "2024", "--apply", "--replace-published", stdout=StringIO())
    assert rows_of_the_document(october) == before


def rows_of_the_document(follow_up: FollowUp) -> dict[str, tuple[Row, ...]]:
    """The tables but for the one that names the file."""
    return {key: table.rows for key, table in build_report(follow_up).tables.items() if key != "basis"}
