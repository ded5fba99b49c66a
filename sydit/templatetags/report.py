"""What the report's page needs to lay out a document: which block is which, and each row beside its link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sydit.report.document import Block, Cell, ColumnKind, Emphasis, Paragraph, Row, RowKind, Run, Table
from sydit.report.figure_list import FigureGroup

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
    is_text: bool
    stacks: bool  # read row by row, as much text as figures: cards on a narrow screen instead of scrolling


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """A table, or paragraphs of one kind that follow each other."""

    table: Table | None = None
    kind: str = ""
    paragraphs: tuple[Paragraph, ...] = ()


@register.filter
def grouped(blocks: Iterable[Block]) -> list[BlockGroup]:
    """The blocks with the items of each list together."""
    groups = []
    for kind, members in groupby(blocks, key=lambda block: block.kind if isinstance(block, Paragraph) else None):
        together = tuple(members)
        if kind is None:
            groups += [BlockGroup(table=block) for block in together if isinstance(block, Table)]
        else:
            groups.append(BlockGroup(None, kind, tuple(block for block in together if isinstance(block, Paragraph))))
    return groups


_TAGS = {Emphasis.NONE: "{}", Emphasis.EMPHASIS: "<em>{}</em>", Emphasis.STRONG: "<strong>{}</strong>"}


@register.simple_tag
def runs(paragraph: Paragraph, links: Mapping[str, str] | None) -> SafeString:
    """A paragraph's text with its emphasis, and with what is computed set apart and linked to its lines."""
    if not paragraph.runs:
        return format_html("{}", paragraph.text)
    return format_html_join("", "{}", ((_run(run, links or {}),) for run in paragraph.runs))


def _run(run: Run, links: Mapping[str, str]) -> SafeString:
    inner = format_html(_TAGS[run.emphasis], run.text)
    if not run.figure:
        return inner
    if url := links.get(run.row):
        return format_html('<a class="living" href="{}" title="Visa underlag">{}</a>', url, inner)
    return format_html('<span class="living">{}</span>', inner)


_FIGURE = (
    '<tr data-figure="{0}" data-group="{1}" data-label="{2}" data-forms="{3}"><th scope="row">{2}</th>'
    '<td data-label="Skrivs"><code>{{{0}}}</code></td><td data-label="Blir">{4}</td></tr>'
)


@register.simple_tag
def figure_rows(group: FigureGroup) -> SafeString:
    """The rows of a list of figures; there are some two hundred, and a template would take ten times as long."""
    return format_html_join(
        "\n", _FIGURE, ((one.name, group.label, one.label, one.forms, one.says) for one in group.figures)
    )


@register.simple_tag
def page_table(table: Table, links: Mapping[str, str] | None) -> PageTable:
    """The table with each row's link from ``links`` (``"result/income"`` → address), totals apart."""
    texts = sum(column.kind is ColumnKind.TEXT for column in table.columns)
    return PageTable(
        table=table,
        lines=tuple(_row(table, row, links or {}) for row in table.rows if row.kind is RowKind.LINE),
        totals=tuple(_row(table, row, links or {}) for row in table.rows if row.kind is RowKind.TOTAL),
        is_text=texts == len(table.columns),
        stacks=2 * texts >= len(table.columns),
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
