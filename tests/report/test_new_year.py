"""The next budget year begins with an earlier year's categories and rules, shown first, and none of its amounts."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup import new_year
from followup.models import AccountRule, BudgetEntry, CostCategory, FiscalYear
from sydit import occasions
from sydit.access import Role
from sydit.errors import Refused
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db
MARK = re.compile(r'name="seen" value="([^"]*)"')


@pytest.fixture
def source() -> FiscalYear:
    factories.category(key="income", name="Intäkter", prefixes=("3", "36"), budget=-5, position=1)
    factories.category(key="costs", name="Kostnader", prefixes=("5",), budget=5, position=2)
    factories.account_rule(prefix="89", reason="Bokslutskonto")
    factories.project(code="91002", name="IT Invest Lekeberg", budget=7)
    return factories.fiscal_year()


@pytest.fixture
def client(source: FiscalYear, client: Client) -> Client:
    client.force_login(factories.user())
    return client


def post(client: Client, **fields: object) -> HttpResponse:
    sent = {"source": FiscalYear.objects.get(year=2024).pk, "year": "2025", **fields}
    return client.post(reverse("new-year"), sent, follow=True)  # type: ignore[return-value]


def mark(page: HttpResponse) -> str:
    found = MARK.search(page.content.decode())
    assert found
    return found[1]


def test_what_will_be_made_is_shown_and_nothing_is_made(client: Client) -> None:
    assert 'value="2025"' in client.get(reverse("new-year")).content.decode()
    page = text_of(post(client))
    assert "2 kostnadskategorier och 4 kontoregler tas från 2024, utan belopp." in page
    assert "Intäkter 3, 36" in page
    assert "89: Bokslutskonto" in page
    assert "91002 IT Invest Lekeberg" in page
    assert not FiscalYear.objects.filter(year=2025).exists()


def test_the_year_has_the_categories_and_rules_and_no_amounts(client: Client) -> None:
    entries = BudgetEntry.objects.count()
    done = post(client, step="save", seen=mark(post(client)))
    assert "Budgetåret 2025 är upplagt." in text_of(done)
    assert "Budget saknas för: Intäkter, Kostnader." in text_of(done)
    new = FiscalYear.objects.get(year=2025)
    made = CostCategory.objects.filter(fiscal_year=new).order_by("position").values_list("key", "name", "position")
    assert list(made) == [("income", "Intäkter", 1), ("costs", "Kostnader", 2)]
    rules = AccountRule.objects.filter(fiscal_year=new).order_by("prefix")
    assert [(rule.prefix, rule.category.key if rule.category else rule.reason) for rule in rules] == [
        ("3", "income"),
        ("36", "income"),
        ("5", "costs"),
        ("89", "Bokslutskonto"),
    ]
    assert {rule.category.fiscal_year for rule in rules if rule.category} == {new}
    assert BudgetEntry.objects.count() == entries
    assert {row.history_user.roles[0] for row in CostCategory.history.filter(fiscal_year=new)} == {"administrator"}


def test_a_year_that_exists_is_refused_also_when_the_button_is_pressed_twice(client: Client) -> None:
    assert "Budgetåret 2024 finns redan." in text_of(post(client, year="2024"))
    seen = mark(post(client))
    post(client, step="save", seen=seen)
    again = post(client, step="save", seen=seen)
    assert again.status_code == 422
    assert "Budgetåret 2025 finns redan." in text_of(again)
    assert CostCategory.objects.filter(fiscal_year__year=2025).count() == 2


def test_an_earlier_year_that_changed_meanwhile_is_looked_at_again(client: Client) -> None:
    seen = mark(post(client))
    factories.account_rule(prefix="7", category=CostCategory.objects.get(key="costs"))
    late = post(client, step="save", seen=seen)
    assert late.status_code == 409
    assert "Budgetåret 2024 har ändrats sedan du granskade." in text_of(late)
    assert not FiscalYear.objects.filter(year=2025).exists()
    post(client, step="save", seen=mark(late))
    assert AccountRule.objects.filter(fiscal_year__year=2025).count() == 5


@pytest.mark.parametrize(("typed", "sentence"), [("tjugo", "fyra siffror"), ("", "vilket år"), ("1999", "minst 2000")])
def test_a_year_that_cannot_be_read_is_told(client: Client, typed: str, sentence: str) -> None:
    page = post(client, year=typed)
    assert page.status_code == 422
    assert sentence in text_of(page)


def test_a_year_without_categories_is_nothing_to_begin_from(client: Client) -> None:
    empty = factories.fiscal_year(year=2030)
    assert "inga kostnadskategorier att börja från" in text_of(post(client, source=empty.pk, year="2031"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_lays_out_a_year(source: FiscalYear, role: Role) -> None:
    seen = new_year.plan(source, 2025).mark
    with pytest.raises(PermissionDenied):
        occasions.begin_year(source=source, year=2025, seen=seen, by=factories.user(role=role))
    with pytest.raises(Refused, match="finns redan"):
        new_year.plan(source, 2024)
    assert FiscalYear.objects.count() == 1
