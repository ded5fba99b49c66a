"""Errors in the cells of .ods and .xls, which the spreadsheet library gives as blank ones."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from followup.ledger.uncalculated_xls import find_in_xls

from .reading import only_problem, read

HEADER = ["Konto", "Period", "Projekt", "Debet", "Kredit"]
NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODS_ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)
UNCALCULATED = '<table:table-cell table:formula="of:=1+1"/>'
CALCULATED = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'


def ods_cell(value: str) -> str:
    if value.startswith("<") or not value:
        return value or "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def ods(*rows: list[str]) -> bytes:
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet>"
            f'<table:table table:name="Blad">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


@pytest.mark.parametrize("cell", [ODS_ERROR, UNCALCULATED])
@pytest.mark.parametrize("column", HEADER)
def test_a_cell_of_an_ods_without_a_value_that_can_be_used_is_refused(cell: str, column: str) -> None:
    row = ["35110", "202410", "91001", "1,50", "2,50"]
    row[HEADER.index(column)] = cell
    problem = only_problem(ods(HEADER, ["35110", "202410", "", "1,50", ""], row))
    assert (problem.row, problem.column) == (3, column)
    assert "felvärde" in problem.message


def test_a_calculated_cell_of_an_ods_is_read() -> None:
    assert read(ods(HEADER, ["35110", "202410", "91001", CALCULATED, ""])).total == 200


# A compound file of one stream, in sectors of 512 bytes: directory, table of sectors, stream

FREE, END, OWN = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(stream: bytes) -> bytes:
    stream = stream.ljust(4096, b"\0")  # what is shorter stands elsewhere
    stream += bytes(-len(stream) % 512)
    count = len(stream) // 512
    table = [END, OWN, *range(3, count + 2), END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 0, 0, 4096, END, 0, END, 0, 1)
    head += struct.pack("<I", FREE) * 108
    entries = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream)) + bytes(256)
    return head + entries + struct.pack("<128I", *table, *[FREE] * (128 - len(table))) + stream


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, FREE, FREE, child) + bytes(36)
        + struct.pack("<IQ", start, size)
    )  # fmt: skip


def record(opcode: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", opcode, len(data)) + data


def xls_cell(row: int, column: int, value: str | float | None, how: int) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return record(0x0204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))
    if value is not None:
        return record(0x0203, place + struct.pack("<d", value))
    if how == 0x0205:
        return record(0x0205, place + b"\x2a\x01")
    return record(0x0006, place + b"\x02\0\x2a\0\0\0\xff\xff" + bytes(6) + b"\x03\0" + b"\x1c\x2a\0")


def xls(rows: list[list[str | float | None]], how: int) -> bytes:
    start = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    name = b"\0\0\x04\0Blad"
    begins = len(record(0x0809, start)) + len(record(0x0085, bytes(4) + name)) + len(record(0x000A))
    book = record(0x0809, start) + record(0x0085, struct.pack("<I", begins) + name) + record(0x000A)
    cells = [
        xls_cell(row, at, value, how) for row, values in enumerate(rows) for at, value in enumerate(values)
        if value != ""
    ]  # fmt: skip
    sheet = struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)
    return compound(book + record(0x0809, sheet) + b"".join(cells) + record(0x000A))


@pytest.mark.parametrize("how", [0x0205, 0x0006])
@pytest.mark.parametrize("column", HEADER)
def test_an_error_in_an_xls_is_refused(how: int, column: str) -> None:
    row: list[str | float | None] = ["35110", "202410", "91001", 1.5, 2.5]
    row[HEADER.index(column)] = None
    problem = only_problem(xls([[*HEADER], ["35110", "202410", "91001", 1.5, ""], row], how))
    assert (problem.row, problem.column) == (3, column)
    assert "felvärde" in problem.message


def test_an_xls_without_errors_is_read() -> None:
    assert read(xls([[*HEADER], ["35110", 202410.0, "", 1.5, ""]], 0)).total == 150


def test_a_compound_file_whose_sectors_go_in_a_ring_is_damaged() -> None:
    content = bytearray(xls([[*HEADER]], 0))
    content[1024:1028] = bytes(4)  # the directory follows itself
    with pytest.raises(ValueError, match="ring"):
        find_in_xls(bytes(content))
