"""The workbook, read back as a program reads it (calamine, openpyxl) and recalculated by LibreOffice."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from sydit.money import EN_DASH, from_number
from sydit.report.document import Amount, Cell, Column, ColumnKind, Report, Table, Value
from sydit.report.spreadsheet import SheetNames
from sydit.report.xlsx import HEADER_ROW, render
from tests.report.sample import (
    PRINTED,
    investments_table,
    october,
    result_table,
    sample_report,
    with_paragraph,
    words_table,
)

SMALL = (  # amounts around half a tusental, and a budget that is zero
    ("Utan budget", 0, 12_345_678, 0),
    ("Öre som inte är binära", 30, 20, 10),
    ("Halva tusental", 50_000, -150_000, 250_000),
)
ALMOST_ZERO = (("Nästan noll", 10_000, 59_999, 59_999), ("Avrundas till ett", 10_000, 60_000, 60_000))
MISSING = (("Med prognos", 100_000_000, 50_000_000, 90_000_000), ("Utan prognos", 100_000_000, None, None))
HOSTILE = ("=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://example.org")', "bell \a, escape \x1b, \ufffe", "_x0041_")


def opened(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(report)))


def body(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True)]


def values(content: bytes, caption: str) -> list[list[object]]:
    """What a program reads that does not calculate."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(caption).to_python()
    return rows[HEADER_ROW:]


def agrees(cell: Cell, read: object) -> bool:
    if isinstance(cell, Amount) and cell.ore is not None:
        return isinstance(read, int | float) and from_number(read) == cell.ore
    return read == (cell.value if isinstance(cell, Value) and isinstance(cell.value, int) else cell.text)


def assert_agrees(table: Table, read: list[list[object]]) -> None:
    assert [row[0] for row in read] == [row.label for row in table.rows]
    for row, read_row in zip(table.rows, read, strict=True):
        for column, cell, value in zip(table.columns, row.cells, read_row[1:], strict=True):
            assert agrees(cell, value), (row.label, column.label, cell, value)


# --- figures ---------------------------------------------------------------------------------------------------------


def test_every_cell_is_stored_with_the_documents_exact_value_also_where_it_is_a_formula() -> None:
    report = october()
    content = render(report)
    for table in report.tables.values():
        assert_agrees(table, values(content, table.caption))


def test_a_word_is_the_printed_one_and_not_the_code_behind_it() -> None:
    table = words_table(("2020-02-06 § 6", "x", "y"))
    row = replace(table.rows[0], cells=(Value("done", "Avklarat"), Value("y", "y")))
    content = render(sample_report(replace(table, rows=(row,))))
    assert values(content, table.caption)[0][1] == "Avklarat"


def test_totals_and_derived_columns_are_formulas_and_lines_are_numbers() -> None:
    rows = body(opened(october())["Investeringar"])
    assert rows[0] == [
        "IT Invest Gemensamt", 3_000_000, 1_213_500, "=ROUND(B5-C5,2)",
        f'=IF(B5=0,"{EN_DASH}",ROUND(C5*100/B5,0))', 3_000_000, "=ROUND(B5-F5,2)",
    ]  # fmt: skip
    assert rows[-1] == [
        "Totalt", "=ROUND(SUM(B5:B9),2)", "=ROUND(SUM(C5:C9),2)", "=ROUND(B10-C10,2)",
        f'=IF(B10=0,"{EN_DASH}",ROUND(C10*100/B10,0))', "=ROUND(SUM(F5:F9),2)", "=ROUND(B10-F10,2)",
    ]  # fmt: skip


def test_a_total_sums_lines_and_no_other_total() -> None:
    table = result_table()
    lines, total = table.rows[:-1], table.rows[-1]
    between = replace(total, key="between", label="Delsumma")
    sheet = opened(sample_report(replace(table, rows=(*lines[:2], between, *lines[2:], total))))["Ekonomiskt resultat"]
    assert sheet["B7"].value == "=ROUND(SUM(B5:B6),2)"
    assert sheet["B16"].value == "=ROUND(SUM(B5:B6,B8:B15),2)"


def test_a_missing_amount_is_a_word_and_nothing_that_needs_it_is_a_formula() -> None:
    sheet = opened(sample_report(investments_table(MISSING)))["Investeringar"]
    assert body(sheet)[1] == ["Utan prognos", 1_000_000, "saknas", "saknas", "saknas", "saknas", "saknas"]
    assert body(sheet)[2] == ["Totalt", "=ROUND(SUM(B5:B6),2)", "saknas", "saknas", "saknas", "saknas", "saknas"]
    assert sheet["C6"].alignment.horizontal == "right"


