"""The layout of charts: whole units, one scale from zero, and every amount in print."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from lxml import html

from sydit.charts import LONGEST, Chart, Series, bar_chart

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
