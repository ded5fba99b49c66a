"""Amounts as horizontal bars, laid out in whole units and drawn by ``_parts/bar_picture.html``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sydit.charts import BOLD, GAP, LINE, MARK, SIZES, Chart, Key, Row, Size, below, legend_of, width_of, wrapped
from sydit.money import Unit
from sydit.report import cells

BAR = MARK  # the height of a bar
BETWEEN = 14  # between groups of several bars
WORSE, BETTER = 3, 2  # the looks of a variance: an outline to the left, filled to the right


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
    number: int
    text: str
    text_x: int
    anchor: str = "start"  # where its text begins, or ends ("end"), at text_x
    spread: str = ""  # how far its amounts vary to both sides of its end, as the path of a line with end marks
    height: int = BAR

    @property
    def text_y(self) -> int:
        return self.y + BAR - 3


@dataclass(frozen=True, slots=True)
class Name:
    """A line of a group's name."""

    x: int
    y: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class BarPicture:
    size: Size
    height: int
    legend: tuple[Key, ...]
    axis_x: int
    axis_y: int
    names: tuple[Name, ...]
    bars: tuple[Bar, ...]

    @property
    def template(self) -> str:
        return "_parts/bar_picture.html"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a group stands: its name in lines, from ``top`` on, and its bars from ``bars`` on."""

    lines: tuple[str, ...]
    top: int
    bars: int
    end: int


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
    return Chart(
        key=key,
        title=title,
        description=description,
        unit=unit,
        heading=heading,
        headings=tuple(one.label for one in series),
        rows=tuple(
            Row(label, tuple(cells.amount(one.values[place], unit) for one in series))
            for place, label in enumerate(groups)
        ),
        pictures=tuple(_bars_at(size, groups, series, unit) for size in SIZES),
    )


def _bars_at(size: Size, groups: Sequence[str], series: Sequence[Series], unit: Unit) -> BarPicture:
    values = [value for one in series for value in one.values]
    largest = max((value for value in values if value is not None), default=0)
    axis = _names_width(groups, size)
    longest = size.width - axis - _room(values, unit)

    def bars(place: int, top: int) -> Iterator[Bar]:
        for number, one in enumerate(series, start=1):
            value = one.values[place]
            width = longest * value // largest if value and value > 0 else 0
            y = top + (number - 1) * (BAR + GAP)
            yield Bar(axis, y, width, number, cells.amount(value, unit).text, axis + width + GAP)

    legend = legend_of(enumerate((one.label for one in series), start=1), size)
    return _picture(size, legend, axis, axis, _places(groups, size, below(legend), len(series), BETWEEN), bars)


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
    return Chart(
        key=key,
        title=title,
        description=description,
        unit=unit,
        heading=heading,
        headings=columns,
        rows=tuple(
            Row(label, (cells.variance(value, unit), *([cells.amount(far, unit)] if spreads else [])))
            for label, value, far in zip(groups, values, around, strict=True)
        ),
        pictures=tuple(_variances_at(size, groups, values, around, than, unit) for size in SIZES),
    )


def _variances_at(
    size: Size, groups: Sequence[str], values: Sequence[int | None], spreads: Sequence[int], than: str, unit: Unit
) -> BarPicture:
    ends = [abs(value) + far for value, far in zip(values, spreads, strict=True) if value is not None]
    largest = max(ends, default=0)
    names = _names_width(groups, size)
    side = (size.width - names) // 2
    axis, longest = names + side, side - _room(values, unit)

    def bars(place: int, top: int) -> Iterator[Bar]:
        value, spread = values[place], spreads[place]
        width = longest * abs(value) // largest if value else 0
        far = longest * spread // largest if largest else 0
        is_worse = value is not None and value < 0
        end = axis - width if is_worse else axis + width
        yield Bar(
            x=min(axis, end),
            y=top,
            width=width,
            number=WORSE if is_worse else BETTER,
            text=cells.amount(value, unit).text,
            text_x=end - far - GAP if is_worse else end + far + GAP,
            anchor="end" if is_worse else "start",
            spread=_spread_path(end - far, end + far, top) if far else "",
        )

    legend = legend_of(((WORSE, f"Sämre än {than}"), (BETTER, f"Bättre än {than}")), size)
    return _picture(size, legend, axis, names, _places(groups, size, below(legend), 1, GAP), bars)


def _spread_path(left: int, right: int, top: int) -> str:
    marks = " ".join(f"M{x},{top + GAP}V{top + BAR - GAP}" for x in (left, right))
    return f"M{left},{top + BAR // 2}H{right} {marks}"


def _room(values: Sequence[int | None], unit: Unit) -> int:
    """What the longest amount takes at the end of its bar."""
    return max((width_of(cells.amount(value, unit).text) for value in values), default=0) + GAP


def _names_width(groups: Sequence[str], size: Size) -> int:
    """What the names take beside the bars."""
    return min(size.names, max((width_of(name, BOLD) for name in groups), default=0) + 2 * GAP)


def _places(groups: Sequence[str], size: Size, top: int, bars: int, between: int) -> Iterator[_Place]:
    """Where each group stands, ``between`` units apart, with so many bars."""
    beside, height = _names_width(groups, size), bars * (BAR + GAP)
    for name in groups:
        lines = tuple(wrapped(name, beside - 2 * GAP if beside else size.width, BOLD))
        text = len(lines) * LINE
        if beside:
            tallest = max(text, height)
            place = _Place(lines, top + (tallest - text) // 2, top + (tallest - height) // 2, top + tallest)
        else:
            place = _Place(lines, top, top + text, top + text + height)
        yield place
        top = place.end + between + (0 if beside else GAP)


def _picture(
    size: Size,
    legend: tuple[Key, ...],
    axis: int,
    names: int,
    places: Iterable[_Place],
    bars: Callable[[int, int], Iterator[Bar]],
) -> BarPicture:
    """``names`` is what they take beside the bars; ``bars`` gives those of a group, by its number and from where on."""
    found = list(places)
    x, anchor = (names - 2 * GAP, "end") if names else (0, "start")
    return BarPicture(
        size=size,
        height=found[-1].end if found else below(legend),
        legend=legend,
        axis_x=axis,
        axis_y=below(legend) - GAP,
        names=tuple(
            Name(x, place.top + number * LINE + LINE - GAP, anchor, line)
            for place in found
            for number, line in enumerate(place.lines)
        ),
        bars=tuple(bar for number, place in enumerate(found) for bar in bars(number, place.bars)),
    )
