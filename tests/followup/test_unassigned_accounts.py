"""Accounts without a rule: found, suggested a category, and given a rule with one click."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from followup.account_rules import Suggestion, add_rule, unassigned_accounts
from followup.models import AccountRule, CostCategory, LedgerMonth
from followup.neighbours import nearest
from sydit.access import Role
from sydit.errors import Refused
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/huvudbok/konton-utan-kategori/"


@pytest.fixture
def categories() -> dict[str, CostCategory]:
    return {
        "staff": factories.category(key="staff", name="Personalkostnader", prefixes=("502",), position=1),
        "travel": factories.category(key="travel", name="Resor & Kurser", prefixes=("705",), position=2),
    }


@pytest.fixture
def pages(client: Client) -> Client:
    client.force_login(factories.user(username="adm", name="Anna Administratör"))
    return client


@pytest.mark.parametrize(
    ("account", "known", "expected"),
    [
        ("64200", ["641", "654"], "641"),  # the longest common beginning
        ("64200", ["64190", "64400"], "64190"),  # then the nearest number
        ("64200", ["64900", "64190"], "64190"),
        ("64200", ["500", "7"], None),  # another class says nothing
        ("DIFF", ["DIF", "5"], "DIF"),
        ("64200", [], None),
    ],
)
def test_the_neighbour_begins_alike_and_is_the_nearest(account: str, known: list[str], expected: str | None) -> None:
    assert nearest(account, known) == expected
    assert nearest(account, reversed(known)) == expected


def listed() -> list[tuple[str, str, int, Suggestion | None]]:
    found = unassigned_accounts(year=2024, ledger_months=LedgerMonth.objects.values_list("pk", flat=True), names={})
    return [(row.account, row.name, row.amount, row.suggestion) for row in found]


def test_each_account_without_a_rule_is_listed_with_its_sum_over_the_months(
    categories: dict[str, CostCategory],
) -> None:
    factories.project(code="91002")
    factories.booked_import(
        "202401;50900;1,00;;Övrig personal", "202402;50900;2,50", "202402;50900;9,00;91002", "202401;50200;4,00",
        "202401;24900;-5,00", "202401;30100;-7,00",
    )  # fmt: skip
    assert listed() == [
        ("30100", "", -700, None),
        ("50900", "Övrig personal", 350, Suggestion("staff", "50200")),
    ]


def test_an_account_that_a_rule_sets_aside_is_not_listed(categories: dict[str, CostCategory]) -> None:
    factories.account_rule(prefix="799", reason="Aktivering")
    factories.booked_import("202401;79900;1,00")
    assert listed() == []


def test_one_click_makes_the_rule_that_was_suggested(pages: Client, categories: dict[str, CostCategory]) -> None:
    factories.booked_import("202401;50900;1,00")
    page = pages.get(PAGE)
    assert "Personalkostnader, som 502" in text_of(page)
    (choice,) = page.context["choices"]
    sent = {name: choice.form[name].value() or "" for name in ("account", "place", "reason")}
    answer = pages.post(f"{PAGE}?year=2024", sent, follow=True)
    rule = AccountRule.objects.get(prefix="50900")
    assert rule.category == categories["staff"]
    assert rule.history.get().history_user.username == "adm"
    assert "Konto 50900 hör nu till Personalkostnader." in text_of(answer)
    assert "Alla konton har en kontoregel" in text_of(answer)


def test_another_category_can_be_chosen(pages: Client, categories: dict[str, CostCategory]) -> None:
    factories.booked_import("202401;50900;1,00")
    pages.post(f"{PAGE}?year=2024", {"account": "50900", "place": "travel", "reason": ""})
    assert AccountRule.objects.get(prefix="50900").category == categories["travel"]


def test_an_account_can_be_set_aside_with_a_reason_only(pages: Client, categories: dict[str, CostCategory]) -> None:
    factories.booked_import("202401;79900;1,00")
    form = {"account": "79900", "place": "raknas-inte"}
    answer = pages.post(f"{PAGE}?year=2024", form)
    assert (answer.status_code, "Skriv varför kontot inte räknas." in text_of(answer)) == (422, True)
    assert not AccountRule.objects.filter(prefix="79900").exists()
    pages.post(f"{PAGE}?year=2024", {**form, "reason": "Aktivering"})
    rule = AccountRule.objects.get(prefix="79900")
    assert (rule.category, rule.reason) == (None, "Aktivering")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"place": ""}, "Välj en post."),
        ({"place": "borttagen"}, "Posten finns inte längre. Välj en annan."),
        ({"place": "staff", "reason": "Aktivering"}, "Orsaken hör till ett konto som inte räknas."),
        ({"place": "raknas-inte", "reason": "x" * 201}, "Skriv högst 200 tecken."),
    ],
)
def test_a_wrong_choice_gets_a_sentence_and_what_was_typed_stays(
    pages: Client, categories: dict[str, CostCategory], form: dict[str, str], sentence: str
) -> None:
    factories.booked_import("202401;50900;1,00", "202401;50910;1,00")
    answer = pages.post(f"{PAGE}?year=2024", {"account": "50900", **form})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert form.get("reason", "") in answer.content.decode()
    assert AccountRule.objects.count() == 2


def test_an_account_that_somebody_else_has_given_a_rule_is_told(
    pages: Client, categories: dict[str, CostCategory]
) -> None:
    factories.account_rule(prefix="509", category=categories["staff"])
    answer = pages.post(f"{PAGE}?year=2024", {"account": "50900", "place": "travel"}, follow=True)
    assert "Konto 50900 har redan en kontoregel eller är ett balanskonto. Inget har ändrats." in text_of(answer)
    assert not AccountRule.objects.filter(prefix="50900").exists()


@pytest.mark.parametrize("account", ["24900", "60-20", "6" * 21])
def test_an_account_that_can_have_no_rule_is_refused(categories: dict[str, CostCategory], account: str) -> None:
    with pytest.raises(Refused):
        add_rule(
            fiscal_year=categories["staff"].fiscal_year,
            account=account,
            category=categories["staff"],
            by=factories.user(),
        )
    assert AccountRule.objects.count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_the_administrator_makes_rules(categories: dict[str, CostCategory], role: Role) -> None:
    with pytest.raises(PermissionDenied):
        add_rule(
            fiscal_year=categories["staff"].fiscal_year,
            account="50900",
            category=categories["staff"],
            by=factories.user(role=role),
        )


def test_a_waiting_import_has_its_own_list_and_one_comes_back_to_its_preview(
    pages: Client, categories: dict[str, CostCategory]
) -> None:
    factories.booked_import("202401;60100;1,00", filename="bokford.csv")
    waiting = factories.uploaded_import("202402;50900;1,00;;Övrig personal")
    address = f"{PAGE}?import={waiting.pk}"
    page = pages.get(address)
    assert [choice.account.account for choice in page.context["choices"]] == ["50900"]
    assert "50900 Övrig personal" in text_of(page)
    answer = pages.post(address, {"account": "50900", "place": "staff"})
    assert answer.headers["Location"] == reverse("import", args=[waiting.pk])
    assert "Konton utan kostnadskategori" not in text_of(pages.get(answer.headers["Location"]))


@pytest.mark.parametrize("query", ["?import=999", "?import=x", "?year=1999", "?year=x"])
def test_what_does_not_exist_is_not_found(pages: Client, query: str) -> None:
    factories.fiscal_year()
    assert pages.get(PAGE + query).status_code == 404


def test_the_check_before_publication_leads_to_the_page(client: Client, categories: dict[str, CostCategory]) -> None:
    factories.booked_import("202401;50900;1,00")
    factories.follow_up()
    client.force_login(factories.user(role=Role.ADMINISTRATOR))
    assert f'href="{PAGE}?year=2024"' in client.get("/uppfoljning/2024-10/godkannande/").content.decode()


def test_the_preview_of_an_import_leads_to_the_page(pages: Client, categories: dict[str, CostCategory]) -> None:
    waiting = factories.uploaded_import("202402;50900;1,00")
    page = pages.get(reverse("import", args=[waiting.pk])).content.decode()
    assert f'href="{PAGE}?import={waiting.pk}"' in page


def test_the_page_asks_the_database_as_often_however_many_accounts(
    pages: Client, categories: dict[str, CostCategory], django_assert_num_queries: Any
) -> None:
    factories.booked_import(*(f"202401;{50900 + number};1,00" for number in range(40)))
    with django_assert_num_queries(10):
        assert len(pages.get(PAGE).context["choices"]) == 40
