from django.urls import path

from investments import overview_views, views

urlpatterns = [
    path("uppfoljning/<month:month>/investeringar/", views.investments, name="investments"),
    path(
        "uppfoljning/<month:month>/investeringar/oversikt/",
        overview_views.investments_overview,
        name="investments-overview",
    ),
    path("uppfoljning/<month:month>/investeringar/registrera/", overview_views.register, name="project-register"),
    path("uppfoljning/<month:month>/investeringar/<int:pk>/", overview_views.project, name="project"),
]
