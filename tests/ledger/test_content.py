"""A file in pieces is the file: whatever its size, wherever it is cut, in memory or on disk."""

from __future__ import annotations

import hashlib
import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.ledger import content as content_module
from followup.ledger.content import Content

OVERLAPS = b"bab"  # can overlap itself, and is to be found but not counted
TEXTS = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"ab", b"b", b"\xc3\xa5", b'"', b"\0"])).map(b"".join)


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_module, "PIECE", 3)
        patch.setattr(content_module, "IN_MEMORY", 7)
        yield


@given(
    content=TEXTS,
    start=st.integers(0, 12),
    needle=st.sampled_from([b"\r\n", b"\n", b"a", b"\xc3\xa5", b"abb", OVERLAPS]),
)
def test_what_is_found_and_counted_is_what_stands_there(content: bytes, start: int, needle: bytes) -> None:
    for file in (Content.of(content), Content.copied([content[:5], content[5:]])):
        assert (file.size, file.whole(), file.head(4)) == (len(content), content, content[:4])
        assert b"".join(file.pieces(start)) == content[start:]
        assert file.opened(start).read() == content[start:]
        assert file.find(needle, start) == content.find(needle, start)
        if needle != OVERLAPS:
            assert file.count(needle, start) == content[:start].count(needle)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert file.row_of(start) == len((content[:start] + b"x").splitlines())


@given(content=TEXTS, start=st.integers(0, 12))
def test_lines_come_whole_and_in_order(content: bytes, start: int) -> None:
    ranges = list(Content.copied([content]).ranges(start))
    assert b"".join(lines for _, lines in ranges) == content[start:]
    assert [at for at, _ in ranges] == [start + sum(len(lines) for _, lines in ranges[:n]) for n in range(len(ranges))]
    for _, lines in ranges[:-1]:
        assert lines.endswith((b"\r", b"\n"))
    assert not any(
        before.endswith(b"\r") and after.startswith(b"\n") for (_, before), (_, after) in itertools.pairwise(ranges)
    )


def test_two_readers_do_not_move_each_other() -> None:
    file = Content.copied([b"a\nb\nc\nd\ne\n"])
    first, second = file.opened(), file.opened(2)
    assert [first.readline(), second.readline(), first.readline(), second.readline()] == [
        b"a\n",
        b"b\n",
        b"b\n",
        b"c\n",
    ]


def test_a_file_that_somebody_changes_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "huvudbok.csv"
    path.write_bytes(b"202403;50200;100,00\n")
    file = Content.at(path)
    with path.open("r+b") as opened:
        opened.write(b"202403;50200;900,00\n")
        os.fsync(opened.fileno())
    assert file.whole() == b"202403;50200;100,00\n"
