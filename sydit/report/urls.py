from django.urls import path, register_converter

from sydit.report import (
    accuracy_page,
    approval_page,
    editions,
    history_page,
    lines,
    municipality_page,
    new_year,
    opening,
    reconciliation_page,
    texts_page,
    versions_page,
    views,
)

register_converter(editions.EditionConverter, "edition")

urlpatterns = [
    path("", views.start, name="start"),
    path("prognossakerhet/", accuracy_page.forecast_accuracy, name="forecast-accuracy"),
    path("kommun/<slug:slug>/", municipality_page.page, name="municipality"),
    path("kommun/<slug:slug>/investeringar.xlsx", municipality_page.export, name="municipality-xlsx"),
    path("budget/nytt-ar/", new_year.new_year, name="new-year"),
    path("uppfoljning/ny/", views.open_follow_up, name="open-follow-up"),
    path("uppfoljning/<month:month>/", views.report, name="report"),
    path("uppfoljning/<month:month>/fort-hit/", opening.opened, name="opened"),
    path("uppfoljning/<month:month>/rapport.xlsx", views.report_xlsx, name="report-xlsx"),
    path("uppfoljning/<month:month>/rapport.json", views.report_json, name="report-json"),
    path("uppfoljning/<month:month>/avstamning/", reconciliation_page.reconciliation, name="reconciliation"),
    path("uppfoljning/<month:month>/underlag/<slug:table>/<str:row>/", lines.ledger_lines, name="ledger-lines"),
    path(
        "uppfoljning/<month:month>/underlag/<slug:table>/<str:row>/konteringar.xlsx",
        lines.ledger_lines_xlsx,
        name="ledger-lines-xlsx",
    ),
    path(
        "uppfoljning/<month:month>/underlag/<slug:table>/<str:row>/konteringar.csv",
        lines.ledger_lines_csv,
        name="ledger-lines-csv",
    ),
    path("uppfoljning/<month:month>/historik/", history_page.history, name="history"),
    path("uppfoljning/<month:month>/historik/historik.xlsx", history_page.export, name="history-xlsx"),
    path("uppfoljning/<month:month>/<edition:edition>/", views.report, name="edition-report"),
    path("uppfoljning/<month:month>/<edition:edition>/rapport.xlsx", views.report_xlsx, name="edition-report-xlsx"),
    path("uppfoljning/<month:month>/<edition:edition>/rapport.json", views.report_json, name="edition-report-json"),
    path(
        "uppfoljning/<month:month>/<edition:edition>/avstamning/",
        reconciliation_page.reconciliation,
        name="edition-reconciliation",
    ),
    path(
        "uppfoljning/<month:month>/<edition:edition>/underlag/<slug:table>/<str:row>/",
        lines.ledger_lines,
        name="edition-ledger-lines",
    ),
    path(
        "uppfoljning/<month:month>/<edition:edition>/underlag/<slug:table>/<str:row>/konteringar.xlsx",
        lines.ledger_lines_xlsx,
        name="edition-ledger-lines-xlsx",
    ),
    path(
        "uppfoljning/<month:month>/<edition:edition>/underlag/<slug:table>/<str:row>/konteringar.csv",
        lines.ledger_lines_csv,
        name="edition-ledger-lines-csv",
    ),
    path("uppfoljning/<month:month>/<edition:edition>/skillnad/", versions_page.page, name="edition-difference"),
    path(
        "uppfoljning/<month:month>/<edition:edition>/skillnad.json",
        versions_page.as_json,
        name="edition-difference-json",
    ),
    path("uppfoljning/<month:month>/rattelse/borja/", approval_page.begin_correction, name="begin-correction"),
    path("uppfoljning/<month:month>/rattelse/avbryt/", approval_page.abandon_correction, name="abandon-correction"),
    path("uppfoljning/<month:month>/texter/", texts_page.texts, name="texts"),
    path("uppfoljning/<month:month>/texter/granska/", texts_page.review_text, name="text-review"),
    path("uppfoljning/<month:month>/texter/utkast/", texts_page.draft_text, name="text-draft"),
    path("uppfoljning/<month:month>/godkannande/", approval_page.approval, name="approval"),
    path("uppfoljning/<month:month>/klarmarkera/", approval_page.mark_ready, name="mark-ready"),
    path("uppfoljning/<month:month>/oppna-del/", approval_page.open_part, name="open-part"),
    path("uppfoljning/<month:month>/skicka-tillbaka/", approval_page.send_back, name="send-back"),
    path("uppfoljning/<month:month>/godkann/", approval_page.approve, name="approve"),
]
