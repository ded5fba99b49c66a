"""The layout of charts: whole units, one scale from zero, and every amount in print."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from lxml import html

from sydit.charts import LONGEST, VARIANCE_AXIS, VARIANCE_LONGEST, Chart, Series, bar_chart, variance_chart
from sydit.line_chart import PLOT, TOP, Line, LineChart, line_chart

TKR = 100_000  # öre


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


def widths(made: Chart) -> list[int]:
    return [bar.width for group in made.groups for bar in group.bars]


def test_bars_share_one_scale_from_zero() -> None:
    assert widths(chart(200 * TKR, 100 * TKR, 0)) == [LONGEST, LONGEST // 2, 0]


def test_a_missing_or_negative_amount_has_no_bar_and_is_told_in_print() -> None:
    made = chart(None, -5 * TKR, 10 * TKR)
    assert widths(made) == [0, 0, LONGEST]
    assert [bar.text for group in made.groups for bar in group.bars] == ["saknas", "−5", "10"]


def test_a_chart_of_nothing_is_drawn() -> None:
    assert widths(chart(0, None)) == [0, 0]
    assert chart().groups == ()


def test_bars_never_overlap() -> None:
    series = (Series("A", (1, 2)), Series("B", (3, 4)))
    made = bar_chart(key="x", title="", description="", heading="", groups=("1", "2"), series=series)
    bars = [bar for group in made.groups for bar in group.bars]
    assert all(upper.y + upper.height < lower.y for upper, lower in pairwise(bars))
    assert bars[-1].y + bars[-1].height <= made.height


def test_a_series_has_one_value_a_group() -> None:
    with pytest.raises(ValueError, match="A has 1 values, not 2"):
        bar_chart(key="x", title="", description="", heading="", groups=("1", "2"), series=(Series("A", (1,)),))


def test_the_picture_is_named_described_and_stands_beside_its_table() -> None:
    page = html.fromstring(render_to_string("_parts/bar_chart.html", {"chart": chart(200 * TKR, None)}))
    (picture,) = page.xpath("//*[local-name()='svg']")
    named = [page.get_element_by_id(one).text_content() for one in picture.get("aria-labelledby").split()]
    assert (picture.get("role"), named) == ("img", ["Titel", "Vad man ser"])
    assert [cell.text_content() for cell in page.xpath("//table//td")] == ["200", "saknas"]
    assert "style" not in {name for element in page.iter() for name in element.attrib}


def variances(*values: int | None) -> Chart:
    groups = [f"Post {number}" for number in range(len(values))]
    return variance_chart(key="v", title="Titel", description="Text", heading="Post", groups=groups, values=values)


def test_a_variance_lies_on_its_side_of_zero_and_says_its_sign() -> None:
    worse, better, none, missing = (group.bars[0] for group in variances(-200 * TKR, 100 * TKR, 0, None).groups)
    assert (worse.x, worse.width, worse.text) == (VARIANCE_AXIS - VARIANCE_LONGEST, VARIANCE_LONGEST, "−200")
    assert (better.x, better.width, better.text) == (VARIANCE_AXIS, VARIANCE_LONGEST // 2, "100")
    assert worse.number != better.number
    assert [(bar.width, bar.text) for bar in (none, missing)] == [(0, "0"), (0, "saknas")]
    with pytest.raises(ValueError, match="1 values, not 0"):
        variance_chart(key="v", title="", description="", heading="", groups=(), values=(1,))


def test_a_spread_is_a_line_over_the_end_of_its_bar_on_the_same_scale() -> None:
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
    varying, steady = (group.bars[0] for group in made.groups)
    end = VARIANCE_AXIS + VARIANCE_LONGEST // 2
    assert varying.width == VARIANCE_LONGEST // 2
    assert varying.spread.startswith(f"M{VARIANCE_AXIS},")
    assert f"H{VARIANCE_AXIS + VARIANCE_LONGEST} " in varying.spread
    assert varying.text_x > VARIANCE_AXIS + VARIANCE_LONGEST > end
    assert (steady.spread, steady.width) == ("", VARIANCE_LONGEST // 4)
    assert [entry.label for entry in made.legend] == ["Sämre än prognos", "Bättre än prognos"]
    page = html.fromstring(render_to_string("_parts/bar_chart.html", {"chart": made}))
    assert [head.text_content() for head in page.xpath("//thead//th")] == ["Post", "Fel", "Spridning"]
    assert [cell.text_content().strip() for cell in page.xpath("//tbody/tr[1]/td")] == ["100", "100"]


def test_the_table_behind_variances_says_the_sign_in_a_word() -> None:
    page = html.fromstring(render_to_string("_parts/bar_chart.html", {"chart": variances(-200 * TKR)}))
    assert [head.text_content() for head in page.xpath("//thead//th")] == ["Post", "Avvikelse"]
    assert "underskott" in page.xpath("string(//tbody//td)")


def year(*lines: Line) -> LineChart:
    return line_chart(key="aret", title="Titel", description="Text", lines=lines)


def test_lines_share_one_scale_that_holds_zero() -> None:
    made = year(Line("A", {0: 0, 6: 50 * TKR, 12: 100 * TKR}), Line("B", {0: 0, 12: -100 * TKR}))
    heights = [[int(point.split(",")[1]) for point in line.points.split()] for line in made.lines]
    assert heights == [[TOP + PLOT // 2, TOP + PLOT // 4, TOP], [TOP + PLOT // 2, TOP + PLOT]]
    assert [tick.text for tick in made.ticks] == ["−100", "−50", "0", "50", "100"]


def test_a_missing_month_breaks_the_line_and_is_told_and_one_outside_it_is_blank() -> None:
    made = year(Line("A", {0: 0, 1: TKR, 2: None, 3: 2 * TKR}))
    assert [len(line.points.split()) for line in made.lines] == [2, 1]
    assert [month.cells[0].text for month in made.groups[:4]] == ["1", "saknas", "2", ""]


def test_a_year_of_nothing_is_drawn() -> None:
    made = year(Line("A", {}), Line("B", {0: 0, 1: None}))
    assert [entry.label for entry in made.legend] == ["A saknas", "B saknas"]
    assert len(made.ticks) == 2


def test_the_picture_of_a_year_stands_beside_its_table() -> None:
    page = html.fromstring(render_to_string("_parts/line_chart.html", {"chart": year(Line("A", {0: 0, 12: TKR}))}))
    (picture,) = page.xpath("//*[local-name()='svg']")
    named = [page.get_element_by_id(one).text_content() for one in picture.get("aria-labelledby").split()]
    assert (picture.get("role"), named) == ("img", ["Titel", "Text"])
    assert page.xpath("string(//tbody/tr[last()])").split() == ["december", "1"]
