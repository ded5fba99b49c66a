"""The figure check: what it marks, what it leaves alone, and that no text takes it out of its stride."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sydit.report.catalogue import catalogue_of
from sydit.report.text_check import MOST_MARKS, Mark, MarkKind, Subject, check, check_together
from tests.report.sample import RESULT, october, result_table

DOCUMENT = Path(__file__).parents[3] / "shared" / "data" / "000_57698b2c2864c0f0.txt"
OWED = tuple(f"c{place}" for place in (1, 3, 4, 5, 8, 9))
LAST = tuple((label, budget, actual, forecast + 10_000_000) for label, budget, actual, forecast in RESULT)
BEFORE = replace(october(), sections=(replace(october().sections[2], blocks=(result_table(LAST),)),))
SUBJECT = Subject(catalogue_of(october().tables, BEFORE), OWED)
FACTS = """Vi räknar med ett underskott om -813 tkr för året.

Personalen ger ett överskott om 800 tkr. Datakommunikationen kostar mer: den prognosticeras ge ett
underskott om -1 300 tkr.
Licenser och serviceavtal blir dyrare. De prognostiseras till ett underskott om
-1 500 tkr.

Tjänsteköpen prognostiseras bli 1 950 tkr högre än budgeterat. Intäkterna blir 550 tkr högre än budget och
kapitalkostnaderna 2 628 tkr mindre än budgeterat.

Till och med oktober är det ett underskott om -991 tkr. I perioden är underskottet om 991 tkr större än väntat.
"""


def marks(text: str, *, is_whole: bool = False) -> dict[MarkKind, list[Mark]]:
    found: dict[MarkKind, list[Mark]] = {}
    for mark in check(text, SUBJECT, is_whole=is_whole):
        found.setdefault(mark.kind, []).append(mark)
    return found


def kinds(text: str) -> list[MarkKind]:
    return [mark.kind for mark in check(text, SUBJECT, is_whole=False)]


def plain(text: str) -> str:
    return " ".join(text.split())


def assert_finds_what_drifted_apart(text: str, subject: Subject) -> None:
    """What the committee's document of October 2024 has, in its own words or in ours."""
    found = check(text, subject)
    signs = [plain(mark.quote) for mark in found if mark.kind is MarkKind.SIGN]
    for amount in ("-991", "-813", "-1 300", "-1 500"):
        assert any(f"underskott om {amount} tkr" in sign for sign in signs), amount
    assert any(mark.kind is MarkKind.TYPED and "991" in mark.quote for mark in found)
    assert {mark.suggestion[:12].lower() for mark in found if mark.kind is MarkKind.SPELLING} == {"prognostiser"}
    (lacking,) = [mark for mark in found if mark.kind is MarkKind.UNMENTIONED]
    assert "Lokalhyror avviker med −41 tkr" in plain(lacking.message)
    (added,) = [mark for mark in found if mark.kind is MarkKind.SUM]
    assert "−772 tkr, men tabellens summa är −813 tkr" in plain(added.message)
    assert "Lokalhyror −41" in plain(added.message)
    assert not [mark for mark in found if mark.kind in (MarkKind.UNKNOWN, MarkKind.WORD, MarkKind.PREVIOUS)]


def test_what_drifted_apart_in_october_is_found() -> None:
    assert_finds_what_drifted_apart(FACTS, SUBJECT)


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the committee's document of October 2024 is not on this machine")
def test_the_committees_own_document_is_marked_where_it_drifted_apart() -> None:
    assert_finds_what_drifted_apart(DOCUMENT.read_text(encoding="utf-8"), SUBJECT)


