"""The application and one page more: it authenticates the user and answers a constant of the size that is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from sydit.access import user_of
from sydit.urls import urlpatterns as application

CONSTANT = engines["django"].from_string("{{ constant }}")


def constant(request: HttpRequest, size: int) -> HttpResponse:
    user_of(request)
    return HttpResponse(CONSTANT.render({"constant": "x" * size}))


urlpatterns = [path("bench/<int:size>/", constant), *application]
