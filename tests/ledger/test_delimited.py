from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace

import pytest

from sydit.periods import Month

from .reading import DEMO, HEADER, amounts, lines, only_problem, read, with_amounts

ROW = "202410;35110;91001;Text;1,00"


@pytest.mark.parametrize("name", ["ledger-2024-10.csv", "ledger-2024-10.txt", "ledger-2024-10.xlsx"])
def test_each_file_of_the_month_gives_the_same_lines_and_total(name: str) -> None:
    parsed = read((DEMO / name).read_bytes(), year=2024)
    reference = read((DEMO / "ledger-2024-10.csv").read_bytes())
    assert parsed.problems == ()
    assert parsed.rows == 370
    assert parsed.total == 735156728
    assert parsed.sums == reference.sums
    assert parsed.account_names == reference.account_names


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("cp1252", "cp1252"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"),
     ("utf-16", "utf-16-le"), ("cp437", "cp437"), ("mac_roman", "mac_roman")],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_encoding_line_end_and_separator_do_not_change_what_is_read(
    encoding: str, told: str, end: str, separator: str
) -> None:
    rows = [["Bokföringsdatum", "Konto", "Text", "Belopp"], ["2024-10-31", "35110", "Intäkter, höst åt", '"-1 234,50"']]
    content = (
        end.join(separator.join(f'"{c}"' if "," in c and '"' not in c else c for c in row) for row in rows) + end
    ).encode(encoding)
    parsed = read(content)
    assert parsed.problems == ()
    assert parsed.encoding == told
    assert lines(content)[0].text == "Intäkter, höst åt"
    assert parsed.total == -123450


def test_a_line_carries_every_column_of_the_code_string() -> None:
    header = "Period;Bokf.datum;Ver.nr;Konto;Konto(T);Ansvar;Verksamhet;Projekt;Projekt(T);Motpart;Text;Utfall"
    row = "202410;2024-10-30;L7;0351;Mark;91000;0210;91001;IT Invest;870;Ett köp;12,00"
    text = f"{header}\n{row}\n"
    (line,) = lines(text)
    assert line == (
        2,
        Month(2024, 10),
        "0351",
        1200,
        "91001",
        dt.date(2024, 10, 30),
        "L7",
        "Ett köp",
        "91000",
        "0210",
        "870",
    )
    assert read(text).account_names == {"0351": "Mark"}
    assert read(text).project_names == {"91001": "IT Invest"}


@pytest.mark.parametrize(
    "header",
    [
        "Konto",
        "KONTO",
        "Kontonr.",
        "Konto nr",
        "kontonummer",
        "Kontonum",
        " Konto ",
        '"Konto"',
        "Konto(T)",
        "Konto text",
    ],
)
def test_an_account_column_is_known_by_its_name(header: str) -> None:
    (line,) = lines(f"Period;{header};Belopp\n202410;35110 Driftbidrag;1,00\n")
    assert line.account == "35110"


@pytest.mark.parametrize(
    "header",
    [
        "Bokföringsdatum",
        "BOKFORINGSDATUM",
        "Bokf.datum",
        "Bokföringsdat",
        "Datum",
        "Ver.datum",
        "Verifikationsdatum",
        "Verifikationsd",
    ],
)
def test_the_booking_date_gives_the_month_where_no_period_does(header: str) -> None:
    (line,) = lines(f"{header};Konto;Belopp\n2024-10-31;35110;1,00\n")
    assert line.month == Month(2024, 10)
    assert line.booked_on == dt.date(2024, 10, 31)


@pytest.mark.parametrize(
    "header", ["Ver.nr", "Vernr", "Verifikationsnr", "Verifikation", "Verifikationsn", "Verifikationsnummer"]
)
def test_a_voucher_column_is_known_by_its_name(header: str) -> None:
    assert lines(f"{header};Period;Konto;Belopp\nA1;202410;35110;1,00\n")[0].voucher == "A1"


def test_the_period_wins_over_a_date_in_another_month() -> None:
    (line,) = lines("Period;Datum;Konto;Belopp\n202409;2024-10-02;35110;1,00\n")
    assert line.month == Month(2024, 9)


