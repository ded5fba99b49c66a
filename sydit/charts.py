"""Small charts from typed series: laid out here in whole units, drawn as SVG by ``_parts/bar_chart.html`` and its like.

A chart is a picture of a table: each bar has its printed amount beside it, and the table itself stands behind it
(``headings`` over ``groups``, whatever the kind of chart).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sydit.money import Unit
from sydit.report import cells
from sydit.report.document import Amount

WIDTH = 640
LABELS = 150  # to the left of the bars
FIGURES = 90  # to the right of the longest
BAR = 14
GAP = 4  # between the bars of a group
BETWEEN = 18  # between groups
LEGEND = 36
LONGEST = WIDTH - LABELS - FIGURES
LEGEND_STEP = 150


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of amount, in öre, for each of the chart's groups; None is missing."""

    label: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar; ``number`` of its series, from 1, decides how it looks."""

    x: int
    y: int
    width: int
    height: int
    number: int
    text: str
    text_x: int
    text_y: int
    anchor: str = "start"  # where its text begins, or ends ("end"), at text_x
    spread: str = ""  # how far its amounts vary to both sides of its end, as the path of a line with end marks


@dataclass(frozen=True, slots=True)
class Group:
    """What is compared: its name, its bars, and its amounts as the table's row."""

    label: str
    label_y: int
    bars: tuple[Bar, ...]
    cells: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend."""

    x: int
    number: int
    label: str

    @property
    def text_x(self) -> int:
        return self.x + BAR + GAP

    @property
    def line_end(self) -> int:
        """Where the sample of a line ends."""
        return self.x + BAR


@dataclass(frozen=True, slots=True)
class Chart:
    """A laid out bar chart. ``key`` makes its ids unique on the page."""

    key: str
    title: str
    description: str
    unit: Unit
    heading: str
    legend: tuple[Key, ...]
    groups: tuple[Group, ...]
    height: int
    width: int = WIDTH
    axis_x: int = LABELS
    label_x: int = LABELS - 8
    columns: tuple[str, ...] = ()  # of the table behind, where they are not the legend's

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns of the table behind the chart."""
        return self.columns or tuple(entry.label for entry in self.legend)


def bar_chart(
    *,
    key: str,
    title: str,
    description: str,
    heading: str,
    groups: Sequence[str],
    series: Sequence[Series],
    unit: Unit = Unit.TKR,
) -> Chart:
    """Groups below each other, a bar for each series in every one, all on one scale from zero.

    An amount at or below zero has no bar, and a missing one is said to be missing. Raises ``ValueError`` where a series
    has not one value a group.
    """
    for one in series:
        if len(one.values) != len(groups):
            raise ValueError(f"{key}: {one.label} has {len(one.values)} values, not {len(groups)}")
    largest = max((value for one in series for value in one.values if value is not None), default=0)
    step = len(series) * (BAR + GAP) + BETWEEN
    return Chart(
        key=key,
        title=title,
        description=description,
        unit=unit,
        heading=heading,
        legend=tuple(Key(LABELS + place * LEGEND_STEP, place + 1, one.label) for place, one in enumerate(series)),
        groups=tuple(
            Group(
                label=label,
                label_y=LEGEND + place * step + len(series) * (BAR + GAP) // 2 + GAP,
                bars=tuple(_bars(series, place, LEGEND + place * step, largest, unit)),
                cells=tuple(cells.amount(one.values[place], unit) for one in series),
            )
            for place, label in enumerate(groups)
        ),
        height=LEGEND + len(groups) * step,
    )


def _bars(series: Sequence[Series], place: int, top: int, largest: int, unit: Unit) -> Iterator[Bar]:
    for number, one in enumerate(series):
        value = one.values[place]
        width = LONGEST * value // largest if value and value > 0 else 0
        y = top + number * (BAR + GAP)
        yield Bar(
            x=LABELS,
            y=y,
            width=width,
            height=BAR,
            number=number + 1,
            text=cells.amount(value, unit).text,
            text_x=LABELS + width + GAP,
            text_y=y + BAR - 3,
        )


VARIANCE_LABELS = 240
VARIANCE_AXIS = VARIANCE_LABELS + (WIDTH - VARIANCE_LABELS) // 2
VARIANCE_LONGEST = (WIDTH - VARIANCE_LABELS) // 2 - FIGURES + 20
WORSE, BETTER = 3, 2  # the looks of a bar: an outline to the left, filled to the right


def variance_chart(
    *,
    key: str,
    title: str,
    description: str,
    heading: str,
    groups: Sequence[str],
    values: Sequence[int | None],
    spreads: Sequence[int] = (),
    than: str = "budget",
    columns: tuple[str, ...] = ("Avvikelse",),
    unit: Unit = Unit.TKR,
) -> Chart:
    """Variances below each other on both sides of zero: worse than budget to the left, better to the right.

    Side, sign and looks all say which; a missing variance has no bar and is said to be missing. ``spreads`` are how far
    each varies, drawn as a line over the end of its bar. ``than`` names what is compared with, ``columns`` the table's.
    Raises ``ValueError`` where there is not one value a group.
    """
    if len(values) != len(groups):
        raise ValueError(f"{key}: {len(values)} values, not {len(groups)}")
    around = tuple(spreads) or (0,) * len(values)
    largest = max((abs(value) + far for value, far in zip(values, around, strict=True) if value is not None), default=0)
    step = BAR + GAP + GAP
    return Chart(
        key=key,
        title=title,
        description=description,
        unit=unit,
        heading=heading,
        legend=(Key(VARIANCE_LABELS, WORSE, f"Sämre än {than}"), Key(VARIANCE_AXIS, BETTER, f"Bättre än {than}")),
        groups=tuple(
            Group(
                label=label,
                label_y=LEGEND + place * step + BAR - 3,
                bars=(_variance_bar(value, far, LEGEND + place * step, largest, unit),),
                cells=(cells.variance(value, unit), *([cells.amount(far, unit)] if spreads else [])),
            )
            for place, (label, value, far) in enumerate(zip(groups, values, around, strict=True))
        ),
        height=LEGEND + len(groups) * step,
        axis_x=VARIANCE_AXIS,
        label_x=VARIANCE_LABELS - 8,
        columns=columns,
    )


def _variance_bar(value: int | None, spread: int, top: int, largest: int, unit: Unit) -> Bar:
    width = VARIANCE_LONGEST * abs(value) // largest if value else 0
    far = VARIANCE_LONGEST * spread // largest if largest else 0
    is_worse = value is not None and value < 0
    end = VARIANCE_AXIS - width if is_worse else VARIANCE_AXIS + width
    return Bar(
        x=VARIANCE_AXIS - width if is_worse else VARIANCE_AXIS,
        y=top,
        width=width,
        height=BAR,
        number=WORSE if is_worse else BETTER,
        text=cells.amount(value, unit).text,
        text_x=end - far - GAP if is_worse else end + far + GAP,
        text_y=top + BAR - 3,
        anchor="end" if is_worse else "start",
        spread=_spread_path(end - far, end + far, top) if far else "",
    )


def _spread_path(left: int, right: int, top: int) -> str:
    marks = " ".join(f"M{x},{top + GAP}V{top + BAR - GAP}" for x in (left, right))
    return f"M{left},{top + BAR // 2}H{right} {marks}"
