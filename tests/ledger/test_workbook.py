from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from followup.ledger import foreign
from sydit.periods import Month

from .reading import DEMO, lines, only_problem, read

HEADER = ["Period", "Datum", "Konto", "Projekt", "Text", "Utfall"]
ROW = [202410, dt.date(2024, 10, 31), 35110, 91001, "Köp", -12.5]


def workbook(
    *rows: Sequence[object], top: int = 1, left: int = 1, more: dict[str, list[Sequence[object]]] | None = None
) -> bytes:
    """An .xlsx whose table begins at a cell, perhaps with further sheets before it."""
    book = openpyxl.Workbook()
    sheets = {**(more or {}), "Data": list(rows)}
    book.remove(book.active)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(content, top):
            for column, value in enumerate(row, left):
                sheet.cell(number, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(row: Sequence[object], column: str, value: object) -> list[object]:
    return [value if name == column else old for name, old in zip(HEADER, row, strict=True)]


def test_numbers_and_dates_are_read_as_codes_months_and_ore() -> None:
    (line,) = lines(workbook(HEADER, ROW))
    assert (line.row, line.month, line.account, line.project, line.amount) == (
        2,
        Month(2024, 10),
        "35110",
        "91001",
        -1250,
    )
    assert line.booked_on == dt.date(2024, 10, 31)


def test_numbers_stored_as_text_are_read() -> None:
    (line,) = lines(workbook(HEADER, ["202410", "2024-10-31", "0351", "91001", "Köp", "1\xa0234,50-"]))
    assert (line.account, line.amount) == ("0351", -123450)


def test_binary_noise_is_rounded_to_its_ore_and_a_real_fraction_is_refused() -> None:
    assert lines(workbook(HEADER, changed(ROW, "Utfall", 0.1 + 0.2)))[0].amount == 30
    assert "delar av ett öre" in only_problem(workbook(HEADER, changed(ROW, "Utfall", 0.125))).message


@pytest.mark.parametrize("period", [dt.date(2024, 10, 1), dt.datetime(2024, 10, 31, 12), "okt 2024", 2410, "2024-10"])
def test_a_period_may_be_a_date_a_number_or_a_text(period: object) -> None:
    assert lines(workbook(HEADER, changed(ROW, "Period", period)))[0].month == Month(2024, 10)


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    content = workbook(["Transaktionslista"], [], HEADER, ROW, changed(ROW, "Utfall", "fel"), top=4, left=3)
    problem = only_problem(content)
    assert (problem.row, problem.column, problem.value) == (8, "Utfall", "fel")
    assert lines(workbook(HEADER, ROW, top=4, left=3))[0].row == 5


@pytest.mark.parametrize("column", ["Period", "Konto", "Projekt", "Utfall"])
@pytest.mark.parametrize("wrong", ["=1+1", "#N/A", None])
def test_an_error_or_uncalculated_formula_is_refused_where_it_matters(column: str, wrong: str | None) -> None:
    if column == "Projekt" and wrong is None:
        return  # a blank project is none
    problem = only_problem(workbook(HEADER, ROW, changed(ROW, column, wrong), ROW))
    assert (problem.row, problem.column) == (3, column)


def test_an_uncalculated_formula_in_debit_is_not_a_blank() -> None:
    problem = only_problem(workbook(["Period", "Konto", "Debet", "Kredit"], [202410, 35110, "=5", 7]))
    assert (problem.row, problem.column) == (2, "Debet")


def test_a_last_row_of_uncalculated_formulas_is_not_lost() -> None:
    formulas = ["=A2", "=B2", "=C2", "=D2", "=E2", "=F2"]
    assert {problem.row for problem in read(workbook(HEADER, ROW, formulas)).problems} == {3}


def test_an_error_in_a_text_is_no_problem() -> None:
    assert len(lines(workbook(HEADER, changed(ROW, "Text", "#N/A")))) == 1


def test_a_total_that_was_never_calculated_is_left_out_and_told() -> None:
    parsed = read(workbook(HEADER, ROW, ["", None, None, None, "Summa", "=SUM(F2:F2)"]))
    assert (parsed.rows, parsed.problems) == (1, ())
    assert [skipped.reason for skipped in parsed.skipped] == ["summarad, saknar beräknat värde"]


def test_a_calculated_total_is_checked() -> None:
    assert read(workbook(HEADER, ROW, ["", None, None, None, "Summa", -12.5])).problems == ()
    assert only_problem(workbook(HEADER, ROW, ["", None, None, None, "Summa", -12.51])).row == 3


def test_the_sheet_with_a_ledger_is_found_among_others() -> None:
    content = workbook(
        HEADER, ROW, more={"Omslag": [["Rapport"]], "Budget": [["Konto", "Budget"], [35110, 5]], "Tomt": []}
    )
    parsed = read(content)
    assert (parsed.rows, parsed.problems) == (1, ())
    assert "”Data”" in parsed.notices[0]


def test_sheets_that_may_hold_the_same_lines_are_refused() -> None:
    problem = only_problem(workbook(HEADER, ROW, more={"Jan": [HEADER, ROW]}))
    assert "”Jan”, ”Data”" in problem.message
    assert "oktober 2024 står både på ”Jan” och på ”Data”" in problem.message


def test_sheets_with_different_headers_are_refused_and_asked_about() -> None:
    january = [[*HEADER, "Motpart"], [*changed(ROW, "Period", 202401), "871"]]
    parsed = read(workbook(HEADER, ROW, more={"Jan": january}))
    assert "”Jan”, ”Data”" in parsed.problems[0].message
    assert parsed.is_askable


def month(number: int, amount: object = 2) -> list[object]:
    """The line that a sheet has for a month of 2024."""
    day = dt.date(2024, number, 28)
    return changed(changed(changed(ROW, "Period", 202400 + number), "Datum", day), "Utfall", amount)


def test_a_sheet_a_month_is_read_as_one_ledger() -> None:
    total = ["", None, None, None, "Summa", 2]
    content = workbook(
        HEADER,
        ROW,
        more={"jan": [HEADER, month(1)], "feb": [HEADER, month(2), total], "Info": [["x"]], "dec": [HEADER]},
    )
    parsed = read(content, year=2024)
    assert (parsed.problems, parsed.rows, parsed.is_askable) == ((), 3, False)
    assert list(parsed.by_month().items()) == [
        (Month(2024, 1), 200), (Month(2024, 2), 200), (Month(2024, 10), -1250),
    ]  # fmt: skip
    assert [(skipped.reason, skipped.rows, skipped.total) for skipped in parsed.skipped] == [
        ("summarad, stämmer med raderna", 1, 200)
    ]
    assert parsed.joined.replace("\N{NO-BREAK SPACE}", " ") == (
        "Huvudboken står på flera blad: ”jan” (januari 2024, 1 rad, 2,00 kr), ”feb” (februari 2024, 1 rad, 2,00 kr) "
        "och ”Data” (oktober 2024, 1 rad, −12,50 kr). Läses inte: ”Info” och ”dec”."
    )
    assert parsed.notices[0] == "Bladen ”jan”, ”feb” och ”Data” är lästa tillsammans, som en huvudbok."
    assert [line.row for line in lines(content, year=2024)] == [2, 2, 2]


def test_a_sheet_with_one_line_is_not_left_out_beside_a_longer_one() -> None:
    assert read(workbook(HEADER, ROW, more={"jan": [HEADER, *[month(1)] * 3]})).rows == 4


def test_what_is_wrong_in_one_of_several_sheets_names_it() -> None:
    [problem] = read(workbook(HEADER, ROW, more={"jan": [HEADER, month(1, "x")]})).problems
    assert (problem.row, problem.column, problem.value) == (2, "Utfall", "x")
    assert problem.message.startswith("Bladet ”jan”: ")


@pytest.mark.parametrize(("vouchers", "rows"), [(("A1", "B1"), 2), (("A1", "A1"), 0), (("A1", ""), 0), (("", ""), 0)])
def test_sheets_of_the_same_month_are_one_ledger_where_their_vouchers_are_their_own(
    vouchers: tuple[str, str], rows: int
) -> None:
    one, other = ([[*HEADER, "Verifikationsnr"], [*ROW, voucher]] for voucher in vouchers)
    parsed = read(workbook(*one, more={"Laxå": other}))
    assert (0 if parsed.problems else parsed.rows) == rows
    assert bool(parsed.problems) == parsed.is_askable == (not rows)


def test_sheets_of_more_than_a_year_are_no_ledger() -> None:
    earlier = changed(changed(ROW, "Period", 202310), "Datum", dt.date(2023, 10, 31))
    [problem] = read(workbook(HEADER, ROW, more={"förra": [HEADER, earlier]})).problems
    assert "mer än tolv månader, från oktober 2023 till oktober 2024" in problem.message


def test_a_sheet_a_month_gives_what_one_sheet_gives() -> None:
    months = [[month(number, number + part) for part in range(3)] for number in (1, 2, 3)]
    apart = read(workbook(HEADER, *months[2], more={"1": [HEADER, *months[0]], "2": [HEADER, *months[1]]}))
    assert apart.sums == read(workbook(HEADER, *[line for each in months for line in each])).sums


def test_a_workbook_without_a_ledger_names_what_is_missing() -> None:
    assert "saknar Konto" in only_problem(workbook(["Period", "Belopp"], [202410, 1])).message
    assert "rubrik" in only_problem(workbook(["a"], [1])).message


def test_a_damaged_workbook_is_refused() -> None:
    whole = workbook(HEADER, ROW)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for part, replacement in (("xl/worksheets/sheet1.xml", b"<worksheet><"), ("xl/workbook.xml", b"")):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, replacement if name == part else data)
        assert read(buffer.getvalue()).problems
    assert read(whole[: len(whole) // 2]).problems


def test_a_workbook_that_unpacks_without_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "LARGEST_WORKBOOK", 1000)
    assert "orimligt stor" in only_problem(workbook(HEADER, ROW)).message


def test_the_demonstration_workbook_tells_a_total_without_its_calculated_value() -> None:
    content = (DEMO / "ledger-2024-10.xlsx").read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(buffer, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, re.sub(rb"(<f>SUM\([^<]*</f>)<v>[^<]*</v>", rb"\1", archive.read(name)))
    parsed = read(buffer.getvalue())
    assert (parsed.rows, parsed.total, parsed.problems) == (370, 735156728, ())
    assert [skipped.reason for skipped in parsed.skipped] == ["summarad, saknar beräknat värde"]


def opendocument(rows: Sequence[Sequence[object]]) -> bytes:
    """A minimal OpenDocument spreadsheet (OpenDocument 1.2, part 1, chapter 9)."""
    cells = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Data">{cells}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    attributes = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {attributes}><text:p>{value}</text:p></table:table-cell>"


def test_an_opendocument_spreadsheet_is_read() -> None:
    content = opendocument([["Period", "Konto", "Belopp"], [202410, 35110, -12.5]])
    assert read(content).format == "ods"
    assert [(line.account, line.amount) for line in lines(content)] == [("35110", -1250)]
