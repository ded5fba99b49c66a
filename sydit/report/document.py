"""The report document: the one value that every page, workbook and file is a rendering of.

A :class:`Report` is built once (``build.py``), is immutable, knows neither Django nor the database, and goes to JSON
and back without loss. Renderers print what stands in it: a cell carries both its exact value and its printed text, so
nobody computes, rounds or formats a number again.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
    TOTAL = "total"  # in columns of amounts without a formula: the sum of the lines above


class ParagraphKind(enum.StrEnum):
    BODY = "body"
    NOTICE = "notice"  # something is missing or needs the reader's attention
    HEADING = "heading"  # a sub-heading within a section
    BULLET = "bullet"  # an item of a list; items that follow each other are one list
    NUMBER = "number"  # an item of a numbered list


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
class Difference:
    """Each row's amount is that of one column minus that of another, both named by key."""

    minuend: str
    subtrahend: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """Each row's value is one column's amount as whole percent of another's; no number where the whole is zero."""

    part: str
    whole: str


Formula = Difference | Ratio


@dataclass(frozen=True, slots=True)
class Column:
    """``formula`` says how the values follow from other columns, in lines and totals alike; the values stand in the
    cells all the same. None where they follow from nothing else in the table."""

    key: str
    label: str
    kind: ColumnKind
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Which ledger lines of the report's months a row is the sum of.

    Those of ``projects`` where there are any, otherwise those of ``accounts`` that carry no registered project.
    """

    accounts: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``cells`` stand in the order of the table's columns. ``lines`` is None where no ledger is behind it."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.LINE
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading column (``label_heading`` over the rows' labels) and typed columns."""

    key: str
    caption: str
    label_heading: str
    unit: Unit | None  # of the amounts; None where the table has none
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Raises ``ValueError`` where a row has not one cell a column, or a formula names a column that is missing."""
        keys = {column.key for column in self.columns}
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.key}: row {row.key} has {len(row.cells)} cells, not {len(self.columns)}")
        for column in self.columns:
            if unknown := {*_operands(column.formula)} - keys:
                raise ValueError(f"{self.key}: column {column.key} is made from {', '.join(sorted(unknown))}")

    def row(self, key: str) -> Row:
        """Raises ``KeyError``."""
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(f"{self.key}: {key}")

    def cell(self, row_key: str, column_key: str) -> Cell:
        """Raises ``KeyError``."""
        keys = [column.key for column in self.columns]
        if column_key not in keys:
            raise KeyError(f"{self.key}: {column_key}")
        return self.row(row_key).cells[keys.index(column_key)]


def _operands(formula: Formula | None) -> tuple[str, ...]:
    match formula:
        case Difference(minuend, subtrahend):
            return minuend, subtrahend
        case Ratio(part, whole):
            return part, whole
        case None:
            return ()


class Emphasis(enum.StrEnum):
    NONE = ""
    EMPHASIS = "emphasis"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph. ``figure`` is the name of the figure that it says, computed and not typed; ``row`` names
    the table row that the figure is of (``result/income``), where the report has one."""

    text: str
    emphasis: Emphasis = Emphasis.NONE
    figure: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``text`` is all that it says, without marks. ``runs`` are the same text in pieces, where some of them are
    emphasised or computed. ``marker`` stands before an item of a list."""

    text: str
    kind: ParagraphKind = ParagraphKind.BODY
    marker: str = ""
    runs: tuple[Run, ...] = ()


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
    """The import that a month's actuals come from. ``ledger_month`` identifies its stored lines.

    A report that was stored before it told of the import has none of the fields with a default.
    """

    month: Month
    ledger_month: int
    filename: str
    sha256: str
    total: int  # öre, all lines of the month, balance accounts included
    imported_at: dt.datetime | None = None  # with its time zone
    imported_by: str = ""
    control_total: int | None = None  # öre, the ledger's own balance of the file, with which what was booked agreed


@dataclass(frozen=True, slots=True)
class SetAside:
    """An account rule that says "räknas inte": its prefix, why, and the accounts with lines that it leaves out."""

    prefix: str
    reason: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the figures come from, so that a published figure opens to its own lines for ever."""

    sources: tuple[LedgerSource, ...] = ()
    projects: tuple[str, ...] = ()  # registered project codes when the report was built
    set_aside: tuple[SetAside, ...] = ()
    budget_by_month: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # öre, by row of the result


@dataclass(frozen=True, slots=True)
class Report:
    follow_up: Month
    organisation: str
    title: str
    sections: tuple[Section, ...]
    basis: Basis = Basis()
    registry_number: str = ""  # diarienummer; a report that was stored before it told has none
    meeting_date: dt.date | None = None  # the committee's meeting, the same

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
        "registry_number": report.registry_number,
        "meeting_date": report.meeting_date.isoformat() if report.meeting_date else None,
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
            "sources": [_source_out(source) for source in report.basis.sources],
            "projects": list(report.basis.projects),
            "set_aside": [asdict(rule) for rule in report.basis.set_aside],
            **_budget_out(report.basis),
        },
    }


