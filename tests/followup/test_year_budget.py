"""A year's budget in the browser: what it is, what is behind it, and a change that is looked at before it is saved."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup import budget_actions, budget_page, budgets
from followup.budget_actions import AlreadyEntered, Budgeted, Ground
from followup.budget_year import YearBudget
from followup.models import AccountRule, BudgetEntry, CostCategory, FiscalYear, FollowUp
from sydit.access import Role
from sydit.errors import Refused
from sydit.report import publish
from sydit.report.build import build_report
from tests import factories
from tests.pages import hidden_of, text_of

pytestmark = pytest.mark.django_db
GROUND = {"decided_on": "2024-03-14", "paragraph": "§ 12", "note": "Dnr 2024/17"}
MARK = re.compile(r'name="seen" value="([^"]*)"')


@pytest.fixture
def year() -> FiscalYear:
    factories.category(key="licences", name="Licenser", prefixes=("5",), budget=100_000, position=1)
    factories.category(key="consultants", name="Konsulter", prefixes=("6",), budget=50_000, position=2)
    return factories.fiscal_year()


@pytest.fixture
def client(year: FiscalYear, client: Client) -> Client:
    client.force_login(factories.user(role=Role.CONTROLLER))
    return client


def pk(key: str) -> int:
    return CostCategory.objects.get(key=key).pk


def adjusting(**fields: object) -> dict[str, object]:
    return {"category": pk("licences"), "amount": "250,50", "batch": str(uuid.uuid4()), **GROUND, **fields}


def moving(**fields: object) -> dict[str, object]:
    sides = {"source": pk("licences"), "target": pk("consultants")}
    return {**sides, "amount": "200", "batch": str(uuid.uuid4()), **GROUND, **fields}


def review(client: Client, page: str, fields: dict[str, object]) -> HttpResponse:
    return client.post(reverse(page, args=[2024]), fields)  # type: ignore[return-value]


def save(client: Client, page: str, fields: dict[str, object]) -> HttpResponse:
    """Look at it and save it, as the pages do."""
    seen = MARK.search(review(client, page, fields).content.decode())
    assert seen
    sent = {**fields, "seen": seen[1], "step": "save"}
    return client.post(reverse(page, args=[2024]), sent, follow=True)  # type: ignore[return-value]


def test_without_a_budget_year_the_page_says_so(client: Client) -> None:
    BudgetEntry.objects.all().delete()
    AccountRule.objects.all().delete()
    CostCategory.objects.all().delete()
    FiscalYear.objects.all().delete()
    assert "Inget budgetår är upplagt" in text_of(client.get(reverse("budget")))


# --- the pages --------------------------------------------------------------------------------------------------------


def test_the_year_tells_what_was_decided_what_has_changed_and_what_holds_for_the_period(client: Client) -> None:
    factories.category(key="none", name="Obeslutat", position=3)
    factories.follow_up(month=factories.Month(2024, 6))
    save(client, "budget-adjust", adjusting(amount="500"))
    page = text_of(client.get(reverse("budget")))
    assert "Budget saknas för: Obeslutat." in page
    assert "Licenser 1 1 2 1 Jämnt" in page  # tkr: 1 000 kr, 500 kr more, 1 500 kr and half of it
    assert "Obeslutat saknas saknas saknas saknas" in page
    assert "Till och med juni" in page
    assert "Ändring Licenser 500,00 2024-03-14 § 12" in page


def test_a_category_opens_to_its_entries_with_their_decision(client: Client) -> None:
    save(client, "budget-adjust", adjusting(amount="", m6="30", m7="-5"))
    page = text_of(client.get(reverse("budget-category", args=[2024, "licences"])))
    assert "Ändring Juni 30,00 2024-03-14 § 12 Dnr 2024/17" in page
    assert "Ursprunglig budget Hela året 1 000,00" in page
    assert "Juni 113,33 530,00" in page  # a twelfth of 1 000,00, and what June was given
    assert client.get(reverse("budget-category", args=[2024, "nothing"])).status_code == 404


def test_a_category_without_a_budget_says_so_and_can_be_given_one(client: Client) -> None:
    factories.category(key="none", name="Obeslutat", position=3)
    page = client.get(reverse("budget-category", args=[2024, "none"]))
    assert "Budget 2024, kr saknas" in text_of(page)
    assert f'href="{reverse("budget-adjust", args=[2024])}?post=none"' in page.content.decode()


def test_an_unknown_year_is_not_found(client: Client) -> None:
    assert client.get(reverse("budget-year", args=[2031])).status_code == 404


# --- a change ---------------------------------------------------------------------------------------------------------


def test_a_change_is_shown_before_and_after_and_saves_nothing(client: Client) -> None:
    page = text_of(review(client, "budget-adjust", adjusting()))
    assert "Licenser 1 000,00 250,50 1 250,50" in page
    assert "Hela budgeten 1 500,00 250,50 1 750,50" in page
    assert BudgetEntry.objects.count() == 2


def test_a_change_is_appended_with_its_decision_and_its_kind(client: Client) -> None:
    assert "Budgeten är ändrad." in text_of(save(client, "budget-adjust", adjusting()))
    entry = BudgetEntry.objects.latest("pk")
    assert (entry.category.key, entry.amount, entry.month, entry.kind) == ("licences", 25_050, None, "adjustment")
    assert (entry.decided_on, entry.paragraph, entry.note) == (dt.date(2024, 3, 14), "12", "Dnr 2024/17")
    assert entry.recorded_by.roles == ["controller"]
    assert BudgetEntry.objects.count() == 3


def test_the_first_that_a_category_is_given_is_its_original_budget(client: Client) -> None:
    new = factories.category(key="new", name="Nytt", position=3)
    save(client, "budget-adjust", adjusting(category=new.pk))
    assert BudgetEntry.objects.latest("pk").kind == "original"


def test_a_transfer_by_month_leaves_the_sum_of_the_year(client: Client) -> None:
    save(client, "budget-transfer", moving(amount="", m11="150", m12="50"))
    assert budgets.of_categories(factories.fiscal_year()) == {
        "licences": YearBudget(100_000, {11: -15_000, 12: -5_000}),
        "consultants": YearBudget(50_000, {11: 15_000, 12: 5_000}),
    }
    assert {entry.kind for entry in BudgetEntry.objects.exclude(month=None)} == {"transfer"}
    (latest, *_) = budget_page.changes_of(factories.fiscal_year())
    assert latest.what == "Licenser −200\N{NO-BREAK SPACE}kr, Konsulter +200\N{NO-BREAK SPACE}kr"
    assert latest.amount == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"amount": ""}, "Skriv ett belopp för hela året, eller för minst en månad."),
        ({"amount": "0"}, "Beloppet är noll och ändrar ingenting."),
        ({"amount": "1.234"}, "1.234"),
        ({"amount": "10", "m1": "9"}, "Månaderna blir tillsammans 9,00 kr."),
        ({"m3": "abc"}, "”abc”"),
        ({"category": ""}, "Välj kostnadskategori."),
        ({"decided_on": ""}, "Skriv dagen då"),
        ({"decided_on": "0204-03-14"}, "före år 2000"),
        ({"decided_on": "2994-03-14"}, "ligger framåt i tiden"),
        ({"paragraph": "tolv"}, "Skriv bara paragrafens nummer"),
    ],
)
def test_what_cannot_be_read_is_told_and_stays_in_the_form(
    client: Client, fields: dict[str, object], sentence: str
) -> None:
    answer = review(client, "budget-adjust", adjusting(**fields))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Dnr 2024/17" in answer.content.decode()
    assert BudgetEntry.objects.count() == 2


@pytest.mark.parametrize("fields", [{"amount": "-1"}, {"amount": "", "m2": "5", "m3": "-1"}])
def test_a_transfer_is_written_without_minus(client: Client, fields: dict[str, object]) -> None:
    assert "utan minus" in text_of(review(client, "budget-transfer", moving(**fields)))


def test_a_transfer_goes_to_another_category(client: Client) -> None:
    assert "Välj en annan kategori" in text_of(review(client, "budget-transfer", moving(target=pk("licences"))))


def test_going_back_to_the_form_loses_nothing(client: Client) -> None:
    page = review(client, "budget-adjust", adjusting(step="edit", m4="1,50", amount=""))
    assert page.status_code == 200
    assert 'value="1,50"' in page.content.decode()
    assert "Dnr 2024/17" in page.content.decode()


def test_a_category_of_another_year_is_not_to_be_had(client: Client) -> None:
    other = factories.category(key="other", year=factories.fiscal_year(year=2023))
    assert "Kategorin finns inte i budgetåret." in text_of(
        review(client, "budget-adjust", adjusting(category=other.pk))
    )


def test_a_preview_says_which_months_change(client: Client) -> None:
    page = text_of(review(client, "budget-adjust", adjusting(amount="", m6="30", m12="-5")))
    assert "Licenser Juni +30 kr, december −5 kr 1 000,00 25,00 1 025,00" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_pages_ask_the_database_as_often_however_many_entries_there_are(
    client: Client, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for page, queries in ((reverse("budget"), 10), (reverse("budget-category", args=[2024, "licences"]), 7)):
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)
        save(client, "budget-adjust", adjusting(amount="", m1="1", m2="2"))
        with django_assert_num_queries(queries):
            client.get(page)


# --- somebody else, twice, and the wrong role -------------------------------------------------------------------------


def test_a_budget_that_changed_meanwhile_is_looked_at_again(client: Client) -> None:
    mine, theirs = adjusting(), adjusting(amount="1")
    seen = MARK.search(review(client, "budget-adjust", mine).content.decode())
    assert seen
    save(client, "budget-adjust", theirs)
    late = client.post(reverse("budget-adjust", args=[2024]), {**mine, "seen": seen[1], "step": "save"})
    assert late.status_code == 409
    assert "Budgeten har ändrats sedan du granskade den, av controller" in text_of(late)
    assert "Licenser 1 001,00 250,50 1 251,50" in text_of(late)
    assert BudgetEntry.objects.count() == 3
    assert "Budgeten är ändrad." in text_of(save(client, "budget-adjust", mine))


@pytest.mark.parametrize("version", [1, 2])
def test_a_report_that_is_published_meanwhile_is_told_and_the_change_can_be_made_all_the_same(
    client: Client, version: int
) -> None:
    """Also where it is the next version of a report that was published before."""
    follow_up = factories.follow_up()
    if version == 2:
        factories.published(follow_up)
        FollowUp.objects.update(state=FollowUp.State.OPEN, corrects=1)
    fields = adjusting()
    shown = review(client, "budget-adjust", fields)
    assert "Uppföljningar som får den nya budgeten: oktober." in text_of(shown)
    factories.published(follow_up, version=version, by=factories.user(role=Role.HEAD, name="Helga Chef"))
    late = client.post(reverse("budget-adjust", args=[2024]), hidden_of(shown) | {"step": "save"})
    assert late.status_code == 409
    assert "Uppföljningen oktober 2024 godkändes av Helga Chef" in text_of(late)
    assert "En publicerad rapport ändras inte: ändringen syns i uppföljningar från och med nu." in text_of(late)
    assert "Ingen uppföljning som budgeten gäller är öppen: ändringen syns i den som öppnas härnäst." in text_of(late)
    assert BudgetEntry.objects.count() == 2
    done = client.post(reverse("budget-adjust", args=[2024]), hidden_of(late) | {"step": "save"}, follow=True)
    assert "Budgeten är ändrad." in text_of(done)


def test_another_year_s_report_asks_nothing(client: Client) -> None:
    fields = adjusting()
    shown = hidden_of(review(client, "budget-adjust", fields))
    factories.published(factories.follow_up(month=factories.Month(2023, 10)))
    done = client.post(reverse("budget-adjust", args=[2024]), shown | {"step": "save"}, follow=True)
    assert "Budgeten är ändrad." in text_of(done)


def test_a_double_click_is_saved_once(client: Client) -> None:
    fields = adjusting()
    save(client, "budget-adjust", fields)
    again = client.post(reverse("budget-adjust", args=[2024]), {**fields, "step": "save"}, follow=True)
    assert "Ändringen var redan sparad." in text_of(again)
    assert BudgetEntry.objects.count() == 3


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.CONTROLLER, Role.ADMINISTRATOR}])
def test_the_action_asks_for_the_role(year: FiscalYear, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        enter(year, by=factories.user(role=role))
    assert BudgetEntry.objects.count() == 2


def test_the_action_refuses_another_years_category_and_nothing(year: FiscalYear) -> None:
    other = factories.category(key="other", year=factories.fiscal_year(year=2023))
    with pytest.raises(Refused, match="hör inte till budgetåret 2024"):
        enter(year, Budgeted(other.pk, {None: 1}))
    with pytest.raises(Refused, match="alla belopp är noll"):
        enter(year, Budgeted(pk("licences"), {None: 0}))
    batch = uuid.uuid4()
    enter(year, batch=batch)
    with pytest.raises(AlreadyEntered):
        enter(year, batch=batch)
    assert BudgetEntry.objects.count() == 3


def enter(year: FiscalYear, *amounts: Budgeted, batch: uuid.UUID | None = None, by: object = None) -> None:
    budget_actions.enter(
        year=year,
        batch=batch or uuid.uuid4(),
        kind=None,
        amounts=amounts or [Budgeted(pk("licences"), {None: 1})],
        ground=Ground(),
        seen=budget_actions.mark_of(year),
        by=by or factories.user(),  # type: ignore[arg-type]
    )


def test_a_published_report_says_what_it_said(october: FollowUp) -> None:
    """Its document is the same to the letter, and the page says that it stays so."""
    client = Client()
    client.force_login(factories.user(role=Role.CONTROLLER))
    factories.mark_ready(october)
    publish.approve(follow_up=october, by=factories.user(role=Role.HEAD))
    october.refresh_from_db()
    before = publish.json_of(october)
    fields = {"category": pk("intakter"), "m1": "9000000", "batch": str(uuid.uuid4()), **GROUND}
    assert "Publicerade rapporter ändras inte: oktober." in text_of(review(client, "budget-adjust", fields))
    save(client, "budget-adjust", fields)
    assert publish.json_of(october) == before
    assert build_report(october).to_json() != before
