"""Approval freezes the report, and what is published stays what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client

from followup import actions
from followup.models import AccountRule, BudgetEntry, CostCategory, FollowUp, Forecast, LedgerEntry, ReportText
from followup.parts import Part
from investments.models import ProjectForecast
from sydit.errors import Refused
from sydit.models import Publication, User
from sydit.report import checks, publish, readiness
from sydit.report.build import build_report, read_inputs
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def user(username: str) -> User:
    return User.objects.get(username=username)


@pytest.fixture
def ready(october: FollowUp) -> FollowUp:
    return factories.mark_ready(october)


@pytest.fixture
def published(ready: FollowUp) -> Publication:
    return publish.approve(follow_up=ready, by=user("chef"))


def test_approval_stores_the_document_with_version_and_checksum(published: Publication) -> None:
    follow_up = FollowUp.objects.get()
    assert follow_up.state == FollowUp.State.APPROVED
    assert (published.version, published.approved_by.username) == (1, "chef")
    assert publish.document_of(published) == build_report(follow_up)


def test_what_is_published_stays_whatever_happens_behind_it(published: Publication) -> None:
    before = publish.report_of(FollowUp.objects.get())
    CostCategory.objects.update(name="Något annat")
    AccountRule.objects.all().delete()
    BudgetEntry.objects.update(amount=1)
    Forecast.objects.update(amount=1)
    ReportText.objects.update(body="Ändrad")
    follow_up = FollowUp.objects.get()
    assert publish.report_of(follow_up) == before
    assert build_report(follow_up) != before


def test_a_published_figure_opens_to_its_own_lines_after_the_rules_have_changed(
    published: Publication, log_in: Callable[[str], Client]
) -> None:
    AccountRule.objects.all().delete()
    page = log_in("lasare").get("/uppfoljning/2024-10/underlag/result/tele-datakommunikation/")
    assert page.context["total"] == 218_540_675


def test_only_a_ready_follow_up_can_be_approved(october: FollowUp) -> None:
    with pytest.raises(Refused, match="inte klarmarkerad"):
        publish.approve(follow_up=october, by=user("chef"))
    assert not Publication.objects.exists()


def test_a_second_approval_is_refused_and_publishes_nothing(published: Publication) -> None:
    with pytest.raises(Refused, match="redan godkänd"):
        publish.approve(follow_up=published.follow_up, by=user("chef"))
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("username", ["controller", "sekreterare", "administrator", "lasare"])
def test_only_the_head_of_administration_approves(ready: FollowUp, username: str) -> None:
    with pytest.raises(PermissionDenied):
        publish.approve(follow_up=ready, by=user(username))
    assert FollowUp.objects.get().state == FollowUp.State.READY


def test_a_forecast_that_nobody_entered_stops_approval(ready: FollowUp) -> None:
    Forecast.objects.filter(category__key="lokalhyror").update(amount=None)
    with pytest.raises(Refused, match="Prognos saknas för Lokalhyror"):
        publish.approve(follow_up=ready, by=user("chef"))
    assert FollowUp.objects.get().state == FollowUp.State.READY
    assert not Publication.objects.exists()


def test_an_account_without_category_stops_approval(ready: FollowUp) -> None:
    AccountRule.objects.filter(prefix="60").delete()
    AccountRule.objects.filter(prefix="6").delete()
    with pytest.raises(Refused, match="Konton utan kostnadskategori: 60110"):
        publish.approve(follow_up=ready, by=user("chef"))


def test_a_decision_without_status_stops_approval(ready: FollowUp) -> None:
    ready.status_updates.first().delete()
    with pytest.raises(Refused, match="Beslutet 2019-01-30"):
        publish.approve(follow_up=ready, by=user("chef"))


def test_a_document_that_was_tampered_with_is_not_shown(published: Publication) -> None:
    Publication.objects.update(document=published.document.replace("813", "318"))
    with pytest.raises(publish.DamagedPublication):
        publish.report_of(FollowUp.objects.get())


def test_an_approved_follow_up_takes_no_more_writes(published: Publication) -> None:
    follow_up = FollowUp.objects.get()
    with pytest.raises(Refused, match="godkänd och tar inte emot ändringar"):
        actions.write_text(follow_up=follow_up, key="analysis", body="ny", seen_version=1, by=user("controller"))
    with pytest.raises(Refused, match="godkänd"):
        actions.submit_forecasts(follow_up=follow_up, entries=[], by=user("controller"))
    with pytest.raises(Refused, match="kan inte skickas tillbaka"):
        readiness.send_back(follow_up=follow_up, parts=[Part.TEXTS], comment="nej", by=user("chef"))


def test_the_lines_behind_each_row_add_up_to_it(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    browser = log_in("controller")
    tables = build_report(october).tables
    for key, column in [("result", "actual"), ("investments", "booked")]:
        for row in tables[key].rows:
            page = browser.get(f"/uppfoljning/2024-10/underlag/{key}/{row.key}/")
            assert page.context["total"] == tables[key].cell(row.key, column).ore, row.key


def test_a_row_that_the_report_does_not_have_is_not_found(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    browser = log_in("controller")
    for place in ("result/finns-inte", "finns-inte/total", "decisions/1"):
        assert browser.get(f"/uppfoljning/2024-10/underlag/{place}/").status_code == 404


def approve_in(browser: Client) -> HttpResponse:
    """Press the button of the page as it is now."""
    seen = browser.get("/uppfoljning/2024-10/godkannande/").context["seen"]
    return browser.post("/uppfoljning/2024-10/godkann/", {"seen": seen}, follow=True)


def test_a_draft_that_changed_while_it_was_read_is_not_approved(
    ready: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("chef")
    seen = browser.get("/uppfoljning/2024-10/godkannande/").context["seen"]
    BudgetEntry.objects.filter(category__key="lokalhyror").update(amount=1)
    Forecast.objects.filter(category__key="lokalhyror").update(comment="Hyran")
    page = browser.post("/uppfoljning/2024-10/godkann/", {"seen": seen}, follow=True)
    assert "Rapporten har ändrats sedan du öppnade sidan, och är inte godkänd." in page.content.decode()
    assert not Publication.objects.exists()
    assert FollowUp.objects.get().state == FollowUp.State.READY


def test_the_json_of_a_published_report_is_what_its_checksum_is_of(
    published: Publication, log_in: Callable[[str], Client]
) -> None:
    content = log_in("lasare").get("/uppfoljning/2024-10/rapport.json").content
    assert hashlib.sha256(content).hexdigest() == published.sha256


def test_approving_in_the_browser_publishes_and_says_so(ready: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = approve_in(log_in("chef"))
    assert "Uppföljningen är godkänd och rapporten publicerad." in page.content.decode()
    assert Publication.objects.count() == 1


def test_a_double_click_on_approve_publishes_once(ready: FollowUp, log_in: Callable[[str], Client]) -> None:
    browser = log_in("chef")
    approve_in(browser)
    page = browser.post("/uppfoljning/2024-10/godkann/", {"seen": "x"}, follow=True)
    assert "Uppföljningen är redan godkänd." in page.content.decode()
    assert Publication.objects.count() == 1


def test_sending_back_wants_a_reason_and_keeps_the_page(ready: FollowUp, log_in: Callable[[str], Client]) -> None:
    page = log_in("chef").post("/uppfoljning/2024-10/skicka-tillbaka/", {"comment": " "})
    assert page.status_code == 422
    assert FollowUp.objects.get().state == FollowUp.State.READY


@pytest.mark.counts_queries
def test_report_and_ledger_pages_ask_the_database_a_fixed_number_of_times(
    october: FollowUp, log_in: Callable[[str], Client], django_assert_num_queries: Callable
) -> None:
    browser = log_in("controller")
    with django_assert_num_queries(23):
        browser.get("/uppfoljning/2024-10/")
    with django_assert_num_queries(5):  # session, user; of follow-up, edition and page, whether anything was written
        browser.get("/uppfoljning/2024-10/")
    with django_assert_num_queries(19):
        browser.get("/uppfoljning/2024-10/underlag/result/total/")
    assert LedgerEntry.objects.count() == 370


def test_a_working_page_of_an_approved_follow_up_says_that_it_shows_today(
    published: Publication, log_in: Callable[[str], Client]
) -> None:
    browser, told = log_in("controller"), "som de ser ut i dag"
    shows = {
        page: told in browser.get(f"/uppfoljning/2024-10/{page}").content.decode()
        for page in (
            "",
            "avstamning/",
            "godkannande/",
            "prognos/",
            "investeringar/",
            "investeringar/oversikt/",
            "beslut/",
        )
    }
    assert [page for page, today in shows.items() if today] == [
        "prognos/",
        "investeringar/",
        "investeringar/oversikt/",
        "beslut/",
    ]


def test_a_large_variance_without_a_comment_stops_publication(october: FollowUp) -> None:
    Forecast.objects.filter(follow_up=october, category__key="tele-datakommunikation").update(comment=" ")
    ProjectForecast.objects.filter(follow_up=october, project__code="91002").update(amount=0)
    messages = [check.message for check in checks.all_checks(read_inputs(october))]
    assert messages == [
        "Kommentar saknas för Tele- och datakommunikation, vars avvikelse är för stor för att lämnas utan.",
        "Kommentar saknas för IT Invest Lekeberg, vars avvikelse är för stor för att lämnas utan.",
    ]
