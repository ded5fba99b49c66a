"""Texts with light marks and living figures, as the report's paragraphs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sydit.report.catalogue import catalogue_of
from sydit.report.document import Emphasis, Paragraph, ParagraphKind, Report, Run
from sydit.report.living_text import blocks, problems
from tests.report.sample import RESULT, october, result_table

FIGURES = catalogue_of(october().tables)


def shapes(body: str) -> list[tuple[str, str, str]]:
    return [(block.kind.value, block.marker, " ".join(block.text.split())) for block in blocks(body, FIGURES)]


def test_a_figure_by_name_is_said_and_knows_its_row() -> None:
    (block,) = blocks("Licenserna ger {avvikelse licenser}.", FIGURES)
    assert " ".join(block.text.split()) == "Licenserna ger ett underskott om 1 500 tkr."
    assert block.runs[1] == Run(block.runs[1].text, Emphasis.NONE, "avvikelse c4", "result/c4")
    assert [run.figure for run in block.runs] == ["", "avvikelse c4", ""]


def test_a_figure_follows_the_report() -> None:
    rows = [
        (label, budget, actual, 1_000_000_000 if label.startswith("Licenser") else f)
        for label, budget, actual, f in RESULT
    ]
    (block,) = blocks("Licenserna ger {avvikelse c4}.", catalogue_of({"result": result_table(rows)}))
    assert " ".join(block.text.split()) == "Licenserna ger ett överskott om 1 143 tkr."


def test_paragraphs_headings_lists_and_emphasis() -> None:
    body = "Första\nraden.\n\n## Personal\nEn rad.\n- ett\n- två\n  och mer\n\n1. a\n\n2. b\n\nSlut.\n\n5. om"
    assert shapes(body) == [
        ("body", "", "Första raden."),
        ("heading", "", "Personal"),
        ("body", "", "En rad."),
        ("bullet", "•", "ett"),
        ("bullet", "•", "två och mer"),
        ("number", "1.", "a"),
        ("number", "2.", "b"),
        ("body", "", "Slut."),
        ("number", "1.", "om"),
    ]


def test_emphasis_is_kept_in_runs_and_left_out_of_the_text() -> None:
    (block,) = blocks("Det är *viktigt* och **mycket {prognos}**.", FIGURES)
    assert " ".join(block.text.split()) == "Det är viktigt och mycket ett underskott om 813 tkr."
    assert [(run.emphasis.value, bool(run.figure)) for run in block.runs] == [
        ("", False),
        ("emphasis", False),
        ("", False),
        ("strong", False),
        ("strong", True),
        ("", False),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "5 * 3 * 2",
        "*oavslutad",
        "** tomt **",
        "{okänd siffra}",
        "{{{",
        "}{",
        "{}",
        "<script>alert(1)</script>",
        "&amp; <b>",
        "#hashtag",
        "-utan blanksteg",
        "2024. var året",
    ],
)
def test_what_is_no_mark_stands_as_it_was_written(body: str) -> None:
    assert blocks(body, FIGURES) == (Paragraph(body),)


def test_what_is_wrong_with_the_figures_is_told_once() -> None:
    rows = [
        (label, budget, actual, None if label == "Lokalhyror" else forecast)
        for label, budget, actual, forecast in RESULT
    ]
    figures = catalogue_of({"result": result_table(rows)})
    told = problems("{prognos} {månen} {månen} {avvikelse övrig} {avvikelse personal}", figures)
    assert len(told) == 3
    assert "saknas" in told[0]
    (block,) = blocks("Året: {prognos}.", figures)
    assert block.text == "Året: saknas."


def test_a_document_with_figures_and_lists_goes_to_json_and_back() -> None:
    report = october()
    first, *rest = report.sections
    body = "Se {avvikelse licenser} och *detta*.\n\n- ett\n- **två**"
    report = replace(report, sections=(replace(first, blocks=blocks(body, FIGURES)), *rest))
    assert Report.from_json(report.to_json()) == report


def test_a_plain_paragraph_is_written_as_before_there_were_marks() -> None:
    (paragraph,) = json.loads(october().to_json())["sections"][0]["blocks"][:1]
    assert set(paragraph) == {"type", "kind", "text"}


@pytest.mark.parametrize(
    "body", ["{" * 50_000, "{prognos" * 9_000, "{a b}" * 9_000, "*" * 50_000, "*a" * 30_000, "- \n" * 20_000]
)
def test_hostile_text_loses_nothing(body: str) -> None:
    said = "".join(block.text for block in blocks(body, FIGURES))
    assert said.count("{") == body.count("{")


@given(st.text(alphabet="ab *{}#-1.\n<>&åprognos", max_size=300))
def test_runs_are_the_text_in_pieces_and_only_figures_are_computed(body: str) -> None:
    for block in blocks(body, FIGURES):
        assert block.text.strip() or not block.text
        assert not block.runs or "".join(run.text for run in block.runs) == block.text
        assert block.kind in set(ParagraphKind)
