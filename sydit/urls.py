from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

import sydit.converters  # noqa: F401 - registers what the addresses below are made with

urlpatterns = [
    path("logga-in/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logga-ut/", auth.LogoutView.as_view(), name="logout"),
    path("losenord/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("losenord/klart/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("admin/", admin.site.urls),
    path("", include("followup.urls")),
    path("", include("sydit.report.urls")),
    path("", include("decisions.urls")),
    path("", include("investments.urls")),
]
