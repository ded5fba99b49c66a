"""The start page: the current follow-up at a glance, from its report document alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from decisions.models import StatusUpdate
from followup.models import FollowUp, Forecast, Measure
from followup.parts import Part
from sydit import kept
from sydit.access import Role
from sydit.models import User
from sydit.periods import Month
from sydit.report import cells, overview, publish
from sydit.report.build import build_report
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page_of(client: Client) -> html.HtmlElement:
    return html.fromstring(client.get("/").content)


def user_with(role: Role) -> User:
    return User.objects.filter(roles=[role.value]).earliest("pk")


def approve(follow_up: FollowUp) -> None:
    publish.approve(follow_up=factories.mark_ready(follow_up), by=User.objects.get(username="chef"))


def test_the_result_and_its_pictures_are_the_reports_own_figures(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    page = page_of(log_in("controller"))
    assert "ett underskott om 813 tkr" in page.text_content().replace("\xa0", " ")
    pictures = [svg.xpath("string(*[local-name()='title'])") for svg in page.find_class("chart-wide")]
    assert pictures == [
        "Avvikelse per post, oktober 2024",
        "Kostnaderna under 2024",
        "Investeringar per kommun, oktober 2024",
    ]
    report = build_report(october)
    printed = [cell.text for row in report.tables["result"].rows[:-1] for cell in row.cells[-1:]]
    (table,) = page.xpath("//table[.//th='Avvikelse']")
    assert [cell.text_content().split(None, 1)[-1] if "underskott" in cell.text_content() else cell.text_content()
            for cell in table.xpath("tbody/tr/td")] == printed  # fmt: skip


def test_the_year_ends_at_the_reports_costs(october: FollowUp) -> None:
    report = build_report(october)
    costs = [line for line in overview.result_lines(report) if line.key != "intakter"]
    year = overview.read(october, roles=[Role.CONTROLLER], reads_drafts=True).year
    budget, actual, forecast = zip(*(month.cells for month in year.rows), strict=True)
    assert budget[11] == cells.amount(sum(line.budget or 0 for line in costs))
    assert actual[9] == cells.amount(sum(line.actual or 0 for line in costs))
    assert forecast[11] == cells.amount(sum(line.forecast or 0 for line in costs))
    assert [cell.text for cell in actual[10:]] == ["", ""]


def test_what_is_left_is_told_by_role_ones_own_first_with_the_way_there(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    Forecast.objects.filter(category__key="lokalhyror").update(amount=None)
    october.texts.all().delete()
    page = page_of(log_in("controller"))
    (left,) = page.xpath("//section[@aria-labelledby='kvar']")
    assert [" ".join(head.text_content().split()) for head in left.xpath("h3")] == [
        "Controller (du): 7 kvar",
        "Nämndsekreterare: 1 kvar",
    ]
    assert left.xpath("ul/li/a/@href")[0] == "/uppfoljning/2024-10/prognos/"


def test_each_thing_to_mend_belongs_to_a_role_and_ones_own_comes_first(october: FollowUp) -> None:
    StatusUpdate.objects.filter(follow_up=october).update(confirmed=False)
    october.texts.all().delete()
    for role in (Role.SECRETARY, Role.CONTROLLER):
        left = overview.read(october, roles=[role], reads_drafts=True).to_do
        assert left is not None
        assert [part.is_own for part in left] == [True, False]
        assert {part.role: len(part.checks) for part in left} == {Role.SECRETARY: 5, Role.CONTROLLER: 2}


def test_parts_to_mark_ready_are_told_to_their_role_and_what_is_ready_to_the_head(october: FollowUp) -> None:
    def left() -> dict[Role, tuple[str, ...]]:
        october.refresh_from_db()
        return {part.role: part.steps for part in overview.read(october, roles=[], reads_drafts=True).to_do or ()}

    factories.mark_ready(october, Part.ECONOMY, Part.TEXTS)
    assert left() == {
        Role.CONTROLLER: ("Klarmarkera investeringar.", "Klarmarkera åtgärder."),
        Role.SECRETARY: ("Klarmarkera beslut.",),
    }
    factories.mark_ready(october, Part.INVESTMENTS, Part.DECISIONS, Part.MEASURES)
    assert left() == {Role.HEAD: ("Godkänn uppföljningen eller skicka tillbaka den.",)}


def test_what_a_ready_part_has_given_a_reason_for_is_not_left(october: FollowUp) -> None:
    Measure.objects.create(follow_up=october, what="Spara")

    def asked() -> int:
        return sum(len(part.checks) for part in overview.read(october, roles=[], reads_drafts=True).to_do or ())

    assert asked() == 1
    factories.mark_ready(october, Part.MEASURES)
    assert asked() == 0


def test_much_that_is_left_stands_part_by_part(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    Forecast.objects.filter(follow_up=october).update(amount=None)
    (left,) = page_of(log_in("controller")).xpath("//section[@aria-labelledby='kvar']")
    (economy, *_) = left.xpath(".//details")
    missing = economy.xpath(".//li/a")
    assert len(missing) > overview.FEW
    assert economy.xpath("string(summary)") == f"Ekonomi: {len(missing)} kvar"
    total = sum(len(part.xpath(".//li")) for part in left.xpath(".//details"))
    steps = len(left.xpath(".//h3[contains(., '(du)')]/following-sibling::ul[1]/li"))
    assert left.xpath("string(.//h3)") == f"Controller (du): {total + steps} kvar"


def test_an_unfinished_forecast_is_said_to_be(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    Forecast.objects.filter(category__key="lokalhyror").update(amount=None)
    text = page_of(log_in("chef")).text_content()
    assert "Årsprognosen för 2024 är inte komplett." in text


def test_a_reader_sees_what_is_published_and_nothing_to_do(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    reader = log_in("lasare")
    assert not page_of(reader).xpath("//section[@aria-labelledby='aktuell']")
    approve(october)
    Forecast.objects.filter(category__key="lokalhyror").update(amount=1)
    page = page_of(reader)
    assert "813 tkr" in page.text_content().replace("\xa0", " ")
    assert not page.xpath("//section[@aria-labelledby='kvar']")


def test_a_movement_is_told_as_better_or_worse(october: FollowUp) -> None:
    assert overview._moved(21_200_000) == "nu är den 212 tkr sämre"
    assert overview._moved(-100_000) == "nu är den 1 tkr bättre"
    assert overview._moved(49_999) == "den är oförändrad nu"


@pytest.mark.counts_queries
@pytest.mark.parametrize(("username", "queries"), [("controller", 32), ("lasare", 10)])
def test_the_page_costs_the_same_number_of_queries(
    october: FollowUp,
    log_in: Callable[[str], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    username: str,
    queries: int,
) -> None:
    if username == "lasare":
        approve(october)
    client = log_in(username)
    client.get("/")  # what a process asks only once
    kept.forget()
    with django_assert_num_queries(queries):
        client.get("/")
    asks = 4 if username == "controller" else 3  # session, user, and for each part whether anything was written since
    with django_assert_num_queries(asks):
        client.get("/")


def test_the_movement_since_the_previous_report_is_told(whole_demo: FollowUp) -> None:
    told = overview.read(whole_demo, roles=[Role.CONTROLLER], reads_drafts=True).sentences[-1].replace("\xa0", " ")
    assert told == "I rapporten för augusti 2024 var prognosen ett underskott om 613 tkr; nu är den 200 tkr sämre."


def test_what_the_administrator_has_left_leads_only_the_administrator_to_the_ledger(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    factories.follow_up(month=Month(2024, 11))
    for username, leads in (("controller", False), ("chef", False), ("administrator", True)):
        left = page_of(log_in(username)).xpath("//li[contains(., 'Huvudboken')]")
        assert left, username
        assert bool(left[0].xpath(".//a[@href='/huvudbok/']")) is leads, username
