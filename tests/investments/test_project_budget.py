"""More or less budget for a project in the browser: added with its decision, once, and on the budget that was seen."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from followup.models import FiscalYear
from investments.models import InvestmentProject, ProjectBudgetEntry
from sydit.access import GRANTS, Permission, Role
from sydit.money import Unit
from sydit.periods import Month
from tests import factories
from tests.pages import form_of, hidden_of, text_of

TKR = Unit.TKR.ore
Kind = ProjectBudgetEntry.Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> FiscalYear:
    return factories.fiscal_year()


@pytest.fixture
def project(year: FiscalYear) -> InvestmentProject:
    return factories.project(code="91002", name="IT Invest Lekeberg")


@pytest.fixture
def controller(client: Client) -> Client:
    client.force_login(factories.user(role=Role.CONTROLLER, name="Karin Controller"))
    return client


def page(project: InvestmentProject) -> str:
    return f"/investeringar/{project.pk}/budget/"


def typed(client: Client, project: InvestmentProject, **fields: str) -> dict[str, str]:
    stood = form_of(client.get(page(project)))
    stood["fiscal_year"] = str(FiscalYear.objects.get(year=2024).pk)
    return stood | {"amount": "3 000 000", "decided_on": "2023-11-21", "paragraph": "12"} | fields


def review(client: Client, project: InvestmentProject, **fields: str) -> HttpResponse:
    return client.post(page(project), typed(client, project, **fields))  # type: ignore[return-value]


def save(client: Client, project: InvestmentProject, looked_at: HttpResponse) -> HttpResponse:
    """Save what the preview holds."""
    sent = hidden_of(looked_at) | {"step": "save"}
    return client.post(page(project), sent, follow=True)  # type: ignore[return-value]


def send(client: Client, project: InvestmentProject, **fields: str) -> HttpResponse:
    """Look at it and save it, as the pages do."""
    return save(client, project, review(client, project, **fields))


def test_the_first_amount_is_the_original_budget_and_the_next_adjusts_it(
    controller: Client, project: InvestmentProject
) -> None:
    assert "Budgeten är ändrad." in text_of(send(controller, project))
    shown = text_of(
        send(controller, project, amount="-500 000", decided_on="2024-05-16", paragraph="31", note="Senare")
    )
    first, second = ProjectBudgetEntry.objects.order_by("pk")
    assert (first.kind, first.amount, first.decided_on) == (Kind.ORIGINAL, 3000 * TKR, dt.date(2023, 11, 21))
    assert (second.kind, second.amount, second.paragraph, second.note) == (Kind.ADJUSTMENT, -500 * TKR, "31", "Senare")
    assert "2024-05-16 § 31" in shown


def test_a_budget_by_month_is_an_entry_a_month(controller: Client, project: InvestmentProject) -> None:
    send(controller, project, amount="", m5="100 000", m9="200 000")
    entries = ProjectBudgetEntry.objects.order_by("month").values_list("month", "amount", "kind")
    assert list(entries) == [(5, 100 * TKR, Kind.ORIGINAL), (9, 200 * TKR, Kind.ORIGINAL)]


def test_what_the_year_becomes_is_shown_first_and_nothing_is_saved(
    controller: Client, project: InvestmentProject
) -> None:
    factories.follow_up(month=Month(2024, 6))
    send(controller, project, amount="120 000")
    InvestmentProject.objects.update(frame=150 * TKR)
    shown = review(controller, project, amount="", m1="40 000", note="Dnr 2024/3")
    told = text_of(shown)
    assert "Inget är sparat ännu. Beslut: 2023-11-21 § 12. Dnr 2024/3" in told
    assert "2024 Januari +40 000 kr 120 000,00 40 000,00 160 000,00 60 000,00 100 000,00" in told  # and through June
    assert "Alla år 120 000,00 40 000,00 160 000,00" in told
    assert re.search(r'href="/investeringar/"\s+aria-current="page"', shown.content.decode())
    assert "Det är 10 000,00 kr mer än projektets totala ram, 150 000,00 kr." in told
    assert "Uppföljningar som får den nya budgeten: juni." in told
    assert ProjectBudgetEntry.objects.count() == 1
    again = form_of(controller.post(page(project), hidden_of(shown) | {"step": "edit"}))
    assert (again["m1"], again["note"]) == ("40 000", "Dnr 2024/3")


def test_what_is_sent_twice_is_added_once(controller: Client, project: InvestmentProject) -> None:
    shown = review(controller, project)
    save(controller, project, shown)
    assert "redan sparad" in text_of(save(controller, project, shown))
    assert ProjectBudgetEntry.objects.count() == 1


def test_what_was_added_meanwhile_is_told_and_saving_again_is_a_knowing_choice(
    controller: Client, project: InvestmentProject, year: FiscalYear
) -> None:
    shown = review(controller, project)
    other = factories.user(role=Role.CONTROLLER, name="Berit Berg")
    ProjectBudgetEntry.objects.create(project=project, fiscal_year=year, amount=70 * TKR, recorded_by=other)
    answer = save(controller, project, shown)
    assert answer.status_code == 409
    assert "Budgeten har ändrats sedan du granskade den, av Berit Berg" in text_of(answer)
    assert "2024 70 000,00 3 000 000,00 3 070 000,00" in text_of(answer)
    save(controller, project, answer)
    assert [entry.kind for entry in ProjectBudgetEntry.objects.order_by("pk")] == [Kind.ORIGINAL, Kind.ADJUSTMENT]


def test_a_report_that_is_published_meanwhile_is_told_and_saving_again_is_a_knowing_choice(
    controller: Client, project: InvestmentProject
) -> None:
    follow_up = factories.follow_up()
    shown = review(controller, project)
    assert "Uppföljningar som får den nya budgeten: oktober." in text_of(shown)
    factories.published(follow_up)
    late = save(controller, project, shown)
    assert late.status_code == 409
    assert "En publicerad rapport ändras inte: ändringen syns i uppföljningar från och med nu." in text_of(late)
    assert "Publicerade rapporter ändras inte: oktober." in text_of(late)
    assert not ProjectBudgetEntry.objects.exists()
    assert "Budgeten är ändrad." in text_of(save(controller, project, late))


def test_bad_input_saves_nothing_and_is_still_there(controller: Client, project: InvestmentProject) -> None:
    answer = review(controller, project, amount="mycket", decided_on="igår", paragraph="")
    assert answer.status_code == 422
    assert "”mycket” går inte att läsa som ett belopp." in text_of(answer)
    assert form_of(answer)["decided_on"] == "igår"
    assert not ProjectBudgetEntry.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if Permission.KEEP_BUDGET not in GRANTS[role]])
def test_other_roles_neither_see_the_form_nor_its_button(
    client: Client, project: InvestmentProject, role: Role
) -> None:
    client.force_login(factories.user(role=role))
    assert client.get(page(project)).status_code == 403
    assert client.post(page(project), {}).status_code == 403
    assert "Lägg till budget" not in text_of(client.get(f"/investeringar/{project.pk}/"))


def test_the_project_leads_to_its_budget(controller: Client, project: InvestmentProject) -> None:
    follow_up = factories.follow_up()
    for shown in (f"/investeringar/{project.pk}/", f"/uppfoljning/{follow_up.period}/investeringar/{project.pk}/"):
        assert f'href="{page(project)}"' in controller.get(shown).content.decode()
