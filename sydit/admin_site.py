"""The admin's site: for whoever keeps master data, under our own log-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from sydit.access import Permission, allows


class AdminSite(admin.AdminSite):
    """The admin for whoever keeps master data; the wrong role gets 403 and no second log-in page."""

    site_header = "SYD-IT grunddata"
    site_title = "SYD-IT grunddata"
    index_title = "Grunddata"
    enable_nav_sidebar = False
    empty_value_display = "\N{EN DASH}"

    def has_permission(self, request: HttpRequest) -> bool:
        return allows(request.user, Permission.KEEP_MASTER_DATA)

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied("Din roll ger inte rätt att ändra grunddata.")
            return guarded(request, *args, **kwargs)

        return checked

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("login")
