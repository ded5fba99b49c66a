"""What was published opens as it was after the categories, rules, ledger and code behind it have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape

from followup.models import (
    AccountRule,
    BudgetEntry,
    CostCategory,
    FollowUp,
    Forecast,
    LedgerMonth,
    Measure,
    ReportText,
)
from investments.models import InvestmentProject
from sydit.models import Publication, User
from sydit.periods import Month
from sydit.report import corrections, publish
from sydit.report.build import build_report
from sydit.report.document import Amount, Report
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONTH = "/uppfoljning/2024-10/"
FIRST = f"{MONTH}version/1/"
PAGES = ("", "rapport.json", "avstamning/", "underlag/result/tele-datakommunikation/", "underlag/investments/total/")


@pytest.fixture
def first(october: FollowUp) -> Publication:
    return publish.approve(follow_up=factories.mark_ready(october), by=User.objects.get(username="chef"))


def change_everything(follow_up: FollowUp) -> None:
    """Another ledger, other categories, rules, budget, projects and words, and a second version made of them."""
    lines = [f"2024-{month:02};{50200 + month};{month}1000,01" for month in range(1, 11)]
    factories.booked_import(*lines, year=follow_up.fiscal_year, filename="ny.csv")
    AccountRule.objects.all().delete()
    everything = CostCategory.objects.first()
    assert everything is not None
    for prefix in "123456789":
        factories.account_rule(prefix=prefix, category=everything)
    CostCategory.objects.update(name="Något annat", position=1)
    BudgetEntry.objects.update(amount=1)
    InvestmentProject.objects.update(name="Annat projekt", municipality=None)
    Forecast.objects.update(amount=7, comment="Annan kommentar")
    ReportText.objects.update(body="Helt andra ord.")
    Measure.objects.all().delete()
    head = User.objects.get(username="chef")
    head.name = "Ny Chef"
    head.save()
    published = FollowUp.objects.get()
    corrections.begin(follow_up=published, parts=["texts"], reason="Allt var fel.", seen_version=1, by=head)
    document = build_report(FollowUp.objects.get()).to_json()
    Publication.objects.create(
        follow_up=published,
        version=2,
        document=document,
        sha256=hashlib.sha256(document.encode()).hexdigest(),
        approved_at="2026-01-01T12:00:00Z",
        approved_by=head,
    )


def test_what_was_published_opens_as_it_was_after_everything_behind_it_has_changed(
    first: Publication, log_in: Callable[[str], Client]
) -> None:
    reader = log_in("lasare")
    before = {page: reader.get(f"{FIRST}{page}") for page in PAGES}
    totals = opened(reader, first)
    change_everything(first.follow_up)
    assert LedgerMonth.objects.filter(is_current=True, ledger_import__filename="ny.csv").count() == 10
    assert Report.from_json(Publication.objects.get(version=2).document) != Report.from_json(first.document)

    for page in PAGES:
        assert words_of_report(reader.get(f"{FIRST}{page}")) == words_of_report(before[page]), page
    assert hashlib.sha256(reader.get(f"{FIRST}rapport.json").content).hexdigest() == first.sha256
    assert opened(reader, first) == totals
    for figure, total in totals.items():
        table, row = figure.split("/")
        cell = Report.from_json(first.document).tables[table].cell(row, "actual" if table == "result" else "booked")
        assert isinstance(cell, Amount)
        assert cell.ore == total, figure


def words_of_report(answer: object) -> str:
    """The page's words, but for the list of versions, which grows, what replaced this one, and who approved, by the
    name that they have now."""
    words = text_of(answer) if "html" in answer.headers["Content-Type"] else answer.content.decode()  # type: ignore[attr-defined]
    words = words.replace("Ersatt av version 2 ", "").replace("Ny Chef", "").replace(approver(), "")
    return words.split("Rapportens versioner")[0].replace("  ", " ").replace("Godkänd Rättas", "Godkänd")


def approver() -> str:
    return "Demo Förvaltningschef"


def opened(reader: Client, publication: Publication) -> dict[str, int]:
    """What the lines behind each row add up to, down to their vouchers, opened in the version."""
    totals = {}
    for key in ("result", "investments"):
        for row in Report.from_json(publication.document).tables[key].rows:
            if row.lines:
                page = reader.get(f"{FIRST}underlag/{key}/{row.key}/")
                totals[f"{key}/{row.key}"] = page.context["total"]
    assert totals
    return totals


def test_a_document_of_a_code_that_knew_less_opens_among_newer_versions(
    first: Publication, log_in: Callable[[str], Client]
) -> None:
    """Without all that later code has come to tell: a key that is missing is unknown, and the version still opens."""
    told = json.loads(first.document)
    for key in ("registry_number", "meeting_date"):
        told.pop(key, None)
    told["basis"].pop("set_aside", None)
    for source in told["basis"]["sources"]:
        for key in ("imported_at", "imported_by", "control_total_ore"):
            source.pop(key, None)
    older = json.dumps(told, ensure_ascii=False)
    Publication.objects.update(document=older, sha256=hashlib.sha256(older.encode()).hexdigest())
    change_everything(first.follow_up)
    reader = log_in("lasare")
    assert reader.get(f"{FIRST}rapport.json").content.decode() == older
    for page in (*PAGES, "rapport.xlsx", "skillnad/"):
        assert reader.get(f"{FIRST}{page}").status_code == 200, page
    difference = reader.get(f"{MONTH}version/2/skillnad/")
    assert difference.status_code == 200
    assert escape("Helt andra ord.") in text_of(difference)
    assert Month(2024, 10) == Report.from_json(older).follow_up
