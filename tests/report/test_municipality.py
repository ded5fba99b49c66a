"""The page of one municipality: the published figures to readers, the latest to the staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from followup.models import FollowUp
from investments.models import ProjectBudgetEntry
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
    assert page.index("Uppföljning januari 2025") < page.index("Uppföljning oktober 2024")
