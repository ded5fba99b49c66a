from django.urls import path

from investments.views import budget, files, forecast, overview, register

urlpatterns = [
    path("investeringar/", register.register, name="projects"),
    path("investeringar/investeringsprojekt.xlsx", register.export, name="projects-xlsx"),
    path("investeringar/nytt/", register.add, name="project-add"),
    path("investeringar/las-in/", files.upload, name="project-import"),
    path("investeringar/las-in/spara/", files.save, name="project-import-save"),
    path("investeringar/<int:pk>/", register.page, name="project-page"),
    path("investeringar/<int:pk>/andra/", register.edit, name="project-edit"),
    path("investeringar/<int:pk>/budget/", budget.change, name="project-budget"),
    path("uppfoljning/<month:month>/investeringar/", forecast.investments, name="investments"),
    path(
        "uppfoljning/<month:month>/investeringar/oversikt/",
        overview.investments_overview,
        name="investments-overview",
    ),
    path("uppfoljning/<month:month>/investeringar/registrera/", overview.register, name="project-register"),
    path("uppfoljning/<month:month>/investeringar/<int:pk>/", overview.project, name="project"),
]
