"""Import profiles: what somebody has said about columns decides how they are read, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.ledger import detect, mapping, profile
from followup.ledger.columns import Kind
from followup.ledger.content import Content
from followup.ledger.parsed import LedgerLine, ParsedLedger
from followup.ledger.profile import DELIMITED, WORKBOOK, Profile, Profiles, Shape
from followup.ledger.styles import Style
from sydit import money
from sydit.money import Unit
from sydit.periods import Month

from .reading import DEMO, read

OCTOBER = Month(2024, 10)
ODD = "Kst;Nr;Tid;Kr;Vad"
KINDS = (Kind.COST_CENTER, Kind.ACCOUNT, Kind.PERIOD, Kind.AMOUNT, Kind.TEXT)


def told(header: str = ODD, kinds: tuple[Kind | None, ...] = KINDS, **said: object) -> Profile:
    shape = Shape(DELIMITED, ";", tuple(header.split(";")), str(said.pop("told_unit", "")))
    return Profile("Lönesystemet", shape, kinds, **said)  # type: ignore[arg-type]


def with_profile(text: str | bytes, *known: Profile, forced: bool = False) -> ParsedLedger:
    content = text if isinstance(text, bytes) else text.encode()
    return detect.read(content, filename="test", profiles=Profiles(known, is_forced=forced))


def lines(text: str | bytes, *known: Profile) -> list[LedgerLine]:
    content = text if isinstance(text, bytes) else text.encode()
    found: list[LedgerLine] = []
    parsed = detect.read(content, filename="test", sink=found.extend, profiles=Profiles(known))
    assert parsed.problems == ()
    return found


def only_problem(text: str | bytes, *known: Profile, forced: bool = False) -> str:
    (problem,) = with_profile(text, *known, forced=forced).problems
    return problem.message


def test_odd_headers_are_refused_and_can_be_asked_about_without_a_profile() -> None:
    parsed = read(f"{ODD}\n10;50200;202410;1,00;x\n")
    assert parsed.problems
    assert parsed.is_askable


def test_a_profile_says_what_each_column_of_its_header_is() -> None:
    (line,) = lines(f"Utskrift\n\n{ODD}\n10;50200;202410;1 234,50;Lön\n", told())
    assert (line.row, line.month, line.account, line.amount) == (4, OCTOBER, "50200", 123450)
    assert (line.cost_center, line.text, line.project) == ("10", "Lön", "")


def test_the_ledger_tells_which_profile_was_used() -> None:
    parsed = with_profile(f"{ODD}\n10;50200;202410;1,00;x\n", told())
    assert parsed.profile == told()
    assert parsed.notices[0] == "Kolumnerna är lästa med importprofilen ”Lönesystemet”."


@pytest.mark.parametrize("header", ["Kst;Nr;Tid;Kr", "Kst;Nr;Tid;Kr;Vad;Mer", "Nr;Kst;Tid;Kr;Vad", "KST;Nr;Tid;Kr;Vad"])
def test_another_header_is_not_the_profiles(header: str) -> None:
    blank = ";".join(["1"] * (header.count(";") + 1))
    assert with_profile(f"{header}\n{blank}\n", told()).profile is None


def test_the_profile_of_its_own_header_is_chosen_among_several() -> None:
    other = replace(told("A;B;C;D;E"), name="Annan")
    parsed = with_profile(f"{ODD}\n10;50200;202410;1,00;x\n", other, told())
    assert parsed.profile is not None
    assert parsed.profile.name == "Lönesystemet"


def test_a_file_that_is_understood_by_itself_needs_no_profile() -> None:
    parsed = with_profile("Period;Konto;Belopp\n202410;50200;1,00\n", told())
    assert (parsed.profile, parsed.total, parsed.problems) == (None, 100, ())


def test_a_profile_never_reads_sie() -> None:
    sie = "#FLAGGA 0\n#SIETYP 4\n#RAR 0 20240101 20241231\n#VER A 1 20241001\n{\n#TRANS 5020 {} 1.00\n}\n"
    assert with_profile(sie, told()).profile is None
    assert "SIE-fil" in with_profile(sie, told(), forced=True).problems[0].message


def test_a_forced_profile_that_does_not_fit_refuses_the_file() -> None:
    message = only_problem("Period;Konto;Belopp\n202410;50200;1,00\n", told(), forced=True)
    assert message.startswith("Profilen ”Lönesystemet” passar inte filen")


# What a profile says


def test_the_sign_may_be_reversed() -> None:
    parsed = with_profile(f"{ODD}\n10;50200;202410;1,50;x\n10;50200;202410;-0,50;x\n", told(is_reversed=True))
    assert parsed.total == -100
    assert "bytt tecken" in parsed.notices[0]


def test_a_total_row_is_checked_with_the_reversed_sign_too() -> None:
    good = f"{ODD}\n10;50200;202410;1,50;x\n;;;1,50;Summa\n"
    assert with_profile(good, told(is_reversed=True)).total == -150
    assert with_profile(good.replace("1,50;Summa", "1,60;Summa"), told(is_reversed=True)).problems


@pytest.mark.parametrize(("unit", "ore"), [(Unit.ORE, 1234), (Unit.KR, 123400), (Unit.TKR, 123400000)])
def test_the_unit_is_what_the_profile_says(unit: Unit, ore: int) -> None:
    assert with_profile(f"{ODD}\n10;50200;202410;1234;x\n", told(unit=unit)).total == ore


@pytest.mark.parametrize("unit", ["tkr", "öre"])
def test_another_unit_than_kronor_is_told(unit: str) -> None:
    sentence = f"Beloppen är angivna i {unit}"
    assert any(note.startswith(sentence) for note in read(f"Period;Konto;Belopp ({unit})\n202410;50200;1\n").notices)
    parsed = with_profile(f"{ODD}\n10;50200;202410;1;x\n", told(unit=Unit(unit)))
    assert any(note.startswith(sentence) for note in parsed.notices)
    assert not any("Beloppen är angivna" in note for note in read("Period;Konto;Belopp\n202410;50200;1\n").notices)


def test_a_unit_above_the_header_belongs_to_the_shape() -> None:
    body = f"{ODD}\n10;50200;202410;1;x\n"
    in_tkr = told(unit=Unit.TKR, told_unit="tkr")
    assert with_profile(f"Belopp i tkr\n{body}", in_tkr).total == 100_000
    assert with_profile(body, in_tkr).profile is None
    assert with_profile(f"Belopp i tkr\n{body}", told()).profile is None


@pytest.mark.parametrize(("decimal", "ore"), [(".", 123), (",", 123400)])
def test_the_decimal_mark_is_what_the_profile_says(decimal: str, ore: int) -> None:
    text = f"{ODD}\n10;50200;202410;1.234;x\n".replace("1.234", "1.23" if decimal == "." else "1.234")
    assert with_profile(text, told(decimal=decimal)).total == ore


def test_an_amount_that_could_be_read_two_ways_is_asked_about_and_answered() -> None:
    text = f"{ODD}\n10;50200;202410;1.234;x\n"
    assert with_profile(text, told()).is_askable
    assert with_profile(text, told(decimal=",")).total == 123400


def test_an_amount_that_contradicts_the_profiles_decimal_mark_is_refused() -> None:
    message = only_problem(f"{ODD}\n10;50200;202410;12.50;x\n", told(decimal=","))
    assert message == "”12.50” har decimalpunkt, men profilen säger decimalkomma."


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (Style.YEAR_MONTH, "202410"),
        (Style.YEAR_DASH_MONTH, "2024-10"),
        (Style.SHORT_YEAR_MONTH, "2410"),
        (Style.MONTH_YEAR, "10/2024"),
        (Style.ISO, "2024-10-05"),
        (Style.COMPACT, "20241005"),
        (Style.SHORT, "241005"),
        (Style.POINTS, "05.10.2024"),
        (Style.DAY_FIRST, "05/10/2024"),
        (Style.MONTH_FIRST, "10/05/2024"),
        (Style.MONTH_FIRST, "10/05/2024 08:15"),
    ],
)
def test_a_period_is_read_in_the_style_of_the_profile(style: Style, written: str) -> None:
    (line,) = lines(f"{ODD}\n10;50200;{written};1,00;x\n", told(period_style=style))
    assert line.month == OCTOBER


def test_a_date_is_read_in_the_style_of_the_profile() -> None:
    kinds = (Kind.COST_CENTER, Kind.ACCOUNT, Kind.DATE, Kind.AMOUNT, Kind.TEXT)
    text = f"{ODD}\n10;50200;10/05/2024;1,00;x\n"
    assert with_profile(text, told(kinds=kinds)).is_askable
    (line,) = lines(text, told(kinds=kinds, date_style=Style.MONTH_FIRST))
    assert (line.month, line.booked_on) == (OCTOBER, dt.date(2024, 10, 5))


@pytest.mark.parametrize(
    ("style", "written", "told_so"),
    [
        (Style.YEAR_MONTH, "2024-10", "följer inte profilen, som säger ÅÅÅÅMM (till exempel 202410)"),
        (Style.YEAR_MONTH, "202413", "bokslutsperiod"),
        (Style.SHORT_YEAR_MONTH, "10", "följer inte profilen"),
        (Style.MONTH_FIRST, "31/10/2024", "den dagen finns inte"),
        (Style.POINTS, "2024-10-31", "följer inte profilen"),
        (Style.ISO, "2024-02-30", "den dagen finns inte"),
    ],
)
def test_a_period_in_another_style_is_refused(style: Style, written: str, told_so: str) -> None:
    assert told_so in only_problem(f"{ODD}\n10;50200;{written};1,00;x\n", told(period_style=style))


def test_the_checks_of_the_reading_stay_with_a_profile() -> None:
    parsed = with_profile(
        f"{ODD}\n10;50200;202410;1,00;x\n10;502;202410;tolv;x\n10;;202410;1,00;x\n10;50200;202410;1,00;x;y\n", told()
    )
    assert [problem.row for problem in parsed.problems] == [3, 4, 5]


# Without header


def test_a_file_without_header_is_known_by_its_number_of_columns() -> None:
    bare = told(";;;;")
    parsed = with_profile("10;50200;202410;1,00;x\n10;50200;202410;2,00;\n", bare)
    assert (parsed.rows, parsed.total, parsed.profile) == (2, 300, bare)
    assert "ingen rubrikrad" in parsed.notices[0]
    (problem,) = with_profile("10;50200;202410;1,00;x\n10;50200;;2,00;\n", bare).problems
    assert (problem.row, problem.column) == (2, "Kolumn 3")


@pytest.mark.parametrize(
    "text",
    [
        "10;50200;202410;1,00\n",
        f"{ODD}\n10;50200;202410;1,00;x\n",
        "202410;50200;10;1,00;x\n",
        "Period;Konto;Belopp;Text;Motpart\n202410;50200;1,00;;\n",
    ],
)
def test_a_profile_without_header_reads_no_file_whose_first_row_is_no_line(text: str) -> None:
    assert with_profile(text, told(";;;;")).profile is None


# Workbooks


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


IN_BOOK = replace(told(), shape=Shape(WORKBOOK, "", tuple(ODD.split(";"))), sheet="Data")


def test_a_workbook_is_read_with_the_profile_of_its_header() -> None:
    rows: list[list[object]] = [["Utskrift"], ODD.split(";"), [10, 50200, dt.date(2024, 10, 5), 1.25, "x"]]
    (line,) = lines(book(("Info", [["x"]]), ("Okt", rows)), replace(IN_BOOK, period_style=Style.MONTH_FIRST))
    assert (line.row, line.month, line.amount, line.cost_center) == (3, OCTOBER, 125, "10")


def test_the_sheet_that_the_profile_names_is_read_where_several_have_its_header() -> None:
    one: list[list[object]] = [ODD.split(";"), [10, 50200, 202410, 1, "x"]]
    two: list[list[object]] = [ODD.split(";"), [10, 50200, 202410, 2, "x"]]
    assert with_profile(book(("A", one), ("Data", two)), IN_BOOK).total == 200
    assert with_profile(book(("A", one), ("B", two)), IN_BOOK).is_askable


def test_a_sheet_without_header_is_known_by_its_number_of_columns() -> None:
    bare = replace(IN_BOOK, shape=Shape(WORKBOOK, "", ("",) * 5))
    assert with_profile(book(("A", [[10, 50200, 202410, 1, "x"]])), bare).total == 100


# What a profile must say, and how it is stored


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (told(kinds=(None, None, Kind.PERIOD, Kind.AMOUNT, None)), "Ange vilken kolumn som är Konto."),
        (told(kinds=(None, Kind.ACCOUNT, None, Kind.AMOUNT, None)), "Period eller Datum"),
        (told(kinds=(None, Kind.ACCOUNT, Kind.PERIOD, None, None)), "Ange vilken kolumn som är Belopp"),
        (told(kinds=(None, Kind.ACCOUNT, Kind.PERIOD, Kind.DEBIT, None)), "Ange också vilken kolumn som är Kredit."),
        (told(kinds=(Kind.DEBIT, Kind.ACCOUNT, Kind.PERIOD, Kind.AMOUNT, None)), "antingen Belopp, eller Debet"),
        (told(kinds=(Kind.ACCOUNT, *KINDS[1:])), "Kolumn 1 är redan Konto."),
        (told(kinds=(Kind.YEAR, Kind.ACCOUNT, Kind.DATE, Kind.AMOUNT, None)), "Ange också vilken kolumn som är Period"),
        (told(kinds=(Kind.SIDE, *KINDS[1:]), is_reversed=True), "Välj debet positiv."),
        (told("Kst;Nr;Tid;Belopp tkr;Vad"), "säger att beloppen är i tkr"),
        (told(told_unit="tkr"), "En rad ovanför rubriken säger att beloppen är i tkr."),
    ],
)
def test_a_profile_that_says_too_little_or_contradicts_itself_is_explained(said: Profile, sentence: str) -> None:
    (fault,) = profile.faults(said)
    assert sentence in fault.message


def test_a_good_profile_has_no_faults() -> None:
    assert profile.faults(told()) == ()


def test_a_profile_survives_being_stored() -> None:
    said = told(
        is_reversed=True, unit=Unit.TKR, period_style=Style.POINTS, date_style=Style.MONTH_FIRST, decimal=".",
        sheet="Blad1", told_unit="tkr",
    )  # fmt: skip
    assert profile.from_json(profile.to_json(said)) == said


# The same ledger, under odd headers


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Rows of month, account and öre."""
    row = st.tuples(st.integers(1, 12), st.integers(1000, 999999), st.integers(-(10**11), 10**11))
    return draw(st.lists(row, min_size=1, max_size=8))


