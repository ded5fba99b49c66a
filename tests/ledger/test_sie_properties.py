"""What must hold for any SIE file: the same öre however it is written, and a reason for whatever is not read."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.sie_files import DATA, file, read, voucher, with_checksum

pytestmark = pytest.mark.slow

texts = st.text(st.sampled_from('abc åäöÅÄÖé"{}#.-0'), max_size=12)
accounts = st.sampled_from(["5010", "0351", "DIFF"])
codes = st.sampled_from(["", "91001", "P 1", "Å1"])
days = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2024, 12, 31))


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


@st.composite
def vouchers(draw) -> str:
    number = draw(st.integers(1, 999))
    lines, total = [], 0
    for _ in range(draw(st.integers(1, 4))):
        ore = draw(st.integers(-(10**7), 10**7))
        total += ore
        tags = " ".join(f"{dim} {quoted(code)}" for dim, code in ((1, draw(codes)), (6, draw(codes))) if code)
        date = draw(st.one_of(st.just('""'), days.map(lambda day: f"{day:%Y%m%d}")))
        lines.append(f"#TRANS {draw(accounts)} {{{tags}}} {kr(ore)} {date} {quoted(draw(texts))}")
    lines.append(f"#TRANS 1930 {{}} {kr(-total)}")
    return voucher(*lines, head=f"#VER A {number} {draw(days):%Y%m%d} {quoted(draw(texts))}")


def kr(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


files = st.lists(vouchers(), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(files, st.randoms(use_true_random=False))
def test_the_order_of_vouchers_does_not_change_an_ore(body, random):
    told = read(file(*body))
    assert told.problems == []
    shuffled = random.sample(body, len(body))
    assert read(file(*shuffled)).sums() == told.sums()


@settings(max_examples=40, deadline=None)
@given(
    files, st.sampled_from(["cp437", "cp1252", "utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_encoding_and_line_ends_do_not_change_a_line(body, encoding, line_end):
    content = file(*body)
    assert read(with_checksum(content).replace("\n", line_end).encode(encoding)).problems == []
    assert read(content.replace("\n", line_end).encode(encoding)).lines == read(content).lines


@settings(max_examples=40, deadline=None)
@given(files.filter(lambda body: len(body) > 1), st.integers(1, 5))
def test_a_file_split_in_two_has_the_same_sums(body, cut):
    cut = min(cut, len(body) - 1)
    whole = Counter(read(file(*body)).sums())
    parts = [read(file(*body[:cut])), read(file(*body[cut:]))]
    assert [part.problems for part in parts] == [[], []]
    together = Counter(parts[0].sums())
    together.update(parts[1].sums())
    assert {key: ore for key, ore in together.items() if ore} == dict(whole)


GOOD = [path.read_bytes() for path in sorted(DATA.glob("good-*.s[ei]"))]
edits = st.lists(
    st.tuples(st.sampled_from(["replace", "insert", "delete", "cut", "double"]), st.floats(0, 1), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


def edited(content: bytes, edit: tuple[str, float, int]) -> bytes:
    kind, share, byte = edit
    place = int(share * len(content))
    before, after = content[:place], content[place:]
    match kind:
        case "replace":
            return before + bytes([byte]) + after[1:]
        case "insert":
            return before + bytes([byte]) + after
        case "delete":
            return before + after[1:]
        case "cut":
            return before
        case _:
            return before + after[:byte] + after


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), edits, st.sampled_from([None, 2024, 2023]))
def test_no_damage_makes_anything_but_an_explained_problem(content, damage, year):
    for edit in damage:
        content = edited(content, edit)
    for problem in read(content, year).findings.problems:
        assert re.match(r"[A-ZÅÄÖ”]", problem.message)
        assert problem.message.endswith(".")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"#FLAGGA 0\n", b"#VER A 1 20240101\n{\n#TRANS ", b"#PSALDO 0 "]))
def test_noise_is_no_line_of_the_ledger_unless_something_is_said_of_it(noise, start):
    found = read(start + noise, 2024)
    assert found.problems or not found.lines
    for problem in found.findings.problems:
        assert re.match(r"[A-ZÅÄÖ”].*\.$", problem.message, re.DOTALL)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_damaged_byte_never_changes_an_ore_unnoticed(data):
    content = data.draw(st.sampled_from([one for one in GOOD if b"#VER" in one]))
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:place] + bytes([data.draw(st.integers(0, 255))]) + content[place + 1 :]
    told, found = read(content), read(damaged)
    if found.findings.problems:
        return
    assert Counter(line.amount for line in found.lines) == Counter(line.amount for line in told.lines)
