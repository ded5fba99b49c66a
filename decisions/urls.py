from django.urls import path

from decisions.views import files, register, status

urlpatterns = [
    path("beslut/", register.register, name="decision-register"),
    path("beslut/beslut.xlsx", register.export, name="decision-register-xlsx"),
    path("beslut/nytt/", register.add, name="decision-add"),
    path("beslut/las-in/", files.upload, name="decision-import"),
    path("beslut/las-in/spara/", files.save, name="decision-import-save"),
    path("beslut/<int:pk>/", register.page, name="decision-page"),
    path("beslut/<int:pk>/andra/", register.edit, name="decision-edit"),
    path("beslut/<int:pk>/avsluta/", register.close, name="decision-close"),
    path("beslut/<int:pk>/oppna/", register.reopen, name="decision-reopen"),
    path("uppfoljning/<month:month>/beslut/", status.decisions, name="decisions"),
    path("uppfoljning/<month:month>/beslut/andrat/", status.changes, name="decision-changes"),
    path("uppfoljning/<month:month>/beslut/<int:pk>/", status.decision, name="decision"),
]
