"""The budget in a SIE file is taken once, by category, or refused with the accounts that have none."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from followup import budget_import
from followup.ledger import load
from followup.ledger.content import Content
from followup.models import BudgetEntry, LedgerFile, LedgerImport
from sydit.access import Role
from sydit.errors import Refused
from tests import factories
from tests.ledger.sie_files import file
from tests.pages import hidden_of, text_of

pytestmark = pytest.mark.django_db

BUDGET = (
    "#PBUDGET 0 202401 5010 {} 100.50",
    "#PBUDGET 0 202402 5010 {} 200",
    "#PBUDGET 0 202401 3010 {} -50",
    "#PBUDGET 0 202401 1930 {} 7",
)


def uploaded(*rows: str) -> LedgerImport:
    lines = ("#RES 0 5010 10.00", "#PSALDO 0 202401 5010 {} 10.00")
    content = file(*lines, *rows, sietyp=3).encode("cp437")
    year = factories.fiscal_year()
    return load.upload(content=Content.of(content), filename="budget.se", fiscal_year=year, by=factories.user())


@pytest.fixture(autouse=True)
def plan() -> None:
    factories.category(key="income", name="Intäkter", prefixes=("3",), position=1)
    factories.category(key="personnel", name="Personalkostnader", prefixes=("5",), position=2, budget=1)


def test_the_budget_is_summed_by_category_and_month_and_added_to_what_is_there() -> None:
    waiting = uploaded(*BUDGET)
    taken = budget_import.take(ledger_import=waiting, by=factories.user())
    assert (taken.total, taken.left_out) == (25050, 700)
    added = BudgetEntry.objects.filter(file=waiting.file_id)
    assert {(entry.category.key, entry.month, entry.amount, entry.kind) for entry in added} == {
        ("income", 1, -5000, "original"),
        ("personnel", 1, 10050, "adjustment"),
        ("personnel", 2, 20000, "adjustment"),
    }
    assert {(entry.filename, entry.note) for entry in added} == {("budget.se", "SIE-budget ur budget.se")}
    assert BudgetEntry.objects.count() == 4


def test_the_same_file_is_never_taken_twice() -> None:
    waiting = uploaded(*BUDGET)
    budget_import.take(ledger_import=waiting, by=factories.user())
    with pytest.raises(Refused, match="redan inläst"):
        budget_import.take(ledger_import=waiting, by=factories.user())
    assert BudgetEntry.objects.filter(file=waiting.file_id).count() == 3


def test_accounts_without_category_are_named_and_nothing_is_taken() -> None:
    waiting = uploaded(*BUDGET, "#PBUDGET 0 202401 8810 {} 1", "#PBUDGET 0 202401 7010 {} 1")
    with pytest.raises(Refused, match="7010 och 8810"):
        budget_import.take(ledger_import=waiting, by=factories.user())
    assert BudgetEntry.objects.count() == 1


def test_a_row_that_cannot_be_read_refuses_the_whole_budget() -> None:
    with pytest.raises(Refused, match="1O0"):
        budget_import.take(ledger_import=uploaded(*BUDGET, "#PBUDGET 0 202403 5010 {} 1O0"), by=factories.user())
    assert BudgetEntry.objects.count() == 1


def test_a_file_without_budget_says_so() -> None:
    waiting = uploaded()
    assert budget_import.offer(waiting) is None
    with pytest.raises(Refused, match="ingen budget"):
        budget_import.take(ledger_import=waiting, by=factories.user())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_takes_it(role: Role) -> None:
    waiting = uploaded(*BUDGET)
    with pytest.raises(PermissionDenied):
        budget_import.take(ledger_import=waiting, by=factories.user(role=role))
    assert BudgetEntry.objects.count() == 1


def test_a_discarded_import_leaves_the_file_that_a_budget_came_from() -> None:
    waiting = uploaded(*BUDGET)
    budget_import.take(ledger_import=waiting, by=factories.user())
    load.discard(ledger_import=waiting, by=factories.user())
    assert LedgerFile.objects.count() == 1


def test_the_page_shows_the_budget_takes_it_and_then_offers_nothing(client: Client) -> None:
    client.force_login(factories.user())
    waiting = uploaded(*BUDGET)
    address = reverse("import-budget", args=[waiting.pk])
    assert "Personalkostnader 300,50" in text_of(client.get(address))
    assert "Budgeten ur budget.se är inläst: 250,50 kr." in text_of(client.post(address, follow=True))
    page = client.get(address)
    assert "redan inläst" in text_of(page)
    assert "Lägg till budgeten" not in text_of(page)
    assert "redan inläst" in text_of(client.post(address, follow=True))


def test_a_report_that_is_published_meanwhile_is_told_and_the_budget_can_be_taken_all_the_same(client: Client) -> None:
    client.force_login(factories.user())
    address = reverse("import-budget", args=[uploaded(*BUDGET).pk])
    follow_up = factories.follow_up()
    shown = client.get(address)
    assert "Uppföljningar som får den nya budgeten: oktober." in text_of(shown)
    factories.published(follow_up)
    late = client.post(address, hidden_of(shown), follow=True)
    assert "En publicerad rapport ändras inte: ändringen syns i uppföljningar från och med nu." in text_of(late)
    assert BudgetEntry.objects.count() == 1
    assert "är inläst: 250,50 kr." in text_of(client.post(address, hidden_of(late), follow=True))
