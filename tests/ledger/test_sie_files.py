"""A whole SIE file: what it is, its fiscal year, its checksum, and damage of every kind."""

from __future__ import annotations

import pytest

from followup.ledger import content as content_module
from followup.ledger import sie_checksum
from followup.ledger.content import Content
from followup.ledger.parsed import MOST_PROBLEMS
from followup.ledger.sie import describe, is_sie
from tests.ledger.sie_files import HEAD, file, read, row_of, voucher, with_checksum

BODY = voucher('#TRANS 5010 {6 "91001"} 100.00 20240401 "Säger \\"hej\\" {så}"', "#TRANS 1930 {} -100.00")
FILE = file(BODY)


@pytest.mark.parametrize(
    "content", [FILE, FILE.lower(), "\n\n" + FILE, "#VER A 1 20240101\n{\n}\n", "#Gen 20240101\r#Rar 0 1 2\r"]
)
def test_a_sie_file_is_known_by_its_labels(content):
    assert is_sie(Content.of(content.encode("cp437")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 50,
        b"<html><body>#VER 404</body></html>",
        b"Konto;Belopp\n#1;2\n",
        b"PK\x03\x04#VER",
        b"#!/bin/sh\n",
        b'<?xml version="1.0"?>\n<Sie xmlns="http://www.sie.se/sie5">',
    ],
)
def test_what_is_no_sie_file_is_refused_with_one_sentence(content):
    assert not is_sie(Content.of(content))
    result = read(content)
    assert result.lines == []
    assert [message[:27] for _, message in result.problems] == ["Filen är ingen SIE-fil: den"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (FILE, "sie4"),
        (file("#RES 0 5010 1", sietyp=1), "sie1"),
        (file(sietyp=2), "sie2"),
        (file(sietyp=3), "sie3"),
        (FILE.replace("#SIETYP 4\n", ""), "sie4"),
        ("#FLAGGA 0\n#SIETYP 4\n#RAR 0  \n#VER A 1 20240101\n{\n}\n", "sie4i"),
        ("#FLAGGA 0\n#PSALDO 0 202401 1930 {} 1\n", "sie2"),
        ("#FLAGGA 0\n#RES 0 5010 1\n", "sie1"),
    ],
)
def test_the_format_is_named(content, name):
    assert describe(Content.of(content.encode("cp437"))).format == name


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_checksum_that_agrees_is_accepted_in_every_encoding(encoding, line_end):
    content = with_checksum(FILE).replace("\n", line_end).encode(encoding)
    assert read(content).problems == []


def test_the_known_checksum_of_a_text_is_computed():
    # CRC-32 of "123456789" is the published check value CBF43926.
    covered = sie_checksum.Stretch(Content.of(b'1 "23"\t{4 "5"}\r\n67\n89'), 0, 21)
    assert sie_checksum._sum(covered, "", b'"') == 0xCBF43926


def test_a_checksum_is_the_same_however_the_text_is_cut(monkeypatch):
    monkeypatch.setattr(content_module, "PIECE", 40)
    assert read(with_checksum(FILE)).problems == []


def test_a_signed_checksum_is_read():
    content = with_checksum(FILE)
    value = int(content.rsplit(maxsplit=1)[1])
    assert read(content.replace(str(value), str(value - 2**32))).problems == []


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda text: text.replace("{så}", "{si}"), "stämmer inte"),
        (lambda text: text.replace("100.00", "200.00"), "stämmer inte"),
        (lambda text: text[: text.rindex("#KSUMMA")], "avhuggen"),
        (lambda text: text.replace("#KSUMMA\n", ""), "utan att ha inletts"),
        (lambda text: text[:-2] + "x\n", "går inte att läsa"),
    ],
)
def test_a_checksum_that_disagrees_is_a_problem(damage, word):
    [problem] = read(damage(with_checksum(FILE))).findings.problems
    assert word in problem.message
    assert problem.row


def test_the_months_covered_come_from_omfattn():
    covers = read(file("#OMFATTN 20240315", BODY)).findings.covers
    assert [str(month) for month in covers] == ["2024-01", "2024-02", "2024-03"]


def test_an_incredible_omfattn_is_told_and_not_used():
    result = read(file("#OMFATTN 19700101", BODY))
    assert (result.problems, result.findings.covers) == ([], [])
    assert "1970-01-01" in result.findings.notices[0]


def with_year(dates: str) -> str:
    return FILE.replace("#RAR 0 20240101 20241231", f"#RAR 0 {dates}")


def test_a_broken_fiscal_year_keeps_calendar_months():
    result = read(with_year("20230701 20240630") + "#OMFATTN 20230831\n", 2023)
    assert result.problems == []
    assert str(result.lines[0].month) == "2024-04"
    assert [str(month) for month in result.findings.covers] == ["2023-07", "2023-08"]


