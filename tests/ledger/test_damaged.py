"""The damaged files of ``tests/data/damaged``: each is refused for what is wrong with it, where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.ledger import detect
from followup.ledger.parsed import ParsedLedger

DAMAGED = Path(__file__).parent.parent / "data" / "damaged"
# Row, column, the value that stands there (its beginning), and words of the sentence. The row is None for a whole file.
REFUSALS: dict[str, tuple[int | None, str, str, str]] = {
    "checksum-differs.se": (15, "Kontrollsumma", "894452258", "stämmer inte med innehållet"),
    "cut-before-checksum.se": (1, "Kontrollsumma", "#KSUMMA", "avhuggen"),
    "cut-in-voucher.se": (14, "Verifikation", "A2", "saknar en avslutande klammer"),
    "cut-utf16.csv": (None, "", "0A", "skadad"),
    "cut.xlsx": (None, "", "", "skadat eller avklippt"),
    "damaged-minus.csv": (3, "Belopp", "?300,00", "går inte att läsa som ett belopp"),
    "date-outside-year.se": (16, "Datum", "2023-02-16", "utanför räkenskapsåret"),
    "error-page.se": (None, "", "", "webbsida"),
    "error.xlsx": (3, "Konto", "#", "felvärde"),
    "half-an-object.se": (11, "Objekt", "6", "inte par av dimension och objekt"),
    "header-in-tkr.csv": (1, "", "Belopp i tkr", "om beloppen är i kronor"),
    "label-damaged.se": (12, "Etikett", "#TRNS", "liknar #TRANS"),
    "letter-in-account.se": (11, "Konto", "5O10", "inget kontonummer"),
    "letter-in-amount.csv": (3, "Belopp", "-3O0,00", "går inte att läsa som ett belopp"),
    "letter-in-amount.se": (11, "Belopp", "12O0.50", "går inte att läsa som ett belopp"),
    "line-end-lost.se": (11, "Etikett", "#TRANS 5010", "radslutet mellan dem är skadat"),
    "lost-letters.se": (5, "Text", "#FNAMN", "har förstörts innan filen kom hit"),
    "month-13.csv": (3, "Period", "202413", "ingen månad"),
    "month-13.se": (11, "Period", "202413", "ingen månad"),
    "months-differ-from-year.se": (10, "Konto", "5010", "1\N{NO-BREAK SPACE}600,50 kr"),
    "no-account.csv": (3, "Konto", "", "saknas"),
    "no-amount.csv": (3, "Belopp", "", "saknas"),
    "no-header.csv": (None, "", "", "Ingen rubrikrad"),
    "no-opening-brace.se": (10, "Verifikation", "#TRANS 5010", "saknar inledande klammer"),
    "nul-bytes.se": (8, "", "", "NUL"),
    "off-by-two.se": (9, "Belopp", "2,00", "balanserar inte"),
    "only-balances.se": (None, "", "", "inga verifikationer"),
    "open-quote.csv": (2, "Text", "Löner", "öppnas men stängs inte"),
    "open-quote.se": (11, "Fält", '"Hyra januari', "inget avslutar det"),
    "part-of-an-ore.csv": (3, "Belopp", "-300,005", "delar av ett öre"),
    "rounded-account.csv": (2, "Konto", "5,02E+04", "avrundat tal"),
    "separator-in-text.csv": (3, "", "-300,00", "6 fält"),
    "short-row.csv": (3, "Belopp", "", "saknas"),
    "sie5.se": (None, "", "", "SIE 5"),
    "spreadsheet-error.csv": (3, "Projekt", "#SAKNAS!", "felvärde"),
    "thousands-or-decimals.csv": (2, "Belopp", "1.234", "på två sätt"),
    "torn-amounts.csv": (2, "Belopp", "1200,50", "delas i två"),
    "total-and-a-row-twice.csv": (6, "Belopp", "-4 099,50", "står två gånger"),
    "total-differs.csv": (5, "Belopp", "-4 099,51", "Summaraden"),
    "two-amounts.csv": (1, "", "", "Flera kolumner kan vara beloppet"),
    "two-encodings.csv": (3, "", "F6", "blandade teckenkodningar"),
    "two-ledgers.xlsx": (None, "", "", "Flera blad"),
    "two-years.se": (9, "Räkenskapsår", "2023-01-01", "två olika räkenskapsår"),
    "uncalculated.xlsx": (4, "Belopp", "#", "inte är beräknad"),
    "year-of-26-months.se": (6, "Räkenskapsår", "20240101", "längre än 18 månader"),
}


def read(content: bytes, name: str) -> ParsedLedger:
    return detect.read(content, filename=name, year=2024)


def test_every_file_of_the_corpus_is_told_of_here() -> None:
    assert {path.name for path in DAMAGED.iterdir()} == set(REFUSALS)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_damaged_file_is_refused_where_it_is_wrong(name: str) -> None:
    row, column, value, words = REFUSALS[name]
    problems = read((DAMAGED / name).read_bytes(), name).problems
    fitting = [problem for problem in problems if (problem.row, problem.column) == (row, column)]
    assert any(problem.value.startswith(value) and words in problem.message for problem in fitting), problems
    assert all(problem.message.endswith(".") for problem in problems)


CORPUS = [(path.name, path.read_bytes()) for path in sorted(DAMAGED.iterdir())]
EDITS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4), st.integers(0, 40)), min_size=1, max_size=3)


@pytest.mark.slow
@given(st.sampled_from(CORPUS), EDITS, st.sampled_from([None, 2024, 2023]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_more_damage_still_ends_in_lines_or_an_explained_refusal(
    file: tuple[str, bytes], edits: list[tuple[float, bytes, int]], year: int | None
) -> None:
    name, content = file
    for share, put_in, taken_out in edits:
        place = int(share * len(content))
        content = content[:place] + put_in + content[place + taken_out :]
    parsed = detect.read(content, filename=name, year=year)
    assert parsed.problems or parsed.rows
    assert all(problem.message.endswith((".", ":")) for problem in parsed.problems)
