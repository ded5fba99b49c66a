"""What the next report says of months that were corrected after the committee was given them."""

from __future__ import annotations

import pytest

from followup.changes import TITLE
from followup.models import AccountRule, CostCategory, FollowUp
from sydit.models import Publication
from sydit.periods import Month
from sydit.report.build import build_report
from sydit.report.document import Paragraph, Report, Section
from tests import factories

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = Month(2024, 1), Month(2024, 2)


@pytest.fixture
def staff() -> CostCategory:
    return factories.category(key="staff", name="Personalkostnader", prefixes=("5",))


@pytest.fixture
def published(staff: CostCategory) -> Publication:
    """January, given to the committee: 100 kr of staff, and 40 kr of an investment project."""
    factories.project(code="91002", name="IT Invest Lekeberg")
    factories.booked_import("202401;50200;100,00", "202401;12100;40,00;91002", filename="januari.csv")
    return factories.published(factories.follow_up(month=JANUARY))


def february() -> Report:
    return build_report(factories.follow_up(month=FEBRUARY))


def changes_of(report: Report) -> Section | None:
    return next((section for section in report.sections if section.key == "changes"), None)


def rows(report: Report) -> list[tuple[str, ...]]:
    return [(row.label, *(" ".join(cell.text.split()) for cell in row.cells)) for row in report.tables["changes"].rows]


def explanation(report: Report) -> str:
    section = changes_of(report)
    assert section
    assert section.title == TITLE
    paragraph = section.blocks[0]
    assert isinstance(paragraph, Paragraph)
    return paragraph.text


def test_nothing_is_said_where_nothing_has_changed(published: Publication) -> None:
    factories.booked_import("202402;50200;7,00", filename="februari.csv")
    assert changes_of(february()) is None


def test_nothing_is_said_where_a_month_is_imported_again_with_the_same_sums(published: Publication) -> None:
    factories.booked_import("202401;50200;60,00", "202401;50200;40,00", "202401;12100;40,00;91002")
    assert changes_of(february()) is None


def test_nothing_is_said_in_the_first_report_of_a_year(staff: CostCategory) -> None:
    factories.booked_import("202402;50200;7,00")
    assert changes_of(february()) is None


def test_a_corrected_month_is_told_with_what_was_reported_and_what_is_booked(published: Publication) -> None:
    factories.booked_import("202401;50200;130,50", "202401;12100;15,00;91002", "202402;50200;1,00")
    report = february()
    assert rows(report) == [
        ("Personalkostnader", "100,00", "130,50", "30,50"),
        ("IT Invest Lekeberg", "40,00", "15,00", "−25,00"),
        ("Summa", "140,00", "145,50", "5,50"),
    ]
    assert explanation(report) == (
        "Huvudboken för januari 2024 har ändrats sedan rapporten ”Budgetuppföljning januari 2024” publicerades. "
        "Beloppen gäller januari till och med januari 2024."
    )


def test_what_has_gone_from_the_ledger_counts_as_zero_now(published: Publication) -> None:
    factories.booked_import("202401;50200;100,00")
    assert rows(february())[0] == ("IT Invest Lekeberg", "40,00", "0,00", "−40,00")


def test_a_changed_account_rule_is_told_apart_from_a_changed_ledger(published: Publication) -> None:
    AccountRule.objects.all().delete()
    factories.category(key="other", name="Övriga kostnader", prefixes=("502",))
    report = february()
    assert [row[0] for row in rows(report)] == ["Personalkostnader", "Övriga kostnader", "Summa"]
    assert "huvudboken är densamma" in explanation(report)


def test_the_report_itself_stays_as_it_was_published(published: Publication) -> None:
    before = published.document
    factories.booked_import("202401;50200;130,50")
    published.refresh_from_db()
    assert published.document == before


# --- over a year end --------------------------------------------------------------------------------------------------


def of_next_year(month: int = 2) -> FollowUp:
    year = factories.fiscal_year(year=2025)
    if not CostCategory.objects.filter(fiscal_year=year).exists():
        factories.category(key="staff", name="Personalkostnader", prefixes=("5",), year=year)
    return factories.follow_up(month=Month(2025, month))


def test_a_month_that_is_corrected_after_the_year_end_is_told_in_the_next_years_report(published: Publication) -> None:
    assert changes_of(build_report(of_next_year())) is None
    factories.booked_import("202401;50200;130,50", "202401;12100;40,00;91002")
    report = build_report(FollowUp.objects.get(fiscal_year__year=2025))
    assert [row.label for row in report.tables["changes-2024"].rows] == ["Personalkostnader", "Summa"]
    assert [cell.text for cell in report.tables["changes-2024"].rows[0].cells] == ["100,00", "130,50", "30,50"]
    assert "Huvudboken för januari 2024 har ändrats sedan rapporten" in explanation(report)


def test_what_was_told_of_the_year_before_is_told_once_and_a_later_correction_again(published: Publication) -> None:
    factories.booked_import("202401;50200;130,50", "202401;12100;40,00;91002")
    factories.published(of_next_year(2))
    april = of_next_year(4)
    assert changes_of(build_report(april)) is None
    factories.booked_import("202401;50200;140,50", "202401;12100;40,00;91002")
    assert [cell.text for cell in build_report(april).tables["changes-2024"].rows[0].cells] == [
        "100,00",
        "140,50",
        "40,50",
    ]
