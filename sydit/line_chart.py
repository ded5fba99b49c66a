"""A year as lines, month by month: laid out in whole units, drawn as SVG by ``_parts/line_chart.html``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sydit.charts import WIDTH, Key
from sydit.money import Unit
from sydit.periods import MONTH_NAMES, MONTHS_A_YEAR
from sydit.report import cells
from sydit.report.document import Cell

LEFT = 70
TOP = 40
PLOT = 220  # the height of the lines
STEP = (WIDTH - LEFT - 20) // MONTHS_A_YEAR
LEGEND_STEP = 180
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Accumulated öre by month; 0 is the beginning of the year.

    A month that is not among them is no part of the line; one that is None is missing, said so, and breaks it.
    """

    label: str
    points: Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line of the picture; ``number`` from 1 decides how it looks, ``points`` is the SVG attribute."""

    number: int
    points: str


@dataclass(frozen=True, slots=True)
class Tick:
    y: int
    text: str

    @property
    def text_y(self) -> int:
        return self.y + 4


@dataclass(frozen=True, slots=True)
class MonthMark:
    """A month: its place on the axis, and its amounts as the table's row."""

    label: str
    x: int
    cells: tuple[Cell, ...]

    @property
    def short(self) -> str:
        return self.label[:3]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A laid out chart of a year. ``key`` makes its ids unique on the page."""

    key: str
    title: str
    description: str
    unit: Unit
    legend: tuple[Key, ...]
    lines: tuple[Drawn, ...]
    ticks: tuple[Tick, ...]
    groups: tuple[MonthMark, ...]
    headings: tuple[str, ...]
    heading: str = "Månad"
    width: int = WIDTH
    height: int = TOP + PLOT + 30
    left: int = LEFT
    right: int = LEFT + STEP * MONTHS_A_YEAR
    tick_x: int = LEFT - 8
    months_y: int = TOP + PLOT + 20


def line_chart(*, key: str, title: str, description: str, lines: Sequence[Line], unit: Unit = Unit.TKR) -> LineChart:
    """The lines on one scale that holds zero, and beside each name in the legend the line's last amount."""
    known = [0, *(ore for line in lines for ore in line.points.values() if ore is not None)]
    step = _tick_step(max(known) - min(known), unit)
    lowest = min(known) // step * step
    count = max(1, -((lowest - max(known)) // step))
    scale = _Scale(lowest, step * count)
    return LineChart(
        key=key,
        title=title,
        description=description,
        unit=unit,
        legend=tuple(
            Key(LEFT + place * LEGEND_STEP, place + 1, f"{line.label} {_last(line, unit)}")
            for place, line in enumerate(lines)
        ),
        lines=tuple(
            Drawn(number, points) for number, line in enumerate(lines, start=1) for points in scale.drawn(line)
        ),
        ticks=tuple(
            Tick(scale.y(lowest + step * number), cells.amount(lowest + step * number, unit).text)
            for number in range(count + 1)
        ),
        groups=tuple(
            MonthMark(name, LEFT + STEP * month, tuple(_cell(line, month, unit) for line in lines))
            for month, name in enumerate(MONTH_NAMES, start=1)
        ),
        headings=tuple(line.label for line in lines),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    lowest: int
    span: int

    def y(self, ore: int) -> int:
        return TOP + PLOT - PLOT * (ore - self.lowest) // self.span

    def drawn(self, line: Line) -> Iterator[str]:
        """The unbroken stretches of a line."""
        stretch: list[str] = []
        for month, ore in sorted(line.points.items()):
            if ore is not None:
                stretch.append(f"{LEFT + STEP * month},{self.y(ore)}")
            elif stretch:
                yield " ".join(stretch)
                stretch = []
        if stretch:
            yield " ".join(stretch)


def _tick_step(span: int, unit: Unit) -> int:
    """The smallest of 1, 2, 5, 10, 20 … whole units that needs no more than a few ticks."""
    step = unit.ore
    while True:
        for factor in (1, 2, 5):
            if span <= factor * step * MOST_TICKS:
                return factor * step
        step *= 10


def _last(line: Line, unit: Unit) -> str:
    month = max(line.points, default=None)
    return cells.amount(None if month is None else line.points[month], unit).text


def _cell(line: Line, month: int, unit: Unit) -> Cell:
    return cells.amount(line.points[month], unit) if month in line.points else cells.words("")
