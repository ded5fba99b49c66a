"""The layout of charts: whole units, one scale from zero, every amount in print, and nothing outside the picture."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from lxml import html

from sydit.bar_chart import Bar, BarPicture, Series, bar_chart, variance_chart
from sydit.charts import BOLD, CHARACTER, SIZES, Chart, width_of
from sydit.line_chart import PLOT, Line, LinePicture, line_chart

TKR = 100_000  # öre
AT_BOTH_SIZES = pytest.mark.parametrize("at", range(len(SIZES)), ids=[size.name for size in SIZES])


def chart(*values: int | None) -> Chart:
    groups = tuple(f"Grupp {number}" for number in range(len(values)))
    return bar_chart(
        key="prov",
        title="Titel",
        description="Vad man ser",
        heading="Grupp",
        groups=groups,
        series=(Series("A", values),),
    )


def bars_of(made: Chart, at: int = 0) -> tuple[Bar, ...]:
    picture = made.pictures[at]
    assert isinstance(picture, BarPicture)
    return picture.bars


def widths(made: Chart, at: int = 0) -> list[int]:
    return [bar.width for bar in bars_of(made, at)]


@AT_BOTH_SIZES
def test_bars_share_one_scale_from_zero(at: int) -> None:
    longest, half, none = widths(chart(200 * TKR, 100 * TKR, 0), at)
    assert longest > SIZES[at].width // 2
    assert (half, none) == (longest // 2, 0)


@AT_BOTH_SIZES
def test_a_missing_or_negative_amount_has_no_bar_and_is_told_in_print(at: int) -> None:
    made = chart(None, -5 * TKR, 10 * TKR)
    assert [bool(width) for width in widths(made, at)] == [False, False, True]
    assert [bar.text for bar in bars_of(made, at)] == ["saknas", "−5", "10"]


@AT_BOTH_SIZES
def test_a_chart_of_nothing_is_drawn(at: int) -> None:
    assert widths(chart(0, None), at) == [0, 0]
    assert widths(chart(), at) == []
    assert chart().pictures[at].height > 0


@AT_BOTH_SIZES
def test_bars_and_names_never_overlap(at: int) -> None:
    series = (Series("A", (1, 2)), Series("B", (3, 4)))
    groups = ("1", "Ett namn som är så långt att det inte ryms på en enda rad bredvid sina staplar")
    made = bar_chart(key="x", title="", description="", heading="", groups=groups, series=series)
    picture = made.pictures[at]
    assert isinstance(picture, BarPicture)
    assert all(upper.y + upper.height < lower.y for upper, lower in pairwise(picture.bars))
    assert picture.bars[-1].y + picture.bars[-1].height <= picture.height
    assert all(upper.y < lower.y for upper, lower in pairwise(picture.names))
    assert len(picture.names) > len(groups)


def test_a_series_has_one_value_a_group() -> None:
    with pytest.raises(ValueError, match="A has 1 values, not 2"):
        bar_chart(key="x", title="", description="", heading="", groups=("1", "2"), series=(Series("A", (1,)),))


def test_each_picture_is_named_and_described_and_they_stand_beside_their_table() -> None:
    page = html.fromstring(render_to_string("_parts/chart.html", {"chart": chart(200 * TKR, None)}))
    pictures = page.xpath("//*[local-name()='svg']")
    assert len(pictures) == len(SIZES)
    for picture in pictures:
        named = [page.get_element_by_id(one).text_content() for one in picture.get("aria-labelledby").split()]
        assert (picture.get("role"), named) == ("img", ["Titel", "Vad man ser"])
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert [cell.text_content() for cell in page.xpath("//table//td")] == ["200", "saknas"]
    assert "style" not in {name for element in page.iter() for name in element.attrib}


def variances(*values: int | None) -> Chart:
    groups = [f"Post {number}" for number in range(len(values))]
    return variance_chart(key="v", title="Titel", description="Text", heading="Post", groups=groups, values=values)


@AT_BOTH_SIZES
def test_a_variance_lies_on_its_side_of_zero_and_says_its_sign(at: int) -> None:
    made = variances(-200 * TKR, 100 * TKR, 0, None)
    worse, better, none, missing = bars_of(made, at)
    axis = better.x
    assert (worse.x + worse.width, worse.text) == (axis, "−200")
    assert worse.text_x < worse.x < axis
    assert (better.width, better.text) == (worse.width // 2, "100")
    assert axis < better.x + better.width < better.text_x
    assert worse.number != better.number
    assert [(bar.width, bar.text) for bar in (none, missing)] == [(0, "0"), (0, "saknas")]
    with pytest.raises(ValueError, match="1 values, not 0"):
        variance_chart(key="v", title="", description="", heading="", groups=(), values=(1,))


@AT_BOTH_SIZES
def test_a_spread_is_a_line_over_the_end_of_its_bar_on_the_same_scale(at: int) -> None:
    made = variance_chart(
        key="v",
        title="Titel",
        description="Text",
        heading="Post",
        groups=["A", "B"],
        values=[100 * TKR, -50 * TKR],
        spreads=[100 * TKR, 0],
        than="prognos",
        columns=("Fel", "Spridning"),
    )
    varying, steady = bars_of(made, at)
    assert varying.spread.startswith(f"M{varying.x},")
    assert f"H{varying.x + 2 * varying.width}" in varying.spread
    assert varying.text_x > varying.x + 2 * varying.width
    assert (steady.spread, steady.width) == ("", varying.width // 2)
    assert [entry.label for entry in made.pictures[at].legend] == ["Sämre än prognos", "Bättre än prognos"]
    page = html.fromstring(render_to_string("_parts/chart.html", {"chart": made}))
    assert [head.text_content() for head in page.xpath("//thead//th")] == ["Post", "Fel", "Spridning"]
    assert [cell.text_content().strip() for cell in page.xpath("//tbody/tr[1]/td")] == ["100", "100"]


def test_the_table_behind_variances_says_the_sign_in_a_word() -> None:
    page = html.fromstring(render_to_string("_parts/chart.html", {"chart": variances(-200 * TKR)}))
    assert [head.text_content() for head in page.xpath("//thead//th")] == ["Post", "Avvikelse"]
    assert "underskott" in page.xpath("string(//tbody//td)")


def year(*lines: Line) -> Chart:
    return line_chart(key="aret", title="Titel", description="Text", lines=lines)


def line_picture(made: Chart, at: int = 0) -> LinePicture:
    picture = made.pictures[at]
    assert isinstance(picture, LinePicture)
    return picture


@AT_BOTH_SIZES
def test_lines_share_one_scale_that_holds_zero(at: int) -> None:
    made = line_picture(year(Line("A", {0: 0, 6: 50 * TKR, 12: 100 * TKR}), Line("B", {0: 0, 12: -100 * TKR})), at)
    top = made.ticks[-1].y
    heights = [[int(point.split(",")[1]) - top for point in line.points.split()] for line in made.lines]
    assert heights == [[PLOT // 2, PLOT // 4, 0], [PLOT // 2, PLOT]]
    assert [tick.text for tick in made.ticks] == ["−100", "−50", "0", "50", "100"]


def test_a_missing_month_breaks_the_line_and_is_told_and_one_outside_it_is_blank() -> None:
    made = year(Line("A", {0: 0, 1: TKR, 2: None, 3: 2 * TKR}))
    assert [len(line.points.split()) for line in line_picture(made).lines] == [2, 1]
    assert [row.cells[0].text for row in made.rows[:4]] == ["1", "saknas", "2", ""]  # type: ignore[union-attr]


def test_a_year_of_nothing_is_drawn() -> None:
    made = line_picture(year(Line("A", {}), Line("B", {0: 0, 1: None})))
    assert [entry.label for entry in made.legend] == ["A saknas", "B saknas"]
    assert len(made.ticks) == 2


def test_each_month_is_named_where_there_is_room_and_else_every_second() -> None:
    made = year(Line("A", {0: 0, 12: TKR}))
    wide, narrow = (line_picture(made, at) for at in range(len(SIZES)))
    assert len(wide.months) == 12
    assert [month.text for month in narrow.months] == ["feb", "apr", "jun", "aug", "okt", "dec"]


def test_the_picture_of_a_year_stands_beside_its_table() -> None:
    page = html.fromstring(render_to_string("_parts/chart.html", {"chart": year(Line("A", {0: 0, 12: TKR}))}))
    picture = page.xpath("//*[local-name()='svg']")[0]
    named = [page.get_element_by_id(one).text_content() for one in picture.get("aria-labelledby").split()]
    assert (picture.get("role"), named) == ("img", ["Titel", "Text"])
    assert page.xpath("string(//tbody/tr[last()])").split() == ["december", "1"]


LARGE = 1_234_567 * TKR
NAMES = ("Konsult & köpta tjänster", "W" * 120, "Licenser, programvara, underhållsavtal och annat sådant", "")


@pytest.mark.parametrize(
    "made",
    [
        bar_chart(
            key="b",
            title="",
            description="",
            heading="",
            groups=NAMES,
            series=tuple(Series(f"Kommunernas serie {n}", (LARGE, None, -LARGE, 1)) for n in range(3)),
        ),
        variance_chart(
            key="v",
            title="",
            description="",
            heading="",
            groups=NAMES,
            values=(-LARGE, LARGE, None, 0),
            spreads=(LARGE, 0, 0, LARGE),
        ),
        year(*(Line(f"Ett långt namn {n}", {0: 0, 6: -LARGE, 12: LARGE}) for n in range(3))),
    ],
    ids=["bars", "variances", "lines"],
)
def test_no_text_and_no_bar_lies_outside_the_picture(made: Chart) -> None:
    page = html.fromstring(render_to_string("_parts/chart.html", {"chart": made}))
    pictures = page.xpath("//*[local-name()='svg']")
    assert len(pictures) == len(SIZES)
    for picture in pictures:
        _, _, width, height = map(int, (picture.get("viewbox") or picture.get("viewBox")).split())
        for text in picture.xpath(".//*[local-name()='text']"):
            before = {"end": 1.0, "middle": 0.5}.get(text.get("text-anchor"), 0.0)
            taken = width_of(text.text_content(), BOLD if text.get("class") == "chart-label" else CHARACTER)
            left = int(text.get("x")) - before * taken
            assert left >= 0, text.text_content()
            assert left + taken <= width, text.text_content()
            assert 0 < int(text.get("y")) <= height
        for bar in picture.xpath(".//*[local-name()='rect']"):
            assert int(bar.get("x")) >= 0
            assert int(bar.get("x")) + int(bar.get("width")) <= width
