"""The whole demonstration holds what every comparison needs, and October as the committee's document has it."""

from __future__ import annotations

import pytest
from django.db import transaction

from decisions.models import Decision
from followup.models import FollowUp, Measure
from sydit import demo, demo_years
from sydit.report.build import build_report
from sydit.report.document import Report
from sydit.report.publish import report_of
from tests.report.sample import PRINTED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def printed(report: Report) -> dict[str, list[tuple[str, ...]]]:
    return {
        key: [(row.label, *(cell.text for cell in row.cells)) for row in report.tables[key].rows]
        for key in (*PRINTED, "decisions")
    }


def october_alone() -> Report:
    with transaction.atomic():
        report = build_report(demo.load_demo(lambda _: None))
        transaction.set_rollback(True)
    return report


def test_october_prints_the_same_tables_and_analysis_with_all_that_was_before_it() -> None:
    alone = october_alone()
    whole = build_report(demo_years.load_years(lambda _: None))
    assert printed(whole) == printed(alone)
    texts = [[section.blocks for section in report.sections if section.key == "economy"] for report in (alone, whole)]
    assert texts[0] == texts[1]


def test_every_comparison_has_something_to_show(whole_demo: FollowUp) -> None:
    states = FollowUp.objects.values_list("fiscal_year__year", "month", "state").order_by("fiscal_year__year", "month")
    assert list(states) == [
        (2023, 8, "approved"),
        (2023, 12, "approved"),
        (2024, 4, "approved"),
        (2024, 8, "approved"),
        (2024, 10, "open"),
    ]
    reports = {str(one.period): report_of(one) for one in FollowUp.objects.select_related("fiscal_year")}
    results = [reports[month].tables["result"].cell("total", "forecast").text for month in ("2024-04", "2024-08")]
    assert results == ["241", "613"]
    assert "changes" in reports["2024-08"].tables
    assert "changes" not in reports["2024-10"].tables
    assert [len(reports[month].tables["measures"].rows) for month in ("2024-04", "2024-10")] == [4, 4]
    assert not Measure.objects.filter(follow_up=whole_demo, confirmed=False).exists()
    closed = Decision.objects.get(closed_on__isnull=False)
    assert [str(closed.pk) in {row.key for row in reports[month].tables["decisions"].rows}
            for month in ("2024-08", "2024-10")] == [True, False]  # fmt: skip