def test_the_year_that_the_user_named_must_be_the_files():
    assert read(FILE, 2024).problems == []
    [problem] = read(FILE, 2023).findings.problems
    assert "2023" in problem.message
    assert "2024-01-01" in problem.value


@pytest.mark.parametrize(
    ("dates", "word"),
    [
        ("20240101 20260228", "längre än 18"),
        ("20241231 20240101", "slutar innan"),
        ("20240101", "saknar"),
        ("20240101 20241331", "datum"),
        ("2024 2025", "datum"),
        ("99990101 99991231", "datum"),
    ],
)
def test_a_fiscal_year_that_cannot_be_is_a_problem(dates, word):
    content = with_year(dates)
    problem = read(content).findings.problems[0]
    assert word in problem.message
    assert problem.row == row_of(content, "#RAR")


def test_two_fiscal_years_that_disagree_are_a_problem():
    assert "två olika" in read(file("#RAR 0 20230101 20231231", BODY)).problems[0][1]


def test_earlier_years_are_not_this_year():
    assert read(file("#RAR -1 20230101 20231231", "#RAR -2 20220101 20221231", BODY)).problems == []


@pytest.mark.parametrize("dates", ["", '"" ""'])
def test_a_file_without_fiscal_year_is_held_to_the_users(dates):
    content = with_year(dates)
    assert read(content).problems == []
    assert read(content, 2024).problems == []
    assert read(content, 2023).problems == []  # a year that begins in May 2023 holds April 2024
    assert [row for row, _ in read(content, 2022).problems] == [
        row_of(content, "#TRANS 5010"),
        row_of(content, "#TRANS 1930"),
    ]


def test_lines_of_a_file_without_fiscal_year_lie_in_one_year():
    content = with_year("") + BODY.replace("202404", "202502")
    assert read(content, 2024).problems == []
    assert "mer än ett år" in read(content.replace("202502", "202503"), 2024).problems[0][1]


OTHER_YEAR = file("#OMFATTN 20241031", BODY.replace("20240401", "20250102"))


def test_a_line_outside_the_fiscal_year_is_a_problem_and_its_month_is_known():
    result = read(OTHER_YEAR, 2024)
    assert [row for row, _ in result.problems] == [row_of(OTHER_YEAR, "#TRANS 5010")]
    assert {line.month.year for line in result.lines} == {2024, 2025}


@pytest.mark.parametrize("dates", ["20240101 20241231", ""])
def test_lines_of_other_years_are_no_problem_where_they_are_left_out(dates):
    content = OTHER_YEAR.replace("20240101 20241231", dates).replace("20250102", "20231202")
    assert read(content, 2024, other_years=True).problems == []
    assert read(content, 2024).problems


def test_a_line_of_the_year_asked_for_stays_within_the_files_own():
    content = OTHER_YEAR.replace("20240101 20241231", "20240101 20240930").replace("20250102", "20241102")
    assert read(content, 2024, other_years=True).problems[0][0] == row_of(content, "#TRANS 5010")


def test_months_covered_in_other_years_are_left_out_too():
    content = with_year("20230701 20240630") + "#OMFATTN 20240131\n"
    covers = read(content, 2023, other_years=True).findings.covers
    assert [str(month) for month in covers] == [f"2023-{month:02d}" for month in range(7, 13)]


def test_names_are_read():
    findings = read(FILE).findings
    assert findings.account_names == {"5010": "Lokalhyra", "1930": "Bank"}
    assert findings.project_names == {"91001": "Nätverk"}


def test_a_hopeless_file_stops_at_the_most_problems():
    content = HEAD.format(sietyp=4) + "skräp\n" * 1000
    assert len(read(content).problems) == MOST_PROBLEMS


def test_the_dos_end_of_file_mark_is_no_line():
    assert read(FILE + "\x1a").problems == []
    assert read(with_checksum(FILE) + "\x1a").problems == []


def test_blocks_filled_with_nul_after_the_last_line_are_no_line():
    assert read(FILE + "\x00" * 100).problems == []
    assert read(FILE + "\x1a" + "\x00" * 100).problems == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_nul_within_the_text_is_a_problem_with_its_row(line_end):
    content = FILE.replace("Bank", "Ba\x00k")
    assert "NUL" in read(content.replace("\n", line_end)).problems[0][1]
    assert read(content.replace("\n", line_end)).problems[0][0] == row_of(content, "Ba")


def test_quotes_within_an_account_name_do_not_fail_the_file():
    result = read(file('#KONTO 1288 "F"rskott till Lind" Park"', '#KONTO 2941 Soc.avg.semesterl"n', BODY))
    assert result.problems == []
    assert result.findings.account_names["1288"] == 'F"rskott till Lind" Park'


def test_a_name_whose_quote_is_never_closed_is_a_problem():
    content = file('#KONTO 1288 "Kassa', BODY)
    assert read(content).problems[0][0] == row_of(content, '"Kassa')