def test_a_share_of_a_zero_budget_is_stored_as_a_dash() -> None:
    assert values(render(sample_report(investments_table(SMALL))), "Investeringar")[0][4] == EN_DASH


def test_an_amount_that_rounds_to_zero_from_below_has_no_minus() -> None:
    """LibreOffice's text export leaves conditional formats out, so this reads the rule; its printed page has "0"."""
    sheet = opened(sample_report(investments_table(ALMOST_ZERO)))["Investeringar"]
    ranges = {str(area.sqref): area.rules[0] for area in sheet.conditional_formatting}
    assert sorted(ranges) == ["B5:B7", "C5:C7", "D5:D7", "F5:F7", "G5:G7"]
    rule = ranges["D5:D7"]
    assert (rule.operator, rule.formula, rule.dxf.numFmt.formatCode) == ("between", ["-499.99", "-0.01"], "0,;0,")


# --- texts -----------------------------------------------------------------------------------------------------------


def test_texts_stand_in_the_reports_order_with_a_link_to_each_table() -> None:
    sheet = opened(october())["Texter"]
    assert [cell.value for cell in sheet["A"]] == [
        "Budgetuppföljning oktober 2024",
        "SYD-IT, oktober 2024",
        None,
        "1 Inledning",
        "Till och med 31 oktober redovisar SYD-IT ett underskott om 991 tkr.",
        "Prognos saknas för en kostnadskategori.",
        None,
        "1.1 Fattade politiska beslut",
        "Tabell: Fattade politiska beslut",
        None,
        "1.2 Ekonomiskt resultat",
        "Tabell: Ekonomiskt resultat",
        None,
        "1.3 Investeringar",
        "Tabell: Investeringar",
    ]
    assert sheet["A12"].hyperlink.location == "'Ekonomiskt resultat'!A1"
    assert sheet["A5"].alignment.wrap_text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_never_a_formula_wherever_it_stands(text: str) -> None:
    table = words_table((text, text, text), caption=text)
    report = replace(with_paragraph(sample_report(table), text), title=text, organisation=text)
    content = render(report)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "rad ett\nrad två", "_x0041_", "a & b < c"])
def test_a_text_comes_back_as_it_was_typed(text: str) -> None:
    content = render(sample_report(words_table((text, text, text))))
    assert values(content, "Fattade politiska beslut") == [[text, text, text]]


def test_what_xml_cannot_hold_is_shown_as_a_replacement_character() -> None:
    content = render(sample_report(words_table(("a\x1bb", "\ud800", "ok"))))
    assert values(content, "Fattade politiska beslut") == [["a\ufffdb", "\ufffd", "ok"]]


def test_a_long_text_loses_nothing_and_is_cut_between_words() -> None:
    text = " ".join(f"ord{number}" for number in range(9_000))
    column = [str(cell.value) for cell in opened(with_paragraph(sample_report(), text))["Texter"]["A"]]
    assert " ".join(column[6:]) == text
    assert max(map(len, column)) <= 1_500


# --- sheets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Ekonomiskt resultat", "Ekonomiskt resultat"),
        ("Drift/investering [2024]: *?\\", "Drift-investering -2024-- ---"),
        ("'Citat'", "Citat"),
        ("x" * 40, "x" * 31),
        ("\N{BAR CHART}" * 20, "\N{BAR CHART}" * 15),
        ("", "Tabell"),
        ("History", "History (2)"),
    ],
)
def test_a_sheet_name_is_one_that_excel_accepts(wanted: str, name: str) -> None:
    assert SheetNames().take(wanted) == name


def test_sheet_names_differ_in_more_than_case_and_length() -> None:
    names = SheetNames()
    taken = [names.take(wanted) for wanted in ("Texter", "TEXTER", "x" * 31, "x" * 32)]
    assert taken == ["Texter", "TEXTER (2)", "x" * 31, "x" * 27 + " (2)"]


def test_each_table_has_a_sheet_with_frozen_and_repeated_header_and_a_name() -> None:
    book = opened(october())
    assert book.sheetnames == ["Texter", "Fattade politiska beslut", "Ekonomiskt resultat", "Investeringar"]
    sheet = book["Investeringar"]
    assert sheet["A1"].value == "Investeringar"
    assert [cell.value for cell in sheet[HEADER_ROW]][:3] == ["Projekt", "Budget", "Bokfört i perioden"]
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert book.defined_names["tabell_investments"].attr_text == "'Investeringar'!$A$4:$G$10"


