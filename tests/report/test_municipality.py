"""The page of one municipality: the published figures to readers, the latest to the staff."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from followup.models import FollowUp
from investments.models import InvestmentProject, Municipality, ProjectBudgetEntry, ProjectForecast
from sydit import kept
from sydit.models import User
from sydit.report import publish
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def words(client: Client, address: str = "/kommun/lekeberg/") -> str:
    return text_of(client.get(address)).replace("\xa0", " ")


def approve() -> None:
    FollowUp.objects.update(state=FollowUp.State.READY)
    publish.approve(follow_up=FollowUp.objects.get(), by=User.objects.get(username="chef"))


def test_a_municipality_sees_its_own_projects_and_their_sum(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = words(log_in("controller"))
    assert "2024, till och med oktober" in page
    assert "IT Invest Lekeberg 2 533 1 031 1 502 41 2 533 0 Totalt 2 533 1 031 1 502 41 2 533 0" in page
    assert "IT Invest Laxå" not in page
    assert "IT Invest Gemensamt" in words(log_in("controller"), "/kommun/gemensamt/")


def test_a_name_with_diacritics_has_an_address_without(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    assert "Investeringar: Laxå" in words(log_in("controller"), "/kommun/laxa/")
    assert log_in("controller").get("/kommun/kumla/").status_code == 404


def test_a_reader_sees_nothing_before_a_report_is_published(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = words(log_in("lasare"))
    assert "Inga projekt att visa" in page
    assert "2 533" not in page


def test_a_reader_sees_what_was_published_whatever_happens_later(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    approve()
    entry = ProjectBudgetEntry.objects.get(project__code="91002")
    ProjectBudgetEntry.objects.create(
        project=entry.project, fiscal_year=entry.fiscal_year, amount=10**9, recorded_by=entry.recorded_by
    )
    assert "IT Invest Lekeberg 2 533 1 031" in words(log_in("lasare"))


def test_several_years_stand_beside_each_other(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    year = factories.fiscal_year(year=2025)
    factories.booked_import("2025-01;74500;100000;91002", year=year, filename="2025.csv")
    by = User.objects.get(username="controller")
    factories.follow_up(month=factories.Month(2025, 1), by=by)
    page = words(log_in("controller"))
    assert "Bokfört per år" in page
    assert "IT Invest Lekeberg 1 031 100 1 131" in page
    assert "från och med 2024: 2024 till och med oktober, 2025 till och med januari." in page
    assert page.index("Uppföljning januari 2025") < page.index("Uppföljning oktober 2024")


def test_the_page_tells_frame_pace_and_years_in_a_chart(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = words(log_in("controller"))
    assert "Projekt Total ram Förbrukat sedan start Kvar av ramen Procent förbrukat" in page
    assert "IT Invest Lekeberg 2 533 1 031 1 502 41 Totalt 2 533 1 031 1 502 41" in page
    assert "IT Invest Lekeberg: På tio månader är 1 031 tkr bokfört." in page
    assert "Investeringar Lekeberg, år för år" in page
    InvestmentProject.objects.filter(code="91002").update(frame=500_000_000)
    assert "IT Invest Lekeberg 5 000 1 031 3 969 21" in words(log_in("controller"))


def test_the_workbook_holds_what_the_page_does(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    answer = log_in("controller").get("/kommun/lekeberg/investeringar.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="investeringar-lekeberg.xlsx"'
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Texter", "Projekten över åren", "2024, till och med oktober"]
    texts = [cell.value for cell in book["Texter"]["A"]]
    assert "Investeringar: Lekeberg" in texts
    assert any("förutsätter 7,3 gånger den takten" in (text or "").replace("\xa0", " ") for text in texts)


def test_a_workbook_of_nothing_is_not_given(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    Municipality.objects.create(name="Kumla")
    assert log_in("controller").get("/kommun/kumla/investeringar.xlsx").status_code == 404
    assert log_in("lasare").get("/kommun/lekeberg/investeringar.xlsx").status_code == 403


def test_a_follow_up_that_is_not_filled_in_hides_no_earlier_figures(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    by = User.objects.get(username="controller")
    december = factories.follow_up(month=factories.Month(2024, 12), by=by)  # no ledger and no forecast
    assert "2024, till och med oktober" in words(log_in("controller"))
    project = InvestmentProject.objects.get(code="91002")
    for month in ("2024-11", "2024-12"):
        factories.booked_import(f"{month};74500;100000;91002", year=december.fiscal_year, filename=f"{month}.csv")
    assert "2024, till och med oktober" in words(log_in("controller"))
    ProjectForecast.objects.create(follow_up=december, project=project, amount=10**8, changed_by=by)
    assert "2024, till och med december" in words(log_in("controller"))


@pytest.mark.counts_queries
def test_the_page_costs_no_more_for_more_projects(
    october: FollowUp, log_in: Callable[[str], Client], django_assert_num_queries: object
) -> None:
    client = log_in("controller")
    client.get("/kommun/lekeberg/")
    kept.forget()
    with CaptureQueriesContext(connection) as few:
        client.get("/kommun/lekeberg/")
    lekeberg = Municipality.objects.get(name="Lekeberg")
    for number in range(20):
        factories.project(code=f"T{number}", name=f"Projekt {number}", municipality=lekeberg, budget=10**6)
    kept.forget()
    with django_assert_num_queries(len(few)):
        assert "Projekt 19" in words(client)
