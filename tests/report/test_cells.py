import pytest

from sydit.report import cells
from sydit.report.document import Amount, Value
from sydit.report.figures import outcome


def test_a_missing_amount_is_said_to_be_missing_and_is_not_zero() -> None:
    assert cells.amount(None) == Amount(None, "saknas")
    assert cells.amount(0) == Amount(0, "0")


def test_a_negative_variance_is_told_in_a_word_too() -> None:
    assert cells.variance(-130_000_000) == Amount(-130_000_000, "−1\xa0300", "underskott")
    assert cells.variance(80_000_000).word == ""


def test_a_variance_that_prints_as_zero_is_no_deficit() -> None:
    assert cells.variance(-49_999) == Amount(-49_999, "0", "")
    assert cells.variance(-50_000) == Amount(-50_000, "−1", "underskott")


def test_a_share_is_taken_from_exact_ore() -> None:
    assert cells.share(121_350_000, 300_000_000) == Value(40, "40")


def test_a_share_of_no_budget_is_an_en_dash() -> None:
    assert cells.share(100, 0) == Value(None, "–")


def test_a_share_of_something_missing_is_missing() -> None:
    assert cells.share(None, 100) == Value(None, "saknas")


@pytest.mark.parametrize(
    ("ore", "said"),
    [
        (81_300_000, "ett underskott om 813\xa0tkr"),
        (-1_200_000, "ett överskott om 12\xa0tkr"),
        (0, "ett nollresultat"),
        (49_999, "ett nollresultat"),
        (-49_999, "ett nollresultat"),
        (50_000, "ett underskott om 1\xa0tkr"),
    ],
)
def test_a_sentence_says_the_sign_with_a_word_and_never_with_a_minus(ore: int, said: str) -> None:
    assert outcome(ore) == said
