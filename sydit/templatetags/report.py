"""What the report's page needs to lay out a document: which block is which, and each row beside its link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import template

from sydit.report.document import Block, Cell, ColumnKind, Row, RowKind, Table

register = template.Library()


@dataclass(frozen=True, slots=True)
class PageCell:
    cell: Cell
    heading: str  # the column's, for a narrow screen where the column heads are out of sight
    is_figure: bool


@dataclass(frozen=True, slots=True)
class PageRow:
    label: str
    url: str  # of the ledger lines behind the row; empty where there are none to open
    cells: tuple[PageCell, ...]


@dataclass(frozen=True, slots=True)
class PageTable:
    table: Table
    lines: tuple[PageRow, ...]
    totals: tuple[PageRow, ...]
    is_text: bool  # read row by row: stacks on a narrow screen instead of scrolling


@register.filter
def is_table(block: Block) -> bool:
    return isinstance(block, Table)


@register.simple_tag
def page_table(table: Table, links: Mapping[str, str] | None) -> PageTable:
    """The table with each row's link from ``links`` (``"result/income"`` → address), totals apart."""
    return PageTable(
        table=table,
        lines=tuple(_row(table, row, links or {}) for row in table.rows if row.kind is RowKind.LINE),
        totals=tuple(_row(table, row, links or {}) for row in table.rows if row.kind is RowKind.TOTAL),
        is_text=all(column.kind is ColumnKind.TEXT for column in table.columns),
    )


def _row(table: Table, row: Row, links: Mapping[str, str]) -> PageRow:
    return PageRow(
        label=row.label,
        url=links.get(f"{table.key}/{row.key}", ""),
        cells=tuple(
            PageCell(cell, column.label, column.kind is not ColumnKind.TEXT)
            for column, cell in zip(table.columns, row.cells, strict=True)
        ),
    )