def test_sheets_print_on_a4_as_wide_as_the_page_and_lie_down_where_they_are_wide() -> None:
    book = opened(october())
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text == "Sida &P av &N"
    assert book["Texter"].page_setup.orientation == "portrait"
    assert book["Investeringar"].page_setup.orientation == "landscape"


def test_an_ampersand_in_the_title_is_no_code_of_the_page_header() -> None:
    report = replace(sample_report(), title="Drift & Ekonomi " * 20)
    header = opened(report)["Texter"].oddHeader.right.text
    assert header.startswith("Drift && Ekonomi")
    assert len(header) < 120


def test_equal_reports_give_equal_bytes() -> None:
    assert render(october()) == render(Report.from_json(october().to_json()))


def test_the_file_tells_its_title_and_language() -> None:
    properties = opened(october()).properties
    assert (properties.title, properties.creator, properties.language) == (
        "Budgetuppföljning oktober 2024",
        "SYD-IT",
        "sv-SE",
    )
    assert opened(october()).calculation.fullCalcOnLoad


def test_a_report_without_tables_and_a_table_without_rows_have_workbooks() -> None:
    assert opened(sample_report()).sheetnames == ["Texter"]
    columns = (Column("budget", "Budget", ColumnKind.AMOUNT),)
    empty = replace(result_table(), columns=columns, rows=())
    assert body(opened(sample_report(empty))["Ekonomiskt resultat"]) == []


# --- recalculated ----------------------------------------------------------------------------------------------------

CSV_OF_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,true,false,false,-1"
SWEDISH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>sv-SE</value></prop></item>
</oor:items>
"""


def without_results(content: bytes) -> bytes:
    """The workbook as openpyxl writes it, so that what is read afterwards was calculated."""
    book, plain = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
    book.save(plain)
    return plain.getvalue()


def convert(folder: Path, content: bytes, target: str) -> Path:
    """The folder with what LibreOffice, set to Swedish, makes of a workbook."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SWEDISH)
    source = folder / "report.xlsx"
    source.write_bytes(content)
    arguments = [
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        target,
        "--outdir",
        str(out),
    ]
    subprocess.run(["soffice", *arguments, str(source)], check=True, capture_output=True, timeout=120)
    return out


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Every table of these tests, recalculated by LibreOffice."""
    out = convert(tmp_path_factory.mktemp("xlsx"), without_results(render(everything())), "xlsx")
    return (out / "report.xlsx").read_bytes()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sheet as text files with the cells as they are shown."""
    return convert(tmp_path_factory.mktemp("csv"), without_results(render(everything())), CSV_OF_EVERY_SHEET)


def everything() -> Report:
    return sample_report(
        result_table(),
        investments_table(),
        replace(investments_table(SMALL), key="small", caption="Små"),
        replace(investments_table(ALMOST_ZERO), key="almost", caption="Nästan"),
        replace(investments_table(MISSING), key="missing", caption="Saknade"),
        words_table(("=1+1", "-1", "+1"), ("@SUM(1)", "Pågår", "_x0041_")),
    )


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("key", ["result", "investments", "small", "almost", "missing", "decisions"])
def test_every_recalculated_cell_is_the_documents_to_the_ore(recalculated: bytes, key: str) -> None:
    table = everything().tables[key]
    assert_agrees(table, values(recalculated, table.caption))


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("key", ["result", "investments", "small", "missing", "decisions"])
def test_every_cell_is_shown_as_the_document_prints_it(shown: Path, key: str) -> None:
    table = everything().tables[key]
    with (shown / f"report-{table.caption}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[HEADER_ROW:]
    assert rows == [[row.label, *(cell.text for cell in row.cells)] for row in table.rows]
    if key in PRINTED:
        assert [tuple(cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row) for row in rows] == list(PRINTED[key])


def test_what_is_left_of_all_projects_is_not_the_sum_of_what_is_printed_for_each() -> None:
    remaining = [row.cells[2].text for row in investments_table().rows]
    *lines, total = [int(text.replace("\N{NO-BREAK SPACE}", "")) for text in remaining]
    assert (lines[0], total) == (1_787, 4_974)
    assert [values(render(october()), "Investeringar")[place][3] for place in (0, -1)] == [1_786_500, 4_973_500]
