from django.urls import path

from investments.views import forecast, overview, register

urlpatterns = [
    path("investeringar/", register.register, name="projects"),
    path("investeringar/investeringsprojekt.xlsx", register.export, name="projects-xlsx"),
    path("uppfoljning/<month:month>/investeringar/", forecast.investments, name="investments"),
    path(
        "uppfoljning/<month:month>/investeringar/oversikt/",
        overview.investments_overview,
        name="investments-overview",
    ),
    path("uppfoljning/<month:month>/investeringar/registrera/", overview.register, name="project-register"),
    path("uppfoljning/<month:month>/investeringar/<int:pk>/", overview.project, name="project"),
]