def test_a_mark_stands_where_its_quote_does() -> None:
    for mark in check(FACTS, SUBJECT):
        assert FACTS[mark.start : mark.end] == mark.quote


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Licenserna ger ett underskott om 1 500 tkr.", "{avvikelse c4}"),
        ("Ett underskott om 1,5 mnkr väntas för licenserna.", "{Avvikelse c4}"),
        ("Underskottet om 1 500 tkr beror på licenserna.", "{Avvikelse c4: bestämd}"),
        ("Licenserna kostar 1 500 tkr mer än budget.", "{avvikelse c4: belopp}"),
        ("Prognosen för licenserna är 12 643 tkr.", "{prognos c4}"),
        ("Hittills är 1 031 tkr bokfört för Lekeberg.", "{bokfört p1}"),
    ],
)
def test_a_typed_figure_is_offered_as_a_living_one(text: str, suggestion: str) -> None:
    (mark,) = check(text, SUBJECT, is_whole=False)
    assert (mark.kind, mark.suggestion) == (MarkKind.TYPED, suggestion)
    mended = text[: mark.start] + mark.suggestion + text[mark.end :]
    assert check(mended, SUBJECT, is_whole=False) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Personalkostnaderna ger ett underskott om 800 tkr.",
        "Licenserna visar ett överskott på 1 500 tkr.",
        "Kapitalkostnaderna blir 2 628 tkr högre än budgeterat.",
        "Intäkterna blir 550 tkr lägre än budget.",
        "Tjänsteköpen underskrider budgeten med 1 950 tkr.",
        "För helåret väntas ett överskott om 813 tkr.",
        "Licenserna blir 1 500 tkr billigare än budget.",
    ],
)
def test_the_wrong_word_is_marked(text: str) -> None:
    assert kinds(text) == [MarkKind.WORD]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Avvikelsen för personalkostnaderna är −800 tkr.", MarkKind.SIGN),
        ("Avvikelsen för licenserna är −1 500 tkr.", MarkKind.TYPED),
        ("Intäkterna väntas bli −43 856 tkr.", MarkKind.TYPED),
        ("Licenserna ger ett underskott om 1 400 tkr.", MarkKind.UNKNOWN),
        ("Vi har sökt bidrag om 77 tkr.", MarkKind.UNKNOWN),
        ("Licenserna överskrider budgeten med 1,1 mnkr.", MarkKind.UNKNOWN),
        ("Intäkterna är ca 0,5 mnkr högre än budgeterat.", MarkKind.TYPED),
        ("Årets underskott har ökat med 10 tkr.", MarkKind.UNKNOWN),
        ("Personalen ger ett överskott om 700 tkr.", MarkKind.PREVIOUS),
        ("Se {avvikelse månen}.", MarkKind.FIGURE),
    ],
)
def test_an_amount_gets_the_gravest_mark(text: str, kind: MarkKind) -> None:
    assert kinds(text) == [kind]


def test_a_minus_beside_the_wrong_word_is_mended_and_the_word_is_told() -> None:
    (mark,) = check("Personalen ger underskott om -800 tkr.", SUBJECT, is_whole=False)
    assert (mark.kind, mark.suggestion) == (MarkKind.SIGN, "{avvikelse c1: ord} om {avvikelse c1: belopp}")
    assert "ett överskott om 800 tkr i rapporten, tvärtom" in plain(mark.message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Personalen ger ett underskott om {avvikelse c1: belopp}.", [MarkKind.WORD]),
        ("Personalen blir {avvikelse c1: belopp} dyrare än budget.", [MarkKind.WORD]),
        ("Personalen ger ett överskott om {avvikelse c1: belopp}.", []),
        ("Personalen ger {avvikelse c1}, licenserna ett underskott om {avvikelse c4: kr}.", []),
        ("Hyran skiljer {avvikelse c8: belopp}.", []),
    ],
)
def test_a_living_amount_whose_words_are_typed_is_checked_against_them(text: str, expected: list[MarkKind]) -> None:
    assert kinds(text) == expected


def test_an_unknown_amount_about_one_row_is_told_with_the_rows_own() -> None:
    (mark,) = check("Licenserna ger ett underskott om 1 400 tkr.", SUBJECT, is_whole=False)
    assert (mark.figure, mark.suggestion) == ("avvikelse c4", "{avvikelse c4}")


def test_last_times_figure_is_told_with_todays() -> None:
    (mark,) = check("Personalen ger ett överskott om 700 tkr.", SUBJECT, is_whole=False)
    assert "800 tkr" in plain(mark.message)
    assert mark.suggestion == "{avvikelse c1}"


