"""Opening the next follow-up is one step: its month is proposed, and what it begins with is listed afterwards."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from followup.models import FollowUp, Forecast
from sydit.access import Role
from sydit.models import User
from sydit.periods import Month
from sydit.report import opening
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_month_is_the_latest_booked_or_else_the_next() -> None:
    assert opening.proposed_month() is None
    factories.category(prefixes=("5",))
    factories.booked_import("2024-09;5010;1,00", "2024-10;5010;1,00")
    assert opening.proposed_month() == Month(2024, 10)
    factories.follow_up(month=Month(2024, 8))
    assert opening.proposed_month() == Month(2024, 10)
    factories.follow_up(month=Month(2024, 12))
    assert opening.proposed_month() == Month(2025, 1)


def test_a_follow_up_is_opened_as_proposed_and_tells_what_it_begins_with(october: FollowUp) -> None:
    client = Client()
    client.force_login(User.objects.get(username="controller"))
    assert 'value="2024-11"' in client.get(reverse("start")).content.decode()
    page = client.post(reverse("open-follow-up"), {"month": "2024-11"}, follow=True)
    told = text_of(page)
    assert "Uppföljningen november 2024 är öppen." in told
    assert "Det här kommer från oktober 2024 eller tidigare" in told
    assert "Huvudboken är inte importerad för november." in told
    carried = {each.part.value: each.names for each in opening.carried_into(FollowUp.objects.get(month=11))}
    assert set(carried) == {"economy", "decisions"}
    assert "Lokalhyror" in carried["economy"]
    assert "Bekräfta 7 Controller bekräftar. Intäkter Personalkostnader" in told
    assert "Nämndsekreterare bekräftar." in told


def test_what_is_confirmed_is_listed_no_more(october: FollowUp) -> None:
    client = Client()
    client.force_login(factories.user(role=Role.CONTROLLER))
    client.post(reverse("open-follow-up"), {"month": "2024-11"})
    november = FollowUp.objects.get(month=11)
    Forecast.objects.filter(follow_up=november).update(confirmed=True)
    assert "economy" not in {each.part.value for each in opening.carried_into(november)}


def test_the_first_follow_up_has_nothing_to_begin_with(client: Client) -> None:
    factories.follow_up(month=Month(2024, 1))
    client.force_login(factories.user(role=Role.HEAD))
    page = client.get(reverse("opened", kwargs={"month": Month(2024, 1)}))
    assert "ingen tidigare uppföljning" in text_of(page)