def test_two_dates_in_different_months_are_asked_about() -> None:
    problem = only_problem("Bokföringsdatum;Verifikationsdatum;Konto;Belopp\n2024-09-30;2024-10-01;35110;1,00\n")
    assert (problem.row, problem.column, problem.value) == (2, "Verifikationsdatum", "2024-10-01")


def test_the_booked_amount_is_taken_among_budget_and_forecast() -> None:
    assert amounts("Period;Konto;Budget;Utfall;Prognos\n202410;35110;5,00;1,00;9,00\n") == [100]


def test_two_amount_columns_are_asked_about() -> None:
    problem = only_problem("Period;Konto;Belopp;Belopp\n202410;35110;5,00;1,00\n")
    assert "Flera kolumner kan vara beloppet" in problem.message
    assert problem.row == 1


def test_debit_and_credit_become_one_signed_amount() -> None:
    text = "Period;Konto;Debet;Kredit\n202410;35110;;5,00\n202410;35110;7,00;\n202410;35110;3,00;1,00\n"
    text += "202410;35110;-2,00;\nSumma;;8,00;6,00\n"
    assert amounts(text) == [-500, 700, 200, -200]


def test_a_wrong_debit_total_is_told_although_the_difference_agrees() -> None:
    problem = only_problem("Period;Konto;Debet;Kredit\n202410;35110;;5,00\n202410;35110;7,00;\nSumma;;8,00;6,00\n")
    assert problem.row == 4


def test_an_amount_beside_its_side_is_signed_by_it() -> None:
    assert amounts("Period;Konto;Belopp;D/K\n202410;35110;5,00;D\n202410;35110;7,00;K\n") == [500, -700]


def test_an_amount_column_in_thousands_is_read_in_thousands() -> None:
    assert amounts("Period;Konto;Belopp (tkr)\n202410;35110;1 234,5\n") == [123450000]


def test_thousands_told_above_the_header_are_asked_about() -> None:
    assert "tkr" in only_problem(f"Beloppen i tkr\n{HEADER}\n{ROW}\n").message


def test_later_problems_are_told_too() -> None:
    assert [problem.row for problem in read(with_amounts("x", "1,00", "y")).problems] == [2, 4]


def test_rows_that_repeat_exactly_are_lines() -> None:
    assert len(lines(f"{HEADER}\n{ROW}\n{ROW}\n{ROW}\n")) == 3


def test_a_formula_in_a_text_is_text() -> None:
    assert lines(f"{HEADER}\n202410;35110;;=1+1;1,00\n202410;35110;;@x;1,00\n")[0].text == "=1+1"


def test_blank_rows_and_repeated_headers_end_nothing_and_are_told() -> None:
    parsed = read(f"Rapport\n\n{HEADER}\n{ROW}\n\n;;;;\n{HEADER}\n{ROW}\n")
    assert (parsed.rows, parsed.problems) == (2, ())
    assert {skipped.reason: skipped.rows for skipped in parsed.skipped} == {
        "rad före rubriken": 2, "tom rad": 2, "upprepad rubrikrad": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "label", ["Summa;;;;2,00", ";;;Totalt;2,00", ";;;;2,00", ";Slutsumma;;;2,00", "Summa:;;;;2,00", ";;;SUMMA;2,00"]
)
def test_a_total_that_agrees_is_left_out_and_told(label: str) -> None:
    parsed = read(f"{HEADER}\n{ROW}\n{ROW}\n{label}\n")
    assert (parsed.rows, parsed.total, parsed.problems) == (2, 200, ())
    assert [(skipped.rows, skipped.total) for skipped in parsed.skipped] == [(1, 200)]


@pytest.mark.parametrize("label", ["Summa;;;;2,01", ";;;Totalt;0,00", ";Slutsumma;;;-2,00"])
def test_a_total_that_disagrees_is_a_problem_with_both_amounts(label: str) -> None:
    problem = only_problem(f"{HEADER}\n{ROW}\n{ROW}\n{label}\n")
    assert (problem.row, problem.column) == (4, "Belopp")
    assert problem.value == label.rsplit(";", 1)[1]
    assert "2,00 kr" in problem.message


