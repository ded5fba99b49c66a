"""The difference between two reports: nothing of equal ones, and every öre and word that changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sydit.money import Unit
from sydit.periods import Month
from sydit.report import cells
from sydit.report.difference import How, changed_lines, difference
from sydit.report.document import Amount, Column, ColumnKind, Paragraph, Report, Row, Section, Table

STORED = sorted((Path(__file__).parent.parent / "data" / "reports").glob("*.json"))
COLUMNS = tuple(Column(key, key.title(), ColumnKind.AMOUNT) for key in ("budget", "actual", "forecast"))

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a machine that does much else

ore = st.none() | st.integers(-(10**13), 10**13)
rows = st.dictionaries(st.sampled_from("abcdef"), st.tuples(ore, ore, ore), max_size=6)
words = st.lists(st.text("abå .\n", max_size=30), max_size=6)


def report(amounts: dict[str, tuple[int | None, ...]], texts: list[str] = []) -> Report:  # noqa: B006 - not changed
    table = Table("result", "Resultat", "Post", Unit.TKR, COLUMNS, tuple(
        Row(key, key.upper(), tuple(cells.amount(each) for each in row)) for key, row in amounts.items()
    ))  # fmt: skip
    section = Section("economy", "1", "Ekonomi", 1, (*(Paragraph(each) for each in texts), table))
    return Report(Month(2024, 10), "SYD-IT", "Budgetuppföljning", (section,))


@given(rows, words)
@unhurried
def test_equal_reports_have_no_difference(amounts: dict[str, tuple[int | None, ...]], texts: list[str]) -> None:
    assert difference(report(amounts, texts), report(dict(amounts), list(texts))).is_empty


@given(rows, rows)
@unhurried
def test_every_changed_ore_is_in_it(
    before: dict[str, tuple[int | None, ...]], after: dict[str, tuple[int | None, ...]]
) -> None:
    """What it tells is exactly what turns the amounts of one report into those of the other."""
    found = {row.key: row for table in difference(report(before), report(after)).tables for row in table.rows}
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was == now:
            assert key not in found
        elif was is None or now is None:
            assert found[key].how is (How.INSERTED if was is None else How.DELETED)
            told = [cell.ore_after if was is None else cell.ore_before for cell in found[key].cells]
            assert tuple(told) == (now or was)
        else:
            told = {cell.column: (cell.ore_before, cell.ore_after, cell.ore_change) for cell in found[key].cells}
            assert told == {
                column.label: (a, b, None if a is None or b is None else b - a)
                for column, a, b in zip(COLUMNS, was, now, strict=True)
                if a != b
            }


@given(st.lists(st.text("ab c.", max_size=20), max_size=8), st.lists(st.text("ab c.", max_size=20), max_size=8))
@unhurried
def test_the_words_of_both_are_all_told(before: list[str], after: list[str]) -> None:
    """Leaving out what was inserted gives the old lines that changed, leaving out what was deleted the new ones."""
    lines = list(changed_lines(before, after))
    old = ["".join(piece.text for piece in line if piece.how is not How.INSERTED) for line in lines]
    new = ["".join(piece.text for piece in line if piece.how is not How.DELETED) for line in lines]
    assert lines == [] if before == after else lines
    assert [each for each in old if each and each not in before] == []
    assert [each for each in new if each and each not in after] == []
    assert {each for each in before if each and before.count(each) > after.count(each)} <= set(old)
    assert {each for each in after if each and after.count(each) > before.count(each)} <= set(new)


def test_a_word_is_told_within_its_line() -> None:
    (change,) = difference(
        report({}, ["Ett underskott om 813 tkr väntas."]), report({}, ["Ett överskott om 813 tkr väntas."])
    ).texts
    assert [(piece.text.strip(), piece.how) for piece in change.lines[0]] == [
        ("Ett", How.SAME),
        ("underskott", How.DELETED),
        ("överskott", How.INSERTED),
        ("om 813 tkr väntas.", How.SAME),
    ]


def test_what_the_rest_of_the_report_says_is_told_too() -> None:
    before = report({"a": (1, 2, 3)})
    after = replace(before, registry_number="2024/17", sections=(replace(before.sections[0], title="Läget"),))
    found = difference(before, after)
    assert [(fact.label, fact.before, fact.after) for fact in found.facts] == [("Diarienummer", "", "2024/17")]
    assert [text.heading for text in found.texts] == ["1 Läget"]
    gone = difference(before, replace(before, sections=()))
    assert [row.how for row in gone.tables[0].rows] == [How.DELETED]


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_report_of_the_first_schema_is_compared(path: Path) -> None:
    stored = Report.from_json(path.read_text(encoding="utf-8"))
    assert difference(stored, stored).is_empty
    section = next(each for each in stored.sections if any(isinstance(block, Table) for block in each.blocks))
    table = next(block for block in section.blocks if isinstance(block, Table) and block.rows)
    column = next((n for n, cell in enumerate(table.rows[0].cells) if isinstance(cell, Amount)), 0)
    changed = [*table.rows[0].cells]
    changed[column] = cells.amount(12_345)
    other = replace(table, rows=(replace(table.rows[0], cells=tuple(changed)), *table.rows[1:]))
    sections = tuple(
        replace(each, blocks=tuple(other if block is table else block for block in each.blocks))
        for each in stored.sections
    )
    (found,) = difference(stored, replace(stored, sections=sections)).tables
    assert [(row.key, [cell.ore_after for cell in row.cells]) for row in found.rows] == [(table.rows[0].key, [12_345])]


def test_a_text_of_a_megabyte_is_told_whole_though_not_word_by_word() -> None:
    before, after = " ".join(["a b"] * 250_000), " ".join(["b c"] * 250_000)
    (line,) = changed_lines([before], [after])
    assert [piece.how for piece in line] == [How.DELETED, How.INSERTED]
    many = list(changed_lines(["a b " * 100] * 2_500, ["b c " * 100] * 2_500))
    assert len(many) == 2_500
