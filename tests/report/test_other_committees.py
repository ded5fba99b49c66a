"""The figure check on reports as other committees write them: other rows, mkr and KSEK, "ca 2 miljoner", "−1,5 mkr"."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sydit.money import Unit
from sydit.report.catalogue import catalogue_of
from sydit.report.text_check import Mark, MarkKind, Subject, check
from sydit.report.text_subject import owed_rows
from tests.report.sample import result_table

TEXTS = Path(__file__).parent.parent / "data" / "texts"
Rows = tuple[tuple[str, int, int, int], ...]  # label, budget, actual and forecast in tkr


@dataclass(frozen=True)
class Committee:
    rows: Rows
    living: tuple[str, ...]  # what its text types that is in the report, as it would be living, in the text's order
    outside: tuple[str, ...]  # the amounts of its text that are not in the report
    doublets: tuple[str, ...] = ()


COMMITTEES = {
    "skola": Committee(
        (
            ("Förskola", 120_000, 76_100, 115_800),
            ("Grundskola", 198_000, 132_000, 203_500),
            ("Gymnasieskola", 84_000, 55_300, 85_500),
            ("Vuxenutbildning", 12_000, 7_600, 12_000),
            ("Ledning & administration", 28_000, 16_400, 27_200),
        ),
        (
            "{utfall totalt: belopp}",
            "{avvikelse totalt: belopp}",
            "{budget totalt}",
            "{avvikelse c0}",
            "{avvikelse c1: belopp}",
            "{avvikelse c2: belopp}",
            "{avvikelse c4}",
        ),
        ("3,1 mkr", "1,8 mkr"),
    ),
    "omsorg": Committee(
        (
            ("Hemtjänst", 96_000, 70_100, 103_200),
            ("Särskilt boende", 142_000, 98_200, 145_100),
            ("LSS", 88_000, 57_042, 87_450),
        ),
        ("{avvikelse totalt: belopp}", "{avvikelse c0: belopp}", "{avvikelse c1: belopp}", "{avvikelse c2: belopp}"),
        ("-6 342 KSEK", "-8 900 KSEK", "4 125 KSEK", "7 300 KSEK", "1,2 mnkr"),
        ("MSEK", "mkr"),
    ),
    "samhalle": Committee(
        (
            ("Gata & park", 32_000, 27_500, 33_250),
            ("Renhållning, intäkter", -21_000, -17_100, -20_300),
            ("VA", 0, 200, 0),
            ("Plan & bygg", 11_400, 6_900, 8_150),
        ),
        (
            "{avvikelse totalt}",
            "{avvikelse c0: belopp}",
            "{avvikelse c1: belopp}",
            "{avvikelse c3}",
            "{budget c3}",
            "{prognos c3}",
        ),
        ("2 150 tkr", "1,9 miljoner kronor", "1,9 miljoner", "48 miljoner kronor", "31 miljoner"),
    ),
    "kultur": Committee(
        (
            ("Bibliotek", 9_800, 3_100, 9_650),
            ("Fritidsgårdar", 7_200, 2_400, 7_200),
            ("Simhall, intäkter", -6_100, -1_600, -5_200),
            ("Simhall, kostnader", 11_000, 3_400, 10_800),
            ("Föreningsbidrag", 12_000, 5_000, 12_050),
        ),
        (
            "{Avvikelse totalt}",
            "{avvikelse c0: belopp}",
            "{avvikelse c2: belopp}",
            "{avvikelse c3: belopp}",
            "{prognos c4}",
            "{avvikelse c4: belopp}",
        ),
        ("0,1 mnkr", "400 tkr", "–150 tkr", "-250 tkr"),
    ),
}


@pytest.fixture(params=COMMITTEES)
def committee(request: pytest.FixtureRequest) -> tuple[Committee, tuple[Mark, ...]]:
    known = COMMITTEES[request.param]
    ore = [(label, *(amount * Unit.TKR.ore for amount in amounts)) for label, *amounts in known.rows]
    tables = {"result": result_table(ore)}
    text = (TEXTS / f"{request.param}.txt").read_text(encoding="utf-8")
    return known, check(text, Subject(catalogue_of(tables), owed_rows(tables)))


def of(marks: tuple[Mark, ...], kind: MarkKind) -> list[Mark]:
    return [mark for mark in marks if mark.kind is kind]


def test_what_is_in_the_report_is_offered_as_living(committee: tuple[Committee, tuple[Mark, ...]]) -> None:
    known, marks = committee
    typed = [mark.suggestion for mark in of(marks, MarkKind.TYPED)]
    assert [name.lower() for name in typed] == [name.lower() for name in known.living]


def test_only_amounts_that_are_not_in_the_report_are_questioned(committee: tuple[Committee, tuple[Mark, ...]]) -> None:
    known, marks = committee
    assert tuple(mark.quote.rpartition(" på ")[2] for mark in of(marks, MarkKind.UNKNOWN)) == known.outside
    assert all(not mark.suggestion for mark in of(marks, MarkKind.UNKNOWN))


def test_nothing_else_is_marked(committee: tuple[Committee, tuple[Mark, ...]]) -> None:
    known, marks = committee
    assert tuple(mark.quote for mark in of(marks, MarkKind.SPELLING)) == known.doublets
    assert {mark.kind for mark in marks} <= {MarkKind.TYPED, MarkKind.UNKNOWN, MarkKind.SPELLING}
