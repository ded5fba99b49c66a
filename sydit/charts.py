"""What every chart is: a picture of a table, with each of its amounts in print and the table itself behind it.

It is laid out here in whole units, once for a wide page and once for a narrow one, and drawn as SVG by
``_parts/chart.html``, which shows the picture that there is room for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sydit.money import Unit
from sydit.report.document import Cell

CHARACTER, BOLD = 9, 10  # as wide as characters get on the average in any font of a screen, in units
LINE = 16  # the height of a line of text
MARK = 14  # the sample in a legend
GAP = 4


@dataclass(frozen=True, slots=True)
class Size:
    """A page that a chart is laid out for. Rows have their names beside them, on at most ``names`` units; where that is
    0, above them."""

    name: str
    width: int
    names: int


WIDE = Size("wide", 560, 210)
NARROW = Size("narrow", 300, 0)
SIZES = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend; ``number`` decides how its sample looks."""

    x: int
    y: int
    number: int
    label: str

    @property
    def text_x(self) -> int:
        return self.x + MARK + GAP

    @property
    def text_y(self) -> int:
        return self.y + MARK - 2

    @property
    def line_end(self) -> int:
        """Where the sample of a line ends."""
        return self.x + MARK

    @property
    def line_y(self) -> int:
        return self.y + MARK // 2

    @property
    def end(self) -> int:
        return self.text_x + width_of(self.label)


class Picture(Protocol):
    """A chart as it is drawn at one size, by its ``template``."""

    @property
    def size(self) -> Size: ...
    @property
    def height(self) -> int: ...
    @property
    def legend(self) -> tuple[Key, ...]: ...
    @property
    def template(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table behind the chart."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``key`` makes its ids unique on the page; ``heading`` and ``headings`` are over the table's columns."""

    key: str
    title: str
    description: str
    unit: Unit
    heading: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    pictures: tuple[Picture, ...]


def width_of(text: str, character: int = CHARACTER) -> int:
    """The units that a text takes at most."""
    return len(text) * character


def wrapped(text: str, units: int, character: int = CHARACTER) -> list[str]:
    """The text in lines that take at most so many units."""
    return textwrap.wrap(text, max(1, units // character)) or [""]


def legend_of(entries: Iterable[tuple[int, str]], size: Size) -> tuple[Key, ...]:
    """The numbers and names beside each other, on a line of their own where there is no more room."""
    return tuple(_placed(entries, size))


def _placed(entries: Iterable[tuple[int, str]], size: Size) -> Iterator[Key]:
    x = y = 0
    for number, label in entries:
        key = Key(x, y, number, label)
        if x and key.end > size.width:
            x, y = 0, y + LINE + GAP
            key = Key(x, y, number, label)
        yield key
        x = key.end + LINE


def below(legend: tuple[Key, ...]) -> int:
    """Where the picture begins under its legend."""
    return legend[-1].y + LINE + 2 * GAP if legend else 0