def amount_text(ore: int, decimal: str) -> str:
    text = money.text(ore, Unit.KR).replace(money.NO_BREAK_SPACE, "").replace(money.MINUS, "-")
    return text.replace(",", decimal)


@pytest.mark.slow
@given(
    tables(),
    st.permutations([Kind.ACCOUNT, Kind.PERIOD, Kind.AMOUNT, None]),
    st.booleans(),
    st.sampled_from([",", "."]),
    st.sampled_from([Style.YEAR_MONTH, Style.SHORT_YEAR_MONTH, Style.MONTH_FIRST, Style.POINTS]),
    st.booleans(),
)
@settings(deadline=None, max_examples=80)
def test_a_file_with_odd_headers_and_its_profile_gives_the_ore_of_the_plain_file(
    table: list[tuple[int, int, int]],
    kinds: list[Kind | None],
    is_reversed: bool,
    decimal: str,
    style: Style,
    has_header: bool,
) -> None:
    plain = "Period;Konto;Belopp\n" + "".join(f"2024{m:02d};{a};{amount_text(ore, ',')}\n" for m, a, ore in table)
    periods = {
        Style.YEAR_MONTH: "2024{:02d}", Style.SHORT_YEAR_MONTH: "24{:02d}", Style.MONTH_FIRST: "{:02d}/05/2024",
        Style.POINTS: "05.{:02d}.2024",
    }  # fmt: skip
    odd = io.StringIO()
    writer = csv.writer(odd, delimiter=";", lineterminator="\n")
    header = ["Xa", "Xb", "Xc", "Xd"]
    if has_header:
        writer.writerow(header)
    for month, account, ore in table:
        cells = {
            Kind.PERIOD: periods[style].format(month), Kind.ACCOUNT: str(account), None: "9",
            Kind.AMOUNT: amount_text(-ore if is_reversed else ore, decimal),
        }  # fmt: skip
        writer.writerow([cells[kind] for kind in kinds])
    said = Profile(
        "x", Shape(DELIMITED, ";", tuple(header) if has_header else ("",) * 4), tuple(kinds),
        is_reversed=is_reversed, decimal=decimal, period_style=style,
    )  # fmt: skip
    parsed = with_profile(odd.getvalue(), said)
    assert parsed.problems == ()
    assert parsed.sums == read(plain).sums