def test_an_amount_alone_that_is_no_total_is_a_problem() -> None:
    assert {problem.row for problem in read(f"{HEADER}\n{ROW}\n;;;;7,00\n").problems} == {3}


def test_subtotals_and_the_total_of_all_are_checked() -> None:
    text = f"{HEADER}\n{ROW}\n{ROW}\n;35110;;Summa konto 35110;2,00\n{ROW}\n;;;Delsumma;1,00\n;;;Totalt;3,00\n"
    assert read(text).problems == ()
    assert only_problem(text.replace("Delsumma;1,00", "Delsumma;1,01")).row == 6


def test_a_total_above_its_lines_is_checked() -> None:
    assert read(f"{HEADER}\n;;;Totalt;2,00\n{ROW}\n{ROW}\n").problems == ()
    assert only_problem(f"{HEADER}\n;;;Totalt;3,00\n{ROW}\n{ROW}\n").row == 2


def test_a_line_whose_text_begins_like_a_total_is_a_line_where_it_has_a_voucher() -> None:
    text = "Ver.nr;Period;Konto;Text;Belopp\nA1;202410;35110;Summa inköp;1,00\nA2;202410;35110;Totalentreprenad;1,00\n"
    assert len(lines(text)) == 2
    assert "summarad" in only_problem(text.replace("A1;", ";")).message


def test_an_opening_balance_is_asked_about_unless_it_carries_no_amount() -> None:
    assert "saldo" in only_problem(f"{HEADER}\n202401;19100;;Ingående balans;5,00\n{ROW}\n").message
    assert "saldo" in only_problem(f"{HEADER}\n;19100;;IB;5,00\n{ROW}\n").message
    assert read(f"{HEADER}\n;19100;;Ingående saldo;\n{ROW}\n").problems == ()


def test_a_supplier_called_ib_is_no_opening_balance() -> None:
    assert len(lines(f"{HEADER}\n202410;35110;;IBM Svenska AB;1,00\n202410;35110;;Utgående moms;1,00\n")) == 2


def test_a_separator_in_a_text_is_a_problem_with_its_row() -> None:
    problem = only_problem(f"{HEADER}\n{ROW}\n202410;35110;;ett; 12;1,00\n")
    assert problem.row == 3


def test_a_separator_in_a_text_is_found_where_every_row_ends_with_one() -> None:
    assert lines(f"{HEADER}\n{ROW};\n{ROW};\n{ROW};\n")
    assert read(
        "Period;Konto;Text;Belopp;Not\n202410;35110;a;1,00;\n202410;35110;a; 12;1,00;\n202410;35110;a;1,00;\n"
    ).problems


def test_a_quoted_field_may_hold_line_ends_and_separators_and_the_row_is_where_it_begins() -> None:
    text = f'{HEADER}\n202410;35110;;"ett\ntvå; tre\nfyra";1,00\n202410;35110;;x;fel\n'
    assert only_problem(text).row == 5
    assert lines(text.replace("fel", "2,00"))[1].row == 5


@pytest.mark.parametrize(
    "rows", ['202410;35110;;"ett;1,00\n', f'202410;35110;;"ett;1,00\n{ROW}\n202410;35110;;två";1,00\n']
)
def test_a_quote_that_is_not_closed_is_a_problem_with_its_row(rows: str) -> None:
    problem = read(f"{HEADER}\n{ROW}\n{rows}").problems[0]
    assert problem.row == 3
    assert "citattecken" in problem.message


def test_missing_columns_are_named_beside_those_found() -> None:
    problem = only_problem("Konto;Datum;Text\n35110;2024-10-31;x\n")
    assert "saknar Belopp" in problem.message
    assert "Konto, Datum, Text" in problem.message
    assert problem.row == 1


@pytest.mark.parametrize("text", ["a;b;c\n1;2;3\n", "202410;35110;1,00\n", "hej\n"])
def test_a_file_without_header_is_refused(text: str) -> None:
    assert "rubrik" in only_problem(text).message


