"""Master data of the economy: years, categories, account rules and budget."""

from django.contrib import admin

from followup.models import AccountRule, BudgetEntry, CostCategory, FiscalYear
from sydit.admin import EntryAdmin, MasterDataAdmin


@admin.register(FiscalYear)
class FiscalYearAdmin(MasterDataAdmin):
    list_display = ["year"]


@admin.register(CostCategory)
class CostCategoryAdmin(MasterDataAdmin):
    list_display = ["name", "fiscal_year", "position", "key"]
    list_filter = ["fiscal_year"]
    search_fields = ["name", "key"]
    prepopulated_fields = {"key": ["name"]}


@admin.register(AccountRule)
class AccountRuleAdmin(MasterDataAdmin):
    list_display = ["prefix", "category", "reason", "fiscal_year"]
    list_filter = ["fiscal_year"]
    list_select_related = ["category__fiscal_year", "fiscal_year"]
    search_fields = ["prefix", "category__name"]


@admin.register(BudgetEntry)
class BudgetEntryAdmin(EntryAdmin):
    list_display = [
        "category",
        "kind",
        "month",
        "amount_shown",
        "decided_on",
        "paragraph",
        "note",
        "recorded_by",
        "recorded_at",
    ]
    list_filter = ["category__fiscal_year"]
    list_select_related = ["category__fiscal_year", "recorded_by"]
    fields = ["category", "kind", "month", "amount_shown", "decided_on", "paragraph", "note"]
