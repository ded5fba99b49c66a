"""Rules that hold for every ledger: order, split, encoding and separator change nothing; damage is never silent."""

from __future__ import annotations

import csv
import io
import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.ledger import detect
from followup.ledger.parsed import LedgerLine
from followup.ledger.table import _Table
from sydit import money

from .reading import DEMO, read

HEADER = ["Period", "Bokföringsdatum", "Ver.nr", "Konto", "Projekt", "Text", "Belopp"]
SEPARATORS = st.sampled_from([";", "\t", ",", "|"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ENCODINGS = st.sampled_from(["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
TEXTS = st.text(string.ascii_letters + string.digits + " ;,|åäöÅÄÖ\"'=+-.\n", max_size=20)


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    month = draw(st.integers(1, 12))
    return [
        f"2024{month:02d}",
        f"2024-{month:02d}-{draw(st.integers(1, 28)):02d}",
        f"L{draw(st.integers(1, 10**6))}",
        str(draw(st.integers(1000, 99999999))),
        draw(st.sampled_from(["", "91001", "91002", "NULL"])),
        "x" + draw(TEXTS),
        money.text(draw(st.integers(-(10**12), 10**12)), money.Unit.KR),
    ]


def written(
    table: list[list[str]],
    separator: str = ";",
    end: str = "\n",
    encoding: str = "utf-8",
    *,
    quoting: int = csv.QUOTE_ALL,
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows([HEADER, *table])  # type: ignore[arg-type]
    return text.getvalue().replace("\N{MINUS SIGN}", "-").encode(encoding)


@pytest.mark.slow
@given(st.lists(rows(), min_size=1, max_size=8), SEPARATORS, LINE_ENDS, ENCODINGS)
@settings(deadline=None, max_examples=60)
def test_encoding_separator_and_line_end_give_the_same_ore(
    table: list[list[str]], separator: str, end: str, encoding: str
) -> None:
    parsed = read(written(table, separator, end, encoding))
    assert parsed.problems == ()
    assert parsed.rows == len(table)
    assert parsed.total == sum(money.parse(row[-1]) for row in table)


@pytest.mark.slow
@given(st.lists(rows(), min_size=2, max_size=10), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_any_order_and_any_split_by_month_gives_the_same_sums(table: list[list[str]], random: object) -> None:
    whole = read(written(table)).sums
    shuffled = list(table)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert read(written(shuffled)).sums == whole
    parts = [
        read(written([row for row in table if row[0] == period])).sums for period in sorted({row[0] for row in table})
    ]
    assert {cell: ore for part in parts for cell, ore in part.items()} == whole


ODD = [
    ["", "", "", "", "", "", ""], ["", "", "", "", "", "Summa", "1,00"], ["", "", "", "", "", "Ingående balans", ""],
    ["202413", "", "L1", "35110", "", "x", "1,00"], ["202410", "2024-02-31", "L1", "35110", "", "x", "1,00"],
    ["202410", "2024-10-01", "L1", "konto", "", "x", "1,00"], ["202410", "2024-10-01", "L1", "35110", "", "x", "1,0x"],
    ["202410", "2024-10-01", "L1", "35110 Bidrag", "91001 IT", "x", "5"], HEADER,
]  # fmt: skip


@pytest.mark.slow
@given(st.lists(st.one_of(rows(), rows(), st.sampled_from(ODD)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=60)
def test_rows_read_together_give_what_they_give_one_by_one(table: list[list[str]]) -> None:
    content, together, alone = written(table), list[LedgerLine](), list[LedgerLine]()
    parsed = detect.read(content, filename="test", sink=together.extend)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Table, "_block", lambda *_: None)
        assert detect.read(content, filename="test", sink=alone.extend) == parsed
    assert together == alone


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=300)
def test_a_damaged_byte_gives_the_same_ore_or_a_refusal(data: st.DataObject) -> None:
    table = [
        ["202410", "2024-10-31", f"L{number}", "35110", "91001", "Köp", f"{number} 234,50"] for number in range(1, 6)
    ]
    total = ["", "", "", "", "", "Summa", "16 172,50"]
    good = written([*table, total])
    at = data.draw(st.integers(good.index(b"\n") + 1, len(good) - 2))
    parsed = read(good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :])
    assert parsed.problems or (parsed.total == 1617250 and parsed.rows == 5)
    assert all(problem.row is None or 1 <= problem.row <= 20 for problem in parsed.problems)


_AMOUNT = re.compile(r"([-+]?)([0-9]{1,3}(?:[ .\xa0\t][0-9]{3})*|[0-9]+)(?:[,.]([0-9]{1,2})0?)?")


def _said(amount: str) -> int:
    """The öre that an amount's text says, read in the plainest way there is."""
    match = _AMOUNT.fullmatch(amount.strip())
    assert match, f"{amount!r} is no amount, and the file was read"
    ore = int(re.sub("[^0-9]", "", match[2])) * 100 + int((match[3] or "").ljust(2, "0"))
    return -ore if match[1] == "-" else ore


@pytest.mark.slow
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@given(st.data())
@settings(deadline=None, max_examples=300)
def test_without_a_sum_a_damaged_byte_is_refused_or_read_as_exactly_what_then_stands_there(
    quoting: int, data: st.DataObject
) -> None:
    table = [
        ["202410", "2024-10-31", f"L{number}", f"3511{number}", "91001", "Köp", f"-{number} 234,50"]
        for number in range(1, 6)
    ]
    good = written(table, quoting=quoting)
    at = data.draw(st.integers(good.index(b"\n") + 1, len(good) - 1))
    damaged = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
    found: list[LedgerLine] = []
    parsed = detect.read(damaged, filename="x", sink=found.extend)
    if parsed.problems:
        assert all(problem.row is None or 1 <= problem.row <= 8 for problem in parsed.problems)
        return
    text = damaged.decode(parsed.encoding)
    stands = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if any(row)][1:]
    assert [(line.account, str(line.month), line.amount) for line in found] == [
        (row[3].strip(), f"{row[0].strip()[:4]}-{row[0].strip()[-2:]}", _said(row[6])) for row in stands
    ]
    assert len(found) == len(table)


@pytest.mark.slow
@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=200)
def test_no_bytes_raise_and_none_are_a_ledger_by_chance(content: bytes) -> None:
    assert detect.read(content, filename="x").problems


@pytest.mark.parametrize("name", ["ledger-2024-10.csv", "ledger-2024-10.txt", "ledger-2024-10.xlsx"])
@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_month_never_raises_and_keeps_its_lines_or_is_refused(name: str, data: st.DataObject) -> None:
    good = (DEMO / name).read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    length = data.draw(st.integers(0, 3))
    damaged = good[:at] + data.draw(st.binary(max_size=3)) + good[at + length :]
    parsed = detect.read(damaged, filename=name, year=2024)
    assert parsed.problems or parsed.rows in (369, 370, 371)


@pytest.mark.slow
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["", "202410", "35110", "Summa", "IB", "1,00", "x", '"', "\n", "1.234", "#", "Period", "Konto"]
            ),
            max_size=8,
        ),
        max_size=8,
    ),
    SEPARATORS,
)
@settings(deadline=None, max_examples=200)
def test_no_shape_of_rows_raises(table: list[list[str]], separator: str) -> None:
    text = "\n".join(separator.join(row) for row in [HEADER, *table])
    parsed = read(text)
    assert all(problem.message.endswith((".", ":")) for problem in parsed.problems)
