"""Cells of an .xlsx that hold an error, or a formula that was never calculated.

The spreadsheet library gives both as empty cells. Where an amount should stand, empty and unknown are
not the same, so they are looked up in the file itself (ECMA-376 part 1, 18.3.1.4: cells, 18.3.1.40: formulas).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_SIGNS = (b"<f", b":f", b't="e"', b"t='e'")  # each of them costs a walk through the whole sheet
_AFTER_FORMULA = b" />"
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """The cells of a sheet that can't be used: row (from 1) → columns (from 0)."""

    by_row: Mapping[int, list[int]] = field(default_factory=dict)


def find_uncalculated(content: bytes) -> dict[str, Uncalculated]:
    """For each sheet by name. Raises ``zipfile.BadZipFile`` or ``ValueError`` where the archive is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: _in_sheet(archive.read(path)) for name, path in _sheets(archive).items()}
    except (KeyError, ElementTree.ParseError, NotImplementedError, EOFError, RuntimeError, zlib.error) as error:
        raise zipfile.BadZipFile(str(error)) from error


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The path in the archive of each worksheet."""
    relations = _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {
        each.get("Id"): each.get("Target", "") for each in relations if each.get("Type", "").endswith("/worksheet")
    }
    book = _parsed(archive.read("xl/workbook.xml"))
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and (target := targets.get(_relation(sheet))):
            found[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return found


def _parsed(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise ValueError("a workbook declares no document type")
    return ElementTree.fromstring(xml)  # noqa: S314  # without declarations there are no entities to expand


def _relation(sheet: ElementTree.Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key == _RELATION or key.endswith("}id")), None)


def _in_sheet(xml: bytes) -> Uncalculated:
    by_row: dict[int, list[int]] = {}
    for start in sorted(_suspects(xml)):
        cell = _CELL.match(xml, start)
        if cell is None:
            continue
        attributes, body = cell[1], cell[2] or b""
        if _ERROR.search(attributes) or (_FORMULA.search(body) and not _VALUE.search(body)):
            place = _REFERENCE.search(attributes)
            if place is None:
                raise ValueError("a cell without its place")
            by_row.setdefault(int(place[2]), []).append(_column(place[1]))
    return Uncalculated(by_row)


def _suspects(xml: bytes) -> set[int]:
    """Where the cells begin that have a formula or an error: found without a pattern, which is ten times as fast."""
    starts = set()
    has_plain_cells = b"<c " in xml  # else every cell has a prefix, as in <x:c r="A1">
    for sign in _SIGNS:
        at = xml.find(sign)
        while at >= 0:
            if not sign.endswith(b"f") or xml[at + len(sign)] in _AFTER_FORMULA:
                plain = xml.rfind(b"<c ", 0, at + 1) if has_plain_cells else 0
                begins = max(plain, xml.rfind(b":c ", max(plain, 0), at + 1))
                starts.add(xml.rfind(b"<", 0, begins + 1))
            at = xml.find(sign, at + 1)
    return starts


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
