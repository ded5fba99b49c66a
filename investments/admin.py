"""Master data of the investments: municipalities, projects and their budget."""

from django.contrib import admin
from django.http import HttpRequest

from investments.models import InvestmentProject, Municipality, ProjectBudgetEntry
from sydit import money
from sydit.admin import EntryAdmin, MasterDataAdmin
from sydit.money import Unit


@admin.register(Municipality)
class MunicipalityAdmin(MasterDataAdmin):
    list_display = ["name"]


@admin.register(InvestmentProject)
class InvestmentProjectAdmin(MasterDataAdmin):
    """Only the projects' order is decided here: the rest has a register of its own, which tells who was first."""

    list_display = ["code", "name", "municipality", "position"]
    list_filter = ["municipality"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "municipality", "responsible", "start_year", "end_year", "frame_shown", "position"]
    readonly_fields = fields[:-1]

    @admin.display(description="Total ram, kr")
    def frame_shown(self, project: InvestmentProject) -> str | None:
        return None if project.frame is None else money.text(project.frame, Unit.KR)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False


@admin.register(ProjectBudgetEntry)
class ProjectBudgetEntryAdmin(EntryAdmin):
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
    fields = ["project", "fiscal_year", "kind", "month", "amount_shown", "decided_on", "paragraph", "note"]
