"""Master data of the investments: municipalities, projects and their budget."""

from django.contrib import admin

from investments.models import InvestmentProject, Municipality, ProjectBudgetEntry
from sydit.admin import AppendOnlyAdmin, MasterDataAdmin


@admin.register(Municipality)
class MunicipalityAdmin(MasterDataAdmin):
    list_display = ["name"]


@admin.register(InvestmentProject)
class InvestmentProjectAdmin(MasterDataAdmin):
    list_display = ["code", "name", "municipality", "position"]
    list_filter = ["municipality"]
    search_fields = ["code", "name"]


@admin.register(ProjectBudgetEntry)
class ProjectBudgetEntryAdmin(AppendOnlyAdmin):
    list_display = [
        "project",
        "fiscal_year",
        "kind",
        "month",
        "amount_shown",
        "decided_on",
        "paragraph",
        "note",
        "recorded_by",
    ]
    list_filter = ["fiscal_year", "project"]
    list_select_related = ["project", "fiscal_year", "recorded_by"]
    fields = ["project", "fiscal_year", "kind", "month", "amount", "decided_on", "paragraph", "note"]