@pytest.mark.parametrize(
    "text",
    [
        "Licenserna ger {avvikelse c4}, mest på grund av priset.",
        "Kostnaden väntas hamna mellan 1 200 och 1 300 tkr.",
        "Avtalet från 2024-12-05, § 27, gäller till 2026.",
        "Ungefär 12 procent av tjänsterna är vakanta.",
        "Avgiften är 300 kr per användare.",
        "",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_spent_percent_are_compared_where_the_sentence_says_whose_they_are() -> None:
    (right,) = check("Lekeberg har förbrukat 41 procent.", SUBJECT, is_whole=False)
    (wrong,) = check("Lekeberg har förbrukat 57 %.", SUBJECT, is_whole=False)
    assert (right.kind, right.figure) == (MarkKind.TYPED, "förbrukat p1")
    assert (wrong.kind, wrong.suggestion) == (MarkKind.UNKNOWN, "{förbrukat p1}")


def test_only_the_rarer_spelling_is_marked() -> None:
    found = marks("Det prognosticeras och prognostiserades. Prognostiseringen är svår.")
    assert [(mark.quote, mark.suggestion) for mark in found[MarkKind.SPELLING]] == [
        ("prognosticeras", "prognostiseras")
    ]
    assert not marks("Det prognosticeras, och prognosticeringen är svår.")


def test_a_paragraph_that_stands_as_last_time_is_marked() -> None:
    old = "Konsulterna har ersatt vakanta tjänster under hela våren och blir kvar över sommaren."
    subject = replace(SUBJECT, previous_texts=(f"Inledning.\n\n{old}",))
    (mark,) = check(f"Nytt.\n\n{old.replace(' under', chr(10) + 'under')}\n", subject, is_whole=False)
    assert (mark.kind, mark.start) == (MarkKind.UNCHANGED, 7)


def test_living_figures_count_as_words_about_their_rows() -> None:
    rows = " ".join(f"{{avvikelse c{place}}}" for place in (0, 1, 3, 4, 5, 8, 9))
    assert check(rows, SUBJECT) == ()


def test_figures_of_a_table_that_came_along_are_no_words() -> None:
    found = check(f"{FACTS}\nLokalhyror 798 682 839 -41\n", SUBJECT)
    assert MarkKind.UNMENTIONED in [mark.kind for mark in found]


@given(st.lists(st.text(alphabet="ab 013,-tkr{}\n.underskott om", max_size=120), min_size=1, max_size=4))
def test_texts_that_are_read_together_keep_their_own_marks(texts: list[str]) -> None:
    together = check_together({str(number): text for number, text in enumerate(texts)}, SUBJECT)
    for number, text in enumerate(texts):
        for mark in together.of_text[str(number)]:
            assert text[mark.start : mark.end] == mark.quote
    assert all(not mark.quote for mark in together.of_all)


def test_a_row_that_one_text_tells_of_is_told_and_two_spellings_are_found_across_texts() -> None:
    texts = {"a": "Det prognosticeras. {avvikelse c4}", "b": "Det prognostiseras, och prognostiserades."}
    together = check_together(texts, SUBJECT)
    assert [mark.quote for mark in together.of_text["a"]] == ["prognosticeras"]
    assert "avvikelse c4" not in [mark.figure for mark in together.of_all]
    assert "avvikelse c3" in [mark.figure for mark in together.of_all]


HOSTILE = (
    "{" * 10_000,
    "{{{" * 3_000 + "}}}",
    "{avvikelse c4" * 3_000,
    "{okänd siffra}" * 3_000,
    "".join(f"{{namn {number}}}" for number in range(3_000)),
    "<script>alert('1 300 tkr')</script>" * 1_000,
    "1 300 tkr " * 5_000,
    "1 222 " * 8_000,
    "underskott om " * 4_000,
    "\n" * 50_000,
    "- " * 25_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_text_gives_a_bounded_answer(text: str) -> None:
    assert len(check(text, SUBJECT)) <= MOST_MARKS + 10


@given(st.text(alphabet="ab 013,.-−–tkr{}:<>*#\nåunderskot", max_size=400))
def test_any_text_is_checked_and_each_mark_quotes_it(text: str) -> None:
    for mark in check(text, SUBJECT):
        assert text[mark.start : mark.end] == mark.quote


LIST = """Avvikelsen mot budget fördelar sig på:
• Äldreomsorg: -8,2 mnkr
• Gemensamt: +0,8 mnkr
\t• Fastighet: -1,5 mnkr
"""


def test_items_of_a_list_of_others_are_not_this_reports_sum() -> None:
    assert kinds(LIST) == [MarkKind.UNKNOWN] * 3


@pytest.mark.parametrize("text", ["Gatuenheten: 1,3 mnkr mer.", "Vintern kostade 1,5 mnkr.", "Ökningen är 2,6 mnkr."])
def test_a_coarse_amount_of_somebody_else_is_no_figure_of_a_row(text: str) -> None:
    assert kinds(text) == [MarkKind.UNKNOWN]


def test_a_coarse_amount_of_a_row_that_is_named_is_the_rows() -> None:
    assert kinds("Licenserna blir 1,5 mnkr dyrare än budget.") == [MarkKind.TYPED]


@pytest.mark.parametrize("text", ["ett underskott på minus 2 mnkr", "Underskottet om minus 75 tkr består."])
def test_a_minus_in_words_after_underskott_is_one_too_many(text: str) -> None:
    (mark,) = marks(text)[MarkKind.SIGN]
    assert "minus" in mark.quote
    assert "minus" not in mark.suggestion


def test_a_negative_result_needs_no_minus_sign() -> None:
    assert kinds("Nämnden har ett negativt resultat på -310 tkr.") == [MarkKind.SIGN]
    assert kinds("Gata och park går med underskott, minus 1 250 tkr.") == [MarkKind.UNKNOWN]


@pytest.mark.parametrize("quoted", ['"ett underskott."', "”ett underskott.”", "(ett underskott.)"])
def test_a_sentence_ends_with_its_quote(quoted: str) -> None:
    assert MarkKind.SIGN not in kinds(f"Prognosen visar {quoted} Resultatet per oktober: -45 tkr.")