def test_a_file_without_lines_is_refused() -> None:
    assert "inga konteringar" in only_problem(f"{HEADER}\n").message


def test_a_byte_that_no_code_page_has_is_a_wrong_encoding_with_its_row() -> None:
    content = f"{HEADER}\n{ROW}\n".encode() + "202410;35110;;Intäkter på ".encode("cp1252") + b"\x81;1,00\n"
    problem = only_problem(content)
    assert "teckenkodning" in problem.message
    assert (problem.row, problem.value) == (3, "81")


def test_a_damaged_byte_in_utf8_is_a_wrong_encoding_with_its_row() -> None:
    content = f"{HEADER}\n202410;35110;;Intäkter;1,00\n202410;35110;;Löner å;1,00\n".encode().replace(
        b"L\xc3\xb6ner", b"L\xc3ner"
    )
    problem = only_problem(content)
    assert "teckenkodning" in problem.message
    assert problem.row == 3


def test_nul_in_a_text_is_no_text() -> None:
    assert only_problem(f"{HEADER}\n{ROW}\n202410;35\x0010;;x;1,00\n").row == 3


def test_a_lost_character_in_the_header_is_told_as_encoding() -> None:
    assert "teckenkodning" in only_problem("Bokf�ringsdatum;Konto;Belopp\n2024-10-31;35110;1,00\n").message


def test_a_field_without_end_is_a_problem_and_no_error() -> None:
    assert only_problem(f"{HEADER}\n{ROW}\n202410;35110;;{'x' * 200_000};1,00\n").row == 3
    assert read(f'{HEADER}\n{ROW}\n202410;35110;;"{ROW * 9_000}').problems[0].row == 3
    assert read("x" * 200_000 + f"\n{HEADER}\n{ROW}\n").problems


def test_the_end_mark_of_dos_is_no_row() -> None:
    assert len(lines(f"{HEADER}\r\n{ROW}\r\n\x1a")) == 1


def test_lost_characters_in_a_text_are_told_and_no_problem() -> None:
    parsed = read(f"{HEADER}\n202410;35110;;L�ner;1,00\n")
    assert parsed.problems == ()
    assert "1 tecken" in parsed.notices[0]
    assert only_problem(f"{HEADER}\n202410;35110;91�01;x;1,00\n").column == "Projekt"


def test_a_row_may_end_before_its_last_blank_columns() -> None:
    header = "Period;Konto;Belopp;Projekt;Text"
    assert len(lines(f"{header}\n202410;35110;1,00\n202410;35110;1,00;91001\n202410;35110;1,00;91001;x\n")) == 3


def test_a_lost_separator_is_a_problem_where_the_other_rows_are_whole() -> None:
    text = "Period;Konto;Ansvar;Belopp;Projekt\n202410;35110;91000;1,00;\n202410;3511091000;1,00;91001\n"
    assert only_problem(text).row == 3


def test_a_quote_out_of_place_is_a_problem_where_every_field_is_quoted() -> None:
    text = '"Period","Konto","Text","Belopp"\n"202410","35110","a" "b","1,00"\n'
    assert only_problem(text).row == 2


def test_a_quote_inside_a_text_is_text_where_fields_are_not_quoted() -> None:
    assert lines(f'{HEADER}\n202410;35110;;27" skärm;1,00\n')[0].text == '27" skärm'


@pytest.mark.parametrize("header", ["Prjekt", "Projek7", "rojekt", "Projjekt"])
def test_a_misspelt_project_column_is_asked_about_and_not_missed(header: str) -> None:
    assert "liknar ”Projekt”" in only_problem(f"Period;Konto;{header};Belopp\n202410;35110;91001;1,00\n").message


def test_a_misspelt_period_is_asked_about_and_not_replaced_by_the_date() -> None:
    assert "liknar ”Period”" in only_problem("Perod;Datum;Konto;Belopp\n202410;2024-10-31;35110;1,00\n").message


