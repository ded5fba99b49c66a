"""The report document: the one value that every page, workbook and file is a rendering of.

A :class:`Report` is built once (``build.py``), is immutable, knows neither Django nor the database, and goes to JSON
and back without loss. Renderers print what stands in it: a cell carries both its exact value and its printed text, so
nobody computes, rounds or formats a number again.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sydit.money import Unit
from sydit.periods import Month

SCHEMA = 1


class ColumnKind(enum.StrEnum):
    TEXT = "text"
    AMOUNT = "amount"
    VARIANCE = "variance"  # an amount whose sign is also told in a word
    PERCENT = "percent"


class RowKind(enum.StrEnum):
    LINE = "line"
    TOTAL = "total"


class ParagraphKind(enum.StrEnum):
    BODY = "body"
    NOTICE = "notice"  # something is missing or needs the reader's attention


@dataclass(frozen=True, slots=True)
class Amount:
    """A cell of money: exact öre, and the text that is printed. ``ore`` is None where the amount is missing.

    ``word`` says in a word what the sign of a variance means ("underskott"), so that no reader depends on
    a sign or a colour.
    """

    ore: int | None
    text: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell of anything else: a whole percent (int), or words (str). None where there is none."""

    value: int | str | None
    text: str


Cell = Amount | Value


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``cells`` stand in the order of the table's columns."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.LINE


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading column (``label_heading`` over the rows' labels) and typed columns."""

    key: str
    caption: str
    label_heading: str
    unit: Unit | None  # of the amounts; None where the table has none
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def cell(self, row_key: str, column_key: str) -> Cell:
        """Raises ``KeyError``."""
        for row in self.rows:
            if row.key == row_key:
                for column, cell in zip(self.columns, row.cells, strict=True):
                    if column.key == column_key:
                        return cell
        raise KeyError(f"{self.key}: {row_key}, {column_key}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    kind: ParagraphKind = ParagraphKind.BODY


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. ``number`` ("1.1") is empty for an unnumbered sub-heading."""

    key: str
    number: str
    title: str
    level: int  # 1 = chapter, 2 = part of a chapter
    blocks: tuple[Block, ...]

    @property
    def heading(self) -> str:
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The import that a month's actuals come from. ``ledger_month`` identifies its stored lines."""

    month: Month
    ledger_month: int
    filename: str
    sha256: str
    total: int  # öre, all lines of the month, balance accounts included


@dataclass(frozen=True, slots=True)
class RowLines:
    """Which ledger lines a row's amounts are the sum of: a project's, or those of the accounts without a project."""

    table: str
    row: str
    accounts: tuple[str, ...] = ()
    project: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the figures come from, so that a published figure opens to its own lines for ever."""

    sources: tuple[LedgerSource, ...] = ()
    projects: tuple[str, ...] = ()  # registered project codes when the report was built
    rows: tuple[RowLines, ...] = ()

    def lines_of(self, table: str, row: str) -> RowLines:
        """Raises ``KeyError``."""
        for lines in self.rows:
            if (lines.table, lines.row) == (table, row):
                return lines
        raise KeyError(f"{table}: {row}")


@dataclass(frozen=True, slots=True)
class Report:
    follow_up: Month
    organisation: str
    title: str
    sections: tuple[Section, ...]
    basis: Basis = Basis()

    @property
    def tables(self) -> Mapping[str, Table]:
        return {block.key: block for section in self.sections for block in section.blocks if isinstance(block, Table)}

    def to_json(self) -> str:
        """The document as JSON text; equal reports give equal text (docs/architecture.md has the schema)."""
        return json.dumps(_report_out(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Raises :class:`DocumentError` where the text is no report of a schema that this code can read."""
        try:
            return _report_in(json.loads(text))
        except (KeyError, TypeError, ValueError) as error:
            raise DocumentError(f"not a report document: {error}") from error


class DocumentError(ValueError):
    """The stored text is not a report document."""


def checksum(text: str) -> str:
    """SHA-256 in hexadecimal of a document's JSON text."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- to JSON ---------------------------------------------------------------------------------------------------------


def _report_out(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "follow_up": str(report.follow_up),
        "organisation": report.organisation,
        "title": report.title,
        "sections": [
            {
                "key": section.key,
                "number": section.number,
                "title": section.title,
                "level": section.level,
                "blocks": [_block_out(block) for block in section.blocks],
            }
            for section in report.sections
        ],
        "basis": {
            "sources": [
                {
                    "month": str(source.month),
                    "ledger_month": source.ledger_month,
                    "filename": source.filename,
                    "sha256": source.sha256,
                    "total_ore": source.total,
                }
                for source in report.basis.sources
            ],
            "projects": list(report.basis.projects),
            "rows": [
                {"table": lines.table, "row": lines.row, "accounts": list(lines.accounts), "project": lines.project}
                for lines in report.basis.rows
            ],
        },
    }


def _block_out(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "kind": block.kind.value, "text": block.text}
    return {
        "type": "table",
        "key": block.key,
        "caption": block.caption,
        "label_heading": block.label_heading,
        "unit": block.unit.value if block.unit else None,
        "columns": [{"key": c.key, "label": c.label, "kind": c.kind.value} for c in block.columns],
        "rows": [
            {
                "key": row.key,
                "label": row.label,
                "kind": row.kind.value,
                "cells": {c.key: _cell_out(cell) for c, cell in zip(block.columns, row.cells, strict=True)},
            }
            for row in block.rows
        ],
    }


def _cell_out(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Amount):
        return {"ore": cell.ore, "text": cell.text, **({"word": cell.word} if cell.word else {})}
    return {"value": cell.value, "text": cell.text}


# --- from JSON -------------------------------------------------------------------------------------------------------


def _report_in(data: dict[str, Any]) -> Report:
    if data["schema"] != SCHEMA:
        raise ValueError(f"schema {data['schema']}")
    basis = data["basis"]
    return Report(
        follow_up=Month.parse(data["follow_up"]),
        organisation=data["organisation"],
        title=data["title"],
        sections=tuple(
            Section(
                key=section["key"],
                number=section["number"],
                title=section["title"],
                level=section["level"],
                blocks=tuple(_block_in(block) for block in section["blocks"]),
            )
            for section in data["sections"]
        ),
        basis=Basis(
            sources=tuple(
                LedgerSource(
                    month=Month.parse(source["month"]),
                    ledger_month=source["ledger_month"],
                    filename=source["filename"],
                    sha256=source["sha256"],
                    total=source["total_ore"],
                )
                for source in basis["sources"]
            ),
            projects=tuple(basis["projects"]),
            rows=tuple(
                RowLines(lines["table"], lines["row"], tuple(lines["accounts"]), lines["project"])
                for lines in basis["rows"]
            ),
        ),
    )


def _block_in(data: dict[str, Any]) -> Block:
    if data["type"] == "paragraph":
        return Paragraph(data["text"], ParagraphKind(data["kind"]))
    if data["type"] != "table":
        raise ValueError(f"block of type {data['type']}")
    columns = tuple(Column(c["key"], c["label"], ColumnKind(c["kind"])) for c in data["columns"])
    return Table(
        key=data["key"],
        caption=data["caption"],
        label_heading=data["label_heading"],
        unit=Unit(data["unit"]) if data["unit"] else None,
        columns=columns,
        rows=tuple(
            Row(
                key=row["key"],
                label=row["label"],
                kind=RowKind(row["kind"]),
                cells=tuple(_cell_in(row["cells"][column.key]) for column in columns),
            )
            for row in data["rows"]
        ),
    )


def _cell_in(data: dict[str, Any]) -> Cell:
    if "ore" in data:
        return Amount(data["ore"], data["text"], data.get("word", ""))
    return Value(data["value"], data["text"])
