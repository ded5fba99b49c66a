"""Read and left out are the file, to the öre, of drafts and of what is published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from followup.models import AccountRule, FollowUp, LedgerMonth
from sydit.access import Role
from sydit.report import publish
from sydit.report.build import build_report
from sydit.report.document import Amount, Report
from sydit.report.reconciliation import Proof, reconcile
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/uppfoljning/2024-10/avstamning/"


def ledger() -> FollowUp:
    """A line in every place that there is."""
    factories.category(key="staff", name="Personalkostnader", prefixes=("5",))
    factories.account_rule(prefix="799", reason="Aktivering")
    factories.project(code="91002", name="IT Invest Lekeberg")
    factories.booked_import(
        "202401;50200;100,00",
        "202401;64000;20,00",
        "202402;50200;7,00;91002",
        "202402;79900;-3,00",
        "202402;24900;-1,50",
        filename="huvudbok-2024.csv",
    )
    return factories.follow_up()


def rows(report: Report) -> dict[str, list[int | None]]:
    table = reconcile(report).table
    return {row.label: [cell.ore for cell in row.cells if isinstance(cell, Amount)] for row in table.rows}


def test_every_ore_of_each_month_is_in_one_row_and_the_rows_are_the_file() -> None:
    assert rows(build_report(ledger())) == {
        "Personalkostnader": [10_000, 10_000, 0],
        "Ej fördelat": [2_000, 2_000, 0],
        "IT Invest Lekeberg": [700, 0, 700],
        "Räknas inte: Aktivering (konto 799…)": [-300, 0, -300],
        "Balanskonton utan investeringsprojekt": [-150, 0, -150],
        "Läst i rapporten": [12_700, 12_000, 700],
        "Utelämnat": [-450, 0, -450],
        "Läst och utelämnat": [12_250, 12_000, 250],
        "Filernas summa": [12_250, 12_000, 250],
        "Skillnad": [0, 0, 0],
    }


def test_what_is_read_and_what_is_left_out_prove_the_files_sum() -> None:
    proof = reconcile(build_report(ledger())).proof
    assert proof == Proof(read=12_700, left_out=-450, file=12_250)
    assert (proof.together, proof.difference) == (12_250, 0)


def test_a_month_whose_lines_are_not_its_files_sum_is_shown() -> None:
    follow_up = ledger()
    LedgerMonth.objects.filter(month=2).update(total=251)
    report = build_report(follow_up)
    assert rows(report)["Skillnad"] == [1, 0, 1]
    assert reconcile(report).proof.difference == 1


def test_the_months_without_an_import_are_told() -> None:
    assert [month.month for month in reconcile(build_report(ledger())).missing] == list(range(3, 11))


def test_a_published_report_is_reconciled_as_it_was_published() -> None:
    follow_up = factories.published(ledger()).follow_up
    before = rows(publish.report_of(follow_up))
    AccountRule.objects.all().delete()
    factories.booked_import("202402;50200;9 999,00")
    assert rows(publish.report_of(follow_up)) == before
    assert rows(build_report(follow_up)) != before


def test_the_page_names_the_file_the_importer_and_the_proof(client: Client) -> None:
    ledger()
    client.force_login(factories.user(role=Role.CONTROLLER))
    page = client.get(PAGE)
    text = text_of(page)
    assert "är tillsammans 122,50 kr : filernas summa, på öret." in text
    for told in ("huvudbok-2024.csv", "av administrator-", LedgerMonth.objects.all()[0].ledger_import.file_id):
        assert told in text
    assert "Ingen huvudbok är importerad för mars–oktober 2024." in text


def test_each_row_of_the_page_opens_to_lines_with_its_sum(client: Client) -> None:
    follow_up = ledger()
    client.force_login(factories.user(role=Role.CONTROLLER))
    links = client.get(PAGE).context["links"]
    table = reconcile(build_report(follow_up)).table
    assert len(links) == 5
    for key, address in links.items():
        cell = table.cell(key.removeprefix("reconciliation/"), "period")
        assert isinstance(cell, Amount)
        assert client.get(address).context["total"] == cell.ore, key


def test_a_difference_is_told_as_an_error(client: Client) -> None:
    ledger()
    LedgerMonth.objects.filter(month=2).update(total=251)
    client.force_login(factories.user(role=Role.CONTROLLER))
    assert "men filernas summa är 122,51 kr. Skillnaden är 0,01 kr." in text_of(client.get(PAGE))


def test_without_an_import_the_page_says_so(client: Client) -> None:
    factories.follow_up()
    client.force_login(factories.user(role=Role.CONTROLLER))
    assert "Ingen huvudbok är importerad för januari–oktober 2024." in text_of(client.get(PAGE))


def test_a_reader_sees_the_published_sums_without_ways_into_what_was_left_out(client: Client) -> None:
    factories.published(ledger())
    client.force_login(factories.user(role=Role.READER))
    page = client.get(PAGE)
    assert "Balanskonton utan investeringsprojekt" in text_of(page)
    assert "underlag/huvudbok" not in page.content.decode()
    assert len(page.context["links"]) == 3


@pytest.mark.slow
@pytest.mark.counts_queries
def test_the_page_asks_the_database_a_fixed_number_of_times(
    october: FollowUp, log_in: Callable[[str], Client], django_assert_num_queries: Callable
) -> None:
    browser = log_in("controller")
    with django_assert_num_queries(20):
        browser.get(reverse("reconciliation", args=[october.period]))
