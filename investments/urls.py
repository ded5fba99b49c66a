from django.urls import path

from investments import views

urlpatterns = [
    path("uppfoljning/<month:month>/investeringar/", views.investments, name="investments"),
]