def _budget_out(basis: Basis) -> dict[str, Any]:
    """Nothing where no budget is decided by month: such a document is as it was before budgets could be."""
    months = {row: list(amounts) for row, amounts in basis.budget_by_month.items()}
    return {"budget_by_month_ore": months} if months else {}


def _source_out(source: LedgerSource) -> dict[str, Any]:
    return {
        "month": str(source.month),
        "ledger_month": source.ledger_month,
        "filename": source.filename,
        "sha256": source.sha256,
        "total_ore": source.total,
        "imported_at": source.imported_at.isoformat() if source.imported_at else None,
        "imported_by": source.imported_by,
        "control_total_ore": source.control_total,
    }


def _block_out(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return _paragraph_out(block)
    return {
        "type": "table",
        "key": block.key,
        "caption": block.caption,
        "label_heading": block.label_heading,
        "unit": block.unit.value if block.unit else None,
        "columns": [_column_out(column) for column in block.columns],
        "rows": [
            {
                "key": row.key,
                "label": row.label,
                "kind": row.kind.value,
                "cells": {c.key: _cell_out(cell) for c, cell in zip(block.columns, row.cells, strict=True)},
                **({"lines": asdict(row.lines)} if row.lines else {}),
            }
            for row in block.rows
        ],
    }


def _paragraph_out(paragraph: Paragraph) -> dict[str, Any]:
    """What a plain paragraph has no use for is left out, so that it is written as it always was."""
    out: dict[str, Any] = {"type": "paragraph", "kind": paragraph.kind.value, "text": paragraph.text}
    if paragraph.marker:
        out["marker"] = paragraph.marker
    if paragraph.runs:
        out["runs"] = [{key: value for key, value in asdict(run).items() if value} for run in paragraph.runs]
    return out


def _column_out(column: Column) -> dict[str, Any]:
    out: dict[str, Any] = {"key": column.key, "label": column.label, "kind": column.kind.value}
    match column.formula:
        case Difference(minuend, subtrahend):
            out["formula"] = {"type": "difference", "minuend": minuend, "subtrahend": subtrahend}
        case Ratio(part, whole):
            out["formula"] = {"type": "ratio", "part": part, "whole": whole}
    return out


def _cell_out(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Amount):
        return {"ore": cell.ore, "text": cell.text, **({"word": cell.word} if cell.word else {})}
    return {"value": cell.value, "text": cell.text}


# --- from JSON -------------------------------------------------------------------------------------------------------


def _report_in(data: dict[str, Any]) -> Report:
    if data["schema"] != SCHEMA:
        raise ValueError(f"schema {data['schema']}")
    basis, meeting_date = data["basis"], data.get("meeting_date")
    return Report(
        follow_up=Month.parse(data["follow_up"]),
        organisation=data["organisation"],
        title=data["title"],
        registry_number=data.get("registry_number", ""),
        meeting_date=dt.date.fromisoformat(meeting_date) if meeting_date else None,
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
            sources=tuple(_source_in(source) for source in basis["sources"]),
            projects=tuple(basis["projects"]),
            set_aside=tuple(
                SetAside(rule["prefix"], rule["reason"], tuple(rule["accounts"])) for rule in basis.get("set_aside", ())
            ),
            budget_by_month={row: tuple(amounts) for row, amounts in basis.get("budget_by_month_ore", {}).items()},
        ),
    )


def _source_in(data: dict[str, Any]) -> LedgerSource:
    moment = data.get("imported_at")
    return LedgerSource(
        month=Month.parse(data["month"]),
        ledger_month=data["ledger_month"],
        filename=data["filename"],
        sha256=data["sha256"],
        total=data["total_ore"],
        imported_at=dt.datetime.fromisoformat(moment) if moment else None,
        imported_by=data.get("imported_by", ""),
        control_total=data.get("control_total_ore"),
    )


def _block_in(data: dict[str, Any]) -> Block:
    if data["type"] == "paragraph":
        runs = tuple(
            Run(run["text"], Emphasis(run.get("emphasis", "")), run.get("figure", ""), run.get("row", ""))
            for run in data.get("runs", ())
        )
        return Paragraph(data["text"], ParagraphKind(data["kind"]), data.get("marker", ""), runs)
    if data["type"] != "table":
        raise ValueError(f"block of type {data['type']}")
    columns = tuple(
        Column(c["key"], c["label"], ColumnKind(c["kind"]), _formula_in(c.get("formula"))) for c in data["columns"]
    )
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
                lines=_lines_in(row.get("lines")),
            )
            for row in data["rows"]
        ),
    )


def _formula_in(data: dict[str, str] | None) -> Formula | None:
    if data is None:
        return None
    match data["type"]:
        case "difference":
            return Difference(data["minuend"], data["subtrahend"])
        case "ratio":
            return Ratio(data["part"], data["whole"])
    raise ValueError(f"formula of type {data['type']}")


def _lines_in(data: dict[str, Any] | None) -> Lines | None:
    return Lines(tuple(data["accounts"]), tuple(data["projects"])) if data else None


def _cell_in(data: dict[str, Any]) -> Cell:
    if "ore" in data:
        return Amount(data["ore"], data["text"], data.get("word", ""))
    return Value(data["value"], data["text"])
