"""First drafts: made of living figures, of the rows' comments, and of what was written last time."""

from __future__ import annotations

from dataclasses import replace

from sydit.periods import Month
from sydit.report.catalogue import catalogue_of
from sydit.report.living_text import blocks, problems
from sydit.report.text_check import Subject, check
from sydit.report.text_drafts import analysis, from_last_time, introduction
from tests.report.sample import RESULT, october, result_table

PERIOD = Month(2024, 10)
LAST = tuple((label, budget, actual, forecast + 10_000_000) for label, budget, actual, forecast in RESULT)
BEFORE = replace(october(), sections=(replace(october().sections[2], blocks=(result_table(LAST),)),))
NOW = catalogue_of(october().tables, BEFORE)
OLD = catalogue_of(BEFORE.tables)


def said(body: str) -> str:
    assert problems(body, NOW) == ()
    return "\n".join(" ".join(block.text.split()) for block in blocks(body, NOW))


def test_the_introduction_tells_the_result_how_it_has_moved_and_the_largest_variances() -> None:
    text = said(introduction(NOW, PERIOD, "SYD-IT"))
    assert text.startswith(
        "Till och med 31 oktober redovisar SYD-IT ett underskott om 991 tkr. För helåret 2024 väntas ett underskott "
        "om 813 tkr. I den förra rapporten var prognosen ett underskott om 1 813 tkr."
    )
    assert "finns i Kapitalkostnader (ett överskott om 2 628 tkr), Övrigt tjänsteköp" in text
    assert "investeringsbudget om 11 334 tkr är 6 361 tkr, 56 procent, bokfört till och med 31 oktober" in text


def test_the_analysis_tells_each_row_with_its_comment_the_largest_first() -> None:
    comments = {
        "c4": "Priset steg\nunder hösten",
        "c2": "Köps in vid behov.",
        "c8": "Hyran blev ett underskott om 41 tkr",
    }
    body = analysis(NOW, comments, PERIOD)
    text = said(body)
    assert text.index("Kapitalkostnader väntas ge ett överskott om 2 628 tkr.") < text.index("Övrigt tjänsteköp")
    assert "Licenser & serviceavtal väntas ge ett underskott om 1 500 tkr. Priset steg under hösten." in text
    assert "Datorer & basutrustning väntas hålla sin budget. Köps in vid behov." in text
    assert "Hyran blev {avvikelse c8}." in body
    assert "Resor" not in text
    assert check(body, Subject(NOW, ("c4", "c8"))) == ()


def test_a_report_without_figures_gives_an_empty_draft() -> None:
    nothing = [(label, None, None, None) for label, *_ in RESULT]
    figures = catalogue_of({"result": result_table(nothing)})
    assert introduction(figures, PERIOD, "SYD-IT") == ""
    assert analysis(figures, {}, PERIOD) == ""


def test_last_times_text_tells_todays_figures_where_it_told_its_own_exactly() -> None:
    old = (
        "Licenserna ger ett underskott om 1 600 tkr, cirka 1,6 mnkr, och personalen ett överskott om 700 tkr.\n\n"
        "Hyran: underskott om -141 tkr. Vi har sökt bidrag om 77 tkr. Året slutar med {prognos}."
    )
    body = from_last_time(old, OLD, NOW)
    assert body == (
        "Licenserna ger {avvikelse c4}, cirka 1,6 mnkr, och personalen {avvikelse c1}.\n\n"
        "Hyran: underskott om {avvikelse c8: belopp}. Vi har sökt bidrag om 77 tkr. Året slutar med {prognos}."
    )
    assert "underskott om 1 500 tkr" in said(body)


def test_an_amount_that_the_words_contradict_or_that_has_no_figure_today_stays_as_it_was() -> None:
    wrong = "Licenserna ger ett överskott om 1 600 tkr."
    assert from_last_time(wrong, OLD, NOW) == wrong
    gone = "Licenserna ger ett underskott om 1 600 tkr."
    assert from_last_time(gone, OLD, catalogue_of({})) == gone
