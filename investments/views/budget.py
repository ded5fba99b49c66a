"""More or less budget for a project, with the decision behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from followup import budget_change
from followup.budget_change import BudgetChange
from followup.models import FollowUp
from investments import actions, budget, overview
from investments.forms import BudgetForm
from investments.models import InvestmentProject, ProjectBudgetEntry
from sydit.access import Permission, require, user_of
from sydit.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A form above the budget as it stands, and what the year would become; what is saved is added to it."""
    require(user_of(request), Permission.KEEP_BUDGET)
    project = get_object_or_404(InvestmentProject.objects.select_related("municipality"), pk=pk)
    return budget_change.change(request, _page(project))


def _page(project: InvestmentProject) -> BudgetChange:
    return BudgetChange(
        title=f"Lägg till budget: {project.code} {project.name}",
        lead="Det första ett år får är dess ursprungliga budget. Senare belopp läggs till, och inget skrivs över; blev "
        "det fel läggs en ny ändring in.",
        review=f"Granska budgeten: {project.code} {project.name}",
        back_url=reverse("project-page", kwargs={"pk": project.pk}),
        back_label="Projektet",
        blank=_blank,
        read=BudgetForm,
        preview=lambda form: budget.preview(project, form.cleaned_data["fiscal_year"], form.amounts),
        enter=lambda form, seen, by: _enter(project, form, seen, by),
        template="investments/budget.html",
        beside=lambda: overview.project_page(project, overview.latest_history()),
    )


def _blank() -> BudgetForm:
    latest = FollowUp.objects.select_related("fiscal_year").first()
    return BudgetForm.blank(latest.fiscal_year if latest else None)


def _enter(project: InvestmentProject, form: BudgetForm, seen: str, by: User) -> list[ProjectBudgetEntry]:
    return actions.enter_budget(
        project=project,
        year=form.cleaned_data["fiscal_year"],
        batch=form.cleaned_data["batch"],
        amounts=form.amounts,
        ground=form.ground,
        seen=seen,
        by=by,
    )
