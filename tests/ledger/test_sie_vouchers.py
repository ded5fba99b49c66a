"""What a SIE 4 file books, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from followup.ledger.parsed import LedgerLine
from sydit.periods import Month
from tests.ledger.sie_files import HEAD, file, read, row_of, trans, voucher

BANK = "#TRANS 1930 {} -100.00"


def test_a_line_carries_all_that_the_file_says():
    content = file(
        "#DIM 7 Verksamhet",
        "#DIM 20 Motpart",
        voucher(
            '#TRANS 5010 {1 "91000" 6 "91001" 7 "0210" 20 "870"} 1234.5 20240401 "Hyra \\"norr\\""',
            "#TRANS 1930 {} -1234.50",
        ),
    )
    assert read(content).lines[0] == LedgerLine(
        row=row_of(content, "#TRANS 5010"),
        month=Month(2024, 4),
        account="5010",
        amount=123450,
        project="91001",
        booked_on=dt.date(2024, 4, 1),
        voucher="A1",
        text='Hyra "norr"',
        cost_center="91000",
        activity="0210",
        counterparty="870",
    )


def test_a_line_without_date_and_text_takes_the_vouchers():
    line = read(trans("#TRANS 5010 {} 100")).lines[0]
    assert (line.month, line.booked_on, line.text) == (Month(2024, 3), dt.date(2024, 3, 15), "Hyra")


@pytest.mark.parametrize(
    ("written", "ore"),
    [
        ("100", 10000), ("100.5", 10050), ("100.50", 10050), ("+100.50", 10050), ("-0.01", -1), ("100,50", 10050),
        (".5", 50), ("-.50", -50), ("100.5000", 10050), ('"100.50"', 10050), ("0", 0), ("-0.00", 0), ("007", 700),
    ],
)  # fmt: skip
def test_amounts_are_whole_ore(written, ore):
    result = read(file(voucher(f"#TRANS 5010 {{}} {written}", f"#TRANS 1930 {{}} {-ore / 100:.2f}")))
    assert result.problems == []
    assert result.lines[0].amount == ore


@pytest.mark.parametrize(
    "written",
    [
        "1 000",
        "1.000,50",
        "1,000",
        "1O0",
        "100-",
        "(100)",
        "1e2",
        "--1",
        "1.005",
        "",
        '""',
        "٣",
        "1_000",
        "NaN",
        "12345678901234567",
    ],
)
def test_an_amount_that_cannot_be_read_is_a_problem_and_never_zero(written):
    content = trans(f"#TRANS 5010 {{}} {written}")
    result = read(content.encode())
    assert [line.account for line in result.lines] == ["1930"]
    assert result.findings.problems[0].row == row_of(content, "#TRANS 5010")
    assert result.findings.problems[0].message


def test_lines_of_amount_zero_are_lines():
    assert [line.amount for line in read(file(voucher("#TRANS 5010 {} 0", "#TRANS 1930 {} 0.00"))).lines] == [0, 0]


def test_added_and_removed_lines_are_told_and_not_booked():
    result = read(
        file(
            voucher("#TRANS 5010 {} 100", "#BTRANS 1930 {} -90", "#RTRANS 1930 {} -100.00", BANK, "#BTRANS 5010 {} 90")
        )
    )
    assert result.by_account() == {"5010": 10000, "1930": -10000}
    assert [(skip.reason[:4], skip.rows, skip.total) for skip in result.findings.skipped.values()] == [
        ("bort", 2, 0),
        ("till", 1, -10000),
    ]


@pytest.mark.parametrize("account", ["0351", "12345678", "DIFF", '"5010"'])
def test_odd_and_undeclared_accounts_are_read(account):
    assert read(trans(f"#TRANS {account} {{}} 100.00")).lines[0].account == account.strip('"')


@pytest.mark.parametrize(
    "line",
    [
        "#trans 5010 {} 100",
        "\t#TRANS\t5010\t{}\t100\t20240316\ttext",
        "#TRANS 5010{}100",
        "#TRANS 5010 100.00 20240316",
        '#TRANS 5010 "" 100 "" "" 0 sign more fields',
        '#TRANS 5010 {} 100 "20240316" "text" "" "2 Sign Ature" 17',
        '#TRANS 5010 {} 100 2024-03-16 "text"',
        '#TRANS 5010 {} 100 "Bara text"',
        '#TRANS 5010 {} 100 "Faktura 12345"',
        '#TRANS 5010 {} 100 "Vecka 11-2024"',
        '#TRANS 5010 {} 100 0 ""',
    ],
)
def test_lines_are_read_in_every_shape_seen(line):
    result = read(trans(line))
    assert (result.problems, result.lines[0].amount, result.lines[0].month) == ([], 10000, Month(2024, 3))


@pytest.mark.parametrize(
    "head", ["#VER A 1 20240315 {", '#VER "" "" 20240315 "Hyra" 20240401 "Sign" {', '#ver\tA\t1\t"20240315"\n\n{']
)
def test_voucher_heads_are_read_in_every_shape_seen(head):
    content = file(head + ("" if head.endswith("{") else "\n{"), "#TRANS 5010 {} 100", BANK, "}")
    assert read(content.replace("{\n{", "{")).problems == []


def test_a_voucher_that_does_not_balance_names_itself_and_by_how_much():
    content = file(voucher("#TRANS 5010 {} 102.00", BANK, head="#VER B 17 20240315"))
    [problem] = read(content).findings.problems
    assert problem.row == row_of(content, "#VER")
    assert "”B17”" in problem.message
    assert "2,00 kr" in problem.message


@pytest.mark.parametrize(
    ("content", "place", "word"),
    [
        (file("#TRANS 5010 {} 0"), "#TRANS", "utanför"),
        (file("#VER A 1 20240315", "#TRANS 5010 {} 0", "}"), "#TRANS", "{"),
        (file("#VER A 1 20240315", "{", "#TRANS 5010 {} 0"), "#VER", "avslutande"),
        (file("#VER A 1 20240315", "{", "#VER A 2 20240315", "{", "}"), "#VER A 1", "avslutande"),
        (file("#VER A 1 20240315"), "#VER", "klamrar"),
        (file("{", "}"), "{", "utan en verifikation"),
        (file("#VER A 1 20240315", "{", "{", "}"), "{\n}", "inne i"),
        (file("}"), "}\n", "inte har inletts"),
        (trans('#TRANS 5010 {} 100 20240315 "Hyra'), "#TRANS 5010", "citattecken"),
        (trans("#TRANS 5010 {6 91001 100"), "#TRANS 5010", "Klammern"),
        (trans("#TRANS 5010 {6} 100"), "#TRANS 5010", "par"),
        (trans("#TRANS 5010 {x 91001} 100"), "#TRANS 5010", "par"),
        (trans("#TRANS 5010 {6 1 6 2} 100"), "#TRANS 5010", "två objekt"),
        (trans("#TRANS 5010 {} 100 20240230"), "#TRANS 5010", "datum"),
        (trans("#TRANS 5010 {} 100 202403"), "#TRANS 5010", "datum"),
        (trans('#TRANS 5010 {} 100 2024O315 "Hyra"'), "#TRANS 5010", "datum"),
        (trans('#TRANS 5010 {} 100 20240315x"Hyra"'), "#TRANS 5010", "datum"),
        (trans("#TRANS 5010 {} 100 20250101"), "#TRANS 5010", "räkenskapsåret"),
        (trans("#TRANS 5 10 {} 100"), "#TRANS 5", "Objektlistan"),
        (trans("#TRANS 5x10 {} 100"), "#TRANS 5", "kontonummer"),
        (trans('#TRANS 5010 {} 0 20240315 "text" #TRANS 5010 {} 100'), "#TRANS 5010", "samma rad"),
        (trans("#TRAN 5010 {} 100"), "#TRAN ", "liknar #TRANS"),
        (trans("#TRANS-5010 {} 100"), "#TRANS-", "liknar #TRANS"),
        (trans("# RANS 5010 {} 100"), "# RANS", "liknar #TRANS"),
        (trans("#TRANS {} 100"), "#TRANS {}", "konto"),
        (trans("#TRANS 5010 } 100"), "#TRANS 5010", "belopp"),
        (trans("#TRANS"), "#TRANS\n", "konto"),
        (trans("TRANS 5010 {} 100"), "TRANS 5010", "börjar inte med #"),
        (trans("#TRENS 5010 {} 100"), "#TRENS", "liknar #TRANS"),
        (file(voucher("#TRANS 5010 {} 0", head="#VER A 1 2024031")), "#VER", "datum"),
        (file(voucher("#TRANS 5010 {} 0", head="#VER A 1")), "#TRANS", "datum"),
    ],
)
def test_damage_is_a_problem_with_its_row(content, place, word):
    problem = read(content).findings.problems[0]
    assert word in problem.message
    assert problem.row == row_of(content, place)


def test_one_damaged_line_is_one_problem():
    assert len(read(trans("#TRANS 5010 {} x")).problems) == 1


def test_unknown_labels_are_ignored_and_told_inside_a_voucher():
    labels = ["#MYLABEL 1 2", "#PER 202403", "#REF 7", "#VERSION 2"]
    result = read(file(*labels, voucher("#TRANS 5010 {} 100", "#NOTE x", "#TRANSPORT y", BANK)))
    assert result.problems == []
    assert [skip.rows for skip in result.findings.skipped.values()] == [1, 1]


def test_an_account_that_the_file_declares_may_be_anything():
    assert read(trans("#KONTO K-10 x\n#TRANS K-10 {} 100")).problems == []


def test_the_order_of_labels_does_not_matter():
    lines = HEAD.format(sietyp=4) + voucher("#TRANS 5010 {} 100", BANK) + "\n"
    rar = "#RAR 0 20240101 20241231\n"
    assert read(lines.replace(rar, "") + rar).sums() == read(lines).sums()
    assert read(lines.replace(rar, "") + rar.replace("2024", "2023")).problems


def test_balances_that_differ_from_the_vouchers_are_told():
    body = voucher("#TRANS 5010 {} 100", BANK)
    assert read(file("#RES 0 5010 100.00", "#IB 0 1930 1000", "#UB 0 1930 900", body)).findings.notices == []
    [notice] = read(file("#RES 0 5010 120.00", body)).findings.notices
    assert "5010" in notice
    assert "120,00" in notice


@pytest.mark.parametrize(
    ("objects", "project"),
    [
        ('6 "91001 "', "91001"),
        ('6 " 91001"', "91001"),
        ("6 DRIFT", ""),
        ("6 null", ""),
        ("6 0", ""),
        ("6 0000", ""),
        ('6 ""', ""),
        ('6 "91001 Nät"', "91001 Nät"),
    ],
)
def test_a_project_object_means_what_the_same_word_means_in_a_column(objects: str, project: str) -> None:
    result = read(trans(f"#TRANS 5010 {{{objects}}} 100.00"))
    assert (result.problems, result.lines[0].project) == ([], project)


BELOW = ('#UNDERDIM 61 "Delprojekt" 6', '#UNDERDIM 62 "Etapp" 61', '#UNDERDIM 2 "Kostnadsbärare" 1')


@pytest.mark.parametrize(
    ("objects", "project"),
    [
        ('61 "0036"', "0036"),
        ('62 "7"', "7"),
        ('1 "Nord" 61 "0036"', "0036"),
        ('61 "0036" 6 "91001"', "91001"),
        ('2 "KAZ"', ""),
        ('61 "DRIFT"', ""),
        ('63 "x"', ""),
    ],
)
def test_an_object_below_the_projects_is_a_project_where_the_line_has_none(objects: str, project: str):
    content = file(*BELOW, voucher(f"#TRANS 5010 {{{objects}}} 100.00", "#TRANS 1930 {} -100.00"))
    result = read(content)
    assert result.problems == []
    assert result.lines[0].project == project


def test_the_names_of_objects_below_the_projects_are_project_names():
    result = read(file(*BELOW, '#OBJEKT 61 "0036" "Konfiguration"', '#OBJEKT 2 "KAZ" "Bil"', trans_pair()))
    assert result.findings.project_names == {"91001": "Nätverk", "0036": "Konfiguration"}


def test_dimensions_that_lie_below_each_other_end():
    result = read(file("#UNDERDIM 61 A 62", "#UNDERDIM 62 B 61", voucher("#TRANS 5010 {61 x} 1", "#TRANS 1930 {} -1")))
    assert (result.problems, result.lines[0].project) == ([], "")


def trans_pair() -> str:
    return voucher("#TRANS 5010 {} 1", "#TRANS 1930 {} -1")


def test_a_dimension_of_ones_own_named_projekt_holds_the_project() -> None:
    found = read(file("#DIM 20 Projekt", trans("#TRANS 5010 {20 91001} 100.00")))
    assert found.sums()["2024-03", "5010", "91001"] == 10000
    both = read(file("#DIM 20 Projekt", trans("#TRANS 5010 {20 5 6 91002} 100.00")))
    assert both.sums()["2024-03", "5010", "91002"] == 10000


def test_a_text_that_ends_with_a_backslash_does_not_hide_what_follows() -> None:
    content = file(trans('#TRANS 5010 {} 100.00 "" "Mapp C:\\" 0')).replace('"Hyra"', '"K:\\" 20240316')
    found = read(content)
    assert found.problems == []
    assert found.lines[0].text == "Mapp C:\\"
    assert found.lines[0].amount == 10000


@pytest.mark.parametrize(("currency", "is_read"), [("SEK", True), ("sek", True), ('""', True), ("EUR", False)])
def test_a_ledger_in_another_currency_is_refused(currency: str, *, is_read: bool) -> None:
    found = read(file(f"#VALUTA {currency}", trans("#TRANS 5010 {} 100.00")))
    assert [message for _, message in found.problems] == (
        [] if is_read else ["Filen är bokförd i en annan valuta än kronor."]
    )
