"""An installation that holds nothing says on each of its pages what comes first, to whoever does it."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from decisions.models import Decision
from sydit.access import Role
from tests import factories

pytestmark = pytest.mark.django_db


def page(client: Client, path: str, role: Role) -> html.HtmlElement:
    client.force_login(factories.user(role=role))
    return html.fromstring(client.get(path).content.decode())


def links_of_steps(found: html.HtmlElement) -> list[str]:
    return [str(url) for url in found.xpath("//section[@aria-labelledby='borja']//a/@href")]


@pytest.mark.parametrize(
    ("role", "links"),
    [
        (Role.ADMINISTRATOR, ["/admin/", "/huvudbok/", "/investeringar/"]),
        (Role.CONTROLLER, ["/budget/", "#oppna"]),
        (Role.SECRETARY, ["/beslut/"]),
        (Role.HEAD, []),
    ],
)
def test_each_role_is_led_to_its_own_steps_and_sees_the_others(client: Client, role: Role, links: list[str]) -> None:
    found = page(client, "/", role)
    assert len(found.xpath("//section[@aria-labelledby='borja']//li")) == 6
    assert links_of_steps(found) == links
    for url in links:
        if url.startswith("/"):
            assert client.get(url).status_code == 200


def test_a_step_that_is_done_is_said_to_be_and_the_steps_go_with_the_first_follow_up(client: Client) -> None:
    factories.category(prefixes=("6",))
    done = page(client, "/", Role.CONTROLLER).xpath("//section[@aria-labelledby='borja']//li[span[@class]='Klart']")
    assert [step.text_content().split("(")[0].strip() for step in done] == [
        "Lägg upp budgetåret med kostnadskategorier och kontoregler"
    ]
    factories.follow_up()
    assert not page(client, "/", Role.CONTROLLER).xpath("//section[@aria-labelledby='borja']")


def test_a_reader_is_told_only_that_there_is_nothing_yet(client: Client) -> None:
    found = page(client, "/", Role.READER)
    assert "Ingen uppföljning än" in found.text_content()
    assert not found.xpath("//section[@aria-labelledby='borja']")


def test_a_register_without_rows_says_who_begins_it_and_one_with_rows_that_none_match(client: Client) -> None:
    for path, words in (
        ("/beslut/", "Inget beslut är registrerat än."),
        ("/investeringar/", "Inget projekt är registrerat än."),
        ("/atgarder/", "Ingen åtgärd är inlagd än."),
    ):
        assert words in page(client, path, Role.CONTROLLER).text_content()
    factories.decision()
    assert Decision.objects.count() == 1
    assert "Inga beslut stämmer med urvalet." in page(client, "/beslut/?q=zebra", Role.CONTROLLER).text_content()


def test_the_first_year_is_not_begun_from_another(client: Client) -> None:
    found = page(client, "/budget/nytt-ar/", Role.ADMINISTRATOR)
    assert "Inget budgetår är upplagt" in found.text_content()
    assert not found.xpath("//main//form")
