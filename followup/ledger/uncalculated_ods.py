"""Cells of an .ods that hold an error, or a formula that was never calculated (OpenDocument 1.3 part 3, 9.1: tables).

The spreadsheet library gives both as empty cells, as it does for an .xlsx.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree import ElementTree

from followup.ledger.uncalculated import Uncalculated

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SIGNS = (b'value-type="error"', b"value-type='error'", b":formula=")  # each of them costs a walk through the file
_MOST = 10_000  # repetitions that are looked at: more of them are the blank rest of the sheet


def find_in_ods(content: bytes) -> dict[str, Uncalculated]:
    """For each sheet by name. Raises ``zipfile.BadZipFile`` or ``ValueError`` where the archive is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            xml = archive.read("content.xml")
        if not any(sign in xml for sign in _SIGNS):
            return {}
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise ValueError("a workbook declares no document type")
        return _in_tables(xml)
    except (KeyError, ElementTree.ParseError, NotImplementedError, EOFError, RuntimeError, zlib.error) as error:
        raise zipfile.BadZipFile(str(error)) from error


def _in_tables(xml: bytes) -> dict[str, Uncalculated]:
    found: dict[str, Uncalculated] = {}
    by_row: dict[int, list[int]] = {}
    number = 1
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):  # noqa: S314  # as above
        if event == "start":
            if element.tag == _TABLE + "table":
                by_row, number = {}, 1
                found[element.get(_TABLE + "name", "")] = Uncalculated(by_row)
        elif element.tag == _TABLE + "table-row":
            repeated = int(element.get(_TABLE + "number-rows-repeated", "1"))
            if columns := _in_row(element):
                by_row.update((row, columns) for row in range(number, number + min(repeated, _MOST)))
            number += repeated
            element.clear()
    return found


def _in_row(row: ElementTree.Element) -> list[int]:
    columns: list[int] = []
    at = 0
    for cell in row:
        repeated = int(cell.get(_TABLE + "number-columns-repeated", "1"))
        if _is_wrong(cell):
            columns.extend(range(at, at + min(repeated, _MOST)))
        at += repeated
    return columns


def _is_wrong(cell: ElementTree.Element) -> bool:
    has_formula = cell.get(_TABLE + "formula") is not None
    return cell.get(_CALC_TYPE) == "error" or (has_formula and cell.get(_OFFICE_TYPE) is None)
