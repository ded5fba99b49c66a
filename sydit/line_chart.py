"""A year as lines, month by month: laid out in whole units and drawn by ``_parts/line_picture.html``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sydit.charts import GAP, LINE, SIZES, Chart, Key, Row, Size, below, legend_of, width_of
from sydit.money import Unit
from sydit.periods import MONTH_NAMES, MONTHS_A_YEAR
from sydit.report import cells
from sydit.report.document import Cell

PLOT = 220  # the height of the lines
MONTH = 3 * 12  # what the name of a month takes, with air around it
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
        return self.y + GAP


@dataclass(frozen=True, slots=True)
class MonthMark:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class LinePicture:
    size: Size
    legend: tuple[Key, ...]
    lines: tuple[Drawn, ...]
    ticks: tuple[Tick, ...]
    months: tuple[MonthMark, ...]
    left: int
    right: int
    height: int

    @property
    def template(self) -> str:
        return "_parts/line_picture.html"

    @property
    def tick_x(self) -> int:
        return self.left - 2 * GAP

    @property
    def months_y(self) -> int:
        return self.height - 2 * GAP


def line_chart(*, key: str, title: str, description: str, lines: Sequence[Line], unit: Unit = Unit.TKR) -> Chart:
    """The lines on one scale that holds zero, and beside each name in the legend the line's last amount."""
    return Chart(
        key=key,
        title=title,
        description=description,
        unit=unit,
        heading="Månad",
        headings=tuple(line.label for line in lines),
        rows=tuple(
            Row(name, tuple(_cell(line, month, unit) for line in lines))
            for month, name in enumerate(MONTH_NAMES, start=1)
        ),
        pictures=tuple(_at(size, lines, unit) for size in SIZES),
    )


def _at(size: Size, lines: Sequence[Line], unit: Unit) -> LinePicture:
    known = [0, *(ore for line in lines for ore in line.points.values() if ore is not None)]
    tick = _tick_step(max(known) - min(known), unit)
    lowest = min(known) // tick * tick
    count = max(1, -((lowest - max(known)) // tick))
    legend = legend_of(enumerate((f"{line.label} {_last(line, unit)}" for line in lines), start=1), size)
    amounts = [lowest + tick * number for number in range(count + 1)]
    texts = [cells.amount(ore, unit).text for ore in amounts]
    left = max(width_of(text) for text in texts) + 2 * GAP
    step = (size.width - left - MONTH // 2) // MONTHS_A_YEAR
    scale = _Scale(lowest, tick * count, left=left, top=below(legend) + GAP, step=step)
    named = next(each for each in (1, 2, 3, 4, 6, 12) if each * step >= MONTH)  # every so many months, December always
    return LinePicture(
        size=size,
        legend=legend,
        lines=tuple(
            Drawn(number, points) for number, line in enumerate(lines, start=1) for points in scale.drawn(line)
        ),
        ticks=tuple(Tick(scale.y(ore), text) for ore, text in zip(amounts, texts, strict=True)),
        months=tuple(
            MonthMark(scale.x(month), MONTH_NAMES[month - 1][:3]) for month in range(named, MONTHS_A_YEAR + 1, named)
        ),
        left=left,
        right=scale.x(MONTHS_A_YEAR),
        height=scale.top + PLOT + LINE + 2 * GAP,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    lowest: int
    span: int
    left: int
    top: int
    step: int

    def x(self, month: int) -> int:
        return self.left + self.step * month

    def y(self, ore: int) -> int:
        return self.top + PLOT - PLOT * (ore - self.lowest) // self.span

    def drawn(self, line: Line) -> Iterator[str]:
        """The unbroken stretches of a line."""
        stretch: list[str] = []
        for month, ore in sorted(line.points.items()):
            if ore is not None:
                stretch.append(f"{self.x(month)},{self.y(ore)}")
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
