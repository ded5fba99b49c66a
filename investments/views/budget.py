"""More or less budget for a project, with the decision behind it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from followup.budget_actions import AlreadyEntered
from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import FollowUp
from followup.register_forms import form_page
from investments import actions, overview
from investments.forms import BudgetForm
from investments.models import InvestmentProject
from sydit.access import Permission, require, user_of
from sydit.errors import StaleEdit


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A form above the budget as it stands; what is saved is added to it."""
    require(user_of(request), Permission.KEEP_BUDGET)
    project = get_object_or_404(InvestmentProject.objects.select_related("municipality"), pk=pk)
    if request.method != "POST":
        latest = FollowUp.objects.select_related("fiscal_year").first()
        form = BudgetForm.blank(latest.fiscal_year if latest else None, actions.budget_mark(project))
        return _page(request, project, form)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, project, form, status=UNREADABLE)
    try:
        actions.enter_budget(
            project=project,
            year=form.cleaned_data["fiscal_year"],
            batch=form.cleaned_data["batch"],
            amounts=form.amounts,
            ground=form.ground,
            seen=form.cleaned_data["seen"],
            by=user_of(request),
        )
    except AlreadyEntered as done:
        messages.info(request, str(done))
    except StaleEdit as stale:
        renewed = form.renewed(actions.budget_mark(project))
        return _page(request, project, renewed, refusal=str(stale), status=NOT_SAVED)
    else:
        messages.success(request, "Budgeten är ändrad.")
    return redirect("project-page", pk=pk)


def _page(
    request: HttpRequest, project: InvestmentProject, form: BudgetForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=f"Lägg till budget: {project.code} {project.name}",
        back_url=reverse("project-page", kwargs={"pk": project.pk}),
        template="investments/budget.html",
        refusal=refusal,
        status=status,
        **overview.project_page(project, overview.latest_history()),
    )
