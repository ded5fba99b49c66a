"""The accounts that no rule covers, and the one click that gives each its rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from followup.account_rules import UnassignedAccount, add_rule, unassigned_accounts
from followup.models import CostCategory, FiscalYear, LedgerImport, LedgerMonth
from followup.rule_forms import RuleForm
from sydit.access import Permission, require, user_of
from sydit.errors import Refused


@dataclass(frozen=True, slots=True)
class Choice:
    """An account, what is suggested for it in words, and its form."""

    account: UnassignedAccount
    suggested: str
    form: RuleForm


@dataclass(frozen=True, slots=True)
class Place:
    """Whose accounts are shown: those of a year as it is booked, or those of one import."""

    fiscal_year: FiscalYear
    ledger_import: LedgerImport | None

    @property
    def url(self) -> str:
        query = f"import={self.ledger_import.pk}" if self.ledger_import else f"year={self.fiscal_year}"
        return f"{reverse('unassigned-accounts')}?{query}"

    def accounts(self) -> tuple[UnassignedAccount, ...]:
        year = self.fiscal_year.year
        if self.ledger_import:
            months = self.ledger_import.months.values_list("pk", flat=True)
            return unassigned_accounts(year=year, ledger_months=months, names=self.ledger_import.account_names)
        booked = LedgerMonth.objects.filter(year=year, is_current=True).values_list("pk", flat=True)
        return unassigned_accounts(year=year, ledger_months=booked, names={})


@require_http_methods(["GET", "HEAD", "POST"])
def unassigned(request: HttpRequest) -> HttpResponse:
    """List them; a form that was sent gives its account a rule and leads back to where one came from."""
    user = user_of(request)
    require(user, Permission.KEEP_MASTER_DATA)
    place = _place_or_404(request)
    if request.method != "POST":
        return _page(request, place)
    sent = RuleForm(request.POST, account=request.POST.get("account", ""), categories=_categories(place.fiscal_year))
    if not sent.is_valid():
        return _page(request, place, sent)
    account = sent.cleaned_data["account"]
    try:
        rule = add_rule(
            fiscal_year=place.fiscal_year,
            account=account,
            category=sent.category,
            reason=sent.cleaned_data["reason"],
            by=user,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(place.url)
    where = f"hör nu till {rule.category.name}" if rule.category else "räknas inte längre"
    messages.success(request, f"Konto {account} {where}.")
    return redirect("import", pk=place.ledger_import.pk) if place.ledger_import else redirect(place.url)


def _place_or_404(request: HttpRequest) -> Place:
    """What the address asks for; the latest year where it asks for nothing."""
    wanted, year = request.GET.get("import", ""), request.GET.get("year", "")
    if wanted:
        imports = LedgerImport.objects.select_related("fiscal_year")
        found = imports.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
        if found is None:
            raise Http404("Importen finns inte längre.")
        return Place(found.fiscal_year, found)
    years = FiscalYear.objects.order_by("-year")
    chosen = years.filter(year=int(year)).first() if year.isdecimal() and len(year) == 4 else None
    if chosen is None and not year:
        chosen = years.first()
    if chosen is None:
        raise Http404("Budgetåret finns inte.")
    return Place(chosen, None)


def _categories(year: FiscalYear) -> list[CostCategory]:
    return list(CostCategory.objects.filter(fiscal_year=year).order_by("position", "id"))


def _page(request: HttpRequest, place: Place, sent: RuleForm | None = None) -> HttpResponse:
    """``sent`` is the form that could not be read, shown again with what is wrong."""
    categories = _categories(place.fiscal_year)
    accounts = place.accounts()
    return render(
        request,
        "followup/unassigned_accounts.html",
        {
            "place": place,
            "years": () if place.ledger_import else FiscalYear.objects.order_by("-year"),
            "choices": [_choice(account, categories, sent) for account in accounts],
            "total": sum(account.amount for account in accounts),
            "sent": sent,
        },
        status=422 if sent else 200,
    )


def _choice(account: UnassignedAccount, categories: list[CostCategory], sent: RuleForm | None) -> Choice:
    suggestion = account.suggestion
    name = next((c.name for c in categories if suggestion and c.key == suggestion.category), "")
    if sent and sent.data.get("account") == account.account:
        form = sent
    else:
        initial = {"account": account.account, "place": suggestion.category if suggestion else ""}
        form = RuleForm(account=account.account, categories=categories, initial=initial)
    return Choice(account, f"{name}, som {suggestion.neighbour}" if suggestion else "", form)
