"""What the measures are worth against the deficit, in words; amounts are rounded once, from exact öre."""

from __future__ import annotations

import pytest

from followup.action_plan import ActionPlan

TKR = 100_000  # öre


def said(*effects: int | None, result: int | None = 813 * TKR) -> str:
    return " ".join(ActionPlan(effects, result).sentence.split())


def test_the_plans_total_stands_against_the_deficit_and_what_remains() -> None:
    assert said(250 * TKR, 150 * TKR) == (
        "Åtgärderna beräknas ge 400 tkr av underskottet om 813 tkr; 413 tkr återstår."
    )


def test_what_remains_is_rounded_from_exact_ore_and_not_from_rounded_amounts() -> None:
    assert said(400 * TKR + 40_000, result=812 * TKR + 50_000) == (
        "Åtgärderna beräknas ge 400 tkr av underskottet om 813 tkr; 412 tkr återstår."
    )


def test_no_measures_say_nothing() -> None:
    assert said() == ""


@pytest.mark.parametrize(
    ("effects", "result", "sentence"),
    [
        ((813 * TKR,), 813 * TKR, "Åtgärderna beräknas ge 813 tkr av underskottet om 813 tkr, som därmed täcks helt."),
        ((900 * TKR,), 813 * TKR, "Åtgärderna beräknas ge 900 tkr, vilket är 87 tkr mer än underskottet om 813 tkr."),
        ((400 * TKR,), None, "Åtgärderna beräknas ge 400 tkr i år."),
        ((400 * TKR,), -5 * TKR, "Åtgärderna beräknas ge 400 tkr i år. Prognosen visar inget underskott."),
        ((400 * TKR,), 0, "Åtgärderna beräknas ge 400 tkr i år. Prognosen visar inget underskott."),
        ((None,), 813 * TKR, "1 åtgärd saknar belopp."),
        (
            (400 * TKR, None, None),
            813 * TKR,
            "De åtgärder som har ett belopp beräknas ge 400 tkr av underskottet om 813 tkr; 413 tkr återstår. "
            "2 åtgärder saknar belopp.",
        ),
    ],
)
def test_every_relation_of_plan_and_result_has_its_sentence(
    effects: tuple[int | None, ...], result: int | None, sentence: str
) -> None:
    assert said(*effects, result=result) == sentence


def test_no_amount_is_not_an_amount_of_zero() -> None:
    assert ActionPlan((0,), 1).without_amount == 0
    assert ActionPlan((None,), 1).without_amount == 1
