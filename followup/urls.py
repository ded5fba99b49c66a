from django.urls import path

from followup.views import forecast, imports, texts

urlpatterns = [
    path("uppfoljning/<month:month>/prognos/", forecast.forecast, name="forecast"),
    path("uppfoljning/<month:month>/texter/", texts.texts, name="texts"),
    path("huvudbok/", imports.imports, name="imports"),
    path("huvudbok/<int:pk>/", imports.ledger_import, name="import"),
    path("huvudbok/<int:pk>/bokfor/", imports.book, name="import-book"),
    path("huvudbok/<int:pk>/kasta/", imports.discard, name="import-discard"),
]
