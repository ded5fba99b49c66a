"""Encodings, line ends, quotes and object lists of a SIE file."""

from __future__ import annotations

import pytest

from followup.ledger import content as content_module
from followup.ledger.content import Content
from followup.ledger.sie import describe
from followup.ledger.sie_lexer import FieldError, blocks, encoding_of, fields, split_at_objects
from tests.ledger.sie_files import file, read, row_of, voucher

FILE = file(voucher('#TRANS 5010 {6 "91001"} 100.00 "" "Nätverk till Öjebyn"', "#TRANS 1930 {} -100.00"))


@pytest.mark.parametrize(
    ("python_name", "told"),
    [("cp437", "cp437"), ("cp1252", "cp1252"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_lines(python_name, told, line_end):
    content = FILE.replace("\n", line_end).encode(python_name)
    result = read(content)
    assert describe(Content.of(content)).encoding == told
    assert result.problems == []
    assert result.lines == read(FILE).lines
    assert result.lines[0].text == "Nätverk till Öjebyn"
    assert result.findings.project_names == {"91001": "Nätverk"}


def test_a_stray_latin1_byte_in_cp437_does_not_fail_the_file():
    content = FILE.encode("cp437").replace(b"AB", "Å".encode("cp1252"))
    assert encoding_of(Content.of(content)) == "cp437"
    assert read(content).problems == []


def test_bytes_that_windows_1252_lacks_do_not_fail_the_file():
    content = FILE.encode("cp1252").replace(b"AB", b"\x81\x8d")
    assert encoding_of(Content.of(content)) == "cp1252"
    assert read(content).problems == []


def test_utf8_with_a_broken_letter_stays_utf8_and_names_the_row():
    content = FILE.encode().replace("Öjebyn".encode(), b"\xc3jebyn")
    assert encoding_of(Content.of(content)) == "utf-8"
    assert [row for row, _ in read(content).problems] == [row_of(FILE, "Öjebyn")]


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
def test_a_letter_lost_before_the_file_was_written_names_the_row(encoding):
    text = FILE.replace("Öjebyn", "@jebyn")
    content = text.encode(encoding).replace(b"@", "\N{REPLACEMENT CHARACTER}".encode())
    problem = read(content).findings.problems[0]
    assert problem.row == row_of(text, "@jebyn")
    assert "jebyn" in problem.value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('a "b c"  d', ["a", "b c", "d"]),
        ('a\t"b\tc"\td ', ["a", "b\tc", "d"]),
        (r'"say \"hi\" now" x', ['say "hi" now', "x"]),
        (r'"1820\A012 Cykel" C:\x', [r"1820\A012 Cykel", r"C:\x"]),
        ('"" ""', ["", ""]),
        ("a\N{NO-BREAK SPACE}b c", ["a\N{NO-BREAK SPACE}b", "c"]),
        (r'x "C:\mapp\"', ["x", r"C:" + "\\mapp\\"]),
        ("", []),
    ],
)
def test_fields_are_parted_by_blanks_and_tabs_with_one_escape(line, expected):
    assert fields(line) == expected


@pytest.mark.parametrize(
    ("line", "objects", "after"),
    [
        ("5010 {} 1", (), ["1"]),
        ("5010 { } 1", (), ["1"]),
        ("5010{}1", (), ["1"]),
        ('5010 {1 "A" 6 "B"} 1', ("1", "A", "6", "B"), ["1"]),
        ("5010 {1 A 6 B} 1", ("1", "A", "6", "B"), ["1"]),
        ('5010 {"1" "A""6" "B"}1', ("1", "A", "6", "B"), ["1"]),
        ('5010 {6 "a } b"} 1', ("6", "a } b"), ["1"]),
        ('5010 {6 ""} 1', ("6", ""), ["1"]),
        ("5010 1", (), ["1"]),
        ('5010 "" 1', (), ["1"]),
        ("5010\t{1\tA}\t1 2 a{b", ("1", "A"), ["1", "2", "a{b"]),
    ],
)
def test_object_lists_are_read_in_every_shape_seen(line, objects, after):
    assert split_at_objects(line, 0, 1) == (["5010"], objects, after)


@pytest.mark.parametrize("line", ['5010 {} "abc', '5010 {1 "A 1', "5010 {1 A 1", '50"10 {} 1', '"5010 {} 1'])
def test_what_is_never_closed_is_refused(line):
    with pytest.raises(FieldError):
        split_at_objects(line, 0, 1)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
def test_rows_are_the_files_own_wherever_the_text_is_cut(monkeypatch, line_end, size):
    monkeypatch.setattr(content_module, "PIECE", size)
    lines = ["å", "", "bcdefghij", "k", "", "", "l"]
    content = line_end.join(lines).encode()
    numbered = [
        (first + i, text) for first, texts in blocks(Content.of(content), "utf-8") for i, text in enumerate(texts)
    ]
    assert numbered == list(enumerate(lines, 1))
