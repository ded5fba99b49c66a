"""How an import is told of in Swedish."""

from __future__ import annotations

import pytest

from followup.ledger.labels import encoding_label, format_label, months_text, rows_text, skipped_sentence
from followup.ledger.parsed import Skipped
from sydit.periods import Month


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ([], ""),
        ([3], "mars 2024"),
        ([2, 1], "januari och februari 2024"),
        ([1, 2, 3], "januari–mars 2024"),
        ([1, 2, 3, 3, 5], "januari–mars och maj 2024"),
        ([1, 2, 4, 5, 6, 9], "januari, februari, april–juni och september 2024"),
    ],
)
def test_months_in_a_row_are_a_span(months: list[int], text: str) -> None:
    assert months_text(Month(2024, month) for month in months) == text


def test_each_year_names_its_own_months() -> None:
    months = [Month(2024, 11), Month(2024, 12), Month(2025, 1)]
    assert months_text(months) == "november och december 2024 och januari 2025"


def test_one_row_is_singular() -> None:
    assert (rows_text(1), rows_text(0), rows_text(1200)) == ("1 rad", "0 rader", "1\N{NO-BREAK SPACE}200 rader")


def test_skipped_rows_are_told_with_their_reason_and_sum() -> None:
    assert skipped_sentence(Skipped("summarad", 2, 150)) == "2 rader läses inte som konteringar: summarad (1,50 kr)."
    assert skipped_sentence(Skipped("tom rad", 1)) == "1 rad läses inte som konteringar: tom rad."


def test_an_unknown_format_or_encoding_is_told_as_it_is() -> None:
    assert (format_label("sie4"), format_label("new")) == ("SIE typ 4", "new")
    assert (encoding_label("cp1252"), encoding_label("koi8-r")) == ("Windows-1252", "koi8-r")
