"""What is written in the texts, as page, workbook and check before publication show it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from lxml import html
from openpyxl import load_workbook

from followup import actions
from followup.models import FollowUp, ReportText
from sydit.models import User
from sydit.report import checks
from sydit.report.build import build_report, read_inputs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BODY = "## Personal <b>\n\nLicenserna ger {avvikelse licenser}.\n\n- *Första* punkten\n- Andra"


def write(follow_up: FollowUp, body: str, key: ReportText.Key = ReportText.Key.ANALYSIS) -> None:
    row = ReportText.objects.filter(follow_up=follow_up, key=key).first()
    by = User.objects.get(username="controller")
    actions.write_text(follow_up=follow_up, key=key, body=body, seen_version=row.version if row else 0, by=by)


def test_the_page_shows_marks_and_opens_a_figure_to_its_lines(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    write(october, BODY)
    page = html.fromstring(log_in("controller").get("/uppfoljning/2024-10/").content)
    (section,) = page.xpath("//h3[@id='economy']/..")
    assert section.xpath("string(h4)") == "Personal <b>"
    assert [item.text_content() for item in section.xpath("ul/li")] == ["Första punkten", "Andra"]
    assert section.xpath("string(ul/li/em)") == "Första"
    (figure,) = section.xpath("p/a[@class='living']")
    assert " ".join(figure.text_content().split()) == "ett underskott om 1 500 tkr"
    assert figure.get("href") == "/uppfoljning/2024-10/underlag/result/licenser-serviceavtal/"


def test_the_workbook_says_the_same_words(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    write(october, BODY)
    answer = log_in("controller").get("/uppfoljning/2024-10/rapport.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    texts = [" ".join(str(row[0].value).split()) for row in sheet.iter_rows() if row[0].value]
    for text in ("Personal <b>", "Licenserna ger ett underskott om 1 500 tkr.", "• Första punkten"):
        assert text in texts


def test_a_figure_that_cannot_be_found_stops_publication(october: FollowUp) -> None:
    assert not checks.red(checks.all_checks(read_inputs(october)))
    write(october, "Licenserna ger {avvikelse månen} och {avvikelse övrig}.")
    messages = [check.message for check in checks.red(checks.all_checks(read_inputs(october)))]
    assert len(messages) == 2
    assert messages[0].startswith("Texten ”Ekonomisk analys”: Det finns ingen siffra som heter ”avvikelse månen”.")


def test_an_introduction_of_ones_own_replaces_the_computed_one(october: FollowUp) -> None:
    write(october, "Året slutar med {prognos}.", ReportText.Key.INTRODUCTION)
    (block,) = build_report(october).sections[0].blocks
    assert " ".join(block.text.split()) == "Året slutar med ett underskott om 813 tkr."
