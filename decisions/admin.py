"""Master data of the decisions."""

from django.contrib import admin

from decisions.models import Decision
from sydit.admin import MasterDataAdmin


@admin.register(Decision)
class DecisionAdmin(MasterDataAdmin):
    list_display = ["reference", "text"]
    search_fields = ["text"]
    date_hierarchy = "decided_on"
