from django.urls import path

from followup.measures import urls as measures
from followup.views import (
    accounts,
    booking,
    budget,
    budget_file,
    columns,
    details,
    forecast,
    imports,
    originals,
    year_budget,
)

urlpatterns = [
    path("uppfoljning/<month:month>/prognos/", forecast.forecast, name="forecast"),  # asked for most often
    path("uppfoljning/<month:month>/uppgifter/", details.details, name="details"),
    *measures.urlpatterns,
    path("budget/", year_budget.latest, name="budget"),
    path("budget/<int:year>/", year_budget.of_year, name="budget-year"),
    path("budget/<int:year>/andra/", year_budget.adjust, name="budget-adjust"),
    path("budget/<int:year>/omfordela/", year_budget.transfer, name="budget-transfer"),
    path("budget/<int:year>/budget.xlsx", budget_file.export, name="budget-xlsx"),
    path("budget/<int:year>/las-in/", budget_file.upload, name="budget-import"),
    path("budget/<int:year>/las-in/spara/", budget_file.save, name="budget-import-save"),
    path("budget/<int:year>/fil/<int:pk>/", originals.of_budget, name="budget-file"),
    path("budget/<int:year>/post/<slug:key>/", year_budget.category, name="budget-category"),
    path("huvudbok/", imports.imports, name="imports"),
    path("huvudbok/konton-utan-kategori/", accounts.unassigned, name="unassigned-accounts"),
    path("huvudbok/profiler/", columns.profiles, name="import-profiles"),
    path("huvudbok/profiler/<int:pk>/ta-bort/", columns.remove_profile, name="import-profile-remove"),
    path("huvudbok/kolumner/<int:pk>/", columns.columns, name="import-columns"),
    path("huvudbok/kolumner/<int:pk>/avbryt/", columns.give_up, name="import-columns-cancel"),
    path("huvudbok/<int:pk>/", booking.ledger_import, name="import"),
    path("huvudbok/<int:pk>/fil/", originals.of_import, name="import-file"),
    path("huvudbok/<int:pk>/avbryt/", booking.cancel, name="import-cancel"),
    path("huvudbok/<int:pk>/budget/", budget.import_budget, name="import-budget"),
    path("huvudbok/<int:pk>/kolumner/", columns.change, name="import-change"),
    path("huvudbok/<int:pk>/angra/", booking.undo_import, name="import-undo"),
    path("huvudbok/<int:pk>/kasta/", imports.discard, name="import-discard"),
]
