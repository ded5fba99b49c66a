"""Reports as they were stored first, opened by today's code, whatever has become of the rest.

The documents under ``tests/data/reports`` are never written again; where one cannot be read, the code is wrong.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from followup.models import FollowUp
from sydit.models import Publication, User
from sydit.report.document import Report, checksum
from tests import factories
from tests.pages import text_of

DOCUMENTS = sorted((Path(__file__).parent.parent / "data" / "reports").glob("*.json"))
SUMS = {
    "schema-1-2024-10.json": "291b150638f023912f4233cb5135d481408ba2bc06e20f1575377dfb6d419bc2",
    "schema-1-first.json": "68fe5049291ac337477936d143981854694c1ff08dd40775b86ca67d99ef65ac",
}
MONTH = "/uppfoljning/2024-10/"


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.stem)
def stored(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


def test_the_documents_are_the_ones_that_were_stored() -> None:
    assert {path.name: checksum(path.read_text(encoding="utf-8")) for path in DOCUMENTS} == SUMS


def test_an_old_document_says_what_it_said(stored: str) -> None:
    report = Report.from_json(stored)
    assert [section.heading for section in report.sections][:2] == ["1 Inledning", "1.1 Politiskt fattade beslut"]
    cell = report.tables["result"].cell("total", "variance")
    assert (cell.ore, " ".join(cell.text.split()), cell.word) == (-81_300_000, "−813", "underskott")
    assert Report.from_json(report.to_json()) == report


@pytest.mark.django_db
def test_an_old_publication_is_read_and_taken_along_with_nothing_left_behind_it(stored: str, client: Client) -> None:
    """No category, rule, decision, forecast, project or ledger line exists; the report opens as it was."""
    follow_up = factories.follow_up(state=FollowUp.State.APPROVED)
    head: User = factories.user(role=factories.Role.HEAD, name="Eva Chef")
    Publication.objects.create(
        follow_up=follow_up,
        version=1,
        document=stored,
        sha256=checksum(stored),
        approved_at="2024-11-20T12:00:00Z",
        approved_by=head,
    )
    client.force_login(factories.user(role=factories.Role.READER))
    page = text_of(client.get(MONTH))
    assert "För helåret 2024 räknar förvaltningen med ett underskott om 813 tkr." in page
    assert "Publicerad version 1" in page
    assert client.get(f"{MONTH}rapport.json").content.decode() == stored
    sheets = load_workbook(BytesIO(client.get(f"{MONTH}rapport.xlsx").content)).sheetnames
    assert "Ekonomiskt resultat" in sheets
    assert client.get(f"{MONTH}avstamning/").status_code == 200
    assert client.get(f"{MONTH}underlag/result/total/").status_code == 200
