from django.urls import path

from decisions import views

urlpatterns = [
    path("uppfoljning/<month:month>/beslut/", views.decisions, name="decisions"),
    path("uppfoljning/<month:month>/beslut/<int:pk>/", views.decision, name="decision"),
]
