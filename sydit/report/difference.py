"""What tells one report from another, in figures and words. Pure; both may be of any schema that can be read."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sydit.money import Unit, text
from sydit.report.document import Amount, Cell, Column, LedgerSource, Paragraph, ParagraphKind, Report, Row, Table

# How many items of one sequence times how many of another are laid side by side; what is beyond is told as replaced.
MOST_LINES, MOST_WORDS, MOST_WORDS_A_LINE = 250_000, 500_000, 250_000

_WORD = re.compile(r"\s*\S+\s*")
_BEFORE_TEXT = {ParagraphKind.HEADING: "Rubrik: ", ParagraphKind.BULLET: "• ", ParagraphKind.NOTICE: "Observera: "}


class How(enum.StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the whole report; empty text where it was not told."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """What a cell printed and prints. The öre are None where the amount is missing or the cell holds none, and the
    change (after − before) where either is."""

    column: str
    before: str
    after: str
    ore_before: int | None = None
    ore_after: int | None = None
    ore_change: int | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was added or removed, with all its cells, or changed, with those that did."""

    key: str
    label: str
    how: How
    cells: tuple[CellChange, ...]
    label_before: str = ""  # where it is called otherwise now


@dataclass(frozen=True, slots=True)
class TableChange:
    key: str
    caption: str
    rows: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line; ``how`` is never ``CHANGED``."""

    text: str
    how: How


@dataclass(frozen=True, slots=True)
class TextChange:
    """The lines (paragraphs, items, headings) of a section that changed, in their order."""

    key: str
    heading: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportDifference:
    facts: tuple[Fact, ...]
    tables: tuple[TableChange, ...]
    texts: tuple[TextChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.tables or self.texts)


def difference(before: Report, after: Report) -> ReportDifference:
    """All that a reader of both would see changed, but for emphasis and the order of rows, and what stands behind the
    figures: files, what is left out, and budgets by month."""
    return ReportDifference(
        facts=tuple(_facts(before, after)),
        tables=tuple(_tables(before.tables, after.tables)),
        texts=tuple(_texts(before, after)),
    )


# --- about the whole ------------------------------------------------------------------------------------------------


def _facts(before: Report, after: Report) -> Iterator[Fact]:
    was, now = _told(before), _told(after)
    for label in _keys(was, now):
        if was.get(label, "") != now.get(label, ""):
            yield Fact(label, was.get(label, ""), now.get(label, ""))


def _told(report: Report) -> dict[str, str]:
    """Each fact by its label."""
    basis, labels = report.basis, {row.key: row.label for table in report.tables.values() for row in table.rows}
    return {
        "Organisation": report.organisation,
        "Rubrik": report.title,
        "Diarienummer": report.registry_number,
        "Nämndens sammanträde": str(report.meeting_date or ""),
        **{f"Huvudbok, {source.month.label}": _source(source) for source in basis.sources},
        "Investeringsprojekt i huvudboken": ", ".join(basis.projects),
        **{
            f"Räknas inte: konton på {rule.prefix}": f"{rule.reason} ({', '.join(rule.accounts) or 'inga konton'})"
            for rule in basis.set_aside
        },
        **{
            f"Budget per månad, {labels.get(row, row)}, kr": "; ".join(_kr(ore) for ore in months)
            for row, months in basis.budget_by_month.items()
        },
    }


def _source(source: LedgerSource) -> str:
    control = "" if source.control_total is None else f", avstämd mot {_kr(source.control_total)} kr"
    return f"{source.filename} (SHA-256 {source.sha256[:16]}…), summa {_kr(source.total)} kr{control}"


def _kr(ore: int) -> str:
    return text(ore, Unit.KR)


# --- figures --------------------------------------------------------------------------------------------------------


def _tables(before: Mapping[str, Table], after: Mapping[str, Table]) -> Iterator[TableChange]:
    for key in _keys(before, after):
        was, now = before.get(key), after.get(key)
        rows = tuple(_rows(was, now))
        if rows:
            yield TableChange(key, (now or was).caption, rows)  # type: ignore[union-attr]  # one of them has the key


def _rows(before: Table | None, after: Table | None) -> Iterator[RowChange]:
    was = {row.key: row for row in before.rows} if before else {}
    now = {row.key: row for row in after.rows} if after else {}
    columns_before, columns_after = _columns(before), _columns(after)
    for key in _keys(was, now):
        old, new = was.get(key), now.get(key)
        cells = tuple(
            _cells(_by_column(old, columns_before), _by_column(new, columns_after), columns_before | columns_after)
        )
        label_before = old.label if old and new and old.label != new.label else ""
        if old is None or new is None:
            row = new or old
            assert row is not None
            yield RowChange(key, row.label, How.DELETED if new is None else How.INSERTED, cells)
        elif cells or label_before:
            yield RowChange(key, new.label, How.CHANGED, cells, label_before)


def _columns(table: Table | None) -> dict[str, Column]:
    return {column.key: column for column in table.columns} if table else {}


def _by_column(row: Row | None, columns: Mapping[str, Column]) -> dict[str, Cell]:
    return dict(zip(columns, row.cells, strict=True)) if row else {}


def _cells(
    before: Mapping[str, Cell], after: Mapping[str, Cell], columns: Mapping[str, Column]
) -> Iterator[CellChange]:
    for key in _keys(before, after):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        ore_before, ore_after = _ore(was), _ore(now)
        yield CellChange(
            column=columns[key].label,
            before=_printed(was),
            after=_printed(now),
            ore_before=ore_before,
            ore_after=ore_after,
            ore_change=None if ore_before is None or ore_after is None else ore_after - ore_before,
        )


def _ore(cell: Cell | None) -> int | None:
    return cell.ore if isinstance(cell, Amount) else None


def _printed(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"{cell.text} {cell.word}" if isinstance(cell, Amount) and cell.word else cell.text


# --- words ----------------------------------------------------------------------------------------------------------


def _texts(before: Report, after: Report) -> Iterator[TextChange]:
    was, now = ({section.key: section for section in report.sections} for report in (before, after))
    for key in _keys(was, now):
        old, new = was.get(key), now.get(key)
        old_lines, new_lines = ([] if each is None else _lines(each.heading, each.blocks) for each in (old, new))
        if lines := tuple(changed_lines(old_lines, new_lines)):
            yield TextChange(key, (new or old).heading, lines)  # type: ignore[union-attr]  # one of them has the key


def _lines(heading: str, blocks: Sequence[Paragraph | Table]) -> list[str]:
    """The section's words, a line a paragraph; of tables what stands around their rows."""
    lines = [f"Rubrik: {heading}"]
    for block in blocks:
        if isinstance(block, Table):
            unit = f", {block.unit}" if block.unit else ""
            lines.append(f"Tabell: {block.caption}{unit} ({block.label_heading}, {_headings(block)})")
        else:
            start = f"{block.marker} " if block.marker else _BEFORE_TEXT.get(block.kind, "")
            lines += [f"{start}{line}" for line in block.text.splitlines()]
    return lines


