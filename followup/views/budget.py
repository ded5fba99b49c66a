"""The budget that a SIE file carries: shown by category, and taken with one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followup import budget_import, budget_seen
from followup.budget_preview import Reach
from followup.views.imports import GONE, administrator_of, import_or_none
from sydit.errors import Refused
from sydit.money import Unit, text


@require_http_methods(["GET", "HEAD", "POST"])
def import_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file budgets for each category of the year."""
    user = administrator_of(request)
    shown = import_or_none(pk)
    if shown is None:
        raise Http404(GONE)
    if request.method == "POST":
        try:
            taken = budget_import.take(ledger_import=shown, seen=request.POST.get("seen", ""), by=user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("import-budget", pk=pk)
        messages.success(request, f"Budgeten ur {shown.filename} är inläst: {text(taken.total, Unit.KR)} kr.")
        return redirect("import", pk=pk)
    context = {
        "import": shown,
        "offer": budget_import.offer(shown),
        "reach": Reach.of(shown.fiscal_year),
        "seen": budget_seen.published_mark([shown.fiscal_year]),
    }
    return render(request, "followup/import_budget.html", context)