def test_a_first_line_run_into_the_header_is_not_lost() -> None:
    problem = only_problem("Period;Konto;Belopp202410;35110;1,00\n202410;35110;1,00\n".replace("Belopp2", "Belopp;2"))
    assert (problem.row, "Rubrikraden" in problem.message) == (1, True)


def test_a_header_that_lost_a_separator_is_a_problem() -> None:
    text = "Konto;Belopp;TextPeriod;Datum\n35110;1,00;x;202410;2024-09-30\n35110;1,00;x;202410;2024-09-30\n"
    assert read(text).problems
    assert read(
        '"Period";"Text""Konto";"Projekt";"Belopp";"Konto"\n"202410";"x";"35110";"91001";"1,00";"35110"\n'
    ).problems


def test_a_column_name_alone_above_the_header_is_a_broken_header() -> None:
    assert "bruten" in only_problem("Period\n;Datum;Konto;Belopp\n202410;2024-09-30;35110;1,00\n").message


def test_a_column_without_name_inside_the_header_row_may_hold_anything() -> None:
    assert len(lines("Period;Konto;Belopp;\n202410;35110;1,00;x\n202410;35110;1,00;y\n")) == 2


def test_a_header_with_a_separator_too_many_is_a_problem() -> None:
    rows = "L1;202410;35110;1,00;2024-10-01\n" * 5
    assert "fält" in only_problem(f"Ver.n;r;Period;Konto;Belopp;Datum\n{rows}").message


def test_many_rows_without_their_blank_end_are_how_excel_writes_them() -> None:
    rows = "202410;35110;1,00;x\n" + "202410;35110;1,00;\n" * 15 + "202410;35110;1,00\n" * 16
    assert len(lines(f"Period;Konto;Belopp;Text\n{rows}")) == 32


def test_a_quote_opened_in_the_header_is_a_problem() -> None:
    text = f'{HEADER.replace("Belopp", chr(34) + "Belopp")};Summa\n{ROW}\n202410;35110;;a" b;1,00\n{ROW}\n'
    assert read(text).problems


@pytest.mark.parametrize("name", ["Redov.period", "Period (ÅÅÅÅMM)", "Period [YYYYMM]", "Period (ÅÅÅÅ-MM)"])
def test_a_period_column_may_tell_how_it_is_written(name: str) -> None:
    assert read(f"Konto;{name};Belopp\n35110;202410;1,50\n").total == 150


@pytest.mark.parametrize("name", ["Beloppkr", "Belopp bokfört", "Transaktionsbelopp", "Belopp SEK"])
def test_an_amount_column_is_known_by_its_name(name: str) -> None:
    assert read(f"Konto;Period;{name}\n35110;202410;1,50\n").total == 150


@pytest.mark.parametrize("name", ["Valutabelopp", "Belopp exkl moms", "Saldo", "Budget", "Utfall ack"])
def test_another_amount_than_the_booked_one_is_asked_about(name: str) -> None:
    parsed = read(f"Konto;Period;{name}\n35110;202410;1,50\n")
    assert (parsed.rows, parsed.is_askable) == (0, True)


@pytest.mark.parametrize("odd", ["\x1a", "", "202410;35110;;x;1,00;", "202410;35110;;x;1,00;;", "202410;35110"])
@pytest.mark.parametrize("before", [1, 99, 250])
def test_an_odd_row_among_many_is_read_as_it_is_between_quoted_ones(odd: str, before: int) -> None:
    rows = [f"202410;35110;;Köp {number};{number},00" for number in range(250)]
    plain = "\r\n".join([HEADER, *rows[:before], odd, *rows[before:], ""])
    quoted = plain.replace("Köp 0;", '"Köp 0";')
    assert [replace(read(text), sha256="") for text in (plain, quoted)] == [replace(read(quoted), sha256="")] * 2


def test_a_field_of_any_length_is_refused_where_it_stands() -> None:
    rows = [f"202410;35110;;{'x' * (csv.field_size_limit() + 1 if number == 150 else 1)};1,00" for number in range(200)]
    assert only_problem("\n".join([HEADER, *rows, ""])).row == 152