TEXTS = {
    "pair.csv": "Vernr;Konto;Kontonamn;Datum;Debet;Kredit|A1;50200;L;2024-10-01;1,50;|A2;35110;A;2024-10-31;;2,00",
    "total.csv": "Rapport|Konto;Period;Belopp|50200;202410;1,50||Konto;Period;Belopp|35110;202410;-2,00|Summa;;-0,50",
    "code+name.csv": "Konto(T);Period;Projekt;Utfall|50200 Lö;2410;DRIFT;1,50|74500 Kons;2410;91001 Nät;2,00-",
    "side.csv": "Konto;År;Månad;Belopp;D/K|50200;2024;10;1,50;D|35110;2024;10;2,00;K",
    "tkr.csv": "Konto;Period;Belopp (tkr)|50200;202410;1,5",
}
WRITTEN = {
    **{name: text.replace("|", "\n").encode() for name, text in TEXTS.items()},
    **{
        name: (DEMO / name).read_bytes() for name in ("ledger-2024-10.csv", "ledger-2024-10.txt", "ledger-2024-10.xlsx")
    },
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_understood_by_itself_reads_the_same_once_it_is_a_profile(name: str) -> None:
    content = WRITTEN[name]
    table = mapping.tables(Content.of(content))[0]
    header = mapping.guess_header(table)
    kinds, unit = mapping.guess_kinds(table, header), mapping.guess_unit(table, header)
    said = Profile("Som den läses", table.shape(header), kinds, sheet=table.sheet, unit=unit)
    assert profile.faults(said) == ()
    by_itself = detect.read(content, filename=name, year=2024)
    with_it = detect.read(content, filename=name, year=2024, profiles=Profiles((said,)))
    assert (with_it.problems, with_it.profile) == ((), said)
    assert (with_it.rows, with_it.sums) == (by_itself.rows, by_itself.sums)
