from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sydit import money
from sydit.money import AmountError, Unit

ORE = st.integers(-(10**15) + 1, 10**15 - 1)


@given(ORE)
def test_exact_text_reads_back_as_the_same_ore(ore: int) -> None:
    for unit in Unit:
        assert money.parse(money.text(ore, unit, exact=True), unit=unit, decimal=",") == ore


@given(ORE, st.sampled_from(["-", "−", "–"]), st.sampled_from([" ", "\xa0", "\u202f", "\u2009", ".", "'", ""]))
def test_every_way_of_writing_an_amount_reads_as_the_same_ore(ore: int, minus: str, mark: str) -> None:
    whole, part = divmod(abs(ore), 100)
    digits = f"{whole:,}".replace(",", mark) + f",{part:02d}"
    assert money.parse(digits) == abs(ore)
    for negative in (f"{minus}{digits}", f"{digits}{minus}", f"({digits})", f"{minus} {digits} kr"):
        assert money.parse(negative) == -abs(ore)


WRITTEN = st.one_of(
    st.builds(lambda ore, blank: money.text(ore, Unit.KR).replace(money.NO_BREAK_SPACE, blank), ORE, st.sampled_from(
        ["\xa0", " ", "\u202f", "", "."])),
    st.text("0123456789., \n-\u2212\xa0", max_size=9),
)  # fmt: skip


@given(st.lists(WRITTEN, max_size=6), st.sampled_from([",", "."]), st.sampled_from(Unit))
def test_many_amounts_together_are_read_as_each_alone(values: list[str], decimal: str, unit: Unit) -> None:
    try:
        alone = [money.parse(value, unit=unit, decimal=decimal) for value in values]
    except AmountError:
        with pytest.raises(AmountError):
            money.parse_all(values, unit=unit, decimal=decimal)
    else:
        assert money.parse_all(values, unit=unit, decimal=decimal) == alone


@given(ORE)
def test_english_thousands_and_point_read_as_the_same_ore(ore: int) -> None:
    whole, part = divmod(abs(ore), 100)
    assert money.parse(f"{'-' * (ore < 0)}{whole:,}.{part:02d}", decimal=".") == ore


@given(st.integers(-(10**11), 10**11))
def test_a_spreadsheets_number_reads_as_its_ore(ore: int) -> None:
    assert money.from_number(ore / 100) == ore


@given(st.lists(st.one_of(ORE.map(lambda ore: ore / 100), st.floats()), max_size=6), st.sampled_from(Unit))
def test_many_numbers_together_are_read_as_each_alone(values: list[float], unit: Unit) -> None:
    try:
        alone = [money.from_number(value, unit=unit) for value in values]
    except AmountError:
        with pytest.raises(AmountError):
            money.from_numbers(values, unit=unit)
    else:
        assert money.from_numbers(values, unit=unit) == alone


@given(st.text(max_size=12), st.sampled_from([None, ",", "."]))
def test_a_text_is_an_amount_or_an_explained_refusal(text: str, decimal: str | None) -> None:
    with contextlib.suppress(AmountError):
        assert isinstance(money.parse(text, decimal=decimal), int)


@given(st.text("0123456789., -", max_size=10))
def test_an_amount_that_is_read_undecided_reads_the_same_when_its_mark_is_decided(text: str) -> None:
    try:
        ore = money.parse(text)
    except AmountError:
        return
    assert ore in {decided(text, ","), decided(text, ".")}
    if mark := money.decimal_mark(text):
        assert money.parse(text, decimal=mark) == ore


def decided(text: str, mark: str) -> int | None:
    try:
        return money.parse(text, decimal=mark)
    except AmountError:
        return None


@pytest.mark.parametrize(
    ("text", "ore"),
    [("1 234,5", 123450), ("1.234,50", 123450), ("1,234.50", 123450), ("1.234.567", 123456700), ("0.500", 50),
     ("0,500", 50), (",5", 50),
     ("1 234,5000", 123450), ("+7", 700), ("7:-", 700), ("12,50 SEK", 1250), ("(1,00)", -100), ("1,00-", -100)],
)  # fmt: skip
def test_what_an_amount_says(text: str, ore: int) -> None:
    assert money.parse(text) == ore


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "1.234", "1,234", "12.345", "1 23", "1 2345", "0 123", "1,005", "--1", "(-1)", "-1-", "1e3",
     "1,2,3", "12,3.4", "١", "12 tkr", "x"],
)  # fmt: skip
def test_what_can_not_be_read_in_one_way_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        money.parse(text)


@pytest.mark.parametrize(("decimal", "ore"), [(",", 123400), (".", None)])
def test_the_column_decides_how_an_ambiguous_amount_is_read(decimal: str, ore: int | None) -> None:
    assert decided("1.234", decimal) == ore


@pytest.mark.parametrize(
    ("text", "mark"),
    [("1 234,50", ","), ("1.234,50", ","), ("1,234.50", "."), ("1.234.567", ","), ("1.234", None),
     ("0.500", "."), ("1234.567", "."), ("12", None)],
)  # fmt: skip
def test_which_decimal_mark_a_text_is_certain_to_use(text: str, mark: str | None) -> None:
    assert money.decimal_mark(text) == mark


@pytest.mark.parametrize("number", [0.125, float("nan"), float("inf"), 1e15])
def test_a_number_that_is_no_whole_ore_is_refused(number: float) -> None:
    with pytest.raises(AmountError):
        money.from_number(number)


@pytest.mark.parametrize(
    ("ore", "unit", "printed"),
    [(121350000, Unit.TKR, "1 214"), (178650000, Unit.TKR, "1 787"), (-50000, Unit.TKR, "−1"), (49999, Unit.TKR, "0"),
     (-49999, Unit.TKR, "0"), (-121350000, Unit.KR, "−1 213 500,00"), (5, Unit.ORE, "5")],
)  # fmt: skip
def test_an_amount_is_rounded_half_away_from_zero_when_printed(ore: int, unit: Unit, printed: str) -> None:
    assert money.text(ore, unit) == printed.replace(" ", "\xa0")


def test_a_percentage_of_nothing_is_no_number() -> None:
    assert money.percent(1, 0) is None
    assert money.percent(121350000, 300000000) == 40


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("2,5 mnkr", "mnkr"),
        ("−1 200 kkr", "kkr"),
        ("100 EUR", "eur"),
        ("12,5 %", "%"),
        ("3\N{NO-BREAK SPACE}MSEK", "msek"),
    ],
)
def test_an_amount_in_another_unit_is_told_which_is_asked_for(written: str, other: str) -> None:
    with pytest.raises(AmountError, match=f"är skrivet i {other}, men här anges belopp i tkr"):
        money.parse(written, unit=Unit.TKR)


@pytest.mark.parametrize("written", ["mnkr", "kr 5 mnkr", "5 apelsiner", "5 mnkr kr"])
def test_what_is_no_amount_in_any_unit_is_only_not_read(written: str) -> None:
    with pytest.raises(AmountError, match="går inte att läsa som ett belopp"):
        money.parse(written, unit=Unit.TKR)