def _headings(table: Table) -> str:
    return ", ".join(column.label for column in table.columns)


def changed_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """The lines that differ, word by word where one line became another."""
    left = MOST_WORDS
    for how, old, new in _steps(before, after, most=MOST_LINES):
        if how is How.SAME:
            continue
        together = min(len(old), len(new))
        for was, now in zip(old, new, strict=False):
            words = _words(was), _words(now)
            yield tuple(_pieces(*words, most=min(left, MOST_WORDS_A_LINE)))
            left = max(0, left - len(words[0]) * len(words[1]))
        for line in old[together:]:
            yield (Piece(line, How.DELETED),)
        for line in new[together:]:
            yield (Piece(line, How.INSERTED),)


def _pieces(before: list[str], after: list[str], *, most: int) -> Iterator[Piece]:
    for how, old, new in _steps(before, after, most=most):
        if how is How.SAME:
            yield Piece("".join(new), How.SAME)
            continue
        if old:
            yield Piece("".join(old), How.DELETED)
        if new:
            yield Piece("".join(new), How.INSERTED)


def _words(line: str) -> list[str]:
    """The words with the space around them; all of the line."""
    return _WORD.findall(line) or ([line] if line else [])


def _steps(
    before: Sequence[str], after: Sequence[str], *, most: int
) -> Iterator[tuple[How, Sequence[str], Sequence[str]]]:
    """The two sequences in steps of what is the same and what became what; above ``most``, but for what they begin and
    end with alike, in one step."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if start:
        yield How.SAME, before[:start], after[:start]
    if len(old) * len(new) > most:
        yield How.CHANGED, old, new
    else:
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield How.SAME if tag == "equal" else How.CHANGED, old[i:j], new[k:m]
    if end:
        yield How.SAME, before[len(before) - end :], after[len(after) - end :]


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many items the two begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )


def _keys(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Those of either, in the order of the later one, with what is gone last."""
    return [*after, *(key for key in before if key not in after)]
