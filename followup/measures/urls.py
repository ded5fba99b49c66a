from django.urls import path

from followup.measures.views import files, plan, register

urlpatterns = [
    path("atgarder/", register.register, name="measure-register"),
    path("atgarder/atgarder.xlsx", register.export, name="measure-register-xlsx"),
    path("atgarder/las-in/", files.upload, name="measure-import"),
    path("atgarder/las-in/spara/", files.save, name="measure-import-save"),
    path("atgarder/<uuid:key>/", register.page, name="measure-page"),
    path("uppfoljning/<month:month>/atgarder/", plan.plan, name="measures"),
    path("uppfoljning/<month:month>/atgarder/atgarder.xlsx", plan.export, name="measures-xlsx"),
    path("uppfoljning/<month:month>/atgarder/ny/", plan.add, name="measure-add"),
    path("uppfoljning/<month:month>/atgarder/<int:pk>/", plan.measure, name="measure"),
    path("uppfoljning/<month:month>/atgarder/<int:pk>/ta-bort/", plan.remove, name="measure-remove"),
]
