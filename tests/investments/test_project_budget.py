"""More or less budget for a project in the browser: added with its decision, once, and on the budget that was seen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import HttpResponse
from django.test import Client

from followup.models import FiscalYear
from investments.models import InvestmentProject, ProjectBudgetEntry
from sydit.access import GRANTS, Permission, Role
from sydit.money import Unit
from tests import factories
from tests.pages import form_of, text_of

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


def send(client: Client, project: InvestmentProject, **fields: str) -> HttpResponse:
    return client.post(page(project), typed(client, project, **fields), follow=True)


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


def test_what_is_sent_twice_is_added_once(controller: Client, project: InvestmentProject) -> None:
    form = typed(controller, project)
    controller.post(page(project), form)
    assert "redan sparad" in text_of(controller.post(page(project), form, follow=True))
    assert ProjectBudgetEntry.objects.count() == 1


def test_what_was_added_meanwhile_is_told_and_saving_again_is_a_knowing_choice(
    controller: Client, project: InvestmentProject, year: FiscalYear
) -> None:
    form = typed(controller, project)
    other = factories.user(role=Role.CONTROLLER, name="Berit Berg")
    ProjectBudgetEntry.objects.create(project=project, fiscal_year=year, amount=70 * TKR, recorded_by=other)
    answer = controller.post(page(project), form)
    assert answer.status_code == 409
    assert "Budgeten har ändrats av Berit Berg" in text_of(answer)
    assert "70 000,00 kr för 2024" in text_of(answer)
    kept = form_of(answer)
    assert kept["amount"] == "3 000 000"
    controller.post(page(project), kept)
    assert [entry.kind for entry in ProjectBudgetEntry.objects.order_by("pk")] == [Kind.ORIGINAL, Kind.ADJUSTMENT]


def test_bad_input_saves_nothing_and_is_still_there(controller: Client, project: InvestmentProject) -> None:
    answer = send(controller, project, amount="mycket", decided_on="igår", paragraph="")
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
