from __future__ import annotations

import gc
import hashlib
import io
import zipfile

import pytest

from followup.ledger import detect

from .reading import DEMO, HEADER, only_problem, read, with_amounts


def _zip(*names: str, first: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "tom"),
        (b" \r\n\r\n", "tom"),
        (b"\xef\xbb\xbf", "tom"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "bild"),
        (b"\xff\xd8\xff\xe0....", "bild"),
        (b"<!DOCTYPE html><html><body>Logga in</body></html>", "webbsida"),
        (b"\xef\xbb\xbf\r\n<html><table><tr><td>Konto</td></tr></table></html>", "webbsida"),
        ("<html>".encode("utf-16"), "webbsida"),
        (b'<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5"></Sie>', "SIE 5"),
        (b'<?xml version="1.0"?><order/>', "XML"),
        (b'{"Konto": 35110}', "JSON"),
        (b'[{"Konto": 35110}]', "JSON"),
        (b"{\\rtf1 hej}", "RTF"),
        (b"#DATABESKRIVNING_START\n#PRODUKT SRU\n#PROGRAM Provbok 1.0\n#FILNAMN BLANKETTER.SRU\n", "SRU"),
        (b"#BLANKETT INK2R-2024P4\n#IDENTITET 165500000000 20250101 120000\n", "SRU"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "kalender"),
        (b"Subject: Huvudbok\r\nFrom: anna@example.com\r\n\r\nHej", "e-brev"),
        (b"01BGMAX               0120240101173035010331P\n", "BgMax"),
        (b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>', "kontoutdrag"),
        (b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>', "e-faktura"),
        (b'<AuditFile xmlns="urn:StandardAuditFile-Taxation-Financial:NO"/>', "SAF-T"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "Access"),
        (b"MZ\x90\x00\x03", "program"),
        (_zip("word/document.xml"), "Word"),
        (_zip("a.txt"), "zip"),
        pytest.param(_zip("a.txt")[:20], "skadat", id="cut-zip"),  # its bytes hold the time: no name for a test
        (b"\x1f\x8b\x08....", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "lösenord"),
    ],
)
def test_what_is_no_ledger_is_refused_by_what_it_is(content: bytes, named: str) -> None:
    assert named in only_problem(content).message


def test_a_preamble_of_words_and_colons_is_no_mail() -> None:
    assert read("Client: SY\nFrom: 202410\nTo: 202410\nKonto;Period;Belopp\n35110;202410;1,50\n").total == 150


def test_the_checksum_is_that_of_the_bytes() -> None:
    assert read(f"{HEADER}\n").sha256 == hashlib.sha256(f"{HEADER}\n".encode()).hexdigest()


def test_the_name_of_a_file_does_not_decide_its_format() -> None:
    assert read("#FLAGGA 0\n#SIETYP 4\n").format.startswith("sie")
    assert read(f"{HEADER}\n202410;35110;;x;1,00\n").format == "delimited"


def test_the_month_as_sie_gives_the_same_sums_beside_its_balancing_account() -> None:
    sie, text = (read((DEMO / f"ledger-2024-10.{suffix}").read_bytes(), year=2024) for suffix in ("se", "csv"))
    assert sie.problems == ()
    assert {cell: ore for cell, ore in sie.sums.items() if cell.account != "24900"} == text.sums
    assert sie.by_account()["24900"] == -text.total


def test_problems_stand_in_the_order_of_the_rows_and_those_of_the_file_first() -> None:
    text = f"{HEADER}\n202310;35110;;x;1,00\n202410;35110;;x;fel\n202410;?;;x;1,00\n"
    assert [problem.row for problem in read(text, year=2024).problems] == [2, 3, 4]


@pytest.mark.parametrize("rows", ["", "202410;35110;;x;fel\n"])
def test_columns_that_were_recognised_are_not_asked_about_for_want_of_lines(rows: str) -> None:
    parsed = read(f"{HEADER}\n{rows}")
    assert parsed.problems
    assert not parsed.is_askable


def test_columns_that_were_not_recognised_are_asked_about() -> None:
    assert read("A;B;C\n202410;35110;1,00\n").is_askable


def test_more_lines_leave_no_more_to_python_s_search_for_circles_which_goes_on_afterwards() -> None:
    few, many = (with_amounts(*["1,00", "2,00", "fel"] * times) for times in (2, 50))
    read(few)
    gc.collect()
    gc.disable()
    try:
        left = []
        for text in (few, many):
            read(text)
            left.append(gc.collect())
        assert left[0] == left[1]
        assert not gc.isenabled()
    finally:
        gc.enable()
    read(few)
    assert gc.isenabled()


def test_the_search_for_circles_goes_on_where_the_reading_is_broken_off() -> None:
    with pytest.raises(ZeroDivisionError):
        detect.read(with_amounts("1,00").encode(), filename="test", progress=lambda rows: rows // 0)
    assert gc.isenabled()
