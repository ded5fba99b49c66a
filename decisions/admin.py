"""The decisions as the administrator sees them; they are written in their register (decisions.actions)."""

from django.contrib import admin

from decisions.models import Decision
from sydit.admin import ReadOnlyAdmin


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["reference_shown", "text"]
    search_fields = ["text"]
    date_hierarchy = "decided_on"

    @admin.display(description="Datum och paragraf", ordering="decided_on")
    def reference_shown(self, decision: Decision) -> str:
        return decision.reference
