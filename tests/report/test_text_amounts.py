"""Amounts in running text, as budget follow-ups write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sydit.report.text_amounts import Style, amounts_in, shares_in

TKR = 100_000


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("Det blev 1 300 tkr mer.", 1_300 * TKR),
        ("Det blev 1\N{NO-BREAK SPACE}300\N{NO-BREAK SPACE}tkr mer.", 1_300 * TKR),
        ("Det blev 1\N{NARROW NO-BREAK SPACE}300 Tkr mer.", 1_300 * TKR),
        ("Det blev 1 \n300 tkr mer.", 1_300 * TKR),
        ("Det blev 1.300 t kr mer.", 1_300 * TKR),
        ("Det blev 1300 kkr mer.", 1_300 * TKR),
        ("Det blev 1 300 ksek mer.", 1_300 * TKR),
        ("Det blev 1 300 tusen kronor mer.", 1_300 * TKR),
        ("Det blev 1,3 mnkr mer.", 1_300 * TKR),
        ("Det blev 1,30 mkr.", 1_300 * TKR),
        ("Det blev 1,3 miljoner kronor.", 1_300 * TKR),
        ("Det blev 1,3 miljoner \nkronor.", 1_300 * TKR),
        ("Det blev 1 300 000 kronor.", 1_300 * TKR),
        ("Det blev 1 300 000 kr.", 1_300 * TKR),
        ("Det blev 1,3 miljon mer.", 1_300 * TKR),
        ("Det blev 1,3 miljoner SEK.", 1_300 * TKR),
        ("Det blev 1.300.000:-.", 1_300 * TKR),
        ("år 2024 813 tkr", 813 * TKR),
        ("ett underskott om 813.", 813 * TKR),
        ("+1 074 Mkr", 1_074_000 * TKR),
    ],
)
def test_an_amount_is_read_however_it_is_written(text: str, ore: int) -> None:
    assert [amount.ore for amount in amounts_in(text)] == [ore]


@pytest.mark.parametrize(
    "text",
    [
        "den 31 oktober 2024",
        "2024-12-05",
        "§ 27",
        "Telefon 019-12 34 56",
        "40 procent av budgeten",
        "M365 och Windows 11",
        "300 kr per invånare",
        "300 kr/månad",
        "sidan 4 av 12",
        "12 106 9 253 11 306 800",
        "1 300 tkrx",
        "underskott om 3 procent",
    ],
)
def test_what_is_no_amount_is_left_alone(text: str) -> None:
    assert list(amounts_in(text)) == []


@pytest.mark.parametrize("minus", ["-", "−", "–", "\N{NON-BREAKING HYPHEN}", "- "])
def test_every_minus_is_a_minus(minus: str) -> None:
    (amount,) = amounts_in(f"om {minus}813 tkr")
    assert (amount.sign, amount.start) == ("-", 3)


@pytest.mark.parametrize("text", ["1 200–1 300 tkr", "1 200 – 1 300 tkr", "mellan 1,2 och 1,3 mnkr"])
def test_an_end_of_a_range_is_no_figure(text: str) -> None:
    assert [(amount.style, amount.sign) for amount in amounts_in(text)] == [(Style.RANGE, "")]


@pytest.mark.parametrize(
    ("text", "value", "says"),
    [
        ("1,3 mnkr", 1_260 * TKR, True),
        ("1,3 mnkr", -1_349 * TKR, True),
        ("1,3 mnkr", 1_350 * TKR, False),
        ("1,26 mnkr", 1_264 * TKR, True),
        ("813 tkr", 813 * TKR + 49_999, True),
        ("813 tkr", 813 * TKR + 50_000, False),
        ("813 000 kr", 813 * TKR + 49_999, True),
        ("813 001 kr", 813 * TKR, False),
        ("cirka 800 tkr", 813 * TKR, True),
        ("cirka 800 tkr", 900 * TKR, False),
    ],
)
def test_an_amount_says_a_figure_as_finely_as_it_is_written(text: str, value: int, says: bool) -> None:
    (amount,) = amounts_in(text)
    assert amount.says(value) is says


def test_shares_are_read_with_sign_and_word() -> None:
    assert [(share.percent, share.is_whole) for share in shares_in("40 procent, 41 %, 12,5 % och 7%")] == [
        (40, True),
        (41, True),
        (12, False),
        (7, True),
    ]


@given(st.text(alphabet="0123456789 ,.-−–tkrmn\n{}", max_size=300))
def test_an_amount_stands_where_it_says(text: str) -> None:
    place = 0
    for amount in amounts_in(text):
        assert place <= amount.start < amount.end <= len(text)
        assert text[amount.start : amount.end].strip() == text[amount.start : amount.end]
        place = amount.end
